"""A listing as it is read in the workspace: codes by their names, amounts and tiers in words."""

from typing import Any

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import band
from marketplace.core.workspace import display
from marketplace.law.admin import name_of

from .. import rules
from ..models import Listing
from .forms import TIERED, TIERS


class ReadingColumns:
    """Columns and read-only fields that say in words what the row stores as codes."""

    @display(description=_("title"), ordering="title_zh")
    def title_shown(self, row: Any) -> str:
        return row.title

    @display(description=_("technical field"), ordering="field")
    def field_shown(self, row: Any) -> str:
        return name_of("technical_field", row.field)

    @display(description=_("region"), ordering="region")
    def region_shown(self, row: Any) -> str:
        return name_of("province", row.region)

    @display(description=_("changed on"), ordering="changed_at")
    def changed_on(self, row: Any) -> Any:
        return timezone.localdate(row.changed_at)

    @display(description=_("readiness level"))
    def trl_shown(self, row: Any) -> str:
        level = getattr(row, "trl", None) or getattr(row, "trl_min", None)
        return f"{level} · {name_of('trl9', str(level))}" if level else "–"

    @display(description=_("secrecy level"))
    def secrecy_shown(self, row: Any) -> str:
        return name_of("secrecy_level", row.secrecy_level) or "–"

    @display(description=_("keywords in Chinese"))
    def words_zh(self, row: Any) -> str:
        return "、".join([*row.technology_keywords_zh, *row.market_keywords_zh]) or "–"

    @display(description=_("keywords in English"))
    def words_en(self, row: Any) -> str:
        return ", ".join([*row.technology_keywords_en, *row.market_keywords_en]) or "–"

    @display(description=_("confidential fields"))
    def tiers_shown(self, row: Listing) -> Any:
        names = dict(TIERS)
        hidden = [(TIERED[n], names[tier]) for n, tier in row.effective_tiers.items() if tier != rules.PUBLIC]
        return format_html_join("", "<div>{}: {}</div>", hidden) or _("Everything is public.")

    @display(description=_("rights"))
    def rights_shown(self, row: Any) -> Any:
        return format_html_join("", "<div>{}</div>", ((right,) for right in row.rights.all())) or "–"

    @display(description=_("budget"))
    def budget_shown(self, row: Any) -> str:
        return band(row.budget_low, row.budget_high) or "–"

    @display(description=_("licensing modes accepted"))
    def modes_shown(self, row: Any) -> Any:
        return names("licensing_mode", row.modes) or _("any")

    @display(description=_("regions accepted"))
    def regions_shown(self, row: Any) -> Any:
        return names("province", row.regions_accepted) or _("any")


def names(list_name: str, values: list[str]) -> str:
    return str(_(", ")).join(name_of(list_name, value) for value in values)
