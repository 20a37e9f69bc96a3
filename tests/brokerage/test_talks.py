"""How a deal moves: who must act by when, what each side says, what the contract tells it, who is reminded."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage import names, services
from marketplace.brokerage.models import Deal
from marketplace.brokerage.rules import deals as rules
from marketplace.contracts import services as contracts
from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid, Stale
from marketplace.core.models import Letter
from tests.contracts import making
from tests.rows import reread

pytestmark = pytest.mark.django_db
DAYS = {"join": 14, "answer": 10, "act": 7, "remind": 3}
TODAY = timezone.localdate


@pytest.fixture
def contract(joined, broker, university_officer, sme):
    for person in (university_officer, sme):
        services.waive_nda(joined, by=person)
    return contracts.draft_from_deal(joined, mode="ENTRY_ROYALTY", particulars=making.LICENCE, by=broker)


def waits(deal):
    deal = reread(deal)
    return deal.state, deal.awaited, (deal.answer_by - TODAY()).days if deal.answer_by else None


# Before the talks


def test_a_new_deal_waits_for_both_sides(deal):
    assert waits(deal) == ("introduced", "both", 14)


def test_after_one_side_it_waits_for_the_other_and_then_for_the_manager(deal, university_officer, sme):
    services.join(deal, by=university_officer)
    assert waits(deal) == ("introduced", "seeker", 14)
    services.join(deal, by=sme)
    assert waits(deal) == ("introduced", "manager", 7)


def test_a_side_says_it_once(deal, university_officer):
    services.join(deal, by=university_officer)
    with pytest.raises(Conflict) as fault:
        services.join(deal, by=university_officer)
    assert fault.value.code == "joined"


def test_nobody_speaks_for_the_other_side(deal, university_officer, broker):
    with pytest.raises(Forbidden):
        services.join(deal, side="seeker", by=university_officer)
    with pytest.raises(Forbidden):
        services.join(deal, side="seeker", by=broker)


def test_an_anonymous_side_is_named_once_both_want_to_talk(deal, university, university_officer, sme, monkeypatch):
    monkeypatch.setattr(names, "is_anonymous", lambda row: True)
    assert names.known_sides(sme, deal)["supplier"] is None
    deal = services.join(deal, by=university_officer)
    assert names.known_sides(sme, deal)["supplier"] is None
    assert names.known_sides(sme, services.join(deal, by=sme))["supplier"] == university


def test_without_an_nda_the_talks_begin_when_both_say_so(joined, university_officer, sme):
    services.waive_nda(joined, by=university_officer)
    assert waits(joined) == ("introduced", "seeker", 10)
    services.waive_nda(joined, by=sme)
    assert waits(joined) == ("negotiating", "manager", 7)


def test_an_nda_is_waived_only_between_sides_that_want_to_talk(deal, sme):
    with pytest.raises(Conflict) as fault:
        services.waive_nda(deal, by=sme)
    assert fault.value.code == "not_joined"


# Offers


def test_a_drawn_up_contract_waits_for_the_first_offer(contract, joined):
    assert waits(joined) == ("negotiating", "manager", 7)


def test_an_offer_waits_for_the_other_side_and_a_counter_offer_for_the_first(contract, joined, university_officer, sme):
    contracts.propose(contract, making.ENTRY_ROYALTY, side="SELLER", by=university_officer)
    assert waits(joined) == ("negotiating", "seeker", 10)
    contracts.propose(contract, {**making.ENTRY_ROYALTY, "total_cap": "900000"}, side="BUYER", by=sme)
    assert waits(joined) == ("negotiating", "supplier", 10)


def test_what_the_manager_proposes_waits_for_both(contract, joined, broker):
    contracts.propose(contract, making.ENTRY_ROYALTY, side="SELLER", by=broker)
    assert waits(joined) == ("negotiating", "both", 10)


def agreed(contract, university_officer, sme):
    sheet = contracts.propose(contract, making.ENTRY_ROYALTY, side="SELLER", by=university_officer)
    contracts.accept_terms(contract, sheet.number, by=sme)
    return sheet


def test_the_same_version_accepted_by_both_is_the_agreement(contract, joined, university_officer, sme):
    sheet = agreed(contract, university_officer, sme)
    assert waits(joined) == ("agreed", "", None)
    assert reread(contract).sheet.fingerprint == sheet.fingerprint


def test_terms_that_are_opened_again_open_the_deal(contract, joined, university_officer, sme):
    agreed(contract, university_officer, sme)
    contracts.reopen(contract, reason="价格要改。", by=sme)
    assert waits(joined) == ("negotiating", "manager", 7)


def test_a_contract_that_is_given_up_leaves_the_deal_to_its_manager(contract, joined, university_officer, sme, broker):
    agreed(contract, university_officer, sme)
    contracts.withdraw(contract, by=sme)
    assert waits(joined) == ("negotiating", "manager", 7)
    assert contracts.draft_from_deal(joined, mode="ROYALTY", by=broker).deal == joined


def test_a_lost_deal_takes_its_draft_with_it(contract, joined, sme):
    services.lose(joined, "TERMS_UNFIT", by=sme)
    assert waits(joined) == ("lost", "", None)
    assert reread(contract).state == Contract.State.WITHDRAWN


def test_an_agreed_deal_is_not_closed_as_lost(contract, joined, university_officer, sme):
    agreed(contract, university_officer, sme)
    with pytest.raises(Conflict):
        services.lose(joined, "TERMS_UNFIT", by=sme)


# Two at once


def test_who_saw_an_older_version_is_told_what_changed(deal, broker, university_officer):
    seen = deal.version
    services.give_time(deal, TODAY() + timedelta(days=30), version=seen, by=broker)
    with pytest.raises(Stale) as fault:
        services.join(deal, version=seen, by=university_officer)
    assert "答复期限" in str(fault.value)
    assert reread(deal).supplier_joined_at is None


# Clocks


@pytest.mark.parametrize("days", [-1, 91])
def test_more_time_has_its_limits(days, deal, broker):
    with pytest.raises(Invalid):
        services.give_time(deal, TODAY() + timedelta(days=days), by=broker)


REMINDERS = [(4, ""), (3, "coming"), (0, "coming"), (-1, "passed"), (-40, "passed")]


@pytest.mark.parametrize(("left", "said"), REMINDERS)
def test_people_are_reminded_shortly_before_the_day_and_after_it(left, said):
    assert rules.reminder(TODAY() + timedelta(days=left), TODAY(), DAYS) == said


def test_each_reminder_is_sent_once_and_a_late_one_reaches_the_manager_too(deal, broker):
    Letter.objects.all().delete()
    Deal.objects.filter(pk=deal.pk).update(answer_by=TODAY() - timedelta(days=1))
    assert services.remind_deals(TODAY()) == 1
    told = Letter.objects.count()
    services.remind_deals(TODAY() + timedelta(days=1))
    assert Letter.objects.count() == told
    assert Letter.objects.filter(user=broker).count() == 1


def test_what_the_contract_says_only_it_says(deal, broker):
    with pytest.raises(Conflict):
        services.reopen_talks(deal)
    assert services.begin_talks(deal).state == Deal.State.NEGOTIATING
    assert not broker.has_perm("brokerage.begin_talks", deal)
    assert SYSTEM.has_perm("brokerage.begin_talks", deal)
