"""Sales reports in the workspace: filled in by the licensee, answered by the licensor, corrected by another report."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.showing import countdown
from marketplace.core.workspace import Call, ChoicesDropdownFilter, Move, MoveForm, add_move, can, display, text

from .. import services
from ..models import SalesReport
from ..reading import sheet_of
from ..wording import DEDUCTIONS, term_name, yuan
from ..wording.names import Deduction
from .fields import LONG, handed_in, paper
from .nouns import WithPapers, paper_of
from .page import REPORTED
from .reporting import FiguresForm, figures_for, kept

State = SalesReport.State
FIGURES = ("gross", "units", "gross_margin", "third_party_royalties", "sublicence_upfront", "sublicence_royalty")


class SubmitForm(FiguresForm):
    """The figures that the terms ask for; a report that was asked back begins with what it said."""

    evidence = paper(label=_("evidence"))

    def prepare(self) -> None:
        own = figures_for(sheet_of(self.row.contract), self.row.royalty)
        self.fields = own | self.fields
        for name, field in own.items():
            field.initial = kept(self.row, name)
        self.fields["note"].initial = self.row.note


class CorrectForm(SubmitForm):
    note = text(label=_("why it is corrected"), rows=3, limit=LONG)

    def prepare(self) -> None:
        super().prepare()
        self.fields["note"].initial = ""


class QueryForm(MoveForm):
    query = text(label=_("question"), rows=4, limit=LONG, help_text=_("The licensee answers by handing it in again."))


def is_open(row: SalesReport) -> bool:
    return row.state in (State.DUE, State.QUERIED) and row.contract.state in REPORTED


def may_be_corrected(row: SalesReport) -> bool:
    """An accepted report without an open correction; the correction of one that is corrected is of the first."""
    if row.state != State.ACCEPTED or row.contract.state not in REPORTED:
        return False
    return not (row.corrects or row).corrections.exclude(state=State.ACCEPTED).exists()


def submit(call: Call) -> SalesReport:
    evidence, values = handed_in(call, "evidence", _("sales report")), call.values
    figures = FiguresForm.figures(values)
    return services.submit_report(call.row, figures, note=values["note"], evidence=evidence, by=call.by)


def correct(call: Call) -> SalesReport:
    evidence, values = handed_in(call, "evidence", _("sales report")), call.values
    return services.correct(call.row, FiguresForm.figures(values), note=values["note"], evidence=evidence, by=call.by)


def answers(transition: str) -> Any:
    return lambda row: can(transition)(row) and row.contract.state in REPORTED


add_move(
    SalesReport,
    Move(
        name="submit",
        label=_("Report sales"),
        permission="contracts.submit_report",
        when=is_open,
        form=SubmitForm,
        question=_("What was sold in the period. When nothing was, leave everything empty and hand it in."),
        does=submit,
        done=_("Handed in. The owner answers; silence accepts it."),
        look="primary",
    ),
    Move(
        name="accept",
        label=pgettext_lazy("report", "Accept"),
        permission="contracts.answer_report",
        when=answers("accept"),
        question=_("You agree. The royalty of it is owed, and only a correction changes it from now on."),
        does=lambda call: services.accept_report(call.row, by=call.by),
        done=_("Accepted."),
        look="primary",
    ),
    Move(
        name="ask",
        label=_("Ask back"),
        permission="contracts.answer_report",
        when=answers("ask"),
        form=QueryForm,
        does=lambda call: services.ask(call.row, call.values["query"], by=call.by),
        done=_("Asked. The clock of silence has stopped."),
    ),
    Move(
        name="correct",
        label=_("Correct it"),
        permission="contracts.submit_report",
        when=may_be_corrected,
        form=CorrectForm,
        question=_("State the whole period anew. This report stays; the difference becomes a line of its own."),
        does=correct,
        done=_("Handed in. The owner answers; silence accepts it."),
        look="rare",
    ),
)


@admin.register(SalesReport)
class SalesReportAdmin(WithPapers):
    list_display = ("period", "contract_shown", "state_label", "clock", "number_gross", "due_on")
    list_display_links = ("period",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("contract", "contract__sheet")
    ordering = ("due_on", "id")
    empty_sentence = _("No sales report yet. One is laid out when a period of a royalty closes.")
    evidence_shown = paper_of("evidence", _("evidence"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        said = ("query",) if obj is not None and obj.query else ()
        return (
            (None, {"fields": ("contract_page", ("term_shown", "period"), ("due_on", "clock"), *said)}),
            (_("What was sold"), {"fields": ("figures_shown", "deductions_shown", "note", "evidence_shown")}),
            (None, {"fields": (("submitted_at", "accepted_at"), "corrects_shown")}),
        )

    @display(description=_("period"), ordering="first")
    def period(self, row: SalesReport) -> str:
        return str(row)

    @display(description=_("for"))
    def term_shown(self, row: SalesReport) -> str:
        term = sheet_of(row.contract).term(row.royalty)
        return term_name(term) if term else row.royalty

    @display(description=_("gross sales"), ordering="gross")
    def number_gross(self, row: SalesReport) -> str:
        return "–" if row.state == State.DUE else yuan(row.gross)

    @display(description=_("figures"))
    def figures_shown(self, row: SalesReport) -> Any:
        if row.state == State.DUE:
            return "–"
        found = [(self.opts.get_field(name).verbose_name, getattr(row, name)) for name in FIGURES]
        lines = [(name, f"{value:,f}" if name == "units" else yuan(value)) for name, value in found if value]
        return format_html_join("", "<div>{}: {}</div>", lines) or _("nothing was sold")

    @display(description=_("deductions"))
    def deductions_shown(self, row: SalesReport) -> Any:
        lines = [(DEDUCTIONS[Deduction(code)], yuan(value)) for code, value in row.deductions.items()]
        return format_html_join("", "<div>{}: {}</div>", lines) or "–"

    @display(description=_("corrects"))
    def corrects_shown(self, row: SalesReport) -> str:
        return str(row.corrects or "–")

    @display(description=_("clock"), ordering="answer_by")
    def clock(self, row: SalesReport) -> str:
        today = timezone.localdate()
        if row.state == State.SUBMITTED and row.answer_by:
            return str(_("to answer %(when)s") % {"when": countdown(row.answer_by, today)})
        if row.state in (State.DUE, State.QUERIED):
            return str(_("due %(when)s") % {"when": countdown(row.due_on, today)})
        return "–"
