"""A lost deal is taken up again: it begins anew, what ended stays ended, both sides are told, once each."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.brokerage import names, services
from marketplace.brokerage.models import Deal, Message, Nda
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid, Stale
from marketplace.core.models import Entry, Notification
from marketplace.core.workspace import move_url, page_url
from marketplace.listings import services as listings
from marketplace.parties import services as parties
from tests import factories
from tests.rows import reread

pytestmark = pytest.mark.django_db
WHY = "样件已合格，预算也批下来了。"


@pytest.fixture
def lost(in_force, broker, sme):
    """A deal under an agreement, with a message, that the firm closed."""
    services.post_message(in_force.deal, "样件周五寄出。", audience="all", by=broker)
    return services.lose(in_force.deal, "CAPACITY", by=sme)


def told(user, text):
    return Notification.objects.filter(user=user, text_zh=text).count()


def test_a_manager_takes_it_up_and_both_sides_are_asked_anew(lost, broker):
    deal = services.take_up(lost, WHY, by=broker)
    assert (deal.state, deal.awaited) == ("introduced", "both")
    assert deal.answer_by == timezone.localdate() + timedelta(days=14)
    assert (deal.taken_up_by, deal.taken_up_note, deal.taken_up_on) == ("manager", WHY, timezone.localdate())
    assert not deal.have_joined


def test_the_side_that_takes_it_up_wants_to_talk(lost, university_officer):
    deal = services.take_up(lost, WHY, by=university_officer)
    assert (deal.taken_up_by, deal.awaited) == ("supplier", "seeker")
    assert deal.supplier_joined_at
    assert not deal.seeker_joined_at


def test_the_agreement_stays_ended_and_a_new_one_is_needed(lost, broker, university_officer, sme):
    deal = services.take_up(lost, WHY, by=broker)
    assert list(deal.ndas.values_list("state", "end_code")) == [("ended", "deal_lost")]
    assert not Nda.objects.opening(sme, "supplier").exists()
    for person in (university_officer, sme):
        services.join(deal, by=person)
    services.draft_nda(reread(deal), ends_on=timezone.localdate() + timedelta(days=90), by=broker)
    assert reread(deal).ndas.count() == 2


def test_who_needed_no_agreement_says_so_again(joined, broker, university_officer, sme):
    for person in (university_officer, sme):
        services.waive_nda(joined, by=person)
    deal = services.take_up(services.lose(reread(joined), "CAPACITY", by=sme), WHY, by=broker)
    assert (deal.supplier_waived_at, deal.seeker_waived_at) == (None, None)


def test_what_was_said_is_still_there_and_more_can_be_said(lost, broker, sme, university_officer):
    deal = services.take_up(lost, WHY, by=broker)
    assert Message.objects.visible_to(sme).filter(text="样件周五寄出。").exists()
    services.post_message(deal, "我们继续。", audience="all", by=university_officer)
    assert Message.objects.visible_to(sme).count() == 2


def test_two_who_had_not_met_do_not_meet_by_it(deal, broker, sme, monkeypatch):
    monkeypatch.setattr(names, "is_anonymous", lambda row: True)
    again = services.take_up(services.lose(deal, "CAPACITY", by=sme), WHY, by=broker)
    assert names.known_sides(sme, again)["supplier"] is None


def test_both_sides_are_told_and_once_more_the_second_time(lost, broker, sme, university_officer):
    text = "一个已结束的洽谈项目重新启动"
    deal = services.take_up(lost, WHY, by=broker)
    assert (told(sme, text), told(university_officer, text), told(broker, text)) == (1, 1, 0)
    deal = services.lose(deal, "CAPACITY", by=broker)
    assert told(sme, "有洽谈项目已结束，未达成一致") == 1
    services.take_up(deal, WHY, by=university_officer)
    assert (told(sme, text), told(university_officer, text), told(broker, text)) == (2, 1, 1)


def test_the_second_of_two_tabs_is_refused(lost, broker, university_officer):
    services.take_up(lost, WHY, by=broker, version=lost.version)
    with pytest.raises(Stale):
        services.take_up(lost, "另一个理由。", by=university_officer, version=lost.version)
    with pytest.raises(Conflict):
        services.take_up(lost, "另一个理由。", by=university_officer)
    assert reread(lost).taken_up_note == WHY


def test_not_while_another_deal_of_the_pair_is_open(lost, match, broker):
    services.open_deal(match, by=broker)
    with pytest.raises(Conflict) as fault:
        services.take_up(lost, WHY, by=broker)
    assert fault.value.code == "deal_open"
    assert reread(lost).state == "lost"


def test_not_when_a_listing_has_left_the_market(lost, demand, broker):
    listings.withdraw(demand.listing, by=SYSTEM)
    with pytest.raises(Conflict) as fault:
        services.take_up(reread(lost), WHY, by=broker)
    assert fault.value.code == "not_live"


def test_not_when_its_manager_is_registered_no_more(lost, broker, sme):
    parties.remove_qualification(broker.technology_manager, by=SYSTEM, reason="本人申请。")
    with pytest.raises(Conflict) as fault:
        services.take_up(reread(lost), WHY, by=sme)
    assert fault.value.code == "no_manager"
    with pytest.raises(Forbidden):
        services.take_up(reread(lost), WHY, by=type(broker).objects.get(pk=broker.pk))


@pytest.mark.parametrize("reason", ["", "  ", "\x00", "x" * 2001])
def test_it_needs_a_reason_that_can_be_read(lost, broker, reason):
    with pytest.raises(Invalid) as fault:
        services.take_up(lost, reason, by=broker)
    assert list(fault.value.fields) == ["reason"]


def test_nobody_else_takes_it_up(lost, staff, inventor, university):
    reader = factories.make_member(university, "reader")
    for person in (staff, inventor, reader, factories.make_technology_manager()):
        with pytest.raises(Forbidden):
            services.take_up(lost, WHY, by=person)


def test_the_journal_keeps_both_reasons(lost, broker):
    services.take_up(lost, WHY, by=broker)
    lines = Entry.objects.filter(subject_type="brokerage.deal", subject_id=lost.pk).order_by("id")
    kept = [(line.verb, line.reason) for line in lines if line.reason]
    assert kept == [("brokerage.lose", "CAPACITY"), ("brokerage.take_up", WHY)]


def test_the_page_offers_it_and_then_says_who_and_why(lost, sme, client):
    client.force_login(sme)
    assert [move.name for move in client.get(page_url(lost)).context["moves"]] == ["take-up"]
    client.post(move_url(lost, "take-up"), {"version": lost.version, "reason": WHY})
    page = client.get(page_url(lost)).content.decode()
    assert WHY in page
    assert "需方重新启动" in page


def test_a_live_deal_shows_no_reason_of_loss_and_a_lost_one_does(deal, sme, client):
    client.force_login(sme)
    assert "未达成原因" not in client.get(page_url(deal)).content.decode()
    services.lose(deal, "CAPACITY", by=sme)
    assert "未达成原因" in client.get(page_url(deal)).content.decode()
    assert client.get(reverse("admin:brokerage_deal_room", args=[deal.pk])).status_code == 200
    assert Deal.objects.get().state == "lost"
