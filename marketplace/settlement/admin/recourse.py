"""Recourse and recoveries in the workspace: what the licensee owes the guarantor, what came, and who gets it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.fields import amount, day, line
from marketplace.core.showing import exact, fen
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    add_move,
    add_panel,
    can,
    display,
    named,
    page_url,
    text,
)

from .. import services
from ..models import Recourse, Recovery
from .fields import MoneyAdmin, ReasonForm


class RecoveryForm(MoveForm):
    costs = amount(label=_("costs of the recovery"), initial=0, help_text=_("They come first (Civil Code 561)."))
    amount = amount(label=_("amount"), help_text=_("In yuan, as it arrived."))
    on = day(label=_("arrived on"))
    reference = line(label=_("reference of the transfer"), max_length=150)
    field_order = ("amount", "costs", "on", "reference")

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


class PassForm(MoveForm):
    on = day(label=_("arrived on"))
    reference = line(label=_("reference of the transfer"), max_length=150)

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


class ReplyForm(MoveForm):
    reply = text(label=_("reply"), rows=4, limit=2000, help_text=_("The guarantor and the licensor read it."))


class ForgoForm(ReasonForm):
    reason = text(
        label=_("decision"), rows=3, limit=1000, help_text=_("Who decided it when, such as the minutes of a meeting.")
    )


def is_open(row: Recourse) -> bool:
    return row.state in Recourse.OPEN


def record(call: Call) -> Recourse:
    return services.record_recovery(call.row, **call.values, by=call.by).recourse


add_move(
    Recourse,
    Move(
        name="record-recovery",
        label=_("Record a recovery"),
        permission="settlement.record_recovery",
        when=services.is_recoverable,
        form=RecoveryForm,
        question=_("The licensee has paid you. It is shared with the licensor by what each of you has borne."),
        does=record,
        done=_("Recorded. Pass the licensor's part on."),
        look="primary",
    ),
    Move(
        name="answer",
        label=_("Reply"),
        permission="settlement.answer_recourse",
        when=is_open,
        form=ReplyForm,
        question=_("Say when and how you will pay, or why you do not owe this."),
        does=lambda call: services.answer_recourse(call.row, call.values["reply"], by=call.by),
        done=_("Sent."),
    ),
    Move(
        name="forgo",
        label=_("Give the rest up"),
        permission="settlement.forgo",
        when=can("forgo"),
        form=ForgoForm,
        question=_("The licensee owes you no more of it."),
        does=lambda call: services.forgo(call.row, call.values["reason"], by=call.by),
        done=_("Given up."),
        look="danger",
    ),
)
add_move(
    Recovery,
    Move(
        name="pass-on",
        label=_("My part has arrived"),
        permission="settlement.pass_on",
        when=lambda row: row.waits_for_passing,
        form=PassForm,
        question=_("It pays what the licensee still owes you, from the day on which the licensee paid."),
        does=lambda call: services.pass_on(call.row, **call.values, by=call.by),
        done=_("Recorded."),
        look="primary",
    ),
    Move(
        name="return-part",
        label=_("My part did not arrive"),
        permission="settlement.return_part",
        when=lambda row: row.passed_on is not None,
        form=ReasonForm,
        question=_("It was recorded by mistake. What it had paid is open again."),
        does=lambda call: services.return_part(call.row, call.values["reason"], by=call.by),
        done=_("Taken back."),
        look="rare",
    ),
    Move(
        name="reverse",
        label=_("Reverse"),
        permission="settlement.reverse_recovery",
        when=lambda row: row.state == Recovery.State.BOOKED and row.passed_on is None,
        form=ReasonForm,
        question=_("It never arrived, or went back. The licensee owes it again."),
        does=lambda call: services.reverse_recovery(call.row, call.values["reason"], by=call.by),
        done=_("Reversed."),
        look="danger",
    ),
)


def recoveries(request: HttpRequest, row: Recourse) -> dict[str, Any]:
    shown = [
        (each, fen(each.amount), fen(each.costs), fen(each.guarantor_part), fen(each.licensor_part), passing(each))
        for each in row.recoveries.standing()
    ]
    return {"recoveries": shown, "left": exact(row.left), "bore": borne(row)}


def passing(row: Recovery) -> Any:
    if not row.licensor_part:
        return "–"
    return row.passed_on or _("to be passed on")


def borne(row: Recourse) -> tuple[str, str]:
    """What each of the two has borne of the loss: the ratio in which recoveries are shared."""
    return exact(row.amount), exact(services.borne_by_licensor(row.claim))


def why(request: HttpRequest, row: Recovery) -> dict[str, Any]:
    """Why this number: the sum after costs in the proportion of what each had borne."""
    parts = row.parts.select_related("loss__obligation__contract__sheet", "payment").order_by("id")
    names = [(each.loss.obligation, str(each.loss.obligation), fen(each.amount), each.payment) for each in parts]
    return {
        "net": exact(row.amount - row.costs),
        "bore": (exact(row.guarantor_bore), exact(row.licensor_bore)),
        "shared": (exact(row.guarantor_part), exact(row.licensor_part)),
        "parts": names,
    }


add_panel(Recourse, "settlement/recoveries.html", recoveries)
add_panel(Recovery, "settlement/recovery_parts.html", why)


@admin.register(Recourse)
class RecourseAdmin(MoneyAdmin):
    list_display = (
        "creditor_name",
        "contract_page",
        "since",
        "number_amount",
        "number_paid",
        "number_left",
        "state_label",
    )
    list_display_links = ("creditor_name",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("contract__buyer", "creditor", "claim")
    search_fields = ("contract__title",)
    ordering = ("-id",)
    fields = (
        ("contract_page", "claim_page", "creditor_name", "debtor"),
        ("since", "number_amount", "number_paid", "number_left"),
        ("reply", "replied_on"),
        "forgone_reason",
    )
    told_later = ("reply", "replied_on", "forgone_reason")
    empty_sentence = _("No recourse yet. It begins when a guarantor has paid in a licensee's place.")
    creditor_name = named("creditor", _("guarantor"))

    @display(description=_("claim on a guarantee"))
    def claim_page(self, row: Recourse) -> Any:
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row.claim), row.claim.filed_on)

    @display(description=_("licensee"))
    def debtor(self, row: Recourse) -> str:
        return str(row.contract.buyer)

    @display(description=_("recovered (yuan)"), ordering="paid")
    def number_paid(self, row: Recourse) -> str:
        return fen(row.paid)

    @display(description=_("open (yuan)"))
    def number_left(self, row: Recourse) -> str:
        return fen(row.left) if row.state in Recourse.OPEN else "–"


@admin.register(Recovery)
class RecoveryAdmin(MoneyAdmin):
    list_display = ("on", "number_amount", "contract_page", "number_part", "passed_shown", "state_label")
    list_display_links = ("on",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("recourse__contract",)
    search_fields = ("reference", "recourse__contract__title")
    ordering = ("-on", "-id")
    fields = (
        ("contract_page", "recourse_page"),
        ("on", "number_amount", "reference"),
        ("passed_shown", "passing_reference"),
        "reversal_reason",
    )
    told_later = ("passing_reference", "reversal_reason")
    empty_sentence = _("Nothing is recovered yet. The guarantor records it on the page of its recourse.")

    @display(description=_("contract"))
    def contract_page(self, row: Any) -> Any:
        return super().contract_page(row)

    @display(description=_("recourse"))
    def recourse_page(self, row: Recovery) -> Any:
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row.recourse), row.recourse)

    @display(description=_("part of the licensor (yuan)"), ordering="licensor_part")
    def number_part(self, row: Recovery) -> str:
        return fen(row.licensor_part)

    @display(description=_("received by the licensor on"))
    def passed_shown(self, row: Recovery) -> Any:
        return passing(row)
