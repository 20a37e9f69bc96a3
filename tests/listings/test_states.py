"""Every state × every verb × everybody: where a listing goes, or by which error it stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.core.acts import act
from marketplace.core.errors import Conflict
from marketplace.listings import services
from tests import factories
from tests.rows import reread
from tests.tables import expected, outcomes, people_around

DRAFTERS, DECIDERS, REVIEWERS = {"admin", "officer", "inventor"}, {"admin", "officer"}, {"staff"}
STATES = ("draft", "submitted", "returned", "published", "withdrawn", "expired", "archived")
MOVES = {
    "edit": {"draft": "draft", "returned": "returned"},
    "set_offers": {"draft": "draft", "returned": "returned"},
    "submit": {"draft": "submitted", "returned": "submitted"},
    "publish": {"submitted": "published"},
    "return": {"submitted": "returned"},
    "revise": {"submitted": "draft", "published": "draft", "expired": "draft", "withdrawn": "draft"},
    "withdraw": dict.fromkeys(("draft", "returned", "submitted", "published"), "withdrawn"),
    "renew": {"published": "published"},
    "set_interest": {state: state for state in STATES},
}
ALLOWED = {
    "edit": DRAFTERS,
    "set_offers": DRAFTERS,
    "submit": DECIDERS,
    "publish": REVIEWERS,
    "return": REVIEWERS,
    "revise": DRAFTERS,
    "withdraw": {*DECIDERS, "staff", "staff who is a member"},
    "renew": DECIDERS,
    "set_interest": DECIDERS,
}
ACTS = {
    "edit": lambda row, by: services.edit(row, {"trl": 3} if row.kind == "achievement" else {"trl_min": 3}, by=by),
    "set_offers": lambda row, by: services.set_offers(row, [{"mode": "BUYOUT"}], by=by),
    "submit": lambda row, by: services.submit(row, by=by),
    "publish": lambda row, by: services.publish(row, by=by),
    "return": lambda row, by: services.return_for_correction(row, "NO_FIGURES", "请补充指标。", by=by),
    "revise": lambda row, by: services.revise(row, by=by),
    "withdraw": lambda row, by: services.withdraw(row, by=by),
    "renew": lambda row, by: services.renew(row, by=by, today=row.expires_on or timezone.localdate()),
    "set_interest": lambda row, by: services.set_interest(row, False, by=by),
}
MAKERS = {"achievement": factories.make_achievement, "demand": factories.make_demand}


def bring_to(state, listing):
    """Lead a draft to a state through the services."""
    day = timezone.localdate() + timedelta(days=366)
    if state == "draft":
        return listing
    if state == "withdrawn":
        return services.withdraw(listing, by=SYSTEM)
    listing = services.submit(listing, by=SYSTEM)
    if state == "returned":
        return services.return_for_correction(listing, "NO_FIGURES", "请补充。", by=SYSTEM)
    if state == "submitted":
        return listing
    listing = services.publish(listing, by=SYSTEM)
    if state in ("expired", "archived"):
        services.age_listings(day)
    if state == "archived":
        services.age_listings(day + timedelta(days=365))
    return reread(listing)


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("state", STATES)
def test_every_verb_of_everybody_has_its_declared_outcome(kind, state, university, firm):
    listing = bring_to(state, MAKERS[kind](university))
    assert listing.state == state
    people = people_around(university, firm)
    moves = {verb: where for verb, where in MOVES.items() if verb != "set_offers" or kind == "achievement"}
    allowed = ALLOWED | ({"revise": DECIDERS} if state == "published" else {})
    found = outcomes(listing, people, {verb: ACTS[verb] for verb in moves})
    assert found == expected(state, people, allowed, moves)


@pytest.mark.parametrize("verb", ["expire", "archive"])
@pytest.mark.parametrize("state", STATES)
def test_the_clock_moves_only_what_is_in_the_right_state(verb, state, university):
    """Nobody holds these permissions; the nightly task acts as the system."""
    listing = bring_to(state, factories.make_achievement(university))
    may_follow = {"expire": {"published"}, "archive": {"expired", "withdrawn"}}[verb]
    if state in may_follow:
        with act(listing, f"listings.{verb}", by=SYSTEM) as row:
            getattr(row, verb)()
        assert reread(listing).state == f"{verb}d"
        return
    with pytest.raises(Conflict), act(listing, f"listings.{verb}", by=SYSTEM) as row:
        getattr(row, verb)()
    assert reread(listing).state == state


def test_a_state_is_never_assigned_by_hand(university):
    with pytest.raises(AttributeError):
        factories.make_achievement(university).state = "published"
