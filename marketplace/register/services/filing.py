"""The yearly filing: what was done last year, against what the platform knows; late filing shows."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import to_fen
from marketplace.core.validation import check_text, validate
from marketplace.parties.models import TechnologyManager

from .. import asking, rules, telling
from ..counting import contracts_in
from ..models import YearlyFiling
from ..models.holder import Holder, kind_of

FIGURES = ("deals", "contract_sum", "income", "staff", "note")
UNEXPLAINED = "E_FIGURES_UNEXPLAINED"


def due_on(holder: Holder, year: int) -> date:
    """The last day for the data of a year, by the law as it is today."""
    return rules.due_day(year, asking.book_of(holder).text("register.yearly.due"))


def years_to_file(holder: Holder) -> list[int]:
    """The years whose data may be filed and are not, the oldest first."""
    filed = set(YearlyFiling.objects.of(holder).values_list("year", flat=True))
    owed = rules.years_owed(asking.entered_on(holder), timezone.localdate())
    return [year for year in owed if year not in filed]


def overdue_years(holder: Holder) -> list[int]:
    """The years whose day has passed without a filing."""
    due = asking.book_of(holder).text("register.yearly.due")
    return rules.overdue(years_to_file(holder), (), due, timezone.localdate())


@transaction.atomic
def file_year(holder: Holder, year: int, values: dict[str, Any], *, by: Any) -> YearlyFiling:
    """File the business data of a year: contracts, their sum, income, and an agency's staff.

    Fewer contracts than the platform knows of need a `note` (E_FIGURES_UNEXPLAINED). Raises Conflict for a year that
    is not over, was filed already, or lies before the entry.
    """
    if year not in years_to_file(holder):
        raise Conflict(_("There is nothing to file for this year."), code="nothing_to_file")
    filing = YearlyFiling(
        **{kind_of(holder): holder}, year=year, due_on=due_on(holder, year), filed_on=timezone.localdate()
    )
    fill(filing, values)
    try:
        with transaction.atomic():
            create(filing, "register.file", by=by)
    except IntegrityError as fault:
        raise Conflict(_("This year has been filed already."), code="filed") from fault
    telling.year_filed(filing, by=by)
    return filing


def correct_filing(
    filing: YearlyFiling, values: dict[str, Any], *, by: Any, version: int | None = None
) -> YearlyFiling:
    """File anew before it is accepted; the day of the first filing stays."""
    with transaction.atomic():
        with act(filing, "register.correct", by=by, version=version) as filing:
            filing.correct()
            filing.fault = ""
            fill(filing, values)
        telling.year_filed(filing, by=by)
    return filing


def fill(filing: YearlyFiling, values: dict[str, Any]) -> None:
    """Take over the figures and check them against the platform's own."""
    for name in FIGURES:
        if name in values:
            setattr(filing, name, values[name])
    filing.note = check_text("note", (filing.note or "").strip(), most=1000)
    is_person = isinstance(filing.holder, TechnologyManager)
    if not is_person and filing.staff is None:
        raise Invalid(fields={"staff": [str(_("An agency says how many people work for it full-time."))]})
    if is_person:
        filing.staff = None
    for name in ("contract_sum", "income"):
        setattr(filing, name, checked_sum(name, getattr(filing, name)))
    filing.counted = contracts_in(filing.holder, filing.year)
    validate(filing, constraints=False)
    if rules.needs_explanation(filing.deals, filing.counted) and not filing.note:
        sentence = _("The platform knows of %(count)d contracts in this year. Explain why you file fewer.")
        raise Invalid(code=UNEXPLAINED, fields={"note": [str(sentence % {"count": filing.counted})]})


def checked_sum(name: str, amount: Decimal | None) -> Decimal:
    if amount is None or amount < 0:
        raise Invalid(fields={name: [str(_("Give the sum in yuan, 0 or more."))]})
    return to_fen(amount)


def accept_filing(filing: YearlyFiling, *, by: Any, version: int | None = None) -> YearlyFiling:
    """Nothing against it."""
    with act(filing, "register.accept_filing", by=by, version=version) as filing:
        filing.accept()
    return filing


def return_filing(filing: YearlyFiling, fault: str, *, by: Any, version: int | None = None) -> YearlyFiling:
    """Say what does not add up."""
    cleaned = check_text("fault", fault.strip(), most=1000)
    if not cleaned:
        raise Invalid(fields={"fault": [str(_("Say what is to be corrected."))]})
    with transaction.atomic():
        with act(filing, "register.return_filing", by=by, version=version) as filing:
            filing.fault = cleaned
            filing.send_back()
        telling.filing_returned(filing, by=by)
    return filing
