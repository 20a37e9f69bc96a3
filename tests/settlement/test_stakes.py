"""Stakes: recorded from the contract's own term, registered with their papers, ended with a reason and proceeds."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.core.errors import Forbidden, Invalid
from marketplace.core.models import Entry
from marketplace.settlement import services
from tests import factories
from tests.contracts.living import ENTRY, SIGNED
from tests.contracts.making import make_agreed_contract
from tests.refusals import refused
from tests.rows import reread
from tests.settlement.owning import FACTS, SHEET, make_owning
from tests.settlement.sharing import make_sharing


@pytest.fixture
def owning(db, go):
    return make_owning(go)


def test_a_stake_is_what_the_contract_says_in_the_licensee(owning):
    stake, buyer = owning.record(), owning.contract.buyer
    assert (stake.percent, stake.valuation, stake.term) == (Decimal("0.2"), Decimal("2000000.00"), "shares")
    assert (stake.company, stake.credit_code, stake.agreed_on) == (buyer.name_zh, buyer.credit_code, SIGNED)
    assert (stake.state, stake.units, stake.law_place) == ("agreed", 200_000, "110000")
    assert Entry.objects.filter(verb="settlement.record_stake", subject_id=stake.pk).count() == 1


def test_another_company_has_its_name_and_a_code_that_is_checked(owning):
    code = factories.make_credit_code()
    stake = owning.record(credit_code=code.lower(), company="新设公司")
    assert (stake.company, stake.credit_code) == ("新设公司", code)
    spoilt = code[:-1] + ("0" if code[-1] != "0" else "1")
    other = make_owning(owning.sharing.licence.go)
    with pytest.raises(Invalid) as fault:
        other.record(credit_code=spoilt, company="新设公司")
    assert "credit_code" in fault.value.fields
    with pytest.raises(Invalid) as fault:
        other.record(credit_code=code)
    assert "company" in fault.value.fields


def test_another_percent_says_why(owning):
    assert refused(owning.record, percent=Decimal("0.15")) == "E_PERCENT_DIFFERS"
    stake = owning.record(percent=Decimal("0.15"), percent_reason="章程修正案")
    assert (stake.percent, stake.units) == (Decimal("0.15"), 150_000)


def test_shares_are_counted_where_there_are_some(owning):
    assert owning.record(shares=3_000_000).units == 3_000_000


def test_a_term_has_one_stake(owning):
    owning.record()
    assert refused(owning.record) == "already_recorded"


def test_without_shares_in_the_terms_there_is_no_stake(db, go):
    assert refused(make_owning(go, sheet=ENTRY).record) == "E_NO_EQUITY_TERM"


def test_before_the_signature_there_is_no_stake(db):
    contract = make_agreed_contract(sheet=SHEET)
    officer = factories.make_member(contract.seller)
    assert refused(services.record_stake, contract, **FACTS, by=officer) == "not_signed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("agreed_on", SIGNED - timedelta(days=1)),
        ("agreed_on", date(2040, 1, 1)),
        ("valued_on", date(2040, 1, 1)),
        ("instrument", "LETTER"),
        ("basis", "GUESS"),
        ("valuation", Decimal(-1)),
        ("percent", Decimal(2)),
        ("shares", -5),
    ],
)
def test_what_cannot_be_is_refused_on_its_field(owning, name, value):
    with pytest.raises(Invalid) as fault:
        owning.record(**{name: value, "percent_reason": "章程修正案"})
    assert name in fault.value.fields


def test_a_paper_of_others_is_not_taken(owning, go):
    other = make_sharing(go)
    with pytest.raises(Invalid) as fault:
        owning.record(instrument_paper=other.paper())
    assert "instrument_paper" in fault.value.fields


# Registering and ending


def test_it_is_registered_with_all_three_papers(owning):
    stake = owning.record(valuation_paper=None)
    assert refused(owning.register, stake) == "E_PAPER_MISSING"
    assert reread(stake).state == "agreed"
    services.keep_stake_paper(stake, "valuation_paper", owning.paper(), by=owning.officer)
    stake = owning.register(stake)
    assert (stake.state, stake.registered_on) == ("registered", SIGNED)
    assert refused(services.keep_stake_paper, stake, "valuation_paper", owning.paper(), by=owning.officer)


@pytest.mark.parametrize("on", [SIGNED - timedelta(days=1), date(2040, 1, 1)])
def test_it_is_registered_on_a_day_that_can_be(owning, on):
    with pytest.raises(Invalid) as fault:
        owning.register(owning.record(), on)
    assert "on" in fault.value.fields


def end(owning, stake, **values):
    given = {"ending": "SOLD", "on": timezone.localdate(), "reason": "协议转让。", "proceeds": "3000000"}
    return services.end_stake(stake, **{**given, **values}, by=owning.officer)


def test_it_ends_once_with_a_reason_and_proceeds(owning):
    stake = end(owning, owning.register(owning.record()))
    assert (stake.state, stake.ending, stake.proceeds) == ("ended", "SOLD", Decimal("3000000.00"))
    assert refused(end, owning, stake) == "conflict"


@pytest.mark.parametrize(
    ("name", "value"),
    [("reason", " "), ("on", date(2040, 1, 1)), ("on", date(2026, 1, 1)), ("ending", "LOST"), ("proceeds", "-1")],
)
def test_an_ending_is_whole(owning, name, value):
    with pytest.raises(Invalid) as fault:
        end(owning, owning.record(), **{name: value})
    assert name in fault.value.fields


def test_what_is_proposed_of_it_ends_with_it(owning):
    stake = owning.record()
    owning.plan(stake, "1/2", "1/2")
    row = owning.allot(stake)
    end(owning, stake)
    assert reread(row).state == "withdrawn"
    assert refused(owning.allot, stake) == "E_STAKE_ENDED"
    assert refused(owning.draft, stake, "1") == "E_STAKE_ENDED"


def test_only_who_decides_for_the_owner_records(owning):
    for user in (owning.sharing.licence.buyer, factories.make_member(), factories.make_user(is_staff=True)):
        with pytest.raises(Forbidden):
            services.record_stake(owning.contract, **FACTS, by=user)
