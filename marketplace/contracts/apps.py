"""Wires contracts into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    name = "marketplace.contracts"
    label = "contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        from . import receivers  # noqa: F401
