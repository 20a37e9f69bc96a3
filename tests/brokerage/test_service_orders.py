"""Services on a listing: who orders, takes, delivers and judges, what follows what, and what the database refuses."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import ServiceOrder
from marketplace.brokerage.rules.service_orders import answer_by
from marketplace.core import notifying
from marketplace.core.errors import Conflict, Forbidden, Invalid, Stale
from marketplace.core.models import Letter
from marketplace.core.workspace import move_url
from marketplace.parties import services as parties
from tests import factories
from tests.admin.asking import work
from tests.admin.conftest import enter  # noqa: F401  the same way to log in
from tests.rows import reread
from tests.tables import holders, people_around

pytestmark = pytest.mark.django_db
State = ServiceOrder.State


@pytest.fixture
def agency():
    return factories.make_agency()


@pytest.fixture
def officer(agency):
    return factories.make_member(agency.organisation, name="agency officer")


@pytest.fixture
def listing(university):
    return factories.make_achievement(university)


@pytest.fixture
def ordered(listing, agency, officer, university_officer):
    return order(listing, agency, by=university_officer)


def order(listing, agency, **special):
    due = timezone.localdate() + timedelta(days=30)
    values = {"kind": "VALUATION", "brief": "按收益法评估。", "price": Decimal("20000"), "due_on": due}
    return services.order_service(listing, provider=agency, **values | special)


@pytest.mark.parametrize(("due_in", "answer_in"), [(30, 7), (7, 7), (3, 3), (0, 0)])
def test_the_answer_is_due_in_a_week_and_never_after_the_service(due_in, answer_in):
    today = timezone.localdate()
    assert answer_by(today, today + timedelta(days=due_in)) == today + timedelta(days=answer_in)


def test_who_may_do_what(ordered, university, agency):
    people = people_around(university, agency.organisation)
    people["provider"] = people.pop("sme")
    owners, provider = {"admin", "officer"}, {"provider"}
    assert {verb: holders(people, f"brokerage.{verb}", ordered) for verb in (
        "order_service", "withdraw_order", "approve_order", "complain",
        "take_order", "decline_order", "deliver_order", "close_order",
    )} == {
        **dict.fromkeys(("order_service", "withdraw_order", "approve_order", "complain"), owners),
        **dict.fromkeys(("take_order", "decline_order", "deliver_order"), provider),
        "close_order": owners | provider,
    }  # fmt: skip
    seen = {name for name, person in people.items() if ordered in ServiceOrder.objects.visible_to(person)}
    assert seen == {"admin", "officer", "inventor", "reader", "provider", "staff", "staff who is a member"}


def test_the_whole_way_with_a_complaint(ordered, officer, university_officer):
    services.take_order(ordered, by=officer)
    services.deliver_order(ordered, "报告初稿。", by=officer)
    services.complain(ordered, "缺少折现率依据。", by=university_officer)
    services.deliver_order(ordered, "报告修订稿。", by=officer)
    services.approve_order(ordered, rating=4, by=university_officer)
    services.close_order(ordered, "已付款。", by=officer)
    now = reread(ordered)
    assert (now.state, now.rating, now.report, now.ending) == ("closed", 4, "报告修订稿。", "已付款。")
    assert notifying.visible_to(officer).filter(kind="service_order").count() == 3  # ordered, complaint, approved
    assert notifying.visible_to(university_officer).filter(kind="service_order").count() == 3  # taken, delivered twice


MOVES = {
    "take": lambda row, by: services.take_order(row, by=by),
    "decline": lambda row, by: services.decline_order(row, "没有人手。", by=by),
    "deliver": lambda row, by: services.deliver_order(row, "报告。", by=by),
    "withdraw": lambda row, by: services.withdraw_order(row, by=by),
    "complain": lambda row, by: services.complain(row, "不全。", by=by),
    "approve": lambda row, by: services.approve_order(row, rating=5, by=by),
    "close": lambda row, by: services.close_order(row, "已付款。", by=by),
}
OF_AGENCY = ("take", "decline", "deliver")
ALLOWED = {
    State.ORDERED: {"take", "decline", "withdraw"}, State.TAKEN: {"deliver"},
    State.DELIVERED: {"complain", "approve"}, State.COMPLAINED: {"deliver", "approve", "close"},
    State.APPROVED: {"close"}, State.CLOSED: set(), State.DECLINED: set(), State.WITHDRAWN: set(),
}  # fmt: skip


@pytest.mark.parametrize("state", State.values)
def test_what_follows_what(state, ordered, officer, university_officer):
    facts = {"report": "报告。", "delivered_on": timezone.localdate(), "complaint": "不全。"}
    ServiceOrder.objects.filter(pk=ordered.pk).update(state=state, **facts)
    done = set()
    for name, does in MOVES.items():
        with transaction.atomic():
            try:
                does(reread(ordered), officer if name in OF_AGENCY else university_officer)
                done.add(name)
            except Conflict:
                pass
            transaction.set_rollback(True)
    assert done == ALLOWED[State(state)]


@pytest.mark.parametrize(
    ("special", "faulty"),
    [
        ({"kind": "MAGIC"}, "kind"),
        ({"brief": "  "}, "brief"),
        ({"price": Decimal("-1")}, "price"),
        ({"price": Decimal("1e13")}, "price"),
        ({"due_on": timezone.localdate() - timedelta(days=2)}, "due_on"),
    ],
)
def test_what_is_wrong_is_said_by_field(special, faulty, listing, agency, university_officer):
    with pytest.raises(Invalid) as fault:
        order(listing, agency, by=university_officer, **special)
    assert set(fault.value.fields) == {faulty}


def test_the_price_is_kept_to_the_fen(listing, agency, university_officer):
    assert order(listing, agency, price=Decimal("0.125"), by=university_officer).price == Decimal("0.13")


def test_an_agency_that_is_not_registered_takes_no_order(listing, agency, university_officer, staff):
    parties.remove_qualification(agency, by=staff, reason="未按期年报")
    with pytest.raises(Conflict):
        order(listing, reread(agency), by=university_officer)


def test_an_agency_orders_nothing_from_itself(agency, officer):
    with pytest.raises(Conflict):
        order(factories.make_achievement(agency.organisation), agency, by=officer)


def test_nobody_orders_on_somebody_elses_listing(listing, agency, sme):
    with pytest.raises(Forbidden):
        order(listing, agency, by=sme)


def test_two_tabs_do_not_answer_twice(ordered, officer):
    services.take_order(ordered, by=officer, version=1)
    with pytest.raises(Stale):
        services.decline_order(ordered, "没有人手。", by=officer, version=1)


def test_the_letters_carry_neither_brief_nor_price(ordered):
    said = "".join(f"{row.subject}{row.body}" for row in Letter.objects.filter(kind="service_order"))
    assert said
    assert not any(word in said for word in ("收益法", "20000", "20,000", ordered.listing.title_zh))


@pytest.mark.parametrize(
    "wrong",
    [{"demand": True}, {"price": -1}, {"rating": 6}, {"state": "delivered"}, {"state": "complained"}],
)
def test_the_database_refuses_nonsense(wrong, ordered, firm):
    if "demand" in wrong:
        wrong = {"demand": factories.make_demand(firm)}
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceOrder.objects.filter(pk=ordered.pk).update(**wrong)


def test_each_side_finds_what_waits_for_it(ordered, officer, university_officer, enter):  # noqa: F811
    assert "Service orders to answer" in work(enter(officer))
    services.take_order(ordered, by=officer)
    assert "Services to deliver" in work(enter(officer))
    services.deliver_order(ordered, "报告。", by=officer)
    assert "Services to approve" in work(enter(university_officer))
    assert "Services to deliver" not in work(enter(officer))


def test_the_buttons_of_the_workspace_do_it(listing, agency, officer, university_officer, enter):  # noqa: F811
    asked = {
        "kind": "LEGAL", "provider": agency.public_id, "brief": "审查许可合同。", "price": "8000",
        "due_on": (timezone.localdate() + timedelta(days=10)).isoformat(),
    }  # fmt: skip
    enter(university_officer).post(move_url(listing, "order-service"), asked)
    row = ServiceOrder.objects.get()
    enter(officer).post(move_url(row, "take"), {"text": "", "version": "1"})
    enter(officer).post(move_url(row, "deliver"), {"report": "意见书。", "version": "2"})
    enter(university_officer).post(move_url(row, "approve"), {"rating": "5", "version": "3"})
    assert (reread(row).state, reread(row).rating) == ("approved", 5)
