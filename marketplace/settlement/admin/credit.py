"""Credit notices in the workspace: announced, answered, put on record, contested, corrected."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.nouns import WithPapers, paper_of
from marketplace.contracts.models import Contract
from marketplace.core.showing import countdown
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    add_move,
    can,
    display,
    named,
    select,
    text,
)
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .. import services
from ..models import CreditNotice, Recourse
from ..rules import crediting
from .fields import MoneyAdmin, ReasonForm

LONG = 2000


class AnnounceForm(MoveForm):
    issuer = select(label=_("given by"))
    grounds = text(label=_("grounds"), rows=5, limit=LONG, help_text=_("The licensee reads it and may answer."))

    def prepare(self) -> None:
        found = [(f"{row.pk}", str(row)) for row in creditors(self.request.user, cast(Contract, self.row))]
        cast(forms.ChoiceField, self.fields["issuer"]).choices = found


def creditors(user: Any, contract: Contract) -> list[Organisation]:
    """The organisations in whose name the person may give notice: the licensor, guarantors that have paid."""
    paid = Organisation.objects.filter(recourses__contract=contract, recourses__state__in=Recourse.OPEN)
    rows = Organisation.objects.filter(pk=contract.seller_id) | Organisation.objects.filter(pk__in=paid.values("pk"))
    return [row for row in rows.order_by("pk") if access.may_decide_for(user, row.pk)]


def announce(call: Call) -> CreditNotice:
    issuer = Organisation.objects.get(pk=call.values["issuer"])
    return services.announce_credit(call.row, issuer, call.values["grounds"], by=call.by)


def is_for_credit(contract: Contract) -> bool:
    return contract.is_in_default(timezone.localdate()) or contract.recourses.filter(state__in=Recourse.OPEN).exists()


add_move(
    Contract,
    Move(
        name="announce-credit",
        label=_("Announce a credit notice"),
        may=lambda user, row: bool(creditors(user, row)),
        when=is_for_credit,
        form=AnnounceForm,
        question=_(
            "Only for a default that is final. The licensee is told in writing, has its days to answer, and can "
            "contest the record later."
        ),
        does=announce,
        done=_("Announced. The licensee is told."),
        look="rare",
    ),
)


class ReplyForm(MoveForm):
    reply = text(label=_("reply"), rows=5, limit=LONG)


class PushForm(MoveForm):
    answer = text(label=_("answer to the reply"), rows=4, limit=LONG)

    def prepare(self) -> None:
        if not self.row.reply:
            del self.fields["answer"]


class ContestForm(MoveForm):
    contest = text(label=_("what is wrong, or that it is paid"), rows=5, limit=LONG)


class OutcomeForm(MoveForm):
    outcome = text(label=_("outcome and reasons"), rows=4, limit=LONG, help_text=_("The licensee reads it."))


def may_answer(row: CreditNotice) -> bool:
    return row.state == CreditNotice.State.ANNOUNCED and row.reply_until >= timezone.localdate()


def may_push(row: CreditNotice) -> bool:
    is_over = crediting.may_push(row.reply_until, timezone.localdate())
    return row.state == CreditNotice.State.ANNOUNCED and is_over


add_move(
    CreditNotice,
    Move(
        name="answer",
        label=_("Answer it"),
        permission="settlement.answer_credit",
        when=may_answer,
        form=ReplyForm,
        does=lambda call: services.answer_credit(call.row, call.values["reply"], by=call.by),
        done=_("Sent. It must be answered before anything is on record."),
        look="primary",
    ),
    Move(
        name="push",
        label=_("Put it on record"),
        permission="settlement.push_credit",
        when=may_push,
        form=PushForm,
        question=_("The days are over and it is still unpaid. The record stays here; nothing is sent elsewhere."),
        does=lambda call: services.push_credit(call.row, **call.values, by=call.by),
        done=_("On record. The licensee is told and may contest it."),
        look="danger",
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        permission="settlement.withdraw_credit",
        when=can("withdraw"),
        form=ReasonForm,
        does=lambda call: services.withdraw_credit(call.row, call.values["reason"], by=call.by),
        done=_("Withdrawn."),
    ),
    Move(
        name="contest",
        label=_("Contest it"),
        permission="settlement.contest_credit",
        when=can("contest_it"),
        form=ContestForm,
        question=_("It is checked within the days of the law."),
        does=lambda call: services.contest_credit(call.row, call.values["contest"], by=call.by),
        done=_("Sent. It will be checked."),
        look="primary",
    ),
    Move(
        name="correct",
        label=_("Correct it"),
        permission="settlement.correct_credit",
        when=can("correct"),
        form=OutcomeForm,
        question=_("It was wrong, or the debt is settled: it is on record no more."),
        does=lambda call: services.correct_credit(call.row, call.values["outcome"], by=call.by),
        done=_("Corrected. The licensee is told."),
    ),
    Move(
        name="uphold",
        label=_("It stays"),
        permission="settlement.uphold_credit",
        when=can("uphold"),
        form=OutcomeForm,
        does=lambda call: services.uphold_credit(call.row, call.values["outcome"], by=call.by),
        done=_("Recorded. The licensee is told."),
    ),
)


@admin.register(CreditNotice)
class CreditNoticeAdmin(MoneyAdmin, WithPapers):
    list_display = ("subject_name", "issuer_name", "contract_page", "announced_on", "number_amount", "state_label")
    list_display_links = ("subject_name",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("contract", "issuer", "subject")
    search_fields = ("contract__title",)
    ordering = ("-id",)
    fields = (
        "contract_page",
        ("issuer_name", "subject_name"),
        ("announced_on", "reply_until"),
        ("number_amount", "evidence_shown"),
        "grounds",
        ("reply", "replied_on"),
        ("answer", "pushed_on"),
        ("contest", "contested_on"),
        "answer_by",
        ("outcome", "ended_on"),
    )
    told_later = (
        "reply",
        "replied_on",
        "answer",
        "pushed_on",
        "contest",
        "contested_on",
        "answer_by",
        "outcome",
        "ended_on",
    )
    empty_sentence = _("No credit notice. A creditor announces one on the page of a contract in final default.")
    subject_name = named("subject", _("about"))
    issuer_name = named("issuer", _("given by"))
    evidence_shown = paper_of("evidence", _("evidence pack"))

    @display(description=_("unpaid when it was announced (yuan)"), ordering="amount")
    def number_amount(self, row: Any) -> str:
        return super().number_amount(row)

    def notices(self, request: HttpRequest, row: CreditNotice) -> list[tuple[str, Any]]:
        """What each of the two may do, and until when."""
        if may_answer(row):
            when = countdown(row.reply_until, timezone.localdate())
            said = _("The licensee may answer until %(day)s, %(when)s.") % {"day": row.reply_until, "when": when}
            return [("info", said)]
        if row.state == CreditNotice.State.CONTESTED:
            return [("warning", _("Contested. It is to be checked by %(day)s.") % {"day": row.answer_by})]
        return []
