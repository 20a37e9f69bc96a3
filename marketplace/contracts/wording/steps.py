"""“Explain this number”: each step to an amount with its name, its formula in words and its inputs with units."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.core.showing import in_full, percent

from ..rules.sheet import AnyTerm, Base, Deduction, Royalty
from ..rules.statement import Step
from .names import BASES, CAUSES, DEDUCTIONS, TIERINGS


@dataclass(frozen=True, slots=True)
class Explained:
    """A step in words. `inputs` are pairs of a name and a value with its unit."""

    name: str
    formula: str
    value: str
    inputs: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        given = _(", ").join(f"{name} {value}" for name, value in self.inputs)
        return f"{self.name}: {self.value} = {self.formula}" + (f" ({given})" if given else "")


# Name and formula of each step, in the order of DOMAIN 5.3 and before it what is not a royalty
STEPS: Mapping[str, tuple[Any, Any]] = {
    "amount": (gettext_lazy("agreed amount"), gettext_lazy("as the terms say")),
    "pro_rata": (
        gettext_lazy("for part of the period"),
        gettext_lazy("agreed amount × days that count ÷ days of the period"),
    ),
    "valuation": (gettext_lazy("value of the shares"), gettext_lazy("as the terms say; paid in shares, not in cash")),
    "price": (gettext_lazy("price of the buy-out"), gettext_lazy("as the terms say")),
    "base": (pgettext_lazy("number", "base"), gettext_lazy("gross sales − what may be taken off")),
    "adjusted": (gettext_lazy("adjusted base"), gettext_lazy("base × part of the product that counts")),
    "earned": (gettext_lazy("royalty earned"), gettext_lazy("adjusted base × rate")),
    "stacked": (
        gettext_lazy("after royalties to others"),
        gettext_lazy("royalty earned − part of what was paid to others, never below the floor"),
    ),
    "sublicence": (
        gettext_lazy("with sub-licences"),
        gettext_lazy("what came before + share of what sub-licensees paid"),
    ),
    "credited": (
        gettext_lazy("after set-off"),
        gettext_lazy("what came before − fees already paid that may be set off"),
    ),
    "minimum": (gettext_lazy("yearly minimum"), gettext_lazy("agreed minimum × days of the year ÷ whole year")),
    "short": (
        gettext_lazy("missing to the minimum"),
        gettext_lazy("yearly minimum − royalties of the year, never below zero"),
    ),
    "capped": (gettext_lazy("after caps"), gettext_lazy("what came before, at most what the caps leave")),
    "taxed": (
        gettext_lazy("before value-added tax"),
        gettext_lazy("the tax is added on the invoice and changes nothing here"),
    ),
    "rounded": (pgettext_lazy("number", "rounded"), gettext_lazy("half up to the fen, once")),
    "restated": (gettext_lazy("all periods with the right figures"), gettext_lazy("everything so far computed anew")),
    "difference": (
        pgettext_lazy("number", "difference"),
        gettext_lazy("all periods with the right figures − what was charged"),
    ),
    "total_cap": (
        gettext_lazy("after the cap of everything"),
        gettext_lazy("at most what the cap of the whole sheet leaves"),
    ),
    "due": (pgettext_lazy("number", "due"), gettext_lazy("the amount that falls due")),
    "interest": (
        gettext_lazy("interest for late payment"),
        gettext_lazy("what was unpaid × yearly rate ÷ 365 × days late"),
    ),
}
# Formulas that depend on what went in
VARIANTS = {
    ("base", "units"): gettext_lazy("units sold, as reported"),
    ("base", "gross_margin"): gettext_lazy("gross margin, as reported"),
    ("earned", "CLIFF"): gettext_lazy("whole base × the rate that has been reached"),
    ("earned", "MARGINAL"): gettext_lazy("each slice × its own rate, added up"),
    ("credited", "paid_before"): gettext_lazy("price − part of what was paid before"),
    ("minimum", "covered"): gettext_lazy("what came before − what an earlier true-up to the minimum has covered"),
}
INPUTS: Mapping[str, Any] = {
    "trigger": gettext_lazy("falls due"),
    "until": gettext_lazy("every year until"),
    "days": gettext_lazy("days that count"),
    "of": gettext_lazy("of days"),
    "percent": gettext_lazy("share of the firm"),
    "report": pgettext_lazy("number", "report"),
    "gross": gettext_lazy("gross sales"),
    "units": pgettext_lazy("number", "units"),
    "gross_margin": gettext_lazy("gross margin"),
    "deduction_cap": gettext_lazy("at most this part taken off"),
    "base": pgettext_lazy("number", "base"),
    "combination_factor": gettext_lazy("part of the product that counts"),
    "tiering": gettext_lazy("how the rates apply"),
    "before": gettext_lazy("counted before"),
    "earned": gettext_lazy("royalty earned"),
    "third_party_royalties": gettext_lazy("paid to others"),
    "share": gettext_lazy("part of it taken off"),
    "floor": pgettext_lazy("number", "floor"),
    "cap": pgettext_lazy("number", "cap"),
    "upfront": gettext_lazy("entry fees of sub-licensees"),
    "upfront_rate": gettext_lazy("share of them"),
    "royalty": gettext_lazy("royalties of sub-licensees"),
    "royalty_rate": gettext_lazy("share of them"),
    "set_off": pgettext_lazy("number", "set off"),
    "at": pgettext_lazy("number", "computed"),
    "covered": gettext_lazy("covered before"),
    "minimum_yearly": gettext_lazy("agreed minimum"),
    "year": pgettext_lazy("number", "year"),
    "booked": gettext_lazy("royalties of the year"),
    "period_cap": gettext_lazy("cap of a period"),
    "lifetime_cap": gettext_lazy("cap of all royalties"),
    "vat": gettext_lazy("value-added tax"),
    "half_up_to": gettext_lazy("rounded to"),
    "paid_before": gettext_lazy("paid before"),
    "credit_paid": gettext_lazy("part of it set off"),
    "period": pgettext_lazy("number", "period"),
    "now": gettext_lazy("this period now"),
    "charged": gettext_lazy("charged so far"),
    "due_on": gettext_lazy("on the day"),
    "yearly_rate": gettext_lazy("yearly rate"),
    "rate_of": gettext_lazy("rate of"),
    **{each.value: DEDUCTIONS[each] for each in Deduction},
}
WORDS = {
    "YEAR_END": gettext_lazy("at the end of the year"),
    "BY_INVOICE": gettext_lazy("on the invoice"),
    "FIRST_SALE": gettext_lazy("the first sale"),
    "END": gettext_lazy("the end of the licence"),
    "AGREED": gettext_lazy("the terms agreed"),
    **{each.value: name for each, name in TIERINGS.items()},
}
RATES = {
    *("percent", "deduction_cap", "combination_factor", "share", "upfront_rate", "royalty_rate", "credit_paid"),
    "yearly_rate",
}
COUNTS = {"days", "of", "units"}
KEYS = {"report"}  # what names a row for programs; the line itself is named by its period
IN_UNITS = {"base", "adjusted", "before"}  # of a royalty by the unit


def explain(step: Step, term: AnyTerm | None = None) -> Explained:
    """The step in the reader's language; `term` tells what its base is counted in."""
    by_unit = isinstance(term, Royalty) and term.base is Base.UNITS
    name, formula = STEPS.get(step.name, (step.name, ""))
    told = ((each, value) for each, value in step.inputs.items() if each not in KEYS)
    given = tuple(_input(each, value, by_unit=by_unit) for each, value in told)
    return Explained(str(name), _formula(step, formula), _number(step.name, step.value, by_unit=by_unit), given)


