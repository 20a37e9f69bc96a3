"""Who may do what with a stake and its holders, who sees what of them, and which state follows which."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django_fsm import TransitionNotAllowed

from marketplace.contracts.models import Contract
from marketplace.settlement.models import Allotment, Departure, Holding, SharingPlan, Stake
from tests import factories
from tests.settlement.owning import make_owning

DECIDES = [
    *("record_stake", "keep_stake_paper", "register_stake", "end_stake", "allot", "set_vesting", "show_leaders"),
    *("withdraw_allotment", "leave"),
]
ALL = ["officer", "approver", "one of two", "former", "reader", "inventor", "licensee", "manager", "outsider", "staff"]


@pytest.fixture
def owned(db, go):
    """A stake held by two and the university, seen by everybody who may have to do with it."""
    owning = make_owning(go)
    owning.row = owning.owned("1/2", "1/2")
    owning.gone = owning.leave(owning.row.holdings.first())
    book = owning.sharing.book
    one, former = (each.user for each in owning.sharing.people)
    former.memberships.all().delete()
    manager = factories.make_user()
    Contract.objects.filter(pk=owning.contract.pk).update(manager=manager)
    owning.cast = {
        "officer": owning.officer,
        "approver": owning.approver,
        "one of two": one,
        "former": former,
        "reader": factories.make_member(book, "reader"),
        "inventor": factories.make_member(book, "inventor"),
        "licensee": owning.sharing.licence.buyer,
        "manager": manager,
        "outsider": factories.make_member(),
        "staff": factories.make_user(is_staff=True),
    }
    assert list(owning.cast) == ALL
    return owning


def may(owning, verb, row):
    return [name for name, user in owning.cast.items() if user.has_perm(f"settlement.{verb}", row)]


@pytest.mark.parametrize("verb", DECIDES)
def test_the_money_people_of_the_owner_decide(owned, verb):
    for row in (owned.row.stake, owned.row, owned.row.holdings.first()):
        assert may(owned, verb, row) == ["officer", "approver"]


def test_who_proposed_approves_nothing_and_who_holds_neither(owned):
    assert may(owned, "approve_allotment", owned.row) == ["approver"]
    holding = owned.row.holdings.first()
    type(holding.payee).objects.filter(pk=holding.payee_id).update(user=owned.approver)
    assert may(owned, "approve_allotment", owned.row) == []


@pytest.mark.parametrize(
    ("model", "seen"),
    [
        (Stake, dict.fromkeys([each for each in ALL if each != "outsider"], 1)),
        (Allotment, {"officer": 1, "approver": 1, "staff": 1}),
        (Holding, {"officer": 3, "approver": 3, "one of two": 1, "former": 1, "staff": 3}),
        (Departure, {"officer": 1, "approver": 1, "one of two": 1, "staff": 1}),
        (SharingPlan, {"officer": 1, "approver": 1, "one of two": 1, "former": 1, "staff": 1}),
    ],
)
def test_who_sees_what(owned, model, seen):
    found = {name: model.objects.visible_to(user).count() for name, user in owned.cast.items()}
    assert {name: count for name, count in found.items() if count} == seen
    if model is not SharingPlan:
        assert model.objects.visible_to(AnonymousUser()).count() == 0


def test_a_guarantor_on_the_contract_reads_no_stake(owned):
    guarantor = factories.make_organisation("GUARANTOR")
    owned.contract.third_parties.create(organisation=guarantor, role="GUARANTOR")
    user = factories.make_member(guarantor)
    assert Contract.objects.visible_to(user).exists()
    assert not Stake.objects.visible_to(user).exists()


STAKE = {"register": {"agreed": "registered"}, "end": {"agreed": "ended", "registered": "ended"}}
ALLOTMENT = {
    "show": {"proposed": "noticed"},
    "approve": {"proposed": "approved", "noticed": "approved"},
    "withdraw": {"proposed": "withdrawn", "noticed": "withdrawn"},
}


@pytest.mark.parametrize(
    ("model", "verb", "moves"),
    [*((Stake, verb, moves) for verb, moves in STAKE.items()), *((Allotment, v, m) for v, m in ALLOTMENT.items())],
)
def test_which_state_follows_which(model, verb, moves):
    for state in model.State.values:
        row = model(state=state)
        if state in moves:
            getattr(row, verb)()
            assert row.state == moves[state]
        else:
            with pytest.raises(TransitionNotAllowed):
                getattr(row, verb)()
