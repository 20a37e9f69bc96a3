"""Sales reports: opened when a period closes, filled in by the licensee, answered by the licensor or by silence.

What was accepted is a fact and is never edited; another report states the period anew, and the engine makes the
difference a line of its own.
"""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.access import SYSTEM
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict
from marketplace.core.validation import check_text, validate
from marketplace.documents.models import Document

from ..models import Contract, SalesReport
from ..reading import sheet_of
from ..rules.events import Kind
from ..rules.sheet import Equity, Fixed, Royalty
from ..rules.statement import ReportDue
from ..telling import tell
from . import ending, figures, schedule
from .clearing import readable
from .facts import check_day, happen
from .following import catch_up
from .sides import needed

DAY = timedelta(days=1)
SILENT_DAYS = 15
OPEN = (SalesReport.State.DUE, SalesReport.State.QUERIED)


# Opening


def open_report(contract: Contract, due: ReportDue) -> SalesReport:
    """Lay a report out to be filled in for a period that has closed; the one that lies there already stays."""
    report = SalesReport(contract=contract, royalty=due.royalty, first=due.first, last=due.last, due_on=due.due_on)
    known = SalesReport.objects.filter(contract=contract, royalty=due.royalty, first=due.first, corrects=None).first()
    return known or create(report, "contracts.tick", by=SYSTEM)


def overdue_reports(contract: Contract, today: date) -> list[SalesReport]:
    """Reports whose day has passed and that were not handed in or not answered when asked back (E_REPORT_OVERDUE)."""
    return list(contract.sales_reports.filter(state__in=OPEN, due_on__lt=today))


# Filling in


@transaction.atomic
def submit_report(
    report: SalesReport, values: dict[str, Any], *, note: str = "", evidence: Document | None = None, by: Any
) -> SalesReport:
    """Say what was sold in the period, nothing as well; asked back, say it anew or explain it in the note.

    `values` are amounts by the names of the figures; what is left out is zero. Raises Invalid by field with the code
    of the broken rule, Conflict (E_EDIT_ACCEPTED) for a report that was accepted.
    """
    contract = lock(report.contract)
    with act(report, "contracts.submit_report", by=by) as report:
        check_editable(report)
        ending.check_signed(contract, states=schedule.WATCHED)
        report.submit()
        figures.fill(report, values)
        report.note = check_text("note", note.strip())
        report.evidence = readable("evidence", evidence, by=by)
        report.submitted_at, report.submitted_by_id = timezone.now(), by.pk
        report.answer_by = timezone.localdate() + answer_days(contract, report) * DAY
        validate(report, constraints=False)
        figures.check(contract, report)
    tell(contract, f"submitted:{report.public_id}", on=timezone.localdate(), sides=("SELLER",))
    catch_up(contract)
    return report


def check_editable(report: SalesReport) -> None:
    if report.state == SalesReport.State.ACCEPTED:
        sentence = _("This report was accepted and stays as it is. Send a correction of it.")
        raise Conflict(sentence, code="E_EDIT_ACCEPTED")


def answer_days(contract: Contract, report: SalesReport) -> int:
    """After how many days silence accepts."""
    term = sheet_of(contract).term(report.royalty)
    if isinstance(term, Royalty):
        return term.answer_days
    trigger = term.trigger if isinstance(term, Fixed | Equity) else None
    return (trigger.silent_days if trigger else None) or SILENT_DAYS


@transaction.atomic
def correct(
    report: SalesReport, values: dict[str, Any], *, note: str, evidence: Document | None = None, by: Any
) -> SalesReport:
    """State the period of an accepted report anew; the report itself stays. Conflict while a correction is open."""
    said = needed("note", note)
    lock(report.contract)
    first = report.corrects or report
    latest = max([first, *first.corrections.all()], key=lambda each: each.pk)
    if latest.state != SalesReport.State.ACCEPTED:
        raise Conflict(_("This report is not accepted yet, or a correction of it is open."), code="correction_open")
    correction = SalesReport(
        contract=report.contract, royalty=first.royalty, first=first.first, last=first.last,
        due_on=timezone.localdate(), corrects=first,
    )  # fmt: skip
    try:
        with transaction.atomic():
            create(correction, "contracts.submit_report", by=by)
    except IntegrityError as fault:
        raise Conflict(_("A correction of this report is open already."), code="correction_open") from fault
    return submit_report(correction, values, note=said, evidence=evidence, by=by)


@transaction.atomic
def report_sales(
    contract: Contract, term: str, first: date, last: date, values: dict[str, Any], *, note: str = "", by: Any
) -> SalesReport:
    """Report for a payment at so much revenue or so many units, where no royalty asks for reports."""
    if isinstance(sheet_of(contract).term(term), Royalty):
        raise Conflict(_("Reports of a royalty are opened when its period closes."), code="E_PERIOD_GAP")
    check_day(last, "last")
    contract = lock(contract)
    report = SalesReport(contract=contract, royalty=term, first=first, last=last, due_on=last)
    try:
        with transaction.atomic():
            create(report, "contracts.submit_report", by=by)
    except IntegrityError as fault:
        raise Conflict(_("This period is reported already."), code="E_PERIOD_OVERLAP") from fault
    return submit_report(report, values, note=note, by=by)


# Answering


@transaction.atomic
def ask(report: SalesReport, query: str, *, by: Any) -> SalesReport:
    """The licensor asks back; the licensee answers by handing the report in again."""
    said = needed("query", query)
    contract = lock(report.contract)
    with act(report, "contracts.answer_report", by=by, reason=said) as report:
        check_in_time(report)
        report.ask()
        report.query, report.answer_by = said, None
    tell(contract, f"asked:{report.public_id}", on=timezone.localdate(), sides=("BUYER",))
    catch_up(contract)
    return report


def check_in_time(report: SalesReport) -> None:
    """After its last day silence has accepted, also before the clock has said so."""
    if report.state == SalesReport.State.SUBMITTED and report.answer_by and report.answer_by < timezone.localdate():
        raise Conflict(_("The time to answer is over; silence has accepted it."), code="answer_over")


def accept_report(report: SalesReport, *, by: Any) -> SalesReport:
    """The licensor agrees; what was reported becomes a fact, and the royalty of it is owed."""
    return take(report, "contracts.answer_report", day=timezone.localdate(), by=by)


def accept_report_by_silence(report: SalesReport, *, by: Any) -> SalesReport:
    """Nobody answered by the last day: on the day after it the report counts as accepted."""
    if report.answer_by is None:
        raise Conflict
    report = take(report, "contracts.tick", day=report.answer_by + DAY, by=by)
    tell(report.contract, f"silence:{report.public_id}", on=timezone.localdate())
    return report


@transaction.atomic
def take(report: SalesReport, permission: str, *, day: date, by: Any) -> SalesReport:
    contract = lock(report.contract)
    with act(report, permission, by=by) as report:
        ending.check_signed(contract, states=schedule.WATCHED)
        report.accept()
        report.accepted_at = timezone.now()
        content = figures.content(report)
        happen(contract, Kind.SALES, on=day, key=figures.key(report), by=by, content=content)
    news.sales_accepted.send(SalesReport, report=report, by=by)
    catch_up(contract)
    return report
