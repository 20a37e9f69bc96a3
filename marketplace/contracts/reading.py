"""What a contract's rows say to the pure engine: its terms, its history, and what is owed under it on a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from marketplace import law
from marketplace.law.book import edition

from .models import Contract, Fact, TermSheet
from .rules.events import Event
from .rules.limits import Limits
from .rules.obligations import obligations
from .rules.payments import RateOf
from .rules.reading import read_events, read_sheet
from .rules.sheet import Sheet
from .rules.statement import Statement


def sheet_of(contract: Contract) -> Sheet:
    """The agreed terms. Raises ValueError while nothing is agreed."""
    if contract.sheet is None:
        raise ValueError("Nothing is agreed yet.")
    return parsed(contract.sheet)


def parsed(sheet: TermSheet) -> Sheet:
    """The terms of one version as the engine reads them; the same text is read once a process."""
    return _Known.sheet(sheet.fingerprint, sheet.content)


class _Known:
    """Sheets already read, by fingerprint: contracts on the same terms share one."""

    sheets: dict[str, Sheet] = {}
    MOST = 4096

    @classmethod
    def sheet(cls, fingerprint: str, content: Any) -> Sheet:
        if fingerprint not in cls.sheets:
            if len(cls.sheets) >= cls.MOST:
                cls.sheets.clear()
            cls.sheets[fingerprint] = read_sheet(content)
        return cls.sheets[fingerprint]


ASIDE = "reference"
"""What a fact keeps for people, beside what its event says: the name of a bank transfer."""


def written(fact: Fact) -> dict[str, Any]:
    """The fact in the public form of an event."""
    own = {name: value for name, value in fact.content.items() if name != ASIDE}
    return {"id": fact.key, "kind": fact.kind, "on": fact.on.isoformat(), **own}


def history_of(contract: Contract) -> tuple[Event, ...]:
    """Everything that stands of what happened."""
    return read_events([written(fact) for fact in Fact.objects.standing().filter(contract=contract)])


def statement_of(contract: Contract, as_of: date) -> Statement:
    """What is owed on a day, line by line with its reasons."""
    return obligations(sheet_of(contract), history_of(contract), as_of, legal_late_rate=late_rates(contract.law_place))


def statements_of(contracts: Iterable[Contract], as_of: date) -> Iterator[tuple[Contract, Statement]]:
    """The same for many contracts (with their sheets selected), with one question to the database."""
    rows = list(contracts)
    histories: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for fact in Fact.objects.standing().filter(contract__in=[row.pk for row in rows]).order_by():
        histories[fact.contract_id].append(written(fact))
    for row in rows:
        rates = late_rates(row.law_place)
        yield row, obligations(sheet_of(row), read_events(histories[row.pk]), as_of, legal_late_rate=rates)


@lru_cache(maxsize=4096)  # each debt asks for the day after its due day
def _late_rate(token: str, day: date, place: str) -> Decimal:
    book = law.on(day, place)
    if "lpr.one_year" not in book or "late_interest.default" not in book:
        return Decimal(0)
    return book.percent("lpr.one_year") * Decimal(book.table("late_interest.default")["multiplier_from"])


def legal_late_rate(day: date, place: str) -> Decimal:
    """Yearly rate where nothing was agreed: the one-year LPR of the day with the lower of the courts' additions.

    Zero for days before the law's table begins: an old contract is shown without interest, never not at all.
    """
    return _late_rate(edition(), day, place)


def late_rates(place: str) -> RateOf:
    """The rate of each day, for the engine to ask for that of a breach."""
    return partial(legal_late_rate, place=place)


def limits_on(day: date, place: str) -> Limits:
    """What the law of a place measures a sheet against."""
    book = law.on(day, place)
    return Limits(
        open_fixed_cap=book.money("open_licence.fixed_cap"),
        open_royalty_cap_sales=book.percent("open_licence.royalty_cap_sales"),
        open_royalty_cap_profit=book.percent("open_licence.royalty_cap_profit"),
        income_tax_licence_years=int(book.number("cit.licence_min_years")),
    )
