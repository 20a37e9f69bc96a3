"""What a match offers: to open a deal, to express interest in the other side."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from marketplace.core.validation import LONGEST_REMARK
from marketplace.core.workspace import (
    Call,
    Move,
    MoveForm,
    add_move,
    annotate,
    text,
)
from marketplace.discovery.admin import member_keys, own_organisations, side_of
from marketplace.discovery.models import Match
from marketplace.listings.models import Projection
from marketplace.parties import access

from .. import services
from ..models import Deal, Lead

LONGEST = LONGEST_REMARK


def live_deals(user: Any) -> dict[str, Any]:
    """Whether the pair of a match is in a deal already."""
    pair = {"achievement": OuterRef("achievement"), "demand": OuterRef("demand")}
    return {"has_live_deal": Exists(Deal.objects.filter(state__in=Deal.LIVE, **pair))}


annotate(Match, live_deals)


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
