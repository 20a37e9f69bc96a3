"""Commissions of brokers: opened by a signature, earned on each receipt, shared, reversed, owed when gone around."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.rules.commission import Base, Terms, Tier, earned
from marketplace.contracts.models import Contract
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.parties.models import Membership
from marketplace.settlement import services
from marketplace.settlement.models import Commission, CommissionLine
from marketplace.settlement.rules.commissions import Receipt, dues
from marketplace.settlement.services import ledger
from tests import factories
from tests.brokerage.mandating import make_manager_of, make_mandate, make_signed_mandate
from tests.contracts import living, making
from tests.contracts.living import ENTRY
from tests.rows import reread

pytestmark = pytest.mark.usefixtures("everything_adds_up")

D = Decimal
SIGNED = date(2027, 1, 4)


@pytest.fixture
def scene(db, go, broker):
    """An owner that mandates a broker, an achievement of its, a firm that the broker brings, and what follows."""
    go(SIGNED)
    owner, firm = factories.make_organisation("FIRM"), making.make_small_firm()
    listing = factories.make_published_achievement(owner)
    here = SimpleNamespace(owner=owner, firm=firm, listing=listing, broker=broker, go=go)
    here.officer, here.buyer = making.decider_of(owner), making.decider_of(firm)
    return here


def mandate(scene, **values):
    """The owner's mandate to the broker, and the introduction of the firm."""
    who = {} if "agency" in values else {"manager": scene.broker}
    row = make_signed_mandate(scene.owner, **who | values)
    introduced = brokerage.log_introduction(scene.listing, scene.firm, by=row.manager)
    return row, introduced


def sign(scene, **values):
    facts = {"achievement": scene.listing.achievement, "seller": scene.owner, "buyer": scene.firm, "sheet": ENTRY}
    return making.make_signed_contract(**facts | values)


def pay(scene, contract, amount, day=SIGNED, reference="T1"):
    scene.go(day)
    return services.record(contract, amount, on=day, reference=reference, by=scene.officer)


def lines(**of):
    rows = CommissionLine.objects.counting().filter(**of).order_by("payment_id", "id")
    return [(row.amount, row.state) for row in rows]


def books(organisation):
    kinds = ("COMMISSION", "COMMISSION_OWED", "COMMISSION_PAID")
    found = ledger.trial_balance(organisation)
    return [found[kind] for kind in kinds]


def refused(code, call):
    with pytest.raises(Conflict) as fault:
        call()
    assert fault.value.code == code


# Opened by the signature


def test_a_contract_of_two_who_were_introduced_owes_the_commission(scene):
    given, introduced = mandate(scene)
    contract = sign(scene)
    row = Commission.objects.get()
    assert (row.contract, row.mandate, row.introduction, row.principal) == (contract, given, introduced, scene.owner)
    assert row.kind == "BYPASSED"  # the broker is not at the table
    assert Letter.objects.filter(user=scene.broker, key__startswith="commission-arose").count() == 1


def test_with_the_broker_at_the_table_it_is_no_bypass(scene):
    mandate(scene)
    contract = making.make_ready_contract(
        achievement=scene.listing.achievement, seller=scene.owner, buyer=scene.firm, sheet=ENTRY
    )
    Contract.objects.filter(pk=contract.pk).update(manager=scene.broker)
    for side in ("SELLER", "BUYER"):
        making.sign_as(reread(contract), side)
    assert Commission.objects.get().kind == "MANDATE"


def test_both_principals_pay_their_own_broker(scene):
    mandate(scene)
    other = factories.make_technology_manager()
    make_signed_mandate(scene.firm, manager=other, side="DEMAND")
    need = factories.make_published_demand(scene.firm)
    brokerage.log_introduction(need, scene.owner, by=other)
    sign(scene)
    assert {row.principal for row in Commission.objects.all()} == {scene.owner, scene.firm}


