"""Leads and deals in the workspace, and their buttons on matches and on the market."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from marketplace.core.validation import LONGEST_REMARK
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    DropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    annotate,
    can,
    display,
    named,
    page_url,
    select,
    text,
)
from marketplace.discovery.admin import member_keys, own_organisations, side_of
from marketplace.discovery.models import Match
from marketplace.law import codes
from marketplace.law.admin import name_of
from marketplace.listings.models import Projection
from marketplace.parties import access

from . import names, services
from .models import Deal, Lead

LONGEST = LONGEST_REMARK
TWO_SIDES = ("achievement__achievement", "demand__demand")


def live_deals(user: Any) -> dict[str, Any]:
    """Whether the pair of a match is in a deal already."""
    pair = {"achievement": OuterRef("achievement"), "demand": OuterRef("demand")}
    return {"has_live_deal": Exists(Deal.objects.filter(state__in=Deal.LIVE, **pair))}


annotate(Match, live_deals)


# On a match


class OpenDealForm(MoveForm):
    note = text(
        label=_("Note of introduction"),
        rows=4,
        required=False,
        limit=LONGEST,
        help_text=_("Both sides read it: why they should talk. Do not name an owner who stays anonymous."),
    )


def may_open_deal(user: Any, match: Match) -> bool:
    """A technology manager without an interest in either side; the service asks again of the locked rows."""
    sides = {match.achievement.owner_key, match.demand.owner_key}
    return access.is_technology_manager(user) and not sides & member_keys(user)


class InterestForm(MoveForm):
    pitch = text(label=_("Who you are and what you want"), rows=4, limit=LONGEST)
    why_fit = text(label=_("Why it fits"), rows=3, limit=LONGEST)
    question = text(label=_("Question to the owner"), rows=2, required=False, limit=LONGEST)


def others_listing(user: Any, match: Match) -> tuple[Projection, Projection] | None:
    """(the other side's listing, one's own) of a match; None when neither is one's own."""
    own = own_organisations(user)
    if match.demand.owner_key in own:
        return match.achievement, match.demand
    if match.achievement.owner_key in own:
        return match.demand, match.achievement
    return None


def express_on_match(call: Call) -> Lead:
    sides, sender = others_listing(call.by, call.row), side_of(call.by, call.row)
    assert sides is not None  # `may` asked for it
    assert sender is not None
    return services.express_interest(sides[0], own_listing=sides[1], sender=sender, by=call.by, **call.values)


add_move(
    Match,
    Move(
        name="open-deal",
        label=_("Open a deal"),
        may=may_open_deal,
        when=lambda match: not getattr(match, "has_live_deal", False),
        form=OpenDealForm,
        question=_("You bring the two sides together. Both see the deal; an anonymous owner is not named yet."),
        does=lambda call: services.open_deal(call.row, note=call.values["note"], by=call.by),
        done=_("The deal is open. Both sides see it."),
        look="primary",
    ),
    Move(
        name="express-interest",
        label=_("Express interest"),
        may=lambda user, match: others_listing(user, match) is not None,
        form=InterestForm,
        question=_("The owner has 14 days to answer."),
        does=express_on_match,
        done=_("Sent. The owner has 14 days to answer."),
        look="primary",
    ),
)


# On the market


class MarketInterestForm(InterestForm):
    sender = select(label=_("on behalf of"))
    own_listing = select(label=_("own listing that it fits"), required=False)
    field_order = ("sender", "own_listing", "pitch", "why_fit", "question")

    def prepare(self) -> None:
        own = own_organisations(self.request.user)
        sender, own_listing = (cast(forms.ChoiceField, self.fields[name]) for name in ("sender", "own_listing"))
        sender.choices = [(key, str(row)) for key, row in own.items()]
        mine = Projection.objects.live().filter(owner_key__in=own).exclude(kind=self.row.kind)
        own_listing.choices = [("", _("none")), *((row.public_id, row.title) for row in mine)]


