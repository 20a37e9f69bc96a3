"""A correction lowers what a receipt earned: what is approved of it waits, and what is paid is shared once."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services as contracts
from marketplace.core.models import Letter
from marketplace.settlement import computing, services
from marketplace.settlement.checking import differences
from tests.contracts.living import SIGNED
from tests.refusals import code_of
from tests.rows import reread

REPORTED, ARRIVED = date(2027, 4, 5), date(2027, 4, 20)


@pytest.fixture
def receipt(sharing):
    """5 000 yuan of royalty, all of it earned; the upfront fee is paid."""
    sharing.plan("50%", "50%")
    sharing.licence.deliver(SIGNED)
    sharing.receive("50000")
    sharing.licence.sell(SIGNED, "100000", REPORTED)
    return sharing.receive("5000", day=ARRIVED, reference="Q1")


def correct(sharing, gross):
    """The sales of the first quarter were others."""
    row = contracts.correct(sharing.licence.report(SIGNED), {"gross": gross}, note="复核。", by=sharing.licence.buyer)
    contracts.accept_report(row, by=sharing.licence.seller)


def test_a_proposal_of_more_than_is_earned_is_not_approved(sharing, receipt):
    row = sharing.noticed(sharing.propose(receipt))
    correct(sharing, "60000")
    assert code_of(services.approve, row, by=sharing.approver) == "E_LESS_EARNED"
    services.withdraw(row, "重算", by=sharing.officer)
    assert sharing.propose(receipt).received == 3000


def test_what_is_approved_is_not_paid_until_it_is_taken_back(sharing, receipt):
    row = sharing.approved(sharing.propose(receipt))
    correct(sharing, "60000")
    assert code_of(services.make_payout, sharing.book, by=sharing.officer) == "nothing_to_pay"
    assert [gap.code for gap in services.what_blocks(row)] == ["E_LESS_EARNED"]
    assert Letter.objects.filter(key__startswith="reward:less-earned").exists()
    services.reverse_distribution(row, "报表更正", by=sharing.officer)
    assert sharing.approved(sharing.propose(receipt)).received == 3000
    assert sharing.paid().total == 1500
    assert differences() == []


def test_a_file_that_nobody_took_yet_is_not_taken(sharing, receipt):
    sharing.approved(sharing.propose(receipt))
    payout = services.make_payout(sharing.book, by=sharing.officer)
    correct(sharing, "60000")
    assert code_of(services.take_file, payout, by=sharing.officer) == "less_earned"


def test_what_is_paid_stays_paid_and_is_shared_no_second_time(sharing, receipt):
    """The rest is a credit; when later royalty uses it up, it is earned again, and shared already."""
    row = sharing.approved(sharing.propose(receipt))
    sharing.paid()
    correct(sharing, "60000")
    assert (reread(row).state, computing.to_be_shared(receipt)) == ("paid", Decimal(-2000))
    correct(sharing, "100000")
    assert computing.to_be_shared(receipt) == 0
    assert code_of(services.propose, receipt, by=sharing.officer) == "nothing_to_share"
