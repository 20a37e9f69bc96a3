"""What blocks a distribution, or one share of it, and what waits for whom meanwhile."""

import pytest

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Forbidden
from marketplace.core.models import Letter
from marketplace.notices import services as notices
from marketplace.notices.models import Notice
from marketplace.settlement import services
from marketplace.workspace.kinds import rewards
from tests import factories
from tests.refusals import refused
from tests.rows import reread
from tests.settlement.sharing import make_sharing

pytestmark = pytest.mark.usefixtures("everything_adds_up")


def ids(rows):
    return [row.pk for row in rows]


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


def test_nobody_disputes_the_share_of_another(sharing):
    sharing.plan("50%", "50%")
    row = sharing.propose(sharing.receive())
    with pytest.raises(Forbidden):
        services.dispute(row.shares.get(payee=sharing.people[0]), "我的更多", by=sharing.people[1].user)
