"""From a receipt to an approved distribution: computed, shown, decided by a second person."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.core.errors import Forbidden
from marketplace.settlement import services
from marketplace.settlement.models import Share
from tests.contracts.making import close
from tests.refusals import refused
from tests.rows import reread
from tests.settlement.sharing import RECEIVED, THIRDS, amounts, books, make_sharing

pytestmark = pytest.mark.usefixtures("everything_adds_up")

ZHEJIANG, SHANDONG = "330000", "370000"


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
