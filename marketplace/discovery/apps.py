"""Wires discovery into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscoveryConfig(AppConfig):
    name = "marketplace.discovery"
    label = "discovery"
    verbose_name = _("Matches")

    def ready(self) -> None:
        from . import receivers  # noqa: F401
