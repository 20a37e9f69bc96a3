"""From approved shares to the bank and back, with the books beside them."""

from decimal import Decimal

import pytest

from marketplace.settlement import services
from marketplace.settlement.models import ClawBack, Distribution, Journal
from tests import factories
from tests.contracts.living import SIGNED
from tests.refusals import refused
from tests.rows import reread
from tests.settlement.sharing import RECEIVED, THIRDS, books, tomorrow

pytestmark = pytest.mark.usefixtures("everything_adds_up")


def test_the_file_is_the_same_bytes_each_time_and_adds_up(sharing):
    sharing.plan(*THIRDS)
    sharing.approved(sharing.propose(sharing.receive("0.05")))
    payout = services.make_payout(sharing.book, by=sharing.officer)
    first = services.take_file(payout, by=sharing.officer)
    services.keep_account(
        sharing.people[0], holder="他人", bank="别行", account_number="99990000", by=sharing.people[0].user
    )
    assert services.take_file(reread(payout), by=sharing.officer) == first
    lines = first.decode("utf-8-sig").splitlines()
    assert lines[0] == "序号,收款人户名,收款人账号,开户银行,金额,用途"
    assert lines[-1] == f"合计,{payout.line_count},,,{payout.total:.2f},"
    assert payout.total == sum(Decimal(line.split(",")[4]) for line in lines[1:-1])


def test_a_share_is_in_one_batch(sharing):
    sharing.plan("100%")
    sharing.approved(sharing.propose(sharing.receive()))
    services.make_payout(sharing.book, by=sharing.officer)
    assert refused(services.make_payout, sharing.book, by=sharing.officer) == "nothing_to_pay"


def test_without_an_account_nobody_is_paid(sharing):
    user = factories.make_member(sharing.book, "inventor")
    sharing.people = [services.keep_payee(sharing.book, {"name": "无账号", "user": user}, by=sharing.officer)]
    sharing.plan("100%")
    sharing.approved(sharing.propose(sharing.receive()))
    assert refused(services.make_payout, sharing.book, by=sharing.officer) == "no_account"


def test_a_file_that_nobody_took_cannot_be_paid(sharing):
    sharing.plan("100%")
    sharing.approved(sharing.propose(sharing.receive()))
    payout = services.make_payout(sharing.book, by=sharing.officer)
    facts = {"on": RECEIVED, "reference": "B1", "by": sharing.officer}
    assert refused(services.mark_paid, payout, **facts) == "not_taken"
    services.take_file(payout, by=sharing.officer)
    assert refused(services.mark_paid, payout, **(facts | {"on": tomorrow()})) == "invalid"
    assert refused(services.mark_paid, payout, **(facts | {"reference": " "})) == "invalid"
    services.mark_paid(payout, **facts)
    assert refused(services.mark_paid, payout, **facts) == "conflict"


def test_a_transfer_that_came_back_waits_again(sharing):
    sharing.plan("50%", "50%")
    row = sharing.shared()
    line = row.shares.first().payout_lines.get()
    share = services.return_transfer(line, "账号有误", by=sharing.officer)
    assert (share.state, reread(row).state, books(sharing)["PAID_OUT"]) == ("waiting", "approved", -12500)
    sharing.paid()
    assert (reread(row).state, books(sharing)["PAID_OUT"]) == ("paid", -25000)


def test_what_was_set_off_in_full_is_returned_by_no_bank(sharing):
    """The bank never had it: it stands in no file."""
    sharing.plan("100%")
    services.reverse_distribution(sharing.shared("20000"), "重算", by=sharing.officer)
    sharing.approved(sharing.propose(sharing.receive("10000", reference="R2")))
    line = sharing.paid().lines.get()
    assert (line.amount, line.set_off) == (0, 5000)
    assert refused(services.return_transfer, line, "账号有误", by=sharing.officer) == "no_transfer"


def test_a_withdrawn_batch_lets_its_shares_wait(sharing):
    sharing.plan("100%")
    sharing.approved(sharing.propose(sharing.receive()))
    services.withdraw_payout(services.make_payout(sharing.book, by=sharing.officer), "账号有误", by=sharing.officer)
    assert sharing.paid().line_count == 1


# Reversal


