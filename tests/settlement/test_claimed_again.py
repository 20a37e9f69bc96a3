"""What was accepted and never paid is free again: for a later default, another guarantor, or a loss that opens again.

40 000 or more are accepted; then the licensee pays a part itself, and the guarantor what is left.
"""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services as contracts
from marketplace.core.access import SYSTEM
from marketplace.core.money import to_fen
from marketplace.settlement import exposure, services
from marketplace.settlement.models import Claim, Loss, Recourse
from marketplace.settlement.services.losses import due_of
from tests.refusals import code_of
from tests.rows import reread

from .claiming import DEFAULTED, SECOND_IN_APRIL, TWO_PAYMENTS, make_defaulted, make_issued

pytestmark = pytest.mark.usefixtures("everything_adds_up")

WHOLE, HALF = {"cover_share": Decimal(1)}, {"cover_share": Decimal("0.5")}
LARGE = {"cover_amount": Decimal(90_000)}
APRIL, MAY = date(2027, 4, 20), date(2027, 5, 24)


@pytest.fixture
def part_paid(db, go):
    """The guarantor bears all up to 60 000; of the 50 328.77 it paid 10 000, and the licensee the rest."""
    return make_part_paid(go, cover_amount=Decimal(60_000), **WHOLE)


def make_part_paid(go, **terms):
    found = make_defaulted(go, **terms)
    found.file()
    found.accept()
    found.fact = found.licence.pay("40328.77", DEFAULTED, "T1", obligation="upfront")
    found.compensate("10000", on=DEFAULTED)
    return found


def default_again(found, day=APRIL, later=MAY):
    found.go(day)
    services.bill(found.contract, by=SYSTEM)
    contracts.demand(found.contract, by=found.seller)
    found.licence.tick(later)
    assert found.contract.state == "defaulted"


def bounce(found):
    contracts.revoke_fact(found.fact, "退汇。", by=found.seller)


# The cover


def test_cover_that_was_not_paid_out_serves_a_later_default(go, db):
    found = make_part_paid(go, sheet=SECOND_IN_APRIL, cover_amount=Decimal(50_328), **WHOLE)
    assert exposure.exposure_on(found.guarantee.guarantor, APRIL).total == Decimal(40_328)
    default_again(found)
    assert [line.loss.obligation.key for line in found.file().lines.all()] == ["second"]


def test_cover_that_is_left_and_cover_that_may_be_claimed_are_the_same(go, db):
    found = make_part_paid(go, sheet=SECOND_IN_APRIL, cover_amount=Decimal(50_400), **WHOLE)
    default_again(found)
    claim = found.file()
    assert claim.cover == reread(found.guarantee).cover_left == 40_400


# The loss


def test_a_loss_is_claimed_for_what_was_paid_of_it(part_paid):
    row = Loss.objects.get()
    assert (row.claimed, row.compensated, row.borne) == (10_000, 10_000, 0)


def test_a_loss_that_opens_again_is_claimed_again(part_paid):
    bounce(part_paid)
    default_again(part_paid, DEFAULTED, date(2027, 4, 26))
    line = part_paid.file().lines.get()
    assert line.amount == line.lost - 10_000 > 40_000


def test_it_is_claimed_again_within_the_same_default(go, db):
    """The guarantor bore four fifths of what was left, so the licence is in default still."""
    found = make_defaulted(go, **LARGE)
    found.file()
    found.accept()
    found.fact = found.licence.pay("30328.77", DEFAULTED, "T1", obligation="upfront")
    found.compensate("16000", on=DEFAULTED)
    assert code_of(found.file) == "E_DUPLICATE_CLAIM"
    bounce(found)
    line = found.file().lines.get()
    assert line.amount == to_fen(line.lost * Decimal("0.8")) - 16_000


def test_interest_that_runs_on_opens_nothing_again(go, db):
    found = make_defaulted(go, **LARGE)
    found.file()
    found.accept()
    found.compensate("40263.02", on=DEFAULTED)
    found.go(MAY)
    assert code_of(found.file) == "E_DUPLICATE_CLAIM"


def test_what_was_accepted_in_part_is_not_claimed_again(go, db):
    found = make_defaulted(go, **LARGE)
    found.file()
    found.accept(amount=Decimal(30_000), reasons="超出约定范围的部分不予认可。")
    found.compensate("30000")
    assert code_of(found.file) == "E_DUPLICATE_CLAIM"


