"""Shares in the workspace: each person reads the own ones, why they are what they are, and disputes what is wrong."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import ZERO
from marketplace.core.showing import countdown, exact
from marketplace.core.workspace import ChoicesDropdownFilter, Move, MoveForm, add_move, add_panel, display, text
from marketplace.core.workspace.stage import STATE_COLOURS

from ... import explaining, services
from ...models import Distribution, Share
from ...permissions import is_own_payee
from ...services.holds import is_held
from ..fields import MoneyAdmin

State = Share.State


class DisputeForm(MoveForm):
    reason = text(
        label=_("what is wrong"), rows=5, limit=1000, help_text=_("Those who decide about the money read it.")
    )


def may_dispute(row: Share) -> bool:
    is_open = row.distribution.state in (*Distribution.OPEN, Distribution.State.APPROVED)
    return is_open and row.state == State.WAITING


add_move(
    Share,
    Move(
        name="dispute",
        label=_("This is not right"),
        may=is_own_payee,
        when=may_dispute,
        form=DisputeForm,
        question=_("It is not paid before somebody has looked at it and answered you."),
        does=lambda call: services.dispute(call.row, call.values["reason"], by=call.by),
        done=_("Recorded. Those who decide are told."),
        look="danger",
    ),
)


def why(request: HttpRequest, row: Share) -> dict[str, Any]:
    """The steps to the reward and to this share; nothing of the shares of others."""
    distribution = row.distribution
    is_open = row.state in (State.WAITING, State.SENT)
    is_paid_to_a_person = row.payee_id is not None and row.state != State.VOID and row.amount
    today = timezone.localdate()
    return {
        "steps": explaining.why(distribution),
        "last": explaining.why_share(row),
        "days": [
            (label, day, countdown(day, today) if is_open else "") for label, day in explaining.days_of(distribution)
        ],
        "tax": explaining.tax_of(distribution, row.paid_on) if is_paid_to_a_person else None,
        "holds": row.holds.visible_to(request.user).order_by("id"),
    }


add_panel(Share, "settlement/rewards/why_share.html", why)


@admin.register(Share)
class ShareAdmin(MoneyAdmin):
    list_display = ("contract_title", "name", "received_on", "number_amount", "paid_on", "state_label")
    list_display_links = ("contract_title",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("distribution__contract", "distribution__book")
    search_fields = ("name", "distribution__contract__title")
    ordering = ("-id",)
    fields = (
        ("contract_title", "book_name"),
        ("name", "role", "office"),
        ("received_on", "number_amount"),
        ("paid_on", "reference"),
    )
    list_before_template = "settlement/rewards/sums.html"
    empty_sentence = _("No reward yet. What arrives under a contract with your share in its plan appears here.")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, (extra_context or {}) | {"sums": sums_of(request.user)})

    def notices(self, request: HttpRequest, row: Share) -> list[tuple[str, Any]]:
        if not row.distribution.is_live:
            return [("warning", _("It does not count any more: %(why)s") % {"why": row.distribution.end_reason})]
        if row.distribution.state in Distribution.OPEN:
            return [("info", _("It is proposed and not approved yet; it may still change."))]
        if row.state == State.WAITING and is_held(row):
            return [("warning", _("It is on hold: it is paid when somebody has resolved what stands in its way."))]
        return []

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_label(self, row: Share) -> tuple[str, Any]:
        """A share waits to be paid once its distribution is approved; before, it is as far as that is."""
        if row.state == State.WAITING and row.distribution.state in Distribution.OPEN:
            return row.distribution.state, row.distribution.get_state_display()
        return row.state, row.get_state_display()

    @display(description=_("contract"), ordering="distribution__contract__title")
    def contract_title(self, row: Share) -> str:
        return row.distribution.contract.title

    @display(description=_("books of"))
    def book_name(self, row: Share) -> str:
        return str(row.distribution.book)

    @display(description=_("received on"), ordering="distribution__received_on")
    def received_on(self, row: Share) -> Any:
        return row.distribution.received_on


def sums_of(user: Any) -> list[tuple[Any, str]]:
    """What this person was paid and what still comes; empty for who shares in nothing."""
    approved = Q(distribution__state=Distribution.State.APPROVED, state__in=(State.WAITING, State.SENT))
    proposed = Q(distribution__state__in=Distribution.OPEN, state=State.WAITING)
    paid = Q(state=State.PAID, distribution__state__in=Distribution.LIVE)
    mine = Share.objects.filter(payee__user_id=user.pk)
    sums = mine.aggregate(
        paid=Sum("amount", filter=paid),
        approved=Sum("amount", filter=approved),
        proposed=Sum("amount", filter=proposed),
    )
    if all(amount is None for amount in sums.values()):
        return []
    labels = {"paid": _("paid to you"), "approved": _("approved, to be paid"), "proposed": _("proposed")}
    return [(label, exact(sums[name] or ZERO)) for name, label in labels.items()]