def test_a_distribution_reversed_before_it_is_paid_leaves_nothing(sharing):
    sharing.plan("100%")
    before = books(sharing)
    row = sharing.approved(sharing.propose(sharing.receive()))
    services.make_payout(sharing.book, by=sharing.officer)
    services.reverse_distribution(row, "成本漏记", by=sharing.officer)
    assert row.shares.get().state == "void"
    assert {kind for kind in books(sharing) if kind not in before} == {"BANK"}
    assert services.propose(row.payment, by=sharing.officer).received == 50000


def test_a_reversed_receipt_is_owed_back_and_set_off_with_the_next(sharing):
    sharing.plan("50%", "50%")
    row = sharing.shared("20000")
    services.reverse_payment(row.payment, "退汇", by=sharing.officer)
    assert (reread(row).state, books(sharing)["CLAW_BACK"], books(sharing)["PAID_OUT"]) == ("reversed", 10000, -10000)
    later = sharing.approved(sharing.propose(sharing.receive("30000", reference="R2")))
    payout = sharing.paid()
    assert (payout.total, later.shares.first().payout_lines.get().set_off) == (5000, 5000)
    assert "CLAW_BACK" not in books(sharing)
    assert [each.state for each in ClawBack.objects.all()] == ["settled", "settled"]


def test_what_is_given_back_brings_every_account_to_zero(sharing):
    sharing.plan("50%", "50%")
    row = sharing.shared("20000")
    services.reverse_payment(row.payment, "退汇", by=sharing.officer)
    for number, each in enumerate(ClawBack.objects.all()):
        facts = {"on": RECEIVED, "reference": f"G{number}", "by": sharing.officer}
        assert refused(services.give_back, each, Decimal("5000.01"), **facts) == "invalid"
        services.give_back(each, Decimal(5000), **facts)
        services.give_back(each, Decimal(5000), **facts)  # the same money once
    assert books(sharing) == {"RECEIVABLE": 50000, "INCOME": -50000}


@pytest.mark.parametrize(("amount", "on"), [(2000, RECEIVED), (1000, SIGNED)])
def test_another_amount_or_day_under_the_same_reference_is_not_swallowed(sharing, amount, on):
    sharing.plan("100%")
    row = sharing.shared("20000")
    services.reverse_payment(row.payment, "退汇", by=sharing.officer)
    each = ClawBack.objects.get()
    services.give_back(each, Decimal(1000), on=RECEIVED, reference="R", by=sharing.officer)
    given = {"on": on, "reference": "R", "by": sharing.officer}
    assert refused(services.give_back, each, Decimal(amount), **given) == "reference_used"
    assert reread(each).settled == 1000


def test_a_set_off_is_undone_with_its_transfer(sharing):
    sharing.plan("100%")
    first = sharing.shared("10000")
    services.reverse_distribution(first, "重算", by=sharing.officer)
    sharing.approved(sharing.propose(sharing.receive("30000", reference="R2")))
    payout = services.make_payout(sharing.book, by=sharing.officer)
    assert (payout.total, ClawBack.objects.get().state) == (10000, "settled")
    services.withdraw_payout(payout, "缓发", by=sharing.officer)
    assert (ClawBack.objects.get().state, ClawBack.objects.get().left) == ("owed", 5000)


def test_what_the_bank_has_already_is_clawed_back_when_it_is_paid(sharing):
    sharing.plan("100%")
    row = sharing.approved(sharing.propose(sharing.receive("10000")))
    payout = sharing.sent()
    services.reverse_payment(row.payment, "退汇", by=sharing.officer)
    assert row.shares.get().state == "sent"
    sharing.paid(payout)
    assert (ClawBack.objects.get().amount, books(sharing)["CLAW_BACK"]) == (5000, 5000)


def test_a_reversed_receipt_withdraws_what_was_only_proposed(sharing):
    sharing.plan("100%")
    row = sharing.propose(sharing.receive())
    services.reverse_payment(row.payment, "退汇", by=sharing.officer)
    assert (reread(row).state, Journal.objects.filter(kind="SHARED").count()) == ("withdrawn", 0)


def test_nothing_is_reversed_twice(sharing):
    sharing.plan("100%")
    row = sharing.shared()
    services.reverse_distribution(row, "重算", by=sharing.officer)
    assert refused(services.reverse_distribution, row, "重算", by=sharing.officer) == "conflict"
    assert Distribution.objects.live().count() == 0
