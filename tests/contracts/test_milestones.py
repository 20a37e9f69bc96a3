"""Milestones: declared with evidence, confirmed, rejected, or confirmed by silence."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.contracts import services
from marketplace.core import news
from marketplace.core.errors import Conflict, Forbidden, Invalid
from tests.contracts.living import SIGNED

REACHED = date(2027, 5, 20)
CLAIMED = date(2027, 6, 1)


@pytest.fixture
def kept(licence):
    licence.deliver()
    licence.go(date(2027, 4, 1))
    services.keep(licence.contract, by=licence.buyer)
    return licence


def claim(licence, slug="pilot", *, day=CLAIMED, **values):
    licence.go(day)
    facts = {"reached_on": REACHED, "note": "验收报告第3号。"} | values
    return services.claim(licence.milestone(slug), **facts, by=licence.buyer)


def test_a_due_day_counts_from_the_signature(licence):
    assert licence.milestone("pilot").due_on == date(2027, 7, 4)


def test_a_milestone_without_evidence_is_not_declared(kept):
    with pytest.raises(Invalid) as fault:
        claim(kept, note="  ")
    assert fault.value.code == "E_EVIDENCE_MISSING"


@pytest.mark.parametrize("day", [SIGNED - timedelta(days=1), CLAIMED + timedelta(days=1)])
def test_it_is_reached_between_the_signature_and_today(kept, day):
    with pytest.raises(Invalid) as fault:
        claim(kept, reached_on=day)
    assert "reached_on" in fault.value.fields


def test_the_other_side_has_the_agreed_days(kept):
    assert claim(kept).answer_by == date(2027, 6, 16)


def test_who_declares_does_not_confirm(kept):
    with pytest.raises(Forbidden):
        services.accept(claim(kept), by=kept.buyer)


def test_what_is_confirmed_is_owed_from_that_day(kept):
    milestone = claim(kept)
    kept.go(date(2027, 6, 10))
    services.accept(milestone, by=kept.seller)
    line = kept.statement(date(2027, 6, 10)).line("pilot")
    assert (line.amount, line.due_on) == (Decimal("30000.00"), date(2027, 7, 10))


def test_confirmed_twice_it_is_owed_once(kept):
    milestone = claim(kept)
    services.accept(milestone, by=kept.seller)
    with pytest.raises(Conflict):
        services.accept(milestone, by=kept.seller)
    assert kept.keys("MILESTONE") == ["milestone-pilot"]


def test_a_first_sale_is_a_fact_of_its_own_kind(kept):
    services.accept(claim(kept, kept.contract.milestones.get(kind="FIRST_SALE").slug), by=kept.seller)
    assert len(kept.keys("FIRST_SALE")) == 1
    assert kept.statement(CLAIMED).line("launch").amount == Decimal("20000.00")


def test_silence_confirms_on_the_day_after_the_last(kept):
    claim(kept)
    kept.tick(date(2027, 6, 16))
    assert kept.milestone("pilot").state == "claimed"
    kept.tick(date(2027, 6, 17))
    assert kept.milestone("pilot").state == "achieved"
    assert kept.statement(date(2027, 6, 17)).line("pilot").arose_on == date(2027, 6, 17)


def test_after_the_last_day_nobody_rejects_also_before_the_clock_has_run(kept):
    milestone = claim(kept)
    kept.go(date(2027, 6, 17))
    with pytest.raises(Conflict) as fault:
        services.reject(milestone, "不符。", by=kept.seller)
    assert fault.value.code == "answer_over"


def test_a_rejection_says_why_and_it_may_be_declared_again(kept):
    with pytest.raises(Invalid):
        services.reject(claim(kept), " ", by=kept.seller)
    services.reject(kept.milestone("pilot"), "样品未达标。", by=kept.seller)
    assert kept.milestone("pilot").answer == "样品未达标。"
    assert claim(kept).state == "claimed"


def test_nothing_is_owed_for_a_rejected_or_waived_milestone(kept):
    services.reject(claim(kept), "样品未达标。", by=kept.seller)
    services.waive(kept.milestone("pilot"), "改为后续合作。", by=kept.seller)
    assert kept.milestone("pilot").state == "waived"
    assert kept.statement(CLAIMED).line("pilot") is None


def test_a_missed_milestone_may_still_be_reached(kept):
    kept.tick(date(2027, 7, 4))
    assert kept.milestone("pilot").state == "pending"
    kept.tick(date(2027, 7, 5))
    assert kept.milestone("pilot").state == "missed"
    services.accept(claim(kept, day=date(2027, 8, 1)), by=kept.seller)
    assert kept.milestone("pilot").state == "achieved"


def test_reached_before_the_end_and_confirmed_by_silence_after_it_is_still_owed(kept):
    last = kept.contract.ends_on
    claim(kept, reached_on=last, day=last)
    kept.tick(last + timedelta(days=16))
    assert kept.statement(last + timedelta(days=16)).line("pilot").arose_on == last


def test_the_house_hears_of_an_accepted_milestone(kept):
    heard = []

    def listen(milestone, **_):
        heard.append(milestone.slug)

    news.milestone_accepted.connect(listen)
    services.accept(claim(kept), by=kept.seller)
    news.milestone_accepted.disconnect(listen)
    assert heard == ["pilot"]
