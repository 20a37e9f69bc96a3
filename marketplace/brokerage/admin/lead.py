"""Leads in the workspace: received and sent, with their clock and their answer."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.validation import LONGEST_REMARK
from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    DropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    can,
    display,
    named,
    select,
    text,
)
from marketplace.law import codes
from marketplace.law.admin import name_of
from marketplace.parties import access

from .. import names, services
from ..models import Lead
from .linking import linked

LONGEST = LONGEST_REMARK


class AcceptForm(MoveForm):
    text = text(label=_("Your answer"), rows=4, required=False, limit=LONGEST)


class DeclineForm(AcceptForm):
    decline_code = select(label=_("reason"), choices=codes.choices("lead_decline"), asks=True)
    field_order = ("decline_code", "text")


add_move(
    Lead,
    Move(
        name="accept",
        label=_("Accept"),
        permission="brokerage.answer",
        when=can("accept"),
        form=AcceptForm,
        question=_("You say that you want to talk. The sender sees your name and your answer."),
        does=lambda call: services.accept(call.row, text=call.values["text"], by=call.by),
        done=_("Accepted. The sender sees your answer."),
        look="primary",
    ),
    Move(
        name="decline",
        label=_("Decline"),
        permission="brokerage.answer",
        when=can("decline"),
        form=DeclineForm,
        does=lambda call: services.decline(call.row, call.values["decline_code"], text=call.values["text"], by=call.by),
        done=_("Declined. It counts as an answer."),
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        permission="brokerage.withdraw_lead",
        when=can("withdraw"),
        question=_("You take your expression of interest back."),
        does=lambda call: services.withdraw_lead(call.row, by=call.by),
        done=_("Withdrawn."),
        look="danger",
    ),
)


class DirectionFilter(DropdownFilter):
    title = _("direction")
    parameter_name = "direction"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("received", _("received")), ("sent", _("sent"))]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        mine = access.organisation_ids(request.user)
        if self.value() == "received":
            return rows.filter(receiver_id__in=mine)
        return rows.filter(sender_id__in=mine) if self.value() == "sent" else rows


@admin.register(Lead)
class LeadAdmin(StageAdmin):
    list_display = ("listing_shown", "sender_name", "state_label", "clock", "sent_on")
    list_display_links = ("listing_shown",)
    list_filter = (DirectionFilter, ("state", ChoicesDropdownFilter))
    list_select_related = ("listing", "sender", "own_listing")
    search_fields = ("listing__title_zh", "listing__title_en", "sender__name_zh")
    ordering = ("answer_by", "-id")
    empty_sentence = _("No expression of interest yet. Publish a listing, or express interest in one of the market.")

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        both = ("sender_name", "receiver_name")
        sides = both if obj is not None and names.knows_receiver(request.user, obj) else both[:1]
        return (
            (None, {"fields": (("listing_page", "own_listing_page"), sides, "pitch", "why_fit", "question")}),
            (_("Answer"), {"fields": ("clock", "answer", "decline_reason")}),
        )

    sender_name = named("sender", _("from"))
    receiver_name = named("receiver", _("to"))

    @display(description=_("listing"), ordering="listing__title_zh")
    def listing_shown(self, lead: Lead) -> Any:
        return lead.listing.title or _("no longer on the market")

    @display(description=_("listing"))
    def listing_page(self, lead: Lead) -> Any:
        return linked(lead.listing)

    @display(description=_("own listing that it fits"))
    def own_listing_page(self, lead: Lead) -> Any:
        return linked(lead.own_listing) if lead.own_listing else "–"

    @display(description=_("answer by"), ordering="answer_by")
    def clock(self, lead: Lead) -> Any:
        return clock_of(lead)

    @display(description=_("sent on"), ordering="created_at")
    def sent_on(self, lead: Lead) -> Any:
        return timezone.localdate(lead.created_at)

    @display(description=_("reason of decline"))
    def decline_reason(self, lead: Lead) -> str:
        return name_of("lead_decline", lead.decline_code) or "–"


def clock_of(lead: Lead) -> Any:
    """How long is left for an answer."""
    if lead.state != Lead.State.OPENED:
        return lead.answer_by
    left = (lead.answer_by - timezone.localdate()).days
    if left < 0:
        return _("%(day)s, overdue") % {"day": lead.answer_by.isoformat()}
    if left == 0:
        return _("%(day)s, today") % {"day": lead.answer_by.isoformat()}
    return _("%(day)s, %(left)d days left") % {"day": lead.answer_by.isoformat(), "left": left}
