"""Wires core into Django, and every stage's permissions into the `rules` library."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "marketplace.core"
    label = "core"
    verbose_name = _("Journal")

    def ready(self) -> None:
        autodiscover_modules("permissions")