def _formula(step: Step, usual: Any) -> str:
    for (name, mark), formula in VARIANTS.items():
        if step.name == name and (mark in step.inputs or mark in step.inputs.values()):
            return str(formula)
    return str(usual)


def _input(name: str, value: Decimal | str, *, by_unit: bool) -> tuple[str, str]:
    if name.startswith("from "):
        start = _number("before", Decimal(name.removeprefix("from ")), by_unit=by_unit)
        return _("rate from %(start)s") % {"start": start}, _rate(value, by_unit=by_unit)
    label = BASES[Base.UNITS] if by_unit and name == "base" else INPUTS.get(name, name)
    return str(label), _value(name, value, by_unit=by_unit)


def _value(name: str, value: Decimal | str, *, by_unit: bool) -> str:
    if isinstance(value, Decimal):
        return _number(name, value, by_unit=by_unit)
    words = CAUSES if name == "trigger" else WORDS
    return str(words.get(value, value))


def _number(name: str, value: Decimal, *, by_unit: bool) -> str:
    if name in RATES:
        return percent(value)
    if name in COUNTS or (by_unit and name in IN_UNITS):
        return f"{value:,f}"
    return in_full(value)


def _rate(value: Decimal | str, *, by_unit: bool) -> str:
    rate = Decimal(value)
    return in_full(rate) if by_unit else percent(rate)
