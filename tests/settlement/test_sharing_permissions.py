"""Who may do what with rewards, who sees what of them, and which state follows which."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.settlement import services
from marketplace.settlement.models import (
    ClawBack,
    Distribution,
    Hold,
    Payee,
    Payout,
    RewardRule,
    Share,
    SharingPlan,
)
from tests import factories
from tests.settlement.test_permissions import after

DECIDES = [
    *("keep_payee", "record_rule", "record_cost", "draft_plan", "withdraw_plan", "sign_on_paper", "propose"),
    *("show_reward", "withdraw", "reverse_distribution", "hold", "pay_out", "give_back", "keep_account"),
]


@pytest.fixture
def shared(sharing):
    """A paid reward of two, seen by everybody who may have to do with it."""
    sharing.plan("50%", "50%")
    sharing.rule("0.6")
    sharing.row = sharing.shared()
    book = sharing.book
    sharing.cast = {
        "officer": sharing.officer,
        "approver": sharing.approver,
        "one of two": sharing.people[0].user,
        "reader": factories.make_member(book, "reader"),
        "inventor": factories.make_member(book, "inventor"),
        "licensee": sharing.licence.buyer,
        "outsider": factories.make_member(),
        "staff": factories.make_user(is_staff=True),
    }
    return sharing


def may(sharing, verb, row):
    return [name for name, user in sharing.cast.items() if user.has_perm(f"settlement.{verb}", row)]


@pytest.mark.parametrize("verb", DECIDES)
def test_the_money_people_of_the_owner_decide(shared, verb):
    assert may(shared, verb, shared.row) == ["officer", "approver"]


def test_who_proposed_approves_nothing_and_who_receives_neither(shared):
    assert may(shared, "approve", shared.row) == ["approver"]


def test_one_signs_and_disputes_for_oneself_alone(shared):
    own = shared.row.shares.get(payee=shared.people[0])
    line = shared.row.plan.lines.get(payee=shared.people[0])
    assert may(shared, "sign_plan", line) == ["one of two"]
    assert may(shared, "hold", own) == ["officer", "approver", "one of two"]
    assert may(shared, "keep_account", shared.people[0]) == ["officer", "approver", "one of two"]
    assert "one of two" not in may(shared, "keep_account", shared.people[1])


def test_a_hold_is_resolved_by_who_has_nothing_to_do_with_it(shared):
    hold = Hold(distribution=shared.row, raised_by=shared.officer)
    assert may(shared, "resolve_hold", hold) == ["approver"]


def test_nobody_does_by_hand_what_follows(shared):
    assert may(shared, "follow_reward", shared.row) == []


@pytest.mark.parametrize(
    ("model", "seen"),
    [
        (Payee, {"officer": 2, "approver": 2, "one of two": 1}),
        (SharingPlan, {"officer": 1, "approver": 1, "one of two": 1, "staff": 1}),
        (Distribution, {"officer": 1, "approver": 1, "staff": 1}),
        (Share, {"officer": 2, "approver": 2, "one of two": 1, "staff": 2}),
        (Payout, {"officer": 1, "approver": 1}),
        (RewardRule, {"officer": 1, "approver": 1, "staff": 1}),
    ],
)
def test_everybody_sees_what_is_theirs(shared, model, seen):
    counts = {name: model.objects.visible_to(user).count() for name, user in shared.cast.items()}
    assert {name: count for name, count in counts.items() if count} == seen


def test_a_visitor_sees_nothing(shared):
    for model in (Payee, SharingPlan, Distribution, Share, Payout, RewardRule, Hold, ClawBack):
        assert model.objects.visible_to(AnonymousUser()).count() == 0


def test_an_account_is_kept_by_its_person(shared):
    account = {"holder": "本人", "bank": "某银行", "account_number": "6222 0000-1111 2222"}
    row = services.keep_account(shared.people[0], **account, by=shared.people[0].user)
    assert (row.account_number, row.masked_number) == ("6222000011112222", "···· 2222")


MOVES = {
    Distribution: ["show", "approve", "pay_out", "reopen", "withdraw", "reverse"],
    Share: ["send", "take_back", "pay", "return_from_bank", "void"],
    SharingPlan: ["sign", "replace", "withdraw"],
    Payout: ["pay", "withdraw"],
    Hold: ["resolve"],
    ClawBack: ["settle", "reopen"],
}
TABLE = [
    (Distribution, "proposed", "noticed approved - - withdrawn -"),
    (Distribution, "noticed", "- approved - - withdrawn -"),
    (Distribution, "approved", "- - paid - - reversed"),
    (Distribution, "paid", "- - - approved - reversed"),
    (Distribution, "withdrawn", "- - - - - -"),
    (Distribution, "reversed", "- - - - - -"),
    (Share, "waiting", "sent - - - void"),
    (Share, "sent", "- waiting paid - -"),
    (Share, "paid", "- - - waiting -"),
    (Share, "kept", "- - - - void"),
    (Share, "void", "- - - - -"),
    (SharingPlan, "drafted", "signed - withdrawn"),
    (SharingPlan, "signed", "- replaced -"),
    (SharingPlan, "replaced", "- - -"),
    (Payout, "made", "paid withdrawn"),
    (Payout, "paid", "- -"),
    (Payout, "withdrawn", "- -"),
    (Hold, "standing", "resolved"),
    (Hold, "resolved", "-"),
    (ClawBack, "owed", "settled -"),
    (ClawBack, "settled", "- owed"),
]


@pytest.mark.parametrize(("model", "state", "expected"), TABLE)
def test_one_state_follows_another(model, state, expected):
    assert [after(model(state=state), move) for move in MOVES[model]] == expected.split()
