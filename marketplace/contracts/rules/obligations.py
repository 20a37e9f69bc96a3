"""Rules of licence terms: what is owed under a sheet on a day. The one entrance to the calculation.

The same sheet and events give the same statement in whatever order they arrive. What contradicts is named in `faults`
and left out; money is never left out. A dispute (SUSPENDED) stops the contract's clock of cure, not interest.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import localcontext

from marketplace.core.money import ZERO

from .accrual import Books
from .days import FAR, ONE_DAY, period_of, periods
from .events import Event
from .history import History, digest
from .payments import EQUITY, Lateness, RateOf, Till, free, line_of, settle, term_of
from .reports import Report, accepted
from .schedule import Happening, happenings
from .sheet import AnyTerm, Buyout, Maintenance, Royalty, Sheet
from .statement import LineState, Obligation, Phase, ReportDue, Statement
from .triggers import days_met

DIGITS = 60  # no product of amounts and rates is cut before it is rounded to the fen


def obligations(terms: Sheet, events: Iterable[Event], as_of: date, *, legal_late_rate: RateOf = free) -> Statement:
    """What is owed at the end of a day, line by line; events of later days do not count yet.

    `legal_late_rate` says the yearly rate of a day where the sheet agrees none: each line has that of the day after it
    was due. `Statement.next_day` is the first day on which the statement may change by itself, but for interest, which
    grows every day.
    """
    with localcontext() as context:
        context.prec = DIGITS
        history = digest(terms, events, as_of)
        lateness = _lateness(terms, legal_late_rate)
        reports = accepted(history)
        books = Books(history, lateness, terms.total_cap)
        ahead = _book_all(books, reports)
        till = settle(books.debts, history.payments, lateness, terms=_ids(history), as_of=as_of)
        return _statement(books, till, _reports_due(books, reports), ahead)


def _lateness(terms: Sheet, legal_late_rate: RateOf) -> Lateness:
    agreed = terms.late_interest
    return Lateness(agreed.yearly_rate, agreed.grace_days) if agreed else Lateness(legal=legal_late_rate)


def _book_all(books: Books, reports: Sequence[Report]) -> list[Happening]:
    """Book what has happened by the day; what the calendar brings later is returned."""
    history = books.history
    if history.signed_on is None:
        return []
    found = happenings(history, days_met(history, reports), reports)
    past = [each for each in found if each.on <= history.as_of]
    for happening in past:
        books.book(happening)
    return found[len(past) :]


def _ids(history: History) -> frozenset[str]:
    """The terms that a payment can name; a name that is none of them is a fault, its money is not."""
    ids = frozenset(each.id for each in history.sheet.terms)
    for payment in history.payments:
        if payment.obligation and term_of(payment) not in ids:
            history.refuse(payment, "E_OBLIGATION_UNKNOWN", obligation=payment.obligation)
    return ids


def _reports_due(books: Books, reports: Sequence[Report]) -> tuple[ReportDue, ...]:
    """Periods that have ended without a report; a royalty that is paid up asks for none."""
    history, start = books.history, books.history.royalties_from
    if start is None or books.room == 0:
        return ()
    told = {(each.sales.royalty, each.sales.first) for each in reports}
    return tuple(
        ReportDue(royalty.id, span.first, span.last, span.last + timedelta(days=royalty.report_days))
        for royalty in history.sheet.terms
        if isinstance(royalty, Royalty) and not books.account(royalty).is_paid_up
        for span in periods(start, min(history.selling_until, history.as_of), royalty.period)
        if span.last < history.as_of and (royalty.id, span.first) not in told
    )


def _statement(books: Books, till: Till, reports_due: tuple[ReportDue, ...], ahead: Sequence[Happening]) -> Statement:
    history, as_of = books.history, books.history.as_of
    debts = sorted([*books.debts, *books.shares], key=lambda each: (each.arose_on, each.key))
    lines = tuple(line_of(each, books.lateness, as_of) for each in debts)
    cash = [each for each in lines if each.kind != EQUITY]
    is_signed = history.signed_on is not None
    days = _days_of_change(books, till, reports_due, ahead) if is_signed else iter(())
    return Statement(
        as_of=as_of,
        phase=_phase(books, lines, ahead),
        lines=lines,
        owed=sum((each.amount for each in cash), ZERO),
        paid=sum((each.paid + each.interest_paid for each in cash), ZERO),
        overdue=sum((each.unpaid for each in cash if each.state is LineState.OVERDUE), ZERO),
        interest=sum((each.interest for each in cash), ZERO),
        credit=till.unused,
        signed_on=history.signed_on,
        trial_ends_on=history.course.ends_on,
        ends_on=history.last_day if is_signed and history.last_day < FAR else None,
        sell_off_until=history.selling_until if history.selling_until > history.last_day else None,
        next_day=min((day for day in days if day > as_of), default=None),
        reports_due=reports_due,
        faults=tuple(sorted(history.faults, key=lambda each: (each.pointer, each.code))),
    )


def _phase(books: Books, lines: Sequence[Obligation], ahead: Sequence[Happening]) -> Phase:
    history, course = books.history, books.history.course
    if history.signed_on is None:
        return Phase.UNSIGNED
    if history.has_ended:
        return history.end
    if history.is_suspended:
        return Phase.SUSPENDED
    if history.sheet.trial and course.free_until is None:
        return Phase.SIGNED
    if history.sheet.trial and course.kept_on is None:
        return Phase.ELECTION_DUE if course.over_on else Phase.TRIAL
    return Phase.PAID_UP if _is_paid_up(books, lines, ahead) else Phase.PAYING


def _is_paid_up(books: Books, lines: Sequence[Obligation], ahead: Sequence[Happening]) -> bool:
    """Everything that may ever be asked for was asked for and paid; an option to buy is no duty."""
    cash = [each for each in lines if each.kind != EQUITY]
    if not cash or any(each.state is not LineState.PAID for each in cash if each.amount >= 0):
        return False
    if books.room == 0:
        return True
    waiting, charged = {each.term.id for each in ahead}, {each.term for each in lines}
    return all(_is_exhausted(books, each, waiting, charged) for each in books.history.sheet.terms)


def _is_exhausted(books: Books, term: AnyTerm, waiting: set[str], charged: set[str]) -> bool:
    if isinstance(term, Royalty):
        return books.account(term).is_paid_up
    return term.id not in waiting and (term.id in charged or isinstance(term, Buyout | Maintenance))


def _days_of_change(
    books: Books, till: Till, reports_due: Sequence[ReportDue], ahead: Sequence[Happening]
) -> Iterator[date]:
    """Days, some of them past, before the next of which nothing changes by itself."""
    history = books.history
    if ahead:
        yield ahead[0].on
    ends = [history.last_day, history.selling_until, history.course.free_until]
    yield from (day + ONE_DAY for day in ends if day and day < FAR)
    grace = timedelta(days=books.lateness.grace_days + 1)
    yield from (debt.due_on + grace for *_, debt in till.open)
    yield from (each.due_on + ONE_DAY for each in reports_due)
    if history.royalties_from and history.as_of <= history.selling_until:
        for term in history.sheet.terms:
            if isinstance(term, Royalty):
                yield min(period_of(history.as_of, term.period).last, history.selling_until) + ONE_DAY
