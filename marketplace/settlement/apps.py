"""Wires settlement into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SettlementConfig(AppConfig):
    name = "marketplace.settlement"
    label = "settlement"
    verbose_name = _("Settlement")

    def ready(self) -> None:
        from marketplace.law import words

        from . import receivers, telling  # noqa: F401
        from .models import Cost

        words.LISTS["reward.net_income.costs"] = lambda kind: str(Cost.Kind(kind).label)
