"""Commissions by the API: seen by their parties alone, invoiced, paid, disputed and claimed."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.settlement import services
from marketplace.settlement.models import CommissionLine
from tests import factories
from tests.brokerage.mandating import make_signed_mandate
from tests.contracts import making
from tests.contracts.living import ENTRY

from .attempting import attempt, filled, names

pytestmark = pytest.mark.django_db
MEMBERS = "401 200 200 200 200 200"
SEEN = "401 404 200 404 200 200"
BY_THE_PRINCIPAL = "401 404 200 404 403 403"
PAID = {"on": str(timezone.localdate()), "reference": "P1"}

# route, method, path, body: anonymous, outsider, the principal's officer, the other side's officer, broker, staff
TABLE = [
    ("commission-list", "get", "commissions/", None, MEMBERS),
    (
        "commission-list", "post", "commissions/", {"introduction": "{introduction}", "side": "SUPPLY"},
        "401 400 403 403 409 403",
    ),
    ("commission-detail", "get", "commissions/{commission}/", None, SEEN),
    ("commission-line-list", "get", "commission-lines/", None, MEMBERS),
    ("commission-line-detail", "get", "commission-lines/{line}/", None, SEEN),
    ("commission-line-bill", "post", "commission-lines/{line}/bill/", {"number": "NO-1"}, "401 404 403 404 200 403"),
    ("commission-line-pay", "post", "commission-lines/{line}/pay/", PAID, BY_THE_PRINCIPAL),
    ("commission-line-dispute", "post", "commission-lines/{line}/dispute/", {"reason": "非其引荐"}, BY_THE_PRINCIPAL),
    ("commission-line-settle", "post", "commission-lines/{disputed}/settle/", {}, "401 404 200 404 403 200"),
]  # fmt: skip


@pytest.fixture
def world(broker, outsider, staff):
    """Two receipts of 20 000 yuan under a contract of two whom the broker introduced; one is disputed."""
    owner, firm = factories.make_organisation("FIRM"), making.make_small_firm()
    listing = factories.make_published_achievement(owner)
    make_signed_mandate(owner, manager=broker)
    here = SimpleNamespace(broker=broker, outsider=outsider, staff=staff)
    here.introduction = brokerage.log_introduction(listing, firm, by=broker)
    here.officer, here.buyer = making.decider_of(owner), making.decider_of(firm)
    here.contract = making.make_signed_contract(achievement=listing.achievement, seller=owner, buyer=firm, sheet=ENTRY)
    for number in "12":
        today = timezone.localdate()
        services.record(here.contract, "20000", on=today, reference=f"T{number}", by=here.officer)
    here.line, here.disputed = CommissionLine.objects.order_by("pk")
    services.dispute_commission(here.disputed, "非其引荐。", by=here.officer)
    here.commission = here.line.commission
    return here


@pytest.mark.parametrize(("route", "method", "path", "body", "expected"), TABLE, ids=names(TABLE))
def test_everybody_gets_the_status_that_is_theirs(call, world, route, method, path, body, expected):
    where, what = filled(path, world), filled(body, world)
    people = (None, world.outsider, world.officer, world.buyer, world.broker, world.staff)
    assert [attempt(call, each, method, where, what).status_code for each in people] == [
        int(status) for status in expected.split()
    ]


def test_it_says_why(call, world):
    body = call(world.broker, "get", f"commission-lines/{world.line.public_id}/").json()
    assert (body["amount"], body["manager_amount"], body["state"]) == ("1000.00", "1000.00", "due")
    assert body["steps"] == [
        {"name": "tier", "value": "1000.0000", "inputs": {"part": "20000.00", "rate": "0.05", "from": "0"}}
    ]


def test_a_second_claim_names_its_code(call, world):
    body = {"introduction": world.introduction.public_id, "side": "SUPPLY"}
    assert call(world.broker, "post", "commissions/", body).json()["code"] == "E_TAIL_DUPLICATE"


def test_lists_are_of_ones_own(call, world):
    counts = [
        call(each, "get", f"{path}/").json()["count"]
        for each in (world.officer, world.broker, world.buyer, world.outsider)
        for path in ("commissions", "commission-lines")
    ]
    assert counts == [1, 2, 1, 2, 0, 0, 0, 0]
