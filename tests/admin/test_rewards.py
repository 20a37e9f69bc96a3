"""Rewards by the pages of the workspace: a receipt shared, shown, approved, paid; each one reads the own part alone."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.core.workspace import list_url, move_url, page_url
from marketplace.settlement import services
from marketplace.settlement.checking import differences
from marketplace.settlement.models import ClawBack, Distribution, Hold, Payout, Share
from tests import factories
from tests.admin.asking import queries
from tests.contracts.making import close
from tests.rows import reread
from tests.settlement.conftest import sharing
from tests.settlement.sharing import THIRDS

__all__ = ["sharing"]
pytestmark = pytest.mark.django_db
REWARDS = (Distribution, Share, Hold, Payout, ClawBack)


def text(client, row):
    return client.get(page_url(row)).content.decode()


@pytest.fixture
def proposed(sharing):
    """25 000 yuan of 50 000 among three, who cannot get the same."""
    sharing.plan(*THIRDS)
    return sharing.propose(sharing.receive("50000"))


def test_a_receipt_is_shared_from_its_page(enter, sharing):
    sharing.plan("50%", "50%")
    payment, client = sharing.receive("50000"), enter(sharing.officer)
    assert "Not shared yet: CNY 50,000" in text(client, payment)
    client.post(move_url(payment, "share"), {"registration": "2027320000001"})
    row = Distribution.objects.get()
    assert (row.pool, row.registration) == (25000, "2027320000001")
    assert move_url(payment, "share") not in text(client, payment)


def test_without_a_signed_plan_the_page_says_what_to_do_first(enter, sharing):
    payment, client = sharing.receive("50000"), enter(sharing.officer)
    assert "Draft one on the page of the contract" in text(client, payment)
    answer = client.post(move_url(payment, "share"), {"registration": ""})
    assert "No plan is signed by all inventors" in answer.content.decode()


def test_the_page_says_why_each_number(enter, sharing, proposed):
    page = text(enter(sharing.officer), proposed)
    for said in (
        "Received on 2027-02-01 and earned: CNY 50,000.",
        "50 % of it is the reward: the legal minimum of this place.",
        "Reward in all: CNY 50,000 × 50 % = CNY 25,000.",
        "8,333.3333",
        "8,333.34",
        "largest remainders",
    ):
        assert said in page
    assert "art. 45" in page  # the floor is cited
    assert "A hint with its source, no tax advice." in page


def test_an_own_rule_is_named_beside_the_legal_minimum(enter, sharing):
    sharing.plan("100%")
    sharing.rule("0.8")
    sharing.cost("500", "VALUATION")
    row = sharing.propose(sharing.receive("50000"))
    page = text(enter(sharing.officer), row)
    assert "“成果转化奖励办法”; the legal minimum is 50 %." in page
    assert "valuation CNY 500; together CNY 500." in page


def test_it_is_shown_approved_and_paid_by_buttons(enter, sharing, proposed):
    officer, approver = enter(sharing.officer), enter(sharing.approver)
    assert "must be shown in a notice" in text(officer, proposed)
    officer.post(move_url(proposed, "show"))
    close(reread(proposed).notice)
    assert move_url(proposed, "approve") not in text(officer, proposed)
    approver.post(move_url(proposed, "approve"))
    assert reread(proposed).state == "approved"
    officer.post(move_url(proposed, "pay-out"))
    payout = Payout.objects.get()
    assert move_url(payout, "mark-paid") not in text(officer, payout)  # no bank has the file
    file = officer.post(reverse("admin:settlement_payout_file", args=[payout.pk]))
    assert file["Content-Disposition"].startswith("attachment")
    assert sharing.people[0].account_number in file.content.decode("utf-8-sig")
    officer.post(move_url(payout, "mark-paid"), {"on": timezone.localdate().isoformat(), "reference": "BANK1"})
    assert (reread(proposed).state, reread(payout).state) == ("paid", "paid")
    assert differences() == []


def test_the_file_is_taken_by_post_alone_and_by_who_decides(enter, sharing, proposed, staff):
    sharing.approved(proposed)
    payout = services.make_payout(sharing.book, by=sharing.officer)
    address = reverse("admin:settlement_payout_file", args=[payout.pk])
    assert enter(sharing.officer).get(address).status_code == 405
    for user in (sharing.people[0].user, sharing.licence.buyer, staff):
        assert enter(user).post(address).status_code == 404
    assert reread(payout).taken_at is None


def test_pages_show_no_whole_account_number(enter, sharing, proposed):
    sharing.approved(proposed)
    payout = services.make_payout(sharing.book, by=sharing.officer)
    client, number = enter(sharing.officer), sharing.people[0].account_number
    pages = [page_url(payout), list_url(Payout), page_url(sharing.people[0]), reverse("admin:settlement_payout_make")]
    assert not any(number in client.get(address).content.decode() for address in pages)


def test_a_batch_of_everything_is_made_on_its_page(enter, sharing, proposed):
    sharing.approved(proposed)
    client, address = enter(sharing.officer), reverse("admin:settlement_payout_make")
    assert "25,000.00" in client.get(address).content.decode()
    client.post(address, {"book": sharing.book.public_id})
    assert Payout.objects.get().total == 25000
    again = client.post(address, {"book": sharing.book.public_id})
    assert "Nothing waits to be paid here." in again.content.decode()


def test_nobody_makes_a_batch_for_others(enter, sharing, proposed, outsider):
    sharing.approved(proposed)
    address = reverse("admin:settlement_payout_make")
    for user in (outsider, sharing.licence.buyer, sharing.people[0].user):
        assert enter(user).post(address, {"book": sharing.book.public_id}).status_code == 404
    assert not Payout.objects.exists()


def test_each_reads_the_own_reward_and_why_and_nothing_of_the_others(enter, sharing, proposed):
    own, other = proposed.shares.order_by("id")[:2]
    client = enter(own.payee.user)
    page = text(client, own)
    assert "Reward in all: CNY 50,000 × 50 % = CNY 25,000." in page
    assert "This share: 1/3 of CNY 25,000 = 8,333.3333…" in page
    assert other.name not in page
    assert client.get(page_url(other)).status_code == 404
    assert client.get(page_url(proposed)).status_code == 404
    assert list(client.get(list_url(Share)).context["cl"].queryset) == [own]


def test_the_list_adds_up_what_was_paid_and_what_still_comes(enter, sharing):
    sharing.plan("50%", "50%")
    sharing.shared("20000")
    sharing.approved(sharing.propose(sharing.receive("10000", reference="R2")))
    sums = enter(sharing.people[0].user).get(list_url(Share)).context["sums"]
    assert [amount for _label, amount in sums] == ["CNY 5,000.00", "CNY 2,500.00", "CNY 0.00"]
    assert enter(sharing.officer).get(list_url(Share)).context["sums"] == []


def test_a_wrong_share_is_disputed_and_waits_until_another_resolves_it(enter, sharing, proposed):
    share = proposed.shares.order_by("id").first()
    enter(share.payee.user).post(move_url(share, "dispute"), {"reason": "份额不对"})
    hold = Hold.objects.get()
    assert "份额不对" in text(enter(sharing.officer), proposed)
    assert move_url(hold, "resolve") not in text(enter(share.payee.user), hold)
    enter(sharing.officer).post(move_url(hold, "resolve"), {"resolution": "已核对方案"})
    assert reread(hold).state == "resolved"
    assert "已核对方案" in text(enter(share.payee.user), share)


def test_a_hold_blocks_the_whole_or_one_payment(enter, sharing, proposed):
    client, share = enter(sharing.officer), proposed.shares.first()
    client.post(move_url(proposed, "hold"), {"kind": "OTHER", "share": share.public_id, "reason": "待核"})
    client.post(move_url(proposed, "hold"), {"kind": "OTHER", "share": "", "reason": "待核"})
    assert set(Hold.objects.values_list("share__pk", flat=True)) == {share.pk, None}


def test_a_leaders_share_needs_a_notice_of_its_own(enter, sharing):
    sharing.people = [sharing.payee("院长", office="LEADER", office_from=date(2026, 1, 1))]
    sharing.plan("100%")
    row, client = sharing.propose(sharing.receive()), enter(sharing.officer)
    assert "shown in a notice of its own" in text(client, row)
    client.post(move_url(row, "show"))
    assert reread(row).leader_notice is not None
    assert page_url(reread(row).leader_notice) in text(client, row)


def test_it_is_withdrawn_before_and_taken_back_after_it_was_paid(enter, sharing, proposed):
    client = enter(sharing.officer)
    client.post(move_url(proposed, "withdraw"), {"reason": "方案有误"})
    assert reread(proposed).state == "withdrawn"
    row = sharing.approved(sharing.propose(proposed.payment))
    sharing.paid()
    client.post(move_url(row, "reverse"), {"reason": "退款"})
    assert reread(row).state == "reversed"
    owed = ClawBack.objects.order_by("id").first()
    body = {"amount": f"{owed.amount}", "on": timezone.localdate().isoformat(), "reference": "G1"}
    client.post(move_url(owed, "give-back"), body)
    assert reread(owed).state == "settled"
    assert differences() == []


def test_a_transfer_that_the_bank_returned_waits_again(enter, sharing, proposed):
    sharing.approved(proposed)
    payout = sharing.paid()
    line = payout.lines.first()
    body = {"line": f"{line.pk}", "reason": "账号有误"}
    enter(sharing.officer).post(move_url(payout, "return"), body)
    assert (reread(line).outcome, reread(line.share).state) == ("returned", "waiting")


def test_the_other_side_strangers_and_other_inventors_find_no_trace(enter, sharing, outsider):
    sharing.plan("50%", "50%")
    row = sharing.shared("20000")
    services.hold(sharing.propose(sharing.receive("10000", reference="R2")), "OTHER", "待核", by=sharing.officer)
    services.reverse_distribution(row, "退款", by=sharing.officer)
    colleague = factories.make_member(sharing.book, "inventor")
    rows = [each for model in REWARDS for each in model.objects.all()]
    assert {type(each) for each in rows} == set(REWARDS)
    for user in (sharing.licence.buyer, outsider, colleague):
        client = enter(user)
        assert {client.get(page_url(each)).status_code for each in rows} == {404}
        assert "Not shared yet" not in text(client, sharing.licence.row)


def test_more_shares_ask_no_more_questions(enter, sharing):
    sharing.plan("50%", "50%")
    row, client = sharing.propose(sharing.receive("10000")), enter(sharing.officer)
    addresses = [list_url(Share), list_url(Distribution)]
    before = [queries(client, each) for each in addresses]
    page = queries(client, page_url(row))
    sharing.plan(*["10%"] * 10)
    more = sharing.propose(sharing.receive("20000", reference="R2"))
    assert [queries(client, each) for each in addresses] == before
    assert queries(client, page_url(more)) == page