@pytest.mark.parametrize(
    ("values", "is_owed"),
    [
        ({}, True),
        ({"fields": ["07"]}, False),
        ({"territory": ["310000"]}, False),
        ({"side": "DEMAND"}, False),
    ],
)
def test_only_what_is_in_the_mandate_is_owed(scene, values, is_owed):
    mandate(scene, **values)
    sign(scene)
    assert Commission.objects.exists() is is_owed


def test_a_contract_in_the_tail_is_owed_and_after_it_not(scene):
    row, _introduced = mandate(scene, tail_months=6)
    brokerage.terminate_mandate(row, "另找他人。", by=scene.officer)
    scene.go(date(2027, 7, 4))
    first = sign(scene)
    assert Commission.objects.get().contract == first
    Commission.objects.all().delete()
    scene.go(date(2027, 7, 5))
    sign(scene, achievement=factories.make_published_achievement(scene.owner).achievement)
    assert not Commission.objects.exists()


def test_an_introduction_written_after_the_signature_counts_when_its_side_confirms_it(scene):
    make_signed_mandate(scene.owner, manager=scene.broker)
    sign(scene)
    scene.go(SIGNED + timedelta(days=3))
    late = brokerage.log_introduction(scene.listing, scene.firm, on=SIGNED, by=scene.broker)
    refused("no_contract", lambda: services.claim_commission(late, "SUPPLY", by=scene.broker))
    brokerage.confirm_introduction(late, by=scene.officer)
    assert services.claim_commission(late, "SUPPLY", by=scene.broker).kind == "BYPASSED"
    refused("E_TAIL_DUPLICATE", lambda: services.claim_commission(late, "SUPPLY", by=scene.broker))


def test_the_first_broker_has_it_and_a_second_one_is_a_duplicate(scene):
    mandate(scene)
    rival = factories.make_technology_manager()
    make_signed_mandate(scene.owner, manager=rival)
    second = brokerage.log_introduction(scene.listing, scene.firm, by=rival)
    sign(scene)
    assert Commission.objects.get().mandate.manager == scene.broker
    refused("E_TAIL_DUPLICATE", lambda: services.claim_commission(second, "SUPPLY", by=rival))
    with pytest.raises(Invalid):
        services.claim_commission(second, "DEMAND", by=rival)


def test_the_staff_of_a_side_get_no_commission(scene):
    mandate(scene)
    Membership.objects.create(user=scene.broker, organisation=scene.firm, role="reader")
    sign(scene)
    assert not Commission.objects.exists()


def test_nobody_claims_for_another_broker(scene, outsider):
    _row, introduced = mandate(scene)
    for person in (outsider, scene.officer, factories.make_technology_manager()):
        with pytest.raises(Forbidden):
            services.claim_commission(introduced, "SUPPLY", by=person)


# Earned on receipts


def test_each_receipt_earns_its_part_and_the_books_say_so(scene):
    mandate(scene)
    contract = sign(scene)
    assert lines() == []
    pay(scene, contract, "20000")
    pay(scene, contract, "30000.01", reference="T2")
    assert lines() == [(D("1000.00"), "due"), (D("1500.00"), "due")]
    assert books(scene.owner) == [2500, -2500, 0]


def test_tiers_floor_and_cap_hold_over_the_deal(scene):
    tiers = [{"from": "0", "rate": "0.10"}, {"from": "30000", "rate": "0.05"}]
    mandate(scene, tiers=tiers, floor=D(4000), cap=D(4500))
    contract = sign(scene)
    pay(scene, contract, "1000")
    pay(scene, contract, "29000", reference="T2")
    pay(scene, contract, "60000", reference="T3")
    assert lines() == [(D(1000), "due"), (D(3000), "due"), (D(500), "due")]
    steps = CommissionLine.objects.latest("id").steps
    assert [step["name"] for step in steps] == ["tier", "tier", "cap", "before"]


def test_an_agency_and_its_manager_share_it_exactly(scene):
    agency = factories.make_agency()
    factories.make_member(agency.organisation, "admin")
    share = {"agency": agency, "manager": make_manager_of(agency), "agency_share": D("0.333333")}
    mandate(scene, **share)
    pay(scene, sign(scene), "100.10")
    row = CommissionLine.objects.get()
    assert (row.amount, row.agency_amount, row.manager_amount) == (D("5.01"), D("1.67"), D("3.34"))


