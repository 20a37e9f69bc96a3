"""The forms of a listing: code lists as choices, keywords as words, one tier for each confidential field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import MoveForm, StageForm, WordsField, many, name_in_table, select, text
from marketplace.law import codes

from .. import rules
from ..checks import KEYWORD_FIELDS
from ..models import Achievement, Demand, Listing
from ..services.drafting import writable

TIER = "tier_"
TIERS = (
    (rules.PUBLIC, _("public")),
    (rules.REGISTERED, _("registered readers only")),
    (rules.NDA, _("under a non-disclosure agreement only")),
)
TIERED = {
    "summary": _("summary"),
    "description": _("description"),
    "advantage": _("advantage"),
    "economics": _("economic comparison"),
    "target": _("target specification"),
    "acceptance": _("acceptance test"),
    "technology_keywords": _("technology keywords"),
    "market_keywords": _("market keywords"),
    "price": _("price or budget"),
}
CODES = {"field": "technical_field", "region": "province", "secrecy_level": "secrecy_level"}
SEVERAL = {"modes": "licensing_mode", "regions_accepted": "province"}
READINESS = ("trl", "trl_min")
BLANK = [("", _("Select value"))]
SECRECY = _(
    "Before a text goes public, your organisation's security officer screens it for state secrets and for export "
    "control. Classified work may not be published here, not even in part."
)
CONFIDENTIAL = _(
    "Search and matching read public fields only. Whatever you choose, an invention that is not filed yet keeps "
    "summary, description and technology keywords under a non-disclosure agreement, and one that is filed but not "
    "published keeps its description to registered readers: publishing them would destroy its novelty "
    "(Patent Law, art. 22)."
)


def readiness() -> list[tuple[Any, Any]]:
    return [*BLANK, *((item.code, f"{item.code} · {item.label}") for item in codes.items("trl9"))]


def field_for(db_field: Any) -> forms.Field | None:
    """The form field of a column that is more than its type says; None for the others."""
    common: dict[str, Any] = {"label": db_field.verbose_name, "help_text": db_field.help_text}
    if db_field.name in CODES:
        return select(choices=codes.choices(CODES[db_field.name]), asks=True, required=not db_field.blank, **common)
    if db_field.name in SEVERAL:
        is_long = db_field.name == "regions_accepted"
        choices = codes.choices(SEVERAL[db_field.name])
        if is_long:
            common["help_text"] = _("Choose as many as you like; none means anywhere.")
        return many(long=is_long, choices=choices, required=False, **common)
    if db_field.name in KEYWORD_FIELDS:
        return WordsField(label=db_field.verbose_name, required=False)
    if db_field.name in READINESS:
        chosen = select(choices=readiness, required=False, **common)
        return forms.TypedChoiceField(
            coerce=int, empty_value=None, choices=readiness, required=False, widget=chosen.widget, **common
        )
    return None


class ListingForm(StageForm):
    """What an achievement's and a demand's form share; the tiers are added by `tiered`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.tier_names():
            self.fields[TIER + name].initial = self.instance.tiers.get(name, rules.PUBLIC)
        for name, field in self.fields.items():
            beside = self.fields.get(f"{name.removesuffix('_en')}_zh")
            if beside is not None and "rows" in field.widget.attrs:
                field.widget.attrs["rows"] = beside.widget.attrs["rows"]

    def tier_names(self) -> list[str]:
        return [name.removeprefix(TIER) for name in self.fields if name.startswith(TIER)]

    def values(self) -> dict[str, Any]:
        """Columns for the service, the tiers put together again."""
        columns = writable(type(self.instance))
        values = {name: value for name, value in self.cleaned_data.items() if name in columns}
        kept = self.instance.tiers  # a choice that did not arrive never makes a text public
        chosen = {n: self.cleaned_data.get(TIER + n) or kept.get(n, rules.PUBLIC) for n in self.tier_names()}
        return values | {"tiers": {name: tier for name, tier in chosen.items() if tier != rules.PUBLIC}}


def tiered(model: type[Listing]) -> type[ListingForm]:
    """The listing form with a choice for each field of this model that may be confidential."""
    names = model().tiered_names
    fields = {f"{TIER}{name}": select(label=TIERED[name], choices=TIERS, required=False) for name in names}
    return type(f"{model.__name__}Form", (ListingForm,), fields)


AchievementForm = tiered(Achievement)
DemandForm = tiered(Demand)


class ReturnForm(MoveForm):
    return_code = select(label=_("reason"), choices=codes.choices("return_reason"), asks=True)
    return_note = text(
        label=_("What should the owner mend?"), rows=5, help_text=_("The owner reads this beside the form.")
    )


class WithdrawForm(MoveForm):
    reason = text(label=_("reason"), rows=2, required=False, help_text=_("For your own journal."))


class OfferForm(forms.ModelForm):
    mode = select(label=_("licensing mode"), choices=codes.choices("licensing_mode"), asks=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_in_table(self)
