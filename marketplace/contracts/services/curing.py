"""Curing: until when what was demanded may still be paid, and from when it is a default."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.core.errors import Conflict
from marketplace.law import calendar
from marketplace.law.rules.days import last_day

from ..models import Contract, Fact
from ..rules.events import Kind

CURE_DAYS = "default.cure_days_after_demand"
DAY = timedelta(days=1)


def cure_until(contract: Contract, demanded_on: date, today: date) -> date:
    """The last day to pay, counted as the Civil Code counts days (201, 203), without those of a dispute."""
    book = law.on(demanded_on, contract.law_place)
    known = calendar.working_days(demanded_on, date(today.year + 1, 12, 31))
    stopped = frozenset(disputed(contract, today))
    return last_day(demanded_on, book.days(CURE_DAYS), book.entry(CURE_DAYS).unit, known, stopped)


def disputed(contract: Contract, today: date) -> Iterator[date]:
    """The days of each dispute until today: from the day after it began to the day that settled it."""
    rows = Fact.objects.standing().filter(contract=contract, kind__in=[Kind.SUSPENDED, Kind.RESUMED])
    days = list(rows.order_by("on", "id").values_list("on", flat=True))  # they come by turns
    for began, ended in zip(days[::2], [*days[1::2], today], strict=False):
        yield from (began + each * DAY for each in range(1, (ended - began).days + 1))


def check_demanded(contract: Contract, day: date) -> None:
    """No consequence without a demand and the days of the law after it."""
    if contract.demanded_on is None or contract.cure_until is None:
        raise Conflict(_("Demand the payment in writing first."), code="E_DEMAND_MISSING")
    if day <= contract.cure_until:
        sentence = _("The licensee has until %(day)s to pay.") % {"day": contract.cure_until.isoformat()}
        raise Conflict(sentence, code="E_DEMAND_MISSING")
