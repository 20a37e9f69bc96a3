"""Audits of the books in the workspace."""

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.money import ZERO
from marketplace.core.workspace import Call, ChoicesDropdownFilter, Move, MoveForm, add_move, can, display, text

from .. import services
from ..models import Audit
from ..wording import yuan
from .fields import LONG, amount, handed_in, paper, without
from .nouns import WithPapers, paper_of

State = Audit.State


class FindingsForm(MoveForm):
    reported_amount = amount(label=_("royalties as reported"))
    found_amount = amount(label=_("royalties as found"))
    note = text(label=_("note"), rows=4, required=False, limit=LONG)
    report = paper(label=_("audit report"))


class ObjectForm(MoveForm):
    note = text(label=_("reason"), rows=4, limit=LONG)


class SettleForm(MoveForm):
    note = text(label=_("how it was settled"), rows=3, required=False, limit=LONG)


def may_begin(audit: Audit) -> bool:
    return can("begin")(audit) and audit.starts_on <= timezone.localdate()


def report(call: Call) -> Audit:
    paper = handed_in(call, "report", _("audit report"))
    return services.report_findings(call.row, **without(call.values, "report"), report=paper, by=call.by)


add_move(
    Audit,
    Move(
        name="begin",
        label=_("Begin"),
        permission="contracts.audit",
        when=may_begin,
        question=_("The notice has run, and the auditors are at work."),
        does=lambda call: services.begin_audit(call.row, by=call.by),
        done=_("Begun."),
        look="primary",
    ),
    Move(
        name="report",
        label=_("Report the findings"),
        permission="contracts.audit",
        when=can("report_findings"),
        form=FindingsForm,
        does=report,
        done=_("Delivered. The licensee answers."),
        look="primary",
    ),
    Move(
        name="agree",
        label=pgettext_lazy("audit", "Agree"),
        permission="contracts.answer_audit",
        when=can("agree"),
        question=_("You agree. Where too little was reported, send corrections of the reports."),
        does=lambda call: services.agree_audit(call.row, by=call.by),
        done=_("Agreed."),
        look="primary",
    ),
    Move(
        name="object",
        label=pgettext_lazy("audit", "Do not agree"),
        permission="contracts.answer_audit",
        when=can("object_to"),
        form=ObjectForm,
        does=lambda call: services.object_to_audit(call.row, call.values["note"], by=call.by),
        done=_("Recorded. The licensor reads why."),
        look="danger",
    ),
    Move(
        name="settle",
        label=_("Settled"),
        permission="contracts.audit",
        when=can("settle"),
        form=SettleForm,
        question=_("What was missing is corrected, or the two found together."),
        does=lambda call: services.settle_audit(call.row, note=call.values["note"], by=call.by),
        done=_("Settled."),
    ),
)


@admin.register(Audit)
class AuditAdmin(WithPapers):
    list_display = ("contract_shown", "state_label", "noticed_on", "starts_on", "number_shortfall")
    list_display_links = ("contract_shown",)
    list_filter = (("state", ChoicesDropdownFilter),)
    fieldsets = (
        (None, {"fields": ("contract_page", ("noticed_on", "starts_on"), "reason")}),
        (_("Findings"), {"fields": (("reported_amount", "found_amount"), "note", "report_shown")}),
    )
    empty_sentence = _("No audit yet. It is announced on the page of a contract with royalties.")
    report_shown = paper_of("report", _("audit report"))

    @display(description=_("shortfall"))
    def number_shortfall(self, audit: Audit) -> Any:
        if audit.found_amount is None or audit.reported_amount is None:
            return "–"
        return yuan(max(audit.found_amount - audit.reported_amount, ZERO))
