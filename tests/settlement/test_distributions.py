"""From a receipt to paid shares and back, with the books beside them."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.notices import services as notices
from marketplace.notices.models import Notice
from marketplace.settlement import services
from marketplace.settlement.checking import differences
from marketplace.settlement.models import ClawBack, Distribution, Journal, Share
from marketplace.settlement.services.ledger import trial_balance
from marketplace.workspace.kinds import rewards
from tests import factories
from tests.contracts.living import SIGNED
from tests.contracts.making import close
from tests.rows import reread
from tests.settlement.sharing import RECEIVED, THIRDS, make_sharing, tomorrow

ZHEJIANG, SHANDONG = "330000", "370000"


@pytest.fixture(autouse=True)
def everything_adds_up(db):
    """After each test of this file, shares, books and engine agree."""
    yield
    assert differences() == []


def refused(act, *given, **named):
    with pytest.raises((Conflict, Invalid)) as fault:
        act(*given, **named)
    return fault.value.code


def books(sharing):
    return {kind: amount for kind, amount in trial_balance(sharing.book).items() if amount}


def amounts(row):
    return list(row.shares.order_by("id").values_list("amount", flat=True))


# Computing


def test_half_of_the_net_income_is_the_reward_where_nothing_else_is_said(sharing):
    sharing.plan("50%", "30%", "20%")
    sharing.cost("2000")
    sharing.cost("500", "VALUATION")
    row = sharing.propose(sharing.receive("50000"))
    assert (row.costs, row.net, row.rate, row.pool, row.retained) == (2500, 47500, Decimal("0.5"), 23750, 23750)
    assert amounts(row) == [11875, 7125, 4750]


def test_zhejiang_gives_seventy_percent_and_a_part_to_its_staff(db, go):
    sharing = make_sharing(go, ZHEJIANG)
    sharing.plan("70%", "25%", staff="5%")
    row = sharing.propose(sharing.receive("50000"))
    assert (row.pool, amounts(row)) == (35000, [24500, 8750, 1750])
    assert row.pay_by == date(2027, 8, 1)


def test_the_owners_rule_of_the_day_of_the_receipt_holds(sharing):
    sharing.plan("100%")
    rule = sharing.rule("0.8", pay_within_months=3)
    sharing.rule("0.9", effective_from=date(2027, 2, 2))
    row = sharing.propose(sharing.receive("50000"))
    assert (row.rule, row.pool, row.pay_by) == (rule, 40000, date(2027, 5, 1))


def test_a_public_owner_lays_down_no_less_than_the_law(sharing, db, go):
    assert refused(sharing.rule, "0.499999") == "E_REWARD_BELOW_FLOOR"
    assert refused(make_sharing(go, ZHEJIANG).rule, "0.699999") == "E_REWARD_BELOW_FLOOR"


def test_a_rule_that_the_law_overtook_shares_nothing(sharing):
    sharing.plan("100%")
    rule = sharing.rule("0.6")
    type(rule).objects.update(rate="0.4")  # as if the minimum had risen since
    assert refused(sharing.propose, sharing.receive()) == "E_REWARD_BELOW_FLOOR"


def test_a_firm_may_lay_down_less(db, go):
    sharing = make_sharing(go, kind="FIRM")
    sharing.plan("100%")
    sharing.rule("0.3")
    assert sharing.propose(sharing.receive("50000")).pool == 15000


def test_what_the_place_does_not_know_is_no_cost(sharing, db, go):
    assert refused(sharing.cost, "10", "OTHER") == "E_COST_NOT_ALLOWED"
    zhejiang = make_sharing(go, ZHEJIANG)
    assert zhejiang.cost("10", "OTHER").amount == 10
    assert refused(zhejiang.cost, "10", "RESEARCH") == "E_COST_NOT_ALLOWED"


def test_costs_above_a_receipt_wait_for_the_next(sharing):
    sharing.plan("100%")
    sharing.cost("60000")
    first = sharing.propose(sharing.receive("30000"))
    assert (first.costs, first.net, first.pool) == (30000, 0, 0)
    second = sharing.propose(sharing.receive("20000", reference="R2"))
    assert (second.costs, second.net) == (20000, 0)
    services.withdraw(first, "重算", by=sharing.officer)
    assert services.propose(first.payment, by=sharing.officer).costs == 30000


def test_an_over_payment_is_not_shared_before_it_is_earned(sharing):
    sharing.plan("100%")
    assert sharing.propose(sharing.receive("60000")).received == 50000


def test_a_receipt_is_shared_once(sharing):
    sharing.plan("100%")
    row = sharing.propose(sharing.receive())
    assert refused(sharing.propose, row.payment) == "open"
    sharing.approved(row)
    assert refused(sharing.propose, row.payment) == "nothing_to_share"


def test_without_a_signed_plan_nothing_is_shared(sharing):
    assert refused(sharing.propose, sharing.receive()) == "E_NO_SIGNED_PLAN"


# Notices and approval


def test_it_goes_from_proposed_to_paid(sharing):
    sharing.plan(*THIRDS, rest=[("OWNER", "60%"), ("COLLEGE", "30%"), ("TRANSFER_OFFICE", "10%")])
    row = sharing.propose(sharing.receive("50000"))
    assert row.state == "proposed"
    row = sharing.noticed(row)
    assert row.state == "noticed"
    row = services.approve(row, by=sharing.approver)
    assert books(sharing) == {
        "BANK": 50000, "INCOME": -50000, "SHARED": 50000, "REWARD_OWED": -25000, "FUNDS": -25000,
    }  # fmt: skip
    sharing.paid()
    assert (reread(row).state, reread(row).paid_on) == ("paid", RECEIVED)
    assert {share.state for share in row.shares.filter(payee__isnull=False)} == {"paid"}
    assert books(sharing)["PAID_OUT"] == -25000


def test_a_reward_that_was_not_shown_is_not_approved(sharing):
    sharing.plan("100%")
    row = sharing.propose(sharing.receive())
    assert refused(services.approve, row, by=sharing.approver) == "E_REWARD_NOT_NOTICED"
    services.show_reward(row, by=sharing.officer)
    assert refused(services.approve, row, by=sharing.approver) == "E_REWARD_NOT_NOTICED"


def test_a_leaders_share_is_shown_in_a_notice_of_its_own(sharing):
    sharing.people = [sharing.payee("院长", office="LEADER", office_from=date(2026, 1, 1)), sharing.payee("教授")]
    sharing.plan("60%", "40%")
    row = services.show_reward(sharing.propose(sharing.receive("50000")), by=sharing.officer)
    assert row.leader_notice.content["shares"] == ["院长 15,000.00"]
    assert row.notice.content["shares"] == ["院长 15,000.00", "教授 10,000.00"]
    close(row.notice)
    assert refused(services.approve, row, by=sharing.approver) == "E_LEADER_NOT_NOTICED"
    close(row.leader_notice)
    assert reread(row).state == "noticed"


def test_who_was_no_leader_on_the_day_is_none(sharing):
    sharing.people = [
        sharing.payee("前院长", office="HEAD", office_from=date(2020, 1, 1), office_to=date(2026, 12, 31))
    ]
    sharing.plan("100%")
    assert sharing.propose(sharing.receive()).shares.get().office == "NONE"


def test_nobody_approves_what_they_proposed_or_receive(sharing):
    sharing.plan("100%")
    row = sharing.noticed(sharing.propose(sharing.receive()))
    with pytest.raises(Forbidden):
        services.approve(row, by=sharing.officer)
    member = sharing.people[0].user.memberships.get()
    type(member).objects.filter(pk=member.pk).update(role="officer")
    sharing.people[0].user.__dict__.pop("_roles", None)
    with pytest.raises(Forbidden):
        services.approve(row, by=sharing.people[0].user)


def test_a_notice_that_shows_other_shares_proves_nothing(sharing):
    sharing.plan("50%", "50%")
    row = sharing.noticed(sharing.propose(sharing.receive()))
    Share.objects.filter(distribution=row).update(amount=12500)
    assert services.what_blocks(row) == []
    Share.objects.filter(distribution=row, name="发明人1").update(amount=25000)
    assert [gap.code for gap in services.what_blocks(row)] == ["E_REWARD_NOT_NOTICED"]
    Share.objects.filter(distribution=row).update(amount=12500)


def test_a_firm_shows_no_notice(db, go):
    sharing = make_sharing(go, kind="FIRM")
    sharing.plan("100%")
    row = sharing.propose(sharing.receive())
    assert refused(services.show_reward, row, by=sharing.officer) == "no_notice_due"
    assert services.approve(row, by=sharing.approver).state == "approved"


def test_a_withdrawn_proposal_takes_its_notice_with_it(sharing):
    sharing.plan("100%")
    row = services.show_reward(sharing.propose(sharing.receive()), by=sharing.officer)
    services.withdraw(row, "方案有误", by=sharing.officer)
    assert (reread(row.notice).state, row.shares.get().state) == ("void", "void")


# Holds


def test_an_inventor_who_belongs_to_the_buyer_blocks_until_somebody_says_why(sharing):
    sharing.plan("100%")
    factories.Membership.objects.create(
        user=sharing.people[0].user, organisation=sharing.licence.row.buyer, role="reader"
    )
    row = sharing.noticed(sharing.propose(sharing.receive()))
    assert refused(services.approve, row, by=sharing.approver) == "E_HOLD"
    services.resolve_hold(row.holds.get(), "已申报并回避", by=sharing.officer)
    assert services.approve(row, by=sharing.approver).state == "approved"


def test_a_disputed_share_is_not_paid_and_the_others_are(sharing):
    sharing.plan("50%", "50%")
    row = sharing.approved(sharing.propose(sharing.receive()))
    mine = row.shares.get(payee=sharing.people[0])
    hold = services.dispute(mine, "比例与约定不符", by=sharing.people[0].user)
    sharing.paid()
    assert [share.state for share in row.shares.order_by("id")] == ["waiting", "paid"]
    with pytest.raises(Forbidden):
        services.resolve_hold(hold, "没有问题", by=sharing.people[0].user)
    services.resolve_hold(hold, "核对签字方案，比例一致", by=sharing.approver)
    sharing.paid()
    assert reread(row).state == "paid"


def test_a_dispute_stops_a_file_that_nobody_took_and_none_that_the_bank_has(sharing):
    sharing.plan("50%", "50%")
    row = sharing.approved(sharing.propose(sharing.receive()))
    payout = services.make_payout(sharing.book, by=sharing.officer)
    mine = row.shares.get(payee=sharing.people[0])
    hold = services.dispute(mine, "比例与约定不符", by=sharing.people[0].user)
    assert refused(services.take_file, payout, by=sharing.officer) == "held"
    services.resolve_hold(hold, "已核对。", by=sharing.approver)
    services.take_file(payout, by=sharing.officer)
    assert refused(services.dispute, mine, "比例与约定不符", by=sharing.people[0].user) == "too_late"


def test_what_needs_no_notice_waits_for_approval_at_once(db, go):
    sharing = make_sharing(go, kind="FIRM")
    sharing.rule("0.3")
    sharing.plan("100%")
    row = sharing.propose(sharing.receive())
    assert (ids(rewards.to_show(sharing.officer)), ids(rewards.to_approve(sharing.approver))) == ([], [row.pk])
    assert Letter.objects.filter(user=sharing.approver, key__startswith="reward:approve").exists()


def test_what_was_shown_and_voided_is_shown_again(sharing):
    sharing.plan("100%")
    row = services.show_reward(sharing.propose(sharing.receive()), by=sharing.officer)
    assert ids(rewards.to_show(sharing.officer)) == []
    notices.void(row.notice, Notice.VoidReason.WITHDRAWN, by=SYSTEM)
    assert ids(rewards.to_show(sharing.officer)) == [row.pk]
    assert ids(rewards.to_approve(sharing.approver)) == []


def ids(rows):
    return [row.pk for row in rows]


def test_nobody_disputes_the_share_of_another(sharing):
    sharing.plan("50%", "50%")
    row = sharing.propose(sharing.receive())
    with pytest.raises(Forbidden):
        services.dispute(row.shares.get(payee=sharing.people[0]), "我的更多", by=sharing.people[1].user)


# Payouts


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
