"""Wires brokerage into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BrokerageConfig(AppConfig):
    name = "marketplace.brokerage"
    label = "brokerage"
    verbose_name = _("Leads and deals")

    def ready(self) -> None:
        from . import receivers  # noqa: F401
