"""Who may do what with claims, recourse and credit notices; who sees them; and which state follows which."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django_fsm import TransitionNotAllowed

from marketplace.settlement import services
from marketplace.settlement.models import Claim, CreditNotice, Recourse, Recovery
from tests import factories

from .claiming import make_defaulted, make_stranger

LICENSOR = ("supply_claim", "withdraw_claim", "compensate", "reverse_compensation", "file_claim")
GUARANTOR = ("ask_about_claim", "accept_claim", "refuse_claim")
NOBODY = ("close_claim",)


@pytest.fixture
def world(db, go):
    """A compensated claim with its recourse and a recovery, and everybody who might try something."""
    found = make_defaulted(go)
    found.file()
    found.accept()
    found.compensate("40000")
    here = SimpleNamespace(found=found, claim=Claim.objects.get(), recovery=found.recover("5000"))
    here.recourse = found.recourse
    guarantor = found.guarantee.guarantor
    given = {"contract": found.contract, "issuer": guarantor, "grounds": "代偿后仍未偿还。", "by": found.guarantor}
    here.notice = services.announce_credit(**given)
    readers = [factories.make_member(each, "reader") for each in (found.contract.seller, guarantor)]
    staff = factories.make_user(is_staff=True)
    here.people = [found.seller, found.buyer, found.guarantor, make_stranger(), *readers, staff]
    return here


def may(world, verb, row):
    return "".join("x" if user.has_perm(f"settlement.{verb}", row) else "." for user in world.people)


def sees(world, model, row):
    return "".join("x" if model.objects.visible_to(user).filter(pk=row.pk).exists() else "." for user in world.people)


# licensor, licensee, guarantor, another guarantor, readers of licensor and guarantor, staff


def test_who_may_do_what_with_a_claim(world):
    assert {may(world, verb, world.claim) for verb in LICENSOR} == {"x......"}
    assert {may(world, verb, world.claim) for verb in GUARANTOR} == {"..x...."}
    assert {may(world, verb, world.claim) for verb in NOBODY} == {"......."}


def test_who_may_do_what_with_recourse(world):
    assert {may(world, verb, world.recourse) for verb in ("record_recovery", "forgo")} == {"..x...."}
    assert may(world, "answer_recourse", world.recourse) == ".x....."
    assert may(world, "reverse_recovery", world.recovery) == "..x...."
    assert {may(world, verb, world.recovery) for verb in ("pass_on", "return_part")} == {"x......"}


def test_who_may_do_what_with_a_credit_notice(world):
    verbs = ("announce_credit", "push_credit", "withdraw_credit", "uphold_credit")
    assert {may(world, verb, world.notice) for verb in verbs} == {"..x...."}
    assert {may(world, verb, world.notice) for verb in ("answer_credit", "contest_credit")} == {".x....."}
    assert may(world, "correct_credit", world.notice) == "..x...x"


def test_the_three_parties_and_staff_see_a_claim_and_what_follows_from_it(world):
    for model, row in ((Claim, world.claim), (Recourse, world.recourse), (Recovery, world.recovery)):
        assert sees(world, model, row) == "xxx.xxx"


def test_the_licensor_does_not_see_the_credit_notice_of_a_guarantor(world):
    assert sees(world, CreditNotice, world.notice) == ".xx..xx"


def test_a_visitor_sees_nothing(world):
    for model in (Claim, Recourse, Recovery, CreditNotice):
        assert not model.objects.visible_to(AnonymousUser()).exists()


# States


def after(row, move):
    try:
        getattr(row, move)()
    except TransitionNotAllowed:
        return "-"
    return str(row.state)


CLAIM = ["ask", "supply", "accept", "refuse", "withdraw", "compensate", "take_back", "close", "reopen"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("filed", "asked - accepted refused withdrawn - - - -"),
        ("asked", "- filed - refused withdrawn - - - -"),
        ("accepted", "- - - - withdrawn compensated - - -"),
        ("refused", "- - - - - - - - -"),
        ("withdrawn", "- - - - - - - - -"),
        ("compensated", "- - - - - - accepted closed -"),
        ("closed", "- - - - - - accepted - compensated"),
    ],
)
def test_which_state_of_a_claim_follows_which(state, expected):
    assert [after(Claim(state=state), move) for move in CLAIM] == expected.split()


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("owed", "owed part_paid paid forgone cancelled"),
        ("part_paid", "owed part_paid paid forgone -"),
        ("paid", "owed part_paid - - -"),
        ("forgone", "- - - - -"),
        ("cancelled", "- - - - -"),
    ],
)
def test_which_state_of_a_recourse_follows_which(state, expected):
    moves = ["wait", "part_pay", "settle", "forgo", "cancel"]
    assert [after(Recourse(state=state), move) for move in moves] == expected.split()


@pytest.mark.parametrize(("state", "expected"), [("booked", "reversed"), ("reversed", "-")])
def test_a_recovery_is_reversed_once(state, expected):
    assert after(Recovery(state=state), "reverse") == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("announced", "pushed withdrawn - - -"),
        ("pushed", "- - contested - corrected"),
        ("contested", "- - - pushed corrected"),
        ("withdrawn", "- - - - -"),
        ("corrected", "- - - - -"),
    ],
)
def test_which_state_of_a_credit_notice_follows_which(state, expected):
    moves = ["push", "withdraw", "contest_it", "uphold", "correct"]
    assert [after(CreditNotice(state=state), move) for move in moves] == expected.split()
