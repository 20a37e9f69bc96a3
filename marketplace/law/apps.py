"""Wires law into Django: the faults of pure rules speak the reader's language."""

from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .rules.faults import Fault


class LawConfig(AppConfig):
    name = "marketplace.law"
    label = "law"
    verbose_name = _("Law and code lists")

    def ready(self) -> None:
        Fault.translate = staticmethod(gettext)
