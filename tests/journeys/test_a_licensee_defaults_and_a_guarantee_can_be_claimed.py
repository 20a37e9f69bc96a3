"""A firm pays nothing: reminded, demanded, given its thirty days, in default; the guarantee is ready to be claimed."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services
from marketplace.contracts.models import Contract, Reminder
from marketplace.core import news
from marketplace.core.errors import Conflict
from tests.contracts.living import ENTRY, SIGNED, Licence, make_guarantor, propose
from tests.contracts.making import answer_everything, decider_of, hand_in_text, make_agreed_contract, sign_as
from tests.rows import reread

COVER = {
    "kind": "COMPANY",
    "cover_amount": "60000",
    "cover_share": "0.8",
    "liability": "JOINT",
    "period_months": 12,
}
SHEET = ENTRY | {"guarantees": [COVER]}


@pytest.fixture
def licence(db, go):
    """Signed with a guarantee of 60 000 yuan, four fifths of each loss, a year for each payment."""
    go(SIGNED)
    contract = make_agreed_contract(sheet=SHEET)
    organisation, officer = make_guarantor()
    terms = {"cover_amount": "60000.00", "period_months": 12}
    guarantee = propose(contract, organisation, decider_of(contract.seller), **terms)
    services.issue(guarantee, number="保函2027-01", by=officer)
    answer_everything(reread(contract))
    row = hand_in_text(reread(contract))
    sign_as(row, "SELLER")
    row = sign_as(reread(row), "BUYER")
    return Licence(row, decider_of(row.seller), decider_of(row.buyer), go)


@pytest.fixture
def defaulted(licence):
    licence.deliver()
    day = SIGNED
    while day <= date(2027, 3, 5):  # the clock alone, on the days that it asks for
        licence.tick(day)
        day = licence.contract.next_clock_on
    licence.go(date(2027, 3, 8))
    services.demand(licence.contract, note="请于三十日内付清入门费及利息。", by=licence.seller)
    licence.sell(SIGNED, "200000", date(2027, 4, 6))
    licence.tick(date(2027, 4, 8))
    return licence


def test_nobody_is_surprised_by_the_default(defaulted):
    steps = Reminder.objects.filter(contract=defaulted.row, about="pay:upfront", side="BUYER").values_list("step")
    assert sorted(step for (step,) in steps) == [-15, -7, -1, 2, 7, 30]
    assert (defaulted.contract.demanded_on, defaulted.contract.cure_until) == (date(2027, 3, 8), date(2027, 4, 7))
    assert defaulted.state == "defaulted"


def test_the_claim_is_ready_with_what_is_covered_until_when(defaulted):
    file = services.claim_file(defaulted.contract, by=defaulted.seller)
    (line,) = file["guarantees"][0]["lines"]
    interest = Decimal("50000") * 64 * Decimal("0.06") / 365  # from 4 February to 8 April
    assert Decimal(line["loss"]) == Decimal("50000") + interest.quantize(Decimal("0.01"))
    assert (line["covered_until"], line["amount"]) == ("2028-02-03", "40420.82")
    assert file["statement"]["overdue"] == "50000.00"  # the royalty of the quarter is not due yet


def test_a_second_missing_payment_is_a_second_line_of_the_claim(defaulted):
    defaulted.tick(date(2027, 6, 1))
    lines = services.claim_file(defaulted.contract, by=defaulted.seller)["guarantees"][0]["lines"]
    assert [each["obligation"] for each in lines] == ["upfront", "royalty:2027-Q1"]
    assert [each["covered_until"] for each in lines] == ["2028-02-03", "2028-05-30"]


def test_the_guarantor_sees_the_contract_and_its_file(defaulted):
    guarantor = decider_of(defaulted.contract.guarantees.get().guarantor)
    assert Contract.objects.visible_to(guarantor).get() == defaulted.contract
    assert services.claim_file(defaulted.contract, by=guarantor)["guarantees"][0]["number"] == "保函2027-01"


def test_the_licence_is_terminated_and_what_is_owed_stays_claimable(defaulted):
    heard = []

    def listen(contract, **_):
        heard.append(contract.state)

    news.contract_ended.connect(listen)
    services.terminate(defaulted.contract, "催告后仍未付款。", by=defaulted.seller)
    news.contract_ended.disconnect(listen)
    assert heard == ["terminated"]
    assert services.claim_file(defaulted.contract, by=defaulted.seller)["guarantees"][0]["claimable"] == "40420.82"


def test_nobody_claims_what_was_cured(defaulted):
    defaulted.pay("60000", date(2027, 4, 9), "1")
    assert defaulted.state == "paying"
    with pytest.raises(Conflict) as fault:
        services.claim_file(defaulted.contract, by=defaulted.seller)
    assert fault.value.code == "not_defaulted"
