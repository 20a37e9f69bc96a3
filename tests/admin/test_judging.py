"""Judging matches one after another: who may, what the plain forms do, and that many cost no more questions."""

import pytest

from marketplace.discovery import services as discovery
from marketplace.discovery.models import Judgement, Match
from tests import factories
from tests.admin.asking import queries

pytestmark = pytest.mark.django_db
PAGE = "/workspace/discovery/match/judge/"


def shown(client, **query):
    return [each["id"] for each in client.get(PAGE, query).context.get("items", [])]


def test_who_judges_enters_and_others_find_nothing(people, market, enter):
    statuses = {role: enter(person).get(PAGE).status_code for role, person in people.items()}
    assert {role for role, status in statuses.items() if status == 200} == {
        "broker", "university_officer", "sme", "outsider",
    }  # fmt: skip


def test_my_work_leads_to_judging_only_who_judges(market, enter, university_officer, inventor):
    assert PAGE in enter(university_officer).get("/workspace/").content.decode()
    assert PAGE not in enter(inventor).get("/workspace/").content.decode()


def test_each_sees_what_is_theirs_to_judge(market, enter, broker, sme, outsider):
    assert shown(enter(broker)) == shown(enter(sme)) == [market.match.public_id]
    assert shown(enter(outsider)) == []
    assert "You have judged every match" in enter(outsider).get(PAGE).content.decode()


def test_the_plain_forms_judge_and_come_back(market, enter, broker):
    client = enter(broker)
    item = client.get(PAGE).context["items"][0]
    answer = client.post(
        item["dismiss"], {"version": item["version"], "next": PAGE, "reason_code": "TOO_EARLY", "note": ""}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert Judgement.objects.values_list("verdict", "reason_code").get() == ("dismissed", "TOO_EARLY")
    assert shown(client) == []


def test_a_reason_that_asks_for_words_leads_to_its_page(market, enter, broker):
    reasons = {each["code"]: each for each in enter(broker).get(PAGE).context["reasons"]}
    assert (reasons["OTHER"]["asks"], reasons["OTHER"]["key"]) == (True, "")
    assert [each["key"] for each in reasons.values() if not each["asks"]] == list("1234567890")


def test_an_officer_judges_for_the_organisation(market, enter, sme, firm):
    assert enter(sme).get(PAGE).context["items"][0]["organisation"] == firm.public_id


def test_an_anonymous_owner_stays_so(enter, broker, firm):
    owner = factories.make_organisation("UNIVERSITY", name_zh="无名山大学", name_en="Nameless Mountain")
    factories.make_published_achievement(owner, is_anonymous=True)
    factories.make_published_demand(firm)
    discovery.sweep()
    page = enter(broker).get(PAGE).content.decode()
    assert "Nameless" not in page
    assert "anonymous" in page


def test_many_cost_no_more_questions(market, enter, broker, university, firm):
    client = enter(broker)
    before = queries(client, PAGE)
    for place in range(3):
        need = factories.make_published_demand(firm)
        Match.objects.create(achievement=market.supply, demand=need, score=0.5, model_version="1", rank=place + 1)
    assert len(shown(client)) == 4
    assert queries(client, PAGE) <= before
