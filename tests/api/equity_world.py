"""A university's stake in a firm at each stage: recorded, its plan signed, divided, and held."""

from types import SimpleNamespace

from tests import factories
from tests.settlement.owning import FACTS

STAGES = ("signed", "recorded", "planned", "divided", "held")


def make_world(owning, stage):
    """Everybody who may have to do with it, and its rows as far as the stage has come."""
    sharing = owning.sharing
    here = SimpleNamespace(owning=owning, book=sharing.book, contract=owning.contract)
    here.payee, here.other = sharing.people = [sharing.payee("季明"), sharing.payee("何晓")]
    here.one, here.two, here.paper = here.payee.user, here.other.user, owning.paper()
    here.valued = str(FACTS["valued_on"])
    steps = [lambda: None, lambda: record(here), lambda: plan(here), lambda: divide(here), lambda: approve(here)]
    for step in steps[: STAGES.index(stage) + 1]:
        step()
    here.officer, here.approver, here.licensee = owning.officer, owning.approver, sharing.licence.buyer
    here.outsider, here.staff = factories.make_member(), factories.make_user(is_staff=True)
    here.reader = factories.make_member(here.book, "reader")
    here.people = [
        *(None, here.outsider, here.reader, here.one, here.licensee, here.officer, here.approver, here.staff)
    ]
    return here


def record(here):
    here.stake = here.owning.record()


def plan(here):
    here.plan = here.owning.plan(here.stake, "2/3", "1/3")


def divide(here):
    here.row = here.owning.allot(here.stake)
    here.holding = here.row.holdings.get(payee=here.payee)


def approve(here):
    here.row = here.owning.approve(here.row)