def test_parts_that_a_float_cannot_add_up_are_kept_all_the_same(scene):
    """SQLite compares amounts as floats, of which 1286.97 + 1930.46 is more than 3217.43."""
    agency = factories.make_agency()
    factories.make_member(agency.organisation, "admin")
    mandate(scene, agency=agency, manager=make_manager_of(agency), agency_share=D("0.4"))
    pay(scene, sign(scene), "64348.60")
    row = CommissionLine.objects.get()
    assert (row.amount, row.agency_amount, row.manager_amount) == (D("3217.43"), D("1286.97"), D("1930.46"))


@pytest.mark.parametrize(("base", "amounts"), [("FIXED", [D(2500)]), ("ROYALTY", [D(250)])])
def test_only_the_money_that_the_mandate_names_counts(scene, base, amounts):
    mandate(scene, base=base)
    contract = sign(scene)
    pay(scene, contract, "50000")
    if base == "ROYALTY":
        assert lines() == []
        scene.go(date(2027, 4, 2))
        making_reports(scene, contract)
        pay(scene, contract, "5000", date(2027, 4, 20), "T2")
    assert [amount for amount, _state in lines()] == amounts


def making_reports(scene, contract):
    """100 000 yuan were sold in the first quarter: 5 000 are owed."""
    licence = living_of(scene, contract)
    licence.deliver(SIGNED)
    licence.sell(SIGNED, "100000", date(2027, 4, 2))


def living_of(scene, contract):
    return living.Licence(contract, scene.officer, scene.buyer, scene.go)


# Reversed


def test_a_reversed_receipt_takes_its_commission_back(scene):
    mandate(scene)
    payment = pay(scene, sign(scene), "20000")
    services.reverse_payment(payment, "退汇", by=scene.officer)
    assert lines() == []
    assert books(scene.owner) == [0, 0, 0]


def test_what_was_paid_on_it_is_to_be_given_back(scene):
    mandate(scene)
    payment = pay(scene, sign(scene), "20000")
    services.pay_commission(CommissionLine.objects.get(), on=SIGNED, reference="P1", by=scene.officer)
    services.reverse_payment(payment, "退汇", by=scene.officer)
    assert lines() == [(D(1000), "paid"), (D(-1000), "due")]
    assert books(scene.owner) == [0, 1000, -1000]
    back = CommissionLine.objects.get(amount__lt=0)
    services.pay_commission(back, on=SIGNED, reference="P2", by=scene.officer)
    assert books(scene.owner) == [0, 0, 0]


def test_a_reversal_moves_what_later_receipts_earn(scene):
    mandate(scene, cap=D(1200))
    contract = sign(scene)
    first = pay(scene, contract, "20000")
    pay(scene, contract, "20000", reference="T2")
    assert lines() == [(D(1000), "due"), (D(200), "due")]
    services.reverse_payment(first, "退汇", by=scene.officer)
    assert lines() == [(D(1000), "due")]
    assert books(scene.owner) == [1000, -1000, 0]


def test_following_again_changes_nothing(scene):
    mandate(scene)
    contract = sign(scene)
    pay(scene, contract, "20000")
    before = list(CommissionLine.objects.values())
    services.commissions.follow(contract)
    assert list(CommissionLine.objects.values()) == before


# Invoiced, paid, disputed


@pytest.fixture
def due(scene):
    mandate(scene)
    pay(scene, sign(scene), "20000")
    return CommissionLine.objects.get()


