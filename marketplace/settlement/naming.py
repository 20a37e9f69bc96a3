"""What money is called: obligations by what they are for, amounts, doubts about a bank line, steps to a number."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace.contracts.reading import sheet_of
from marketplace.contracts.rules.statement import Step
from marketplace.contracts.wording import Explained, explain

from .models import CommissionLine, Distribution, Journal, Obligation, Payment, Recourse, Recovery
from .rules.ageing import Age
from .rules.matching_bank import Doubt

AGES = {
    Age.NOT_DUE: _("not due yet"),
    Age.DAYS_30: _("1 to 30 days late"),
    Age.DAYS_60: _("31 to 60 days late"),
    Age.DAYS_90: _("61 to 90 days late"),
    Age.OLDER: _("more than 90 days late"),
}
DOUBTS: dict[str, Any] = {
    Doubt.NO_PAYER: _("no contract has a licensee of this name"),
    Doubt.SEVERAL: _("several contracts fit"),
    Doubt.AMOUNT_DIFFERS: _("the amount is none that is open"),
    Doubt.NOTHING_OPEN: _("nothing is open with this licensee"),
    Doubt.REFERENCE_USED: _("another payment has this reference"),
    Doubt.NOT_RUNNING: _("the contract takes no payment now"),
}


CAUSES: dict[str, Any] = {
    "bill": Obligation,
    "payment": Payment,
    "shared": Distribution,
    "commission": CommissionLine,
    "compensation": Recourse,
    "recovery": Recovery,
    "passed": Recovery,
    "forgone": Recourse,
}
"""What the first word of a booking's cause stands for."""


def cause_in_words(row: Journal) -> str:
    """What a booking is for, as its page is called; its kind where no row has the name."""
    word, _colon, rest = row.cause.partition(":")
    model = CAUSES.get(word)
    found = model.objects.filter(public_id=rest.partition(":")[0]).first() if model else None
    return str(found or row.get_kind_display())


def why(row: Obligation) -> list[Explained]:
    """The steps to the amount and to its interest, in the reader's language."""
    term = sheet_of(row.contract).term(row.key.split(":", 1)[0])
    return [explain(Step(step["name"], Decimal(step["value"]), inputs(step)), term) for step in row.steps]


def inputs(step: dict[str, Any]) -> dict[str, Decimal | str]:
    """Kept as text; what is a number becomes one again."""
    return {name: number(text) for name, text in step["inputs"].items()}


def days_from_due(step: int) -> str:
    """A step of a reminder: "7 days before it was due"."""
    days = {"days": abs(step)}
    if step < 0:
        return ngettext("%(days)d day before it was due", "%(days)d days before it was due", abs(step)) % days
    return ngettext("%(days)d day after it was due", "%(days)d days after it was due", step) % days


def number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text
