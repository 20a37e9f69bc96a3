"""The ledger: the only writer of bookings, and the sums of what is booked, always computed from the lines."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.core.errors import Conflict
from marketplace.core.money import ZERO, to_fen
from marketplace.parties.models import Organisation

from ..models import Account, Journal, LedgerLine
from ..rules import booking
from ..rules.booking import Entries, Entry, Kind

CURRENCY = "CNY"


def post(
    book: Organisation,
    kind: str,
    cause: str,
    entries: Iterable[Entry],
    *,
    on: date,
    contract: Contract | None = None,
    reverses: Journal | None = None,
    by: Any,
) -> Journal:
    """Book once per cause: the same booking again is the first one. Raises ValueError unless it balances.

    Another booking under the same cause is a Conflict (`cause_used`).
    """
    lines = booking.balanced(*entries)
    if len(lines) < 2:
        raise ValueError("A booking has two lines at least.")
    journal = Journal(
        book=book, kind=kind, cause=cause, on=on, contract=contract, line_count=len(lines), reverses=reverses,
        recorded_by_id=by.pk,
    )  # fmt: skip
    try:
        with transaction.atomic():
            journal.save(force_insert=True)
            write_lines((journal, lines))
    except IntegrityError as fault:
        return known(journal, lines, fault)
    return journal


class Booking(NamedTuple):
    """One booking of many that are made at once, as `post` makes it."""

    kind: str
    cause: str
    entries: Entries
    on: date


def post_all(bookings: Sequence[Booking], *, contract: Contract, by: Any) -> None:
    """Book under a contract in a few statements; each once per cause, as `post` does. Raises what `post` raises."""
    if not bookings:
        return
    rows = [made(contract, each, by) for each in bookings]
    try:
        with transaction.atomic():
            Journal.objects.bulk_create(rows)
            write_lines(*((row, each.entries) for row, each in zip(rows, bookings, strict=True)))
    except IntegrityError:  # one of them is there already: one after the other finds which
        for each in bookings:
            post(contract.seller, each.kind, each.cause, each.entries, on=each.on, contract=contract, by=by)


def made(contract: Contract, booking_: Booking, by: Any) -> Journal:
    if len(booking.balanced(*booking_.entries)) < 2:
        raise ValueError("A booking has two lines at least.")
    return Journal(
        book=contract.seller, kind=booking_.kind, cause=booking_.cause, on=booking_.on, contract=contract,
        line_count=len(booking_.entries), recorded_by_id=by.pk,
    )  # fmt: skip


def write_lines(*journals: tuple[Journal, Entries]) -> None:
    """The lines of bookings in the books of one organisation."""
    kinds = {line.account for _journal, lines in journals for line in lines}
    accounts = accounts_of(journals[0][0].book, kinds)
    LedgerLine.objects.bulk_create(
        LedgerLine(journal=journal, account=accounts[line.account], amount=line.amount)
        for journal, lines in journals
        for line in lines
    )


def accounts_of(book: Organisation, kinds: set[Kind]) -> dict[str, Account]:
    """The accounts of these kinds, opened where they are missing."""
    rows = Account.objects.filter(book=book, kind__in=kinds, currency=CURRENCY)
    found = {row.kind: row for row in rows}
    for kind in sorted(kinds - set(found)):
        found[kind], _is_new = Account.objects.get_or_create(book=book, kind=kind, currency=CURRENCY)
    return found


def known(asked: Journal, lines: Entries, fault: IntegrityError) -> Journal:
    """The booking that stands under the cause, if it is the same one."""
    found = Journal.objects.filter(book=asked.book, cause=asked.cause).first()
    if found is None:
        raise fault
    if (found.kind, set(entries_of(found))) != (asked.kind, set(lines)):
        raise Conflict(_("Something else is booked under this cause."), code="cause_used")
    return found


def reverse(journal: Journal, *, reason: str, on: date | None = None, by: Any) -> Journal:
    """Book the opposite of a booking, once: reversed twice is reversed once. Raises Conflict for a reversal."""
    if journal.reverses_id is not None:
        raise Conflict(_("A reversal is not reversed: book anew."), code="is_reversal")
    cause = f"reversal:{journal.public_id}:{reason}"[:160]
    earlier = Journal.objects.filter(reverses=journal).first()
    if earlier is not None:
        return earlier
    entries = booking.reverse(entries_of(journal))
    return post(
        journal.book, Journal.Kind.REVERSAL, cause, entries, on=on or timezone.localdate(), contract=journal.contract,
        reverses=journal, by=by,
    )  # fmt: skip


def entries_of(journal: Journal) -> Entries:
    rows = journal.lines.values_list("account__kind", "amount")
    return tuple(Entry(Kind(kind), amount) for kind, amount in rows)


# Sums


def balances(lines: "QuerySet[LedgerLine] | None" = None, **of: Any) -> dict[str, Decimal]:
    """The balance of each kind of account over the lines that are asked for: `balances(journal__contract=contract)`."""
    rows = (LedgerLine.objects.all() if lines is None else lines).filter(**of).order_by()
    sums = rows.values_list("account__kind").annotate(total=Sum("amount"))
    return dict.fromkeys(Account.Kind.values, ZERO) | {kind: to_fen(total) for kind, total in sums}


def trial_balance(book: Organisation) -> dict[str, Decimal]:
    """Every account of a book; the balances of correct books add up to zero."""
    return balances(account__book=book)


def broken_bookings() -> Iterator[Journal]:
    """Bookings that do not add up, lack a line or have one too many, or reach into other books; there are none."""
    foreign = Q(lines__isnull=False) & ~Q(lines__account__book=F("book"))
    rows = Journal.objects.order_by("id").annotate(
        total=Sum("lines__amount", default=ZERO), counted=Count("lines"), strangers=Count("lines", filter=foreign)
    )
    for row in rows.iterator():
        if to_fen(row.total) != 0 or row.counted != row.line_count or row.strangers:
            yield row
