"""Rewards on the front page: what is to be signed, shared, shown, approved, paid, and which days run out."""

from datetime import date

import pytest

from marketplace.core.workspace import page_url
from marketplace.settlement import services
from marketplace.settlement.models import SharingPlan
from tests.admin.asking import work
from tests.rows import reread
from tests.settlement.conftest import sharing
from tests.settlement.sharing import make_sharing

__all__ = ["sharing"]
pytestmark = pytest.mark.django_db


def test_a_plan_waits_for_each_inventor_who_has_not_signed(enter, sharing):
    sharing.people = [sharing.payee("季明"), sharing.payee("何晓")]
    lines = [services.Given("INVENTOR", "1/2", payee=each, is_main=True) for each in sharing.people]
    plan = services.draft_plan(sharing.licence.contract, lines, by=sharing.officer)
    services.sign_plan(plan, plan.sha256, by=sharing.people[0].user)
    first, second = (work(enter(each.user)) for each in sharing.people)
    assert "Sharing plans to sign" not in first
    assert second["Sharing plans to sign"] == [page_url(plan)]


def test_each_step_waits_for_the_person_who_may_take_it(enter, sharing):
    sharing.plan("50%", "50%")
    payment = sharing.receive("50000")
    officer, approver = enter(sharing.officer), enter(sharing.approver)
    assert work(officer)["Receipts to share"] == [page_url(payment)]
    row = sharing.propose(payment)
    assert "Receipts to share" not in work(officer)
    assert work(officer)["Rewards to show in public"] == [page_url(row)]
    row = sharing.noticed(row)
    assert "Distributions to approve" not in work(officer)
    assert work(approver)["Distributions to approve"] == [page_url(row)]
    services.approve(row, by=sharing.approver)
    assert work(officer)["Rewards to pay"] == [page_url(row)]
    payout = sharing.sent()
    assert "Rewards to pay" not in work(officer)
    assert work(officer)["Bank files whose payment is to be recorded"] == [page_url(payout)]
    sharing.paid(payout)
    left = work(officer)
    assert not {"Receipts to share", "Rewards to pay", "Bank files whose payment is to be recorded"} & set(left)


def test_a_hold_waits_for_somebody_else(enter, sharing):
    sharing.plan("100%")
    hold = services.hold(sharing.propose(sharing.receive()), "OTHER", "待核", by=sharing.officer)
    assert "Holds to resolve" not in work(enter(sharing.officer))
    assert work(enter(sharing.approver))["Holds to resolve"] == [page_url(hold)]


def test_a_window_that_runs_out_stands_on_the_page(enter, db, go):
    sharing = make_sharing(go, "330000")
    sharing.plan("70%", "25%", staff="5%")
    row = sharing.propose(sharing.receive("50000"))
    assert reread(row).pay_by == date(2027, 8, 1)
    go(date(2027, 7, 1))
    assert "Rewards whose last day is near" not in work(enter(sharing.officer))
    go(date(2027, 7, 2))
    assert work(enter(sharing.officer))["Rewards whose last day is near"] == [page_url(row)]


def test_the_other_side_has_nothing_of_it_to_do(enter, sharing, outsider):
    sharing.plan("100%")
    sharing.approved(sharing.propose(sharing.receive()))
    for user in (sharing.licence.buyer, outsider):
        assert not any("eward" in title or "istribution" in title for title in work(enter(user)))


def test_a_firm_without_a_plan_is_not_asked_to_share(enter, db, go):
    sharing = make_sharing(go, kind="FIRM")
    sharing.receive()
    assert not SharingPlan.objects.exists()
    assert "Receipts to share" not in work(enter(sharing.officer))