def test_a_loss_that_opened_again_is_compensated_once(part_paid):
    bounce(part_paid)
    default_again(part_paid, DEFAULTED, date(2027, 4, 26))
    claim = part_paid.file()
    part_paid.accept()
    part_paid.compensate(str(claim.amount), on=date(2027, 4, 26), reference="G2")
    assert (part_paid.contract.state, Recourse.objects.count()) == ("paying", 2)
    assert Loss.objects.get().compensated == 10_000 + claim.amount


# Another guarantor


def test_a_second_guarantor_is_asked_for_its_half(go, db):
    found, second = make_halves(go)
    assert found.file(second).amount == Decimal("10004.11")  # with the interest of five days


def make_halves(go):
    """Two guarantors of one half each; the licensee pays 30 328.77, the first of them half of the 20 000 left."""
    found = make_defaulted(go, **HALF, **LARGE)
    second = make_issued(found.licence, "RISK_POOL", **HALF, **LARGE)
    found.file()
    found.accept()
    found.licence.pay("30328.77", DEFAULTED, "T1", obligation="upfront")
    found.compensate("10000", on=DEFAULTED)
    return found, second


# Taken back


def test_a_compensation_taken_back_holds_what_was_accepted_again(part_paid):
    services.reverse_compensation(Claim.objects.get(), "退汇。", by=part_paid.seller)
    assert Loss.objects.get().claimed == Claim.objects.get().accepted


def test_it_holds_no_more_than_others_have_left_of_the_loss(go, db):
    """25 164.39 were accepted; half of the loss of 20 008.22 is the second guarantor's claim by now."""
    found, second = make_halves(go)
    first = Claim.objects.get()
    found.file(second)
    services.reverse_compensation(first, "退汇。", by=found.seller)
    assert (first.lines.get().held, Loss.objects.get().claimed) == (Decimal("10004.11"), Decimal("20008.22"))


def test_it_holds_no_more_than_is_left_of_the_cover(go, db):
    found = make_part_paid(go, sheet=SECOND_IN_APRIL, cover_amount=Decimal(55_000), **WHOLE)
    first = Claim.objects.get()
    default_again(found)
    second = found.file()
    services.accept_claim(second, by=found.guarantor)
    found.compensate(str(second.amount), on=MAY, reference="G2")
    services.reverse_compensation(first, "退汇。", by=found.seller)
    assert first.lines.get().held == Decimal(55_000) - second.amount


def test_the_day_to_pay_is_set_anew(part_paid):
    part_paid.go(date(2027, 3, 20))
    claim = services.reverse_compensation(Claim.objects.get(), "退汇。", by=part_paid.seller)
    assert claim.pay_by == date(2027, 3, 30)


def test_a_deposit_taken_back_has_no_day_to_pay(go, db):
    found = make_defaulted(go, "DEPOSIT")
    found.file()
    claim = found.compensate("40000")
    assert services.reverse_compensation(claim, "记错。", by=found.seller).pay_by is None


# Shared back


def test_a_recovery_is_shared_by_what_each_really_bore(go, db):
    """One half of what was left after the licensee had paid a part of it, so one half of what comes back."""
    found = make_defaulted(go, sheet=TWO_PAYMENTS, **HALF, **LARGE)
    found.file()
    found.accept()
    found.licence.pay("50328.77", DEFAULTED, "T1", obligation="upfront")
    found.compensate(due_on(DEFAULTED), on=DEFAULTED)
    row = found.recover("1000")
    assert (row.guarantor_part, row.licensor_part) == (500, 500)


def due_on(day):
    return str(sum(due_of(Claim.objects.get(), day).values()))


def test_what_a_second_guarantor_has_not_paid_yet_is_borne_by_the_licensor(go, db):
    found = make_defaulted(go, **HALF, **LARGE)
    first = found.file()
    found.accept()
    found.file(make_issued(found.licence, "RISK_POOL", **HALF, **LARGE))
    found.licence.pay("30328.77", DEFAULTED, "T1", obligation="upfront")
    given = {"on": DEFAULTED, "reference": "G1", "by": found.seller}
    services.compensate(reread(first), Decimal(10_000), **given)
    assert found.recover("1000").guarantor_part == 500
