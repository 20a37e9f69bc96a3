"""The short form of a mode: the few figures that people name first, to a sheet and back."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import WordsField, select
from marketplace.core.workspace.forms import SEPARATORS, tidy

from ..rules.modes import Figures, build
from ..rules.sheet import Base, Buyout, Equity, Fixed, Mode, Period, Royalty, Sheet
from ..rules.writing import plain
from ..wording import BASES, PERIODS
from .fields import amount, ratio, tick, whole

PERCENTS = ("rate", "deduction_cap", "equity_percent", "late_rate")
ROYALTY = ("base", "rate", "deduction_cap", "period")
OPTION = ("buyout_price", "buyout_months")
TRIAL = ("trial_months", "extension_months")
RARE = ("extension_months", "deduction_cap", *OPTION)
LAST = ("total_cap", "cover_amount", "late_rate", "pay_days", "term_months", "sell_off_months")
ASKED: Mapping[Mode, tuple[str, ...]] = {
    Mode.BUYOUT: ("price",),
    Mode.INSTALMENTS: ("price", "instalments", "instalment_months"),
    Mode.ENTRY_ROYALTY: ("upfront", "is_upfront_creditable", *ROYALTY, *OPTION),
    Mode.ZERO_UPFRONT: (*TRIAL, "milestones", "milestone_months", *ROYALTY, "cover_amount", *OPTION),
    Mode.DEFERRED: ("price", "deferral_months"),
    Mode.CONDITIONAL: ("price", "milestone_months"),
    Mode.ROYALTY: (*ROYALTY, *OPTION),
    Mode.TRIAL_TRANSFER: ("price", *TRIAL, "cover_amount"),
    Mode.EQUITY: ("equity_percent", "equity_valuation"),
    Mode.OPEN: ("price",),
}


class MilestonesField(WordsField):
    """Amounts in one line, one a milestone."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return value
        words = [word for word in SEPARATORS.sub(" ", str(value or "")).split() if word]
        try:
            found = [Decimal(word.replace(",", "")) for word in words]
        except ArithmeticError as fault:
            raise ValidationError(_("Write amounts in yuan, with a space between them: 30000 60000.")) from fault
        if not found or min(found) <= 0:
            raise ValidationError(_("Name an amount above zero for each milestone."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return "  ".join(plain(each) for each in value) if isinstance(value, list | tuple) else value


def known_fields() -> dict[str, forms.Field]:
    """Every figure as a field, with its unit and what it means in plain words."""
    return {
        "price": amount(label=_("price, yuan"), min_value=Decimal("0.01"), help_text=_("The whole licence fee.")),
        "upfront": amount(
            label=_("entry fee, yuan"), min_value=Decimal("0.01"), help_text=_("Paid once at the start.")
        ),
        "is_upfront_creditable": tick(
            label=_("the entry fee counts towards later royalties"),
            required=False,
            help_text=_("Royalties are then owed only beyond it."),
        ),
        "trial_months": whole(
            label=_("free months"),
            max_value=120,
            help_text=_("Use without paying; at its end the firm keeps or stops."),
        ),
        "extension_months": whole(
            label=_("months of one extension"), max_value=60, help_text=_("Zero: the trial is not extended.")
        ),
        "milestones": MilestonesField(
            label=_("payment at each milestone, yuan"),
            help_text=_("One amount a milestone, with a space between them: 30000 60000."),
        ),
        "milestone_months": whole(
            label=_("months until a milestone is due"),
            min_value=1,
            help_text=_("The second milestone is due after twice as long."),
        ),
        "base": select(
            label=_("the royalty is a share of"),
            choices=[(each.value, name) for each, name in BASES.items()],
            help_text=_("Net sales: invoices less returns, discounts, freight, insurance and taxes."),
        ),
        "rate": ratio(
            label=_("royalty, % (yuan a unit for units sold)"),
            max_value=100_000,
            help_text=_("What is paid of each period's sales, once they are reported."),
        ),
        "deduction_cap": ratio(label=_("at most taken off gross sales, %"), help_text=_("Counts for net sales alone.")),
        "period": select(
            label=_("reported and paid every"), choices=[(each.value, name) for each, name in PERIODS.items()]
        ),
        "buyout_price": amount(
            label=_("option to buy out, yuan"), help_text=_("One payment ends all royalties. Zero: no option.")
        ),
        "buyout_months": whole(label=_("months in which the option may be used"), min_value=1),
        "instalments": whole(label=_("number of parts"), min_value=2, max_value=60),
        "instalment_months": whole(label=_("months between the parts"), min_value=1),
        "deferral_months": whole(label=_("months after which it is paid"), min_value=1),
        "equity_percent": ratio(label=_("share of the firm, %")),
        "equity_valuation": amount(label=_("value of the whole firm, yuan")),
        "total_cap": amount(
            label=_("at most in all, yuan"), required=False, help_text=_("Empty: no cap over everything.")
        ),
        "cover_amount": amount(
            label=_("guarantee, at most, yuan"),
            required=False,
            help_text=_("A guarantee company stands in for the licensee up to this. Empty: no guarantee is agreed."),
        ),
        "late_rate": ratio(
            label=_("late interest a year, %"), required=False, help_text=_("Empty: what the law takes.")
        ),
        "pay_days": whole(label=_("days to pay"), help_text=_("After what makes it fall due."), max_value=365),
        "term_months": whole(
            label=_("months of the licence"), min_value=1, max_value=480, help_text=_("From the signature.")
        ),
        "sell_off_months": whole(
            label=_("months to sell off stock afterwards"),
            max_value=60,
            help_text=_("With the royalty, if there is one."),
        ),
    }


class FiguresForm(forms.Form):
    """The figures of one mode; `sheet` is what they come to."""

    def __init__(self, mode: Mode, *args: Any, start: Figures | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mode, begin = mode, start or Figures()
        known = known_fields()
        for name in dict.fromkeys((*ASKED[mode], *LAST)):
            self.fields[name] = known[name]
            self.fields[name].initial = shown(name, getattr(begin, name), begin)
        tidy(self)

    def clean(self) -> dict[str, Any]:
        """A rate is a part of the sales; by the unit it is yuan and has no such bound."""
        given = super().clean() or {}
        if given.get("base") != Base.UNITS and (given.get("rate") or 0) > 100:
            self.add_error("rate", _("A royalty cannot be more than the whole of what it is a share of."))
        return given

    @property
    def usual(self) -> list[Any]:
        """The figures that people name first."""
        return [self[name] for name in self.fields if self.is_usual(name)]

    @property
    def further(self) -> list[Any]:
        """Those that the usual contract leaves as they are."""
        return [self[name] for name in self.fields if not self.is_usual(name)]

    def is_usual(self, name: str) -> bool:
        return name in ASKED[self.mode] and name not in RARE

    @property
    def has_further_faults(self) -> bool:
        return any(field.errors for field in self.further)

    def figures(self) -> Figures:
        """What was filled in; a royalty by the unit is yuan and not a percentage."""
        given = dict(self.cleaned_data)
        by_unit = given.get("base") == Base.UNITS
        for name in PERCENTS:
            if given.get(name) is not None and not (name == "rate" and by_unit):
                given[name] = given[name] / 100
        if "milestones" in given:
            given["milestones"] = tuple(given["milestones"])
        given |= {name: kind(given[name]) for name, kind in (("base", Base), ("period", Period)) if name in given}
        return replace(Figures(), **given)

    def sheet(self) -> Sheet:
        return build(self.mode, self.figures())


def shown(name: str, value: Any, figures: Figures) -> Any:
    """A figure as the form shows it."""
    if value is None or (name in PERCENTS and not (name == "rate" and figures.base is Base.UNITS)):
        return None if value is None else plain(value * 100)
    if isinstance(value, Decimal):
        return plain(value)
    return value.value if isinstance(value, Base | Period) else value


# From a sheet back to its figures


def figures_of(sheet: Sheet) -> Figures:
    """The figures that a sheet was built with, as far as it follows its preset."""
    found: dict[str, Any] = {
        "term_months": sheet.term_months or Figures().term_months,
        "sell_off_months": sheet.sell_off_months,
        "total_cap": sheet.total_cap,
        "late_rate": sheet.late_interest.yearly_rate if sheet.late_interest else None,
        "cover_amount": sheet.guarantees[0].cover_amount if sheet.guarantees else None,
        "trial_months": sheet.trial.months if sheet.trial else 0,
        "extension_months": sheet.trial.extension_months if sheet.trial else 0,
    }
    for term in sheet.terms:
        found |= of_term(term, sheet)
    milestones = [each for each in sheet.terms if isinstance(each, Fixed) and each.trigger and each.trigger.milestone]
    if milestones:
        first = milestones[0].trigger
        found["milestones"] = tuple(each.amount for each in milestones)
        found["milestone_months"] = (first.due_months if first else 0) or Figures().milestone_months
    known = {each.name for each in fields_of(Figures)}
    return replace(Figures(), **{name: value for name, value in found.items() if name in known})


def of_term(term: Any, sheet: Sheet) -> dict[str, Any]:
    if isinstance(term, Royalty):
        rest = {} if term.deduction_cap is None else {"deduction_cap": term.deduction_cap}
        return {"base": term.base, "rate": term.tiers[0].rate, "period": term.period, "pay_days": term.pay_days, **rest}
    if isinstance(term, Buyout):
        return {"buyout_price": term.price, "buyout_months": term.until_months or Figures().buyout_months}
    if isinstance(term, Equity):
        return {"equity_percent": term.percent, "equity_valuation": term.valuation, "pay_days": term.pay_days}
    return of_fixed(term, sheet) if isinstance(term, Fixed) else {}


def of_fixed(term: Fixed, sheet: Sheet) -> dict[str, Any]:
    parts = [each for each in sheet.terms if isinstance(each, Fixed)]
    total = sum((each.amount for each in parts), Decimal(0))
    later = [each.trigger.months for each in parts if each.trigger and each.trigger.months]
    found: dict[str, Any] = {"pay_days": term.pay_days}
    if sheet.mode is Mode.ENTRY_ROYALTY:
        return found | {"upfront": term.amount, "is_upfront_creditable": term.creditable}
    if sheet.mode is Mode.INSTALMENTS:
        spaced = {"instalment_months": later[0]} if later else {}
        return found | {"price": total, "instalments": max(len(parts), 2), **spaced}
    if sheet.mode is Mode.DEFERRED and later:
        found["deferral_months"] = later[0]
    return found | {"price": total}


def is_preset(sheet: Sheet) -> bool:
    """Whether the short form says everything that the sheet says."""
    return build(sheet.mode, figures_of(sheet)) == sheet
