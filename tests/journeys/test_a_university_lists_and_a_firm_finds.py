"""The main story: an inventor drafts, a reviewer returns it once, a firm finds it and is interested, a deal is opened.

Told through the services, as every door calls them; each person is loaded anew for each step, as each request does.
"""

import pytest

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal, Lead
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Entry
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from marketplace.listings import services as listings
from marketplace.listings.models import Achievement, Demand, Projection
from marketplace.parties import services as parties
from marketplace.parties.models import Organisation, User
from tests import factories
from tests.rows import reread

SECRET = "电解液配方:硅酸钠12克每升"
STORY = [
    ("officer", "parties.apply", "applied"),
    ("staff", "parties.verify", "verified"),
    ("officer", "parties.admit", ""),
    ("inventor", "listings.draft", "draft"),
    ("officer", "listings.submit", "submitted"),
    ("staff", "listings.return", "returned"),
    ("inventor", "listings.edit", "returned"),
    ("officer", "listings.submit", "submitted"),
    ("staff", "listings.publish", "published"),
    ("sme", "listings.draft", "draft"),
    ("sme", "listings.submit", "submitted"),
    ("staff", "listings.publish", "published"),
    ("sme", "discovery.judge", ""),
    ("sme", "brokerage.express_interest", "opened"),
    ("officer", "brokerage.answer", "accepted"),
    ("broker", "brokerage.open_deal", "introduced"),
    ("broker", "brokerage.log_introduction", "logged"),
]


@pytest.fixture
def people(firm, broker):
    """Their keys by part; `person` loads them."""
    users = {name: factories.make_user(name=name) for name in ("officer", "inventor")}
    users |= {"staff": factories.make_user(name="staff", is_staff=True), "broker": broker}
    users["sme"] = factories.make_member(firm, name="sme")
    return {name: user.pk for name, user in users.items()}


@pytest.fixture
def person(people):
    return lambda name: User.objects.get(pk=people[name])


@pytest.fixture
def story(person, people, firm):
    """Play it; return what came of it."""
    beginning = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    university = found_the_university(person)
    achievement = list_the_achievement(university, person)
    demand = post_the_demand(firm, person)
    discovery.sweep()
    match = Match.objects.get(demand__demand=demand)
    discovery.shortlist(match, by=person("sme"), organisation=firm)
    lead = show_interest(match, firm, person)
    deal = brokerage.open_deal(match, lead=lead, by=person("broker"))
    journal = Entry.objects.filter(id__gt=beginning).exclude(verb="listings.offer").order_by("id")
    return {"achievement": achievement, "demand": demand, "match": match, "deal": deal, "journal": list(journal)}


def found_the_university(person):
    facts = {"name_zh": "江澜大学", "kind": "UNIVERSITY", "region": "110000"}
    code = factories.make_credit_code("UNIVERSITY")
    university = parties.apply(facts | {"credit_code": code}, by=person("officer"))
    university = parties.verify(university, by=person("staff"))
    parties.admit(university, person("inventor").email, "inventor", by=person("officer"))
    return university


def list_the_achievement(university, person):
    facts = factories.ACHIEVEMENT | {"description_zh": SECRET, "tiers": {"description": "nda"}}
    facts |= {"public_note_zh": "工艺参数签约后提供。"}
    draft = listings.draft(Achievement, facts, owner=university, by=person("inventor"), offers=[factories.OFFER])
    with pytest.raises(Forbidden):
        listings.submit(draft, by=person("inventor"))
    submitted = listings.submit(draft, by=person("officer"))
    with pytest.raises(Forbidden):
        listings.publish(submitted, by=person("officer"))
    returned = listings.return_for_correction(submitted, "NO_FIGURES", "请写明膜厚。", by=person("staff"))
    listings.edit(returned, {"advantage_zh": "膜厚30微米,硬度提高一倍。"}, by=person("inventor"))
    return listings.publish(listings.submit(returned, by=person("officer")), by=person("staff"))


def post_the_demand(firm, person):
    deadline = {"deadline": "2099-12-31"}
    draft = listings.draft(Demand, factories.DEMAND | deadline, owner=firm, by=person("sme"))
    return listings.publish(listings.submit(draft, by=person("sme")), by=person("staff"))


def show_interest(match, firm, person):
    words = {"pitch": "我们做沿海支架。", "why_fit": "盐雾1000小时正是所需。", "question": "能否试样?"}
    lead = brokerage.express_interest(
        match.achievement, own_listing=match.demand, sender=firm, by=person("sme"), **words
    )
    with pytest.raises(Invalid):  # the owner has not answered yet
        brokerage.open_deal(match, lead=lead, by=person("broker"))
    return brokerage.accept(lead, text="欢迎寄样。", by=person("officer"))


def test_its_journal_reads_as_the_story(story):
    told = [(line.actor.name, line.verb, line.to_state) for line in story["journal"]]
    assert told == STORY


def test_it_ends_in_a_deal_between_the_two(story, firm, people):
    deal = reread(story["deal"])
    assert (deal.state, deal.supplier.name_zh, deal.seeker, deal.manager_id) == (
        "introduced",
        "江澜大学",
        firm,
        people["broker"],
    )


def test_the_match_says_why_in_public_words(story):
    reasons = reread(story["match"]).reasons
    public = " ".join([story["achievement"].title_zh, *reread(story["match"]).achievement.texts.values()])
    labels = [reason["label"] for reason in reasons if reason["kind"] == "text"]
    assert labels
    assert all(label in public for label in labels)


def test_the_secret_stays_with_the_university(story):
    told = [list(model.objects.values()) for model in (Projection, Match, Lead, Deal, Entry)]
    assert SECRET not in str(told)
    assert reread(story["achievement"]).description_zh == SECRET


def test_the_firm_reads_the_public_row_and_never_the_working_copy(story, person):
    assert not Achievement.objects.visible_to(person("sme")).exists()
    assert Projection.objects.visible_to(person("sme")).filter(achievement=story["achievement"]).exists()


def test_a_second_manager_comes_too_late(story):
    with pytest.raises(Conflict):
        brokerage.open_deal(story["match"], by=factories.make_technology_manager())


def test_a_suspension_afterwards_ends_the_listing_and_keeps_the_story(story, person):
    university = Organisation.objects.get(name_zh="江澜大学")
    parties.suspend(university, by=person("staff"), reason="证照过期。")
    assert not Match.objects.current().exists()
    assert Deal.objects.visible_to(person("broker")).exists()
