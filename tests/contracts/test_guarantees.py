"""Guarantees: proposed, issued within the guarantor's limit, waived by a decision, ready to be claimed."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services
from marketplace.contracts.models import Contract, Guarantee
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories
from tests.contracts.living import ENTRY, SHEET, SIGNED, make_guarantor, make_licence, propose
from tests.contracts.making import decider_of, make_agreed_contract
from tests.rows import reread

COVER = {
    "kind": "COMPANY",
    "cover_amount": "40000",
    "cover_share": "0.8",
    "liability": "JOINT",
    "period_months": 6,
    "waiting_days": 10,
}
GUARANTEED = ENTRY | {"guarantees": [COVER]}
TERMS = {"waiting_days": 10}


@pytest.fixture
def guarantor(db):
    """A guarantee company with a million yuan of net assets, and its officer."""
    return make_guarantor()


@pytest.fixture
def pending(db, go):
    """Terms are agreed; a guarantee of 40 000 yuan is asked for."""
    go(SIGNED)
    return make_agreed_contract(sheet=GUARANTEED)


def proposed(contract, guarantor, **terms):
    return propose(contract, guarantor[0], decider_of(contract.seller), **(TERMS | terms))


def test_whoever_is_asked_may_read_the_contract(pending, guarantor):
    proposed(pending, guarantor)
    assert list(Contract.objects.visible_to(guarantor[1])) == [pending]


@pytest.mark.parametrize("months", [0, -1])
def test_a_period_that_ends_before_the_debt_is_due_is_refused(pending, guarantor, months):
    with pytest.raises(Invalid) as fault:
        proposed(pending, guarantor, period_months=months)
    assert fault.value.code == "E_GUARANTEE_PERIOD_INVALID"


def test_a_side_does_not_guarantee_its_own_contract(pending):
    with pytest.raises(Invalid) as fault:
        proposed(pending, (pending.buyer,))
    assert "guarantor" in fault.value.fields


def test_issued_as_agreed_the_contract_goes_on(pending, guarantor):
    services.issue(proposed(pending, guarantor), number="DB-1", by=guarantor[1])
    assert reread(pending).state == "notice_pending"


def test_only_the_guarantor_issues(pending, guarantor):
    with pytest.raises(Forbidden):
        services.issue(proposed(pending, guarantor), by=decider_of(pending.seller))


def test_issued_twice_is_a_conflict(pending, guarantor):
    guarantee = services.issue(proposed(pending, guarantor), by=guarantor[1])
    with pytest.raises(Conflict):
        services.issue(guarantee, by=guarantor[1])


@pytest.mark.parametrize("terms", [{"cover_amount": "39999.99"}, {"liability": "GENERAL"}, {"cover_share": "0.5"}])
def test_less_than_was_agreed_is_not_issued(pending, guarantor, terms):
    with pytest.raises(Conflict) as fault:
        services.issue(proposed(pending, guarantor, **terms), by=guarantor[1])
    assert fault.value.code == "E_GUARANTEE_LIMIT"


def test_a_contract_waits_for_every_answer(pending, guarantor):
    other = make_guarantor()
    second = proposed(pending, other)
    services.issue(proposed(pending, guarantor), by=guarantor[1])
    assert reread(pending).state == "guarantee_pending"
    services.refuse_guarantee(second, "风险过高。", by=other[1])
    assert reread(pending).state == "notice_pending"


@pytest.mark.parametrize(
    ("net_assets", "serves_small_firms", "is_within"),
    [("4000.00", False, True), ("3999.99", False, False), ("2700.00", True, True), ("2600.00", True, False)],
)
def test_a_guarantor_stands_in_for_a_multiple_of_its_net_assets(pending, net_assets, serves_small_firms, is_within):
    small = make_guarantor(net_assets, serves_small_firms=serves_small_firms)
    guarantee = proposed(pending, small)
    if is_within:
        assert services.issue(guarantee, by=small[1]).state == "issued"
        return
    with pytest.raises(Conflict) as fault:
        services.issue(guarantee, by=small[1])
    assert fault.value.code == "E_GUARANTEE_LIMIT"


def test_a_company_that_showed_no_net_assets_issues_nothing(pending):
    organisation = factories.make_organisation("GUARANTOR")
    stranger = (organisation, factories.make_member(organisation))
    with pytest.raises(Conflict) as fault:
        services.issue(proposed(pending, stranger), by=stranger[1])
    assert fault.value.code == "E_GUARANTEE_LIMIT"


def test_exposure_is_what_is_issued_and_not_released(pending, guarantor):
    guarantee = services.issue(proposed(pending, guarantor), by=guarantor[1])
    assert services.exposure_of(guarantor[0], SIGNED) == Decimal("40000.00")
    services.release(guarantee, by=decider_of(pending.seller))
    assert services.exposure_of(guarantor[0], SIGNED) == 0


def test_nobody_uses_first_without_a_guarantee_or_its_waiver(db, go):
    go(SIGNED)
    contract = make_agreed_contract(sheet=SHEET)
    assert contract.state == "guarantee_pending"
    services.waive_guarantee(contract, "金额小,不要求担保。", by=decider_of(contract.seller))
    assert reread(contract).state == "notice_pending"


def test_a_waiver_says_why(pending):
    with pytest.raises(Invalid):
        services.waive_guarantee(pending, " ", by=decider_of(pending.seller))


def test_a_public_owner_waives_by_a_decision_on_these_terms(db, go, university):
    go(SIGNED)
    contract = make_agreed_contract(sheet=SHEET, seller=university)
    officer = decider_of(university)
    with pytest.raises(Conflict) as fault:
        services.waive_guarantee(contract, "学校决定。", by=officer)
    assert fault.value.code == "E_NO_DECISION_RECORD"
    services.record_decision(
        contract, meeting="校长办公会", held_on=SIGNED, attendees=["林校长", "周处长"], votes_for=2,
        resolution="不要求担保。", by=officer,
    )  # fmt: skip
    assert services.waive_guarantee(contract, "学校决定。", by=officer).state == "notice_pending"


# After default


@pytest.fixture
def defaulted(db, go, guarantor):
    """The upfront fee of 50 000 was due on 3 February, demanded on 3 March, and never paid; 40 000 are guaranteed."""
    licence = make_licence(go, ENTRY)
    licence.deliver()
    guarantee = proposed(licence.contract, guarantor)
    services.issue(guarantee, number="DB-2027-1", by=guarantor[1])
    licence.tick(date(2027, 3, 3))
    services.demand(licence.contract, note="请支付入门费。", by=licence.seller)
    licence.tick(date(2027, 4, 3))
    return licence


def test_before_a_default_there_is_nothing_to_claim(entry):
    with pytest.raises(Conflict) as fault:
        services.claim_file(entry.contract, by=entry.seller)
    assert fault.value.code == "not_defaulted"


def test_a_stranger_does_not_learn_of_it(defaulted, outsider):
    with pytest.raises(NotFound):
        services.claim_file(defaulted.contract, by=outsider)


def test_the_guarantor_reads_the_file(defaulted, guarantor):
    assert services.claim_file(defaulted.contract, by=guarantor[1])["contract"] == defaulted.row.public_id


def test_the_file_says_what_is_covered_until_when_and_how_much(defaulted):
    (found,) = services.claim_file(defaulted.contract, by=defaulted.seller)["guarantees"]
    (line,) = found["lines"]
    loss = Decimal("50000") + Decimal("484.93")  # 59 days at 6 %
    assert (line["obligation"], line["loss"]) == ("upfront", str(loss))
    assert (line["claimable_from"], line["covered_until"]) == ("2027-02-14", "2027-08-03")
    assert line["amount"] == found["claimable"] == "40000.00"  # 80 % is 40 387.94, and the cover 40 000


def test_the_file_holds_the_whole_evidence(defaulted):
    file = services.claim_file(defaulted.contract, by=defaulted.seller)
    assert file["demand"]["note"] == "请支付入门费。"
    assert (file["demand"]["demanded_on"], file["demand"]["cure_until"]) == ("2027-03-03", "2027-04-02")
    assert {each["side"] for each in file["signatures"]} == {"SELLER", "BUYER"}
    assert [each["kind"] for each in file["facts"]] == ["SIGNED", "DELIVERED"]
    assert file["text"]["sha256"] == file["signatures"][0]["sha256"]


def test_too_late_is_named(defaulted):
    file = services.claim_file(defaulted.contract, day=date(2027, 8, 4), by=defaulted.seller)
    lines = [line for line in file["guarantees"][0]["lines"] if line["obligation"] == "upfront"]
    assert [(each["amount"], each["fault"]) for each in lines] == [("0.00", "E_CLAIM_LATE")]


def test_a_payment_is_covered_as_the_law_says_where_nothing_was_agreed(defaulted):
    Guarantee.objects.update(period_months=None)
    guarantee = Guarantee.objects.get()
    line = defaulted.statement(date(2027, 4, 3)).line("upfront")
    assert services.covered_until(guarantee, line) == date(2027, 8, 3)
