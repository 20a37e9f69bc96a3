"""Interest declared, answered in time or lapsed; deals opened once a pair."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Deal, Lead
from marketplace.brokerage.tasks import lapse_leads
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.core.models import Entry
from marketplace.core.news import deal_opened, lead_answered, lead_opened
from marketplace.listings import services as listings
from marketplace.parties import services as parties
from marketplace.parties.models import TechnologyManager, User
from tests import factories
from tests.rows import reread

WORDS = {"pitch": "我们做支架。", "why_fit": "需要耐磨。"}


@pytest.fixture
def heard():
    """What was announced, in order."""
    said = []

    def hear(sender, signal, **facts):
        said.append(signal)

    for signal in (lead_opened, lead_answered, deal_opened):
        signal.connect(hear)
    yield said
    for signal in (lead_opened, lead_answered, deal_opened):
        signal.disconnect(hear)


# Leads


def test_an_interest_waits_fourteen_days_for_the_owner(lead, university, heard):
    assert (lead.state, lead.receiver) == ("opened", university)
    assert lead.answer_by == timezone.localdate() + timedelta(days=14)


def test_an_interest_is_announced(achievement, firm, sme, heard):
    services.express_interest(achievement, sender=firm, by=sme, **WORDS)
    assert heard == [lead_opened]


def test_one_firm_waits_for_one_answer_at_a_time(lead, achievement, firm, sme):
    with pytest.raises(Conflict) as fault:
        services.express_interest(achievement, sender=firm, by=sme, **WORDS)
    assert fault.value.code == "lead_open"
    assert Lead.objects.count() == 1


def test_another_firm_may_be_interested_too(lead, achievement, outsider):
    other = outsider.memberships.get().organisation
    assert services.express_interest(achievement, sender=other, by=outsider, **WORDS).state == "opened"


def test_after_a_refusal_the_firm_may_ask_again(lead, achievement, firm, sme, university_officer):
    services.decline(lead, "UNCLEAR", by=university_officer)
    assert services.express_interest(achievement, sender=firm, by=sme, **WORDS).state == "opened"


def test_nobody_is_interested_in_their_own_listing(achievement, university, university_officer):
    with pytest.raises(Conflict) as fault:
        services.express_interest(achievement, sender=university, by=university_officer, **WORDS)
    assert fault.value.code == "own_listing"


def test_a_stranger_cannot_find_out_whose_an_anonymous_listing_is(university, outsider):
    """Sending in the name of a guessed owner is refused in the same words for the right guess and a wrong one."""
    row = factories.make_published_achievement(university, is_anonymous=True)
    for guess in (university, factories.make_organisation()):
        with pytest.raises(Forbidden):
            services.express_interest(row, sender=guess, by=outsider, **WORDS)


def test_a_listing_that_takes_no_interest_says_so(achievement, university_officer, firm, sme):
    listings.set_interest(achievement.listing, False, by=university_officer)
    with pytest.raises(Conflict) as fault:
        services.express_interest(achievement, sender=firm, by=sme, **WORDS)
    assert fault.value.code == "not_open_for_interest"


def test_a_listing_that_is_gone_is_not_there(achievement, university_officer, firm, sme):
    listings.withdraw(achievement.listing, by=university_officer)
    with pytest.raises(NotFound):
        services.express_interest(achievement, sender=firm, by=sme, **WORDS)


def test_a_firm_that_is_not_verified_waits(achievement):
    firm = factories.make_organisation(verified=False)
    with pytest.raises(Conflict) as fault:
        services.express_interest(achievement, sender=firm, by=factories.make_member(firm), **WORDS)
    assert fault.value.code == "not_verified"


@pytest.mark.parametrize("name", ["pitch", "why_fit", "question"])
@pytest.mark.parametrize("text", ["x" * 2001, "\x00", "\ud800", "a\x1bb"])
def test_unfit_words_are_refused_on_their_field(achievement, firm, sme, name, text):
    with pytest.raises(Invalid) as fault:
        services.express_interest(achievement, sender=firm, by=sme, **(WORDS | {name: text}))
    assert list(fault.value.fields) == [name]


@pytest.mark.parametrize("name", ["pitch", "why_fit"])
@pytest.mark.parametrize("text", ["", "   ", None])
def test_missing_words_are_asked_for(achievement, firm, sme, name, text):
    with pytest.raises(Invalid) as fault:
        services.express_interest(achievement, sender=firm, by=sme, **(WORDS | {name: text}))
    assert list(fault.value.fields) == [name]


def test_a_demand_may_be_named_if_it_is_ones_own(achievement, demand, firm, sme):
    made = services.express_interest(achievement, sender=firm, own_listing=demand, by=sme, **WORDS)
    assert made.own_listing == demand


def test_a_strangers_demand_cannot_be_named(achievement, firm, sme):
    with pytest.raises(Invalid):
        services.express_interest(
            achievement, sender=firm, own_listing=factories.make_published_demand(), by=sme, **WORDS
        )


def test_a_demand_that_is_off_the_market_cannot_be_named(achievement, demand, firm, sme):
    listings.withdraw(demand.listing, by=sme)
    with pytest.raises(Invalid):
        services.express_interest(achievement, sender=firm, own_listing=reread(demand), by=sme, **WORDS)


def test_an_answer_keeps_who_when_and_what(lead, university_officer, heard):
    accepted = services.accept(lead, text=" 欢迎来访。 ", by=university_officer)
    assert (accepted.state, accepted.answer, accepted.answered_by) == ("accepted", "欢迎来访。", university_officer)
    assert accepted.answered_at is not None
    assert heard == [lead_answered]


@pytest.mark.parametrize("code", ["", "NO_SUCH_REASON", "\x00"])
def test_a_refusal_needs_a_reason_of_the_list(lead, university_officer, code):
    with pytest.raises(Invalid) as fault:
        services.decline(lead, code, by=university_officer)
    assert list(fault.value.fields) == ["decline_code"]


def test_a_suspended_owner_does_not_answer(lead, university, university_officer, staff):
    parties.suspend(university, by=staff, reason="证照过期。")
    with pytest.raises(Conflict) as fault:
        services.accept(lead, by=university_officer)
    assert fault.value.code == "not_verified"


@pytest.mark.parametrize(("days", "state"), [(14, "opened"), (15, "lapsed")])
def test_a_lead_lapses_on_the_day_after_its_last(lead, days, state):
    services.lapse_leads(timezone.localdate() + timedelta(days=days))
    assert reread(lead).state == state


def test_lapsing_twice_changes_nothing(lead, heard):
    day = timezone.localdate() + timedelta(days=15)
    assert [services.lapse_leads(day), services.lapse_leads(day)] == [1, 0]
    assert heard == [lead_answered]


def test_an_answer_after_the_last_day_is_too_late_even_before_the_night(lead, university_officer):
    Lead.objects.filter(pk=lead.pk).update(answer_by=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Conflict) as fault:
        services.accept(lead, by=university_officer)
    assert fault.value.code == "lapsed"


def test_the_nightly_task_goes_by_today(lead):
    assert lapse_leads() == 0
    Lead.objects.filter(pk=lead.pk).update(answer_by=timezone.localdate() - timedelta(days=1))
    assert lapse_leads() == 1


def test_the_response_rate_counts_answers_and_lapses_but_not_what_was_taken_back(university, university_officer):
    def interest():
        sme = factories.make_member()
        row = factories.make_published_achievement(university)
        return services.express_interest(row, sender=sme.memberships.get().organisation, by=sme, **WORDS), sme

    assert services.response_rate_of(university) is None
    services.accept(interest()[0], by=university_officer)
    services.decline(interest()[0], "TAKEN", by=university_officer)
    services.withdraw_lead(*interest()[:1], by=User.objects.get(pk=Lead.objects.latest("id").sent_by_id))
    interest()
    services.lapse_leads(timezone.localdate() + timedelta(days=15))
    assert services.response_rate_of(university) == pytest.approx(2 / 3)


def test_the_words_of_a_lead_stay_out_of_the_journal(lead, university_officer):
    services.accept(lead, text="机密答复", by=university_officer)
    every = str(list(Entry.objects.values()))
    assert not any(text in every for text in ("机密答复", lead.pitch, lead.why_fit, lead.question))


# Deals


def test_a_manager_brings_two_sides_together(match, broker, university, firm, heard):
    deal = services.open_deal(match, note="双方都在等。", by=broker)
    assert (deal.supplier, deal.seeker, deal.manager, deal.state) == (university, firm, broker, "introduced")
    assert heard == [deal_opened]


def test_one_live_deal_a_pair(deal, match):
    with pytest.raises(Conflict) as fault:
        services.open_deal(match, by=factories.make_technology_manager())
    assert fault.value.code == "deal_open"
    assert Deal.objects.count() == 1


def test_after_a_loss_the_pair_may_be_tried_again(deal, match, broker):
    services.lose(deal, "TERMS_UNFIT", by=broker)
    assert services.open_deal(match, by=broker).state == "introduced"


@pytest.mark.parametrize("name", ["university_officer", "sme", "staff", "outsider", "inventor"])
def test_nobody_without_registration_opens_a_deal(match, name, request):
    with pytest.raises(Forbidden):
        services.open_deal(match, by=request.getfixturevalue(name))


def test_a_manager_whose_registration_ran_out_opens_none(match, broker):
    TechnologyManager.objects.filter(user=broker).update(valid_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Forbidden):
        services.open_deal(match, by=User.objects.get(pk=broker.pk))


def test_a_manager_who_was_struck_off_opens_none(match, broker, staff):
    parties.remove_qualification(broker.technology_manager, by=staff, reason="违规。")
    with pytest.raises(Forbidden):
        services.open_deal(match, by=User.objects.get(pk=broker.pk))


@pytest.mark.parametrize("side", ["achievement", "demand"])
def test_a_listing_that_is_off_the_market_makes_no_deal(match, side, broker):
    listings.withdraw(getattr(match, side).listing, by=SYSTEM)
    with pytest.raises(Conflict) as fault:
        services.open_deal(match, by=broker)
    assert fault.value.code == "not_live"


def test_an_accepted_lead_leads_to_a_deal(lead, match, broker, university_officer):
    lead = services.accept(lead, by=university_officer)
    assert services.open_deal(match, lead=lead, by=broker).lead == lead


def test_a_lead_that_waits_for_its_answer_is_no_ground_for_a_deal(lead, match, broker):
    with pytest.raises(Invalid) as fault:
        services.open_deal(match, lead=lead, by=broker)
    assert list(fault.value.fields) == ["lead"]


def test_a_lead_of_other_people_is_no_ground_for_a_deal(lead, broker, university_officer, demand):
    lead = services.accept(lead, by=university_officer)
    other = factories.make_published_achievement()
    match = (
        type(demand).objects.get(pk=demand.pk).matches_as_demand.create(achievement=other, score=0.5, model_version="1")
    )
    with pytest.raises(Invalid):
        services.open_deal(match, lead=lead, by=broker)


@pytest.mark.parametrize("code", ["", "BORED"])
def test_a_loss_needs_a_reason_of_the_list(deal, broker, code):
    with pytest.raises(Invalid) as fault:
        services.lose(deal, code, by=broker)
    assert list(fault.value.fields) == ["lost_code"]


def test_the_public_rate_does_not_move_with_leads_on_anonymous_listings(
    lead, university, firm, sme, university_officer
):
    services.accept(lead, by=university_officer)
    hidden = factories.make_published_achievement(university, is_anonymous=True)
    services.express_interest(hidden, sender=firm, by=sme, **WORDS)
    services.lapse_leads(timezone.localdate() + timedelta(days=15))
    assert services.response_rate_of(university) == pytest.approx(1 / 2)
    assert services.public_response_rate_of(university) == 1
