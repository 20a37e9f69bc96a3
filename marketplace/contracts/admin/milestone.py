"""Milestones in the workspace: declared with evidence by one side, confirmed by the other."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.showing import countdown
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    add_move,
    can,
    display,
    text,
)

from .. import services
from ..models import Contract, Milestone
from ..wording import evidence_name
from .fields import LONG, day, handed_in, paper
from .nouns import WithPapers, paper_of

State = Milestone.State


class ClaimForm(MoveForm):
    reached_on = day(label=_("reached on"))
    note = text(label=_("evidence in words"), rows=5, required=False, limit=LONG)
    evidence = paper(label=_("evidence"))

    def prepare(self) -> None:
        self.fields["reached_on"].initial = timezone.localdate()
        wanted = evidence_name(self.row.evidence_wanted)
        if wanted:
            self.fields["note"].label = _("evidence in words (asked for: %(what)s)") % {"what": wanted}


class AnswerForm(MoveForm):
    note = text(label=_("note"), rows=3, required=False, limit=LONG)


class RefuseForm(MoveForm):
    answer = text(label=_("what is missing"), rows=4, limit=LONG, help_text=_("It may be declared again."))


class WaiveForm(MoveForm):
    answer = text(label=_("reason"), rows=3, limit=LONG)


def runs(row: Milestone) -> bool:
    return row.contract.state in Contract.RUNNING


def when(transition: str) -> Any:
    return lambda row: can(transition)(row) and runs(row)


def claim(call: Call) -> Milestone:
    evidence = handed_in(call, "evidence", _("evidence"))
    values = call.values
    return services.claim(call.row, reached_on=values["reached_on"], note=values["note"], evidence=evidence, by=call.by)


add_move(
    Milestone,
    Move(
        name="accept",
        label=pgettext_lazy("milestone", "Confirm"),
        permission="contracts.answer_milestone",
        when=when("accept"),
        form=AnswerForm,
        question=_("It was reached. What hangs on it falls due from today."),
        does=lambda call: services.accept(call.row, note=call.values["note"], by=call.by),
        done=_("Confirmed."),
        look="primary",
    ),
    Move(
        name="claim",
        label=_("Declare it reached"),
        permission="contracts.declare_milestone",
        when=when("claim"),
        form=ClaimForm,
        question=_("The other side has its days to answer; silence confirms it."),
        does=claim,
        done=_("Declared. The other side answers."),
        look="primary",
    ),
    Move(
        name="reject",
        label=pgettext_lazy("milestone", "Do not confirm"),
        permission="contracts.answer_milestone",
        when=when("reject"),
        form=RefuseForm,
        does=lambda call: services.reject(call.row, call.values["answer"], by=call.by),
        done=_("Not confirmed. The other side reads why."),
        look="danger",
    ),
    Move(
        name="waive",
        label=pgettext_lazy("milestone", "Waive"),
        permission="contracts.waive_milestone",
        when=when("waive"),
        form=WaiveForm,
        question=_("You let it go: what would have been paid for it is not."),
        does=lambda call: services.waive(call.row, call.values["answer"], by=call.by),
        done=_("Waived."),
        look="rare",
    ),
)


@admin.register(Milestone)
class MilestoneAdmin(WithPapers):
    list_display = ("title_shown", "contract_shown", "state_label", "clock", "reached_on")
    list_display_links = ("title_shown",)
    list_filter = (("state", ChoicesDropdownFilter),)
    search_fields = ("title_zh", "title_en", "contract__title")
    ordering = ("answer_by", "due_on", "id")
    fieldsets = (
        (None, {"fields": ("contract_page", ("title_zh", "title_en"), ("due_on", "clock"))}),
        (_("Who says so"), {"fields": (("declared_by", "confirmed_by"), ("silent_days", "wanted_shown"))}),
        (_("Declared"), {"fields": (("reached_on", "claimed_at"), "evidence_note", "evidence_shown")}),
        (_("Answer"), {"fields": ("answer", "answered_at")}),
    )
    empty_sentence = _("No milestone yet. They come from the agreed terms when a contract is signed.")
    evidence_shown = paper_of("evidence", _("evidence"))

    def notices(self, request: HttpRequest, row: Milestone) -> list[tuple[str, Any]]:
        if row.state == State.CLAIMED and request.user.has_perm("contracts.answer_milestone", row):
            words = {"day": row.answer_by}
            return [("warning", _("Please answer by %(day)s. If you say nothing, it counts as confirmed.") % words)]
        return []

    @display(description=_("milestone"), ordering="title_zh")
    def title_shown(self, row: Milestone) -> str:
        return str(row)

    @display(description=_("evidence asked for"))
    def wanted_shown(self, row: Milestone) -> str:
        return evidence_name(row.evidence_wanted) or "–"

    @display(description=_("clock"), ordering="answer_by")
    def clock(self, row: Milestone) -> str:
        today = timezone.localdate()
        if row.state == State.CLAIMED and row.answer_by:
            return str(_("to answer %(when)s") % {"when": countdown(row.answer_by, today)})
        if row.due_on and row.state in (State.PENDING, State.REJECTED, State.MISSED):
            return str(_("due %(when)s") % {"when": countdown(row.due_on, today)})
        return "–"