def express_on_market(call: Call) -> Lead:
    values = dict(call.values)
    sender = own_organisations(call.by)[values.pop("sender")]
    own = Projection.objects.live().filter(public_id=values.pop("own_listing")).first()
    return services.express_interest(call.row, sender=sender, own_listing=own, by=call.by, **values)


def may_express(user: Any, row: Projection) -> bool:
    return any(key != row.owner_key for key in own_organisations(user))


add_move(
    Projection,
    Move(
        name="express-interest",
        label=_("Express interest"),
        may=may_express,
        when=lambda row: row.is_open_for_interest,
        form=MarketInterestForm,
        question=_("The owner has 14 days to answer."),
        does=express_on_market,
        done=_("Sent. The owner has 14 days to answer."),
        look="primary",
    ),
)


# Leads


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


def linked(row: Projection) -> Any:
    if not row.is_live:
        return row.title or _("no longer on the market")
    return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row), row.title)


# Deals


def shown_sides(user: Any, deal: Deal) -> Any:
    """Seeker and supplier, as far as this reader may know them."""
    known = names.known_sides(user, deal)
    lines = ((known[side] or _("anonymous owner"),) for side in ("seeker", "supplier"))
    return format_html_join("", "<div>{}</div>", lines)


class LoseForm(MoveForm):
    lost_code = select(label=_("reason"), choices=codes.choices("lead_decline"), asks=True)
    note = text(label=_("note"), rows=3, required=False)


add_move(
    Deal,
    Move(
        name="lose",
        label=_("Close as lost"),
        permission="brokerage.lose",
        when=can("lose"),
        form=LoseForm,
        question=_("The reason is kept: it teaches what to suggest."),
        does=lambda call: services.lose(call.row, call.values["lost_code"], note=call.values["note"], by=call.by),
        done=_("The deal is closed."),
        look="danger",
    ),
)


@admin.register(Deal)
class DealAdmin(StageAdmin):
    list_display = ("pair", "manager_name", "state_label", "opened_on")
    list_display_links = ("pair",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = (*TWO_SIDES, "supplier", "seeker", "manager")
    search_fields = ("achievement__title_zh", "achievement__title_en", "demand__title_zh", "demand__title_en")
    ordering = ("-id",)
    empty_sentence = _("No deal yet. A technology manager opens one from a match.")

    seeker_name = named("seeker", _("seeker"))
    supplier_name = named("supplier", _("supplier"))
    manager_name = named("manager", _("technology manager"))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """An anonymous side is named by row, and nothing sorts by it: the order would tell."""

        def sides(deal: Deal) -> Any:
            return shown_sides(request.user, deal)

        sides.short_description = _("seeker and supplier")  # type: ignore[attr-defined]
        return [self.list_display[0], sides, *self.list_display[1:]]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        known = names.known_sides(request.user, obj) if obj is not None else {}
        sides = tuple(f"{side}_name" for side in ("seeker", "supplier") if known.get(side))
        pages = ("demand_page", "achievement_page")
        return (
            (None, {"fields": (pages, sides) if sides else (pages,)}),
            (None, {"fields": (("manager_name", "opened_on"), "note", "lost_reason")}),
        )

    @display(description=_("deal"), ordering="demand__title_zh")
    def pair(self, deal: Deal) -> Any:
        titles = [row.title or _("no longer on the market") for row in (deal.demand, deal.achievement)]
        return format_html('<span class="ws-side">{}<small>{}</small></span>', *titles)

    @display(description=_("demand"))
    def demand_page(self, deal: Deal) -> Any:
        return linked(deal.demand)

    @display(description=_("achievement"))
    def achievement_page(self, deal: Deal) -> Any:
        return linked(deal.achievement)

    @display(description=_("opened on"), ordering="created_at")
    def opened_on(self, deal: Deal) -> Any:
        return timezone.localdate(deal.created_at)

    @display(description=_("reason of loss"))
    def lost_reason(self, deal: Deal) -> str:
        return name_of("lead_decline", deal.lost_code) or "–"