def test_it_is_invoiced_by_the_broker_and_paid_by_the_principal(scene, due):
    with pytest.raises(Forbidden):
        services.bill_commission(due, "NO-1", by=scene.officer)
    assert services.bill_commission(due, "NO-1", by=scene.broker).state == "invoiced"
    with pytest.raises(Forbidden):
        services.pay_commission(due, on=SIGNED, reference="P1", by=scene.broker)
    assert services.pay_commission(due, on=SIGNED, reference="P1", by=scene.officer).state == "paid"
    with pytest.raises(Conflict):
        services.pay_commission(due, on=SIGNED, reference="P1", by=scene.officer)
    assert books(scene.owner) == [1000, 0, -1000]


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="DATABASE_URL names no PostgreSQL")
def test_whatever_is_done_to_a_line_waits_for_the_round_that_reads_it(scene, due):
    """A round of billing reads the lines under the lock of their contract."""
    for act in (
        lambda: services.dispute_commission(due, "不是其引荐。", by=scene.officer),
        lambda: services.settle_commission(due, by=scene.officer),
        lambda: services.bill_commission(due, "NO-1", by=scene.broker),
        lambda: services.pay_commission(due, on=SIGNED, reference="P1", by=scene.officer),
    ):
        with CaptureQueriesContext(connection) as seen:
            act()
        locks = [each["sql"] for each in seen if "FOR NO KEY UPDATE" in each["sql"]]
        assert 'FROM "contracts_contract"' in locks[0]


def test_a_dispute_needs_a_reason_and_is_taken_back_by_who_made_it_or_staff(scene, due, staff):
    with pytest.raises(Invalid):
        services.dispute_commission(due, "", by=scene.officer)
    services.dispute_commission(due, "不是其引荐。", by=scene.officer)
    with pytest.raises(Forbidden):
        services.settle_commission(due, by=scene.broker)
    with pytest.raises(Conflict):
        services.pay_commission(due, on=SIGNED, reference="P1", by=scene.officer)
    assert services.settle_commission(due, by=staff).state == "due"


def test_what_is_in_dispute_stays_so_when_it_is_computed_anew(scene):
    mandate(scene, cap=D(1200))
    contract = sign(scene)
    first = pay(scene, contract, "20000")
    pay(scene, contract, "20000", reference="T2")
    later = CommissionLine.objects.get(payment__reference="T2")
    services.dispute_commission(later, "封顶。", by=scene.officer)
    services.reverse_payment(first, "退汇", by=scene.officer)
    assert lines() == [(D(1000), "disputed")]


def test_a_disputed_introduction_leaves_its_commission_in_dispute(scene):
    _row, introduced = mandate(scene)
    brokerage.dispute_introduction(introduced, "早已认识。", by=scene.officer)
    pay(scene, sign(scene), "20000")
    assert lines() == [(D(1000), "disputed")]


def test_no_day_that_has_not_come_and_no_empty_reference(scene, due):
    for values in ({"on": SIGNED + timedelta(days=1), "reference": "P"}, {"on": SIGNED, "reference": " "}):
        with pytest.raises(Invalid):
            services.pay_commission(due, by=scene.officer, **values)


# Who sees it


def test_the_other_side_of_the_contract_does_not_see_it(scene, due, staff, outsider):
    people = (scene.officer, scene.broker, staff, scene.buyer, outsider)
    assert [Commission.objects.visible_to(each).count() for each in people] == [1, 1, 1, 0, 0]
    assert [CommissionLine.objects.visible_to(each).count() for each in people] == [1, 1, 1, 0, 0]


# The rules


MONEY = st.integers(0, 10**10).map(lambda fen: D(fen) / 100)


@given(st.lists(MONEY, max_size=8), st.none() | MONEY, st.booleans())
def test_receipts_earn_together_what_all_of_it_earns(amounts, cap, has_floor):
    floor = cap if has_floor else None
    terms = Terms(Base.RECEIVED, (Tier(D(0), D("0.07")), Tier(D(5000), D("0.031"))), floor, cap)
    found = dues([Receipt(number, each) for number, each in enumerate(amounts)], terms)
    assert sum((due.earned.amount for due in found), D(0)) == earned(sum(amounts, D(0)), terms).amount


def test_a_draft_earns_nothing(scene):
    make_mandate(scene.owner, manager=scene.broker)
    assert brokerage.log_introduction(scene.listing, scene.firm, by=scene.broker).supply_mandate is None
    sign(scene)
    assert (Commission.objects.count(), timezone.localdate()) == (0, SIGNED)
