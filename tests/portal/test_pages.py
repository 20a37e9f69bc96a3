"""Every public page answers for everybody, in both languages, with a constant number of queries."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from marketplace import law
from marketplace.core.access import SYSTEM
from marketplace.law.words import worded
from marketplace.listings.services import withdraw
from marketplace.parties.models import TechnologyManager
from tests.counting import queries_of
from tests.factories import (
    make_agency,
    make_published_achievement,
    make_published_demand,
    make_technology_manager,
    make_user,
)

pytestmark = pytest.mark.django_db
PLAIN = ["home", "about", "achievements", "demands", "managers", "agencies", "verify_portfolio", "law"]
PLAIN += ["robots", "sitemap"]
READERS = ["", "outsider", "inventor", "university_officer", "broker", "staff"]


@pytest.fixture
def reader(request):
    return request.getfixturevalue(request.param) if request.param else None


@pytest.mark.parametrize("reader", READERS, indirect=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_public_page_answers_for_everybody(market, page, reader, language):
    for name in PLAIN:
        page(reverse(f"portal:{name}"), reader, language=language)
    for row in market:
        assert row.title_zh in page(reverse(f"portal:{row.kind}", args=[row.public_id]), reader, language="zh-hans")


@pytest.mark.parametrize("name", PLAIN[:8])
def test_an_empty_market_has_pages_too(page, name):
    assert "<h1>" in page(reverse(f"portal:{name}"))


def test_a_page_says_its_language(open_achievement, page):
    assert '<html lang="zh-Hans">' in page("/")
    assert '<html lang="en">' in page("/", language="en")


def test_the_english_switch_stays(client):
    client.post("/i18n/setlang/", {"language": "en", "next": "/law/"}, headers={"accept-language": "zh-CN"})
    assert '<html lang="en">' in client.get("/law/", headers={"accept-language": "zh-CN"}).content.decode()


def test_no_page_asks_another_host_or_runs_a_script(market, page):
    for name in PLAIN[:7]:
        text = page(reverse(f"portal:{name}"))
        assert not re.findall(r"(?:src|href)=\"(?:https?:)?//|<script|\son\w+=|style=\"", text)


def test_every_input_has_a_label(market, page):
    for name in PLAIN[:7]:
        text = page(reverse(f"portal:{name}"))
        inputs = re.findall(r"<(?:input|select|textarea)(?![^>]*type=\"hidden\")[^>]*\sid=\"([^\"]+)\"", text)
        assert set(inputs) <= set(re.findall(r"<label for=\"([^\"]+)\"", text))


@pytest.mark.parametrize("kind", ["achievement", "demand"])
def test_an_unknown_or_foreign_address_is_not_found(market, page, kind):
    other = next(row for row in market if row.kind != kind)
    text = page(reverse(f"portal:{kind}", args=["2222222222222222"]), status=404)
    assert "<h1>" in text
    page(reverse(f"portal:{kind}", args=[other.public_id]), status=404)


def queries(client, path):
    assert client.get(path).status_code == 200
    return len(queries_of(lambda: client.get(path)))


@pytest.mark.parametrize("name", ["home", "achievements", "demands", "managers", "agencies", "sitemap"])
def test_more_rows_ask_no_more_queries(market, client, name, university, firm):
    make_technology_manager(), make_agency()
    few = queries(client, reverse(f"portal:{name}"))
    for _ in range(3):
        make_published_achievement(university), make_published_demand(firm), make_technology_manager(), make_agency()
    assert queries(client, reverse(f"portal:{name}")) == few


def test_a_list_is_cut_into_pages_that_keep_the_filters(university, page, monkeypatch):
    monkeypatch.setattr("marketplace.portal.listings.PAGE", 2)
    for _ in range(3):
        make_published_achievement(university)
    first = page("/achievements/?field=05")
    assert "?field=05&amp;page=2" in first
    assert first.count('class="card"') == 2
    assert page("/achievements/?field=05&page=2").count('class="card"') == 1


def test_the_site_map_names_live_listings_only(open_achievement, open_demand, page):
    withdraw(open_demand.listing, by=SYSTEM)
    text = page("/sitemap.xml")
    assert open_achievement.public_id in text
    assert open_demand.public_id not in text


def test_machines_are_kept_out_of_private_pages(page):
    assert "Disallow: /workspace/" in page("/robots.txt")


def test_directories_show_valid_registrations_only(page):
    make_technology_manager(name="在册经理人")
    gone = make_technology_manager(name="过期经理人")
    TechnologyManager.objects.filter(user=gone).update(valid_until="2020-01-01")
    text = page("/technology-managers/")
    assert "在册经理人" in text
    assert "过期经理人" not in text


def test_whoever_left_the_register_is_shown_as_such_for_the_history(page):
    gone = make_technology_manager(name="过期经理人").technology_manager
    TechnologyManager.objects.filter(pk=gone.pk).update(valid_until="2020-01-01")
    assert "过期经理人" in page("/technology-managers/?standing=expired")
    text = page(f"/technology-managers/{gone.public_id}/", language="en")
    assert "term of this registration is over" in text
    assert gone.user.email not in text


def test_an_agency_has_a_page_with_its_people(page):
    agency = make_agency()
    held = make_technology_manager(name="在册经理人").technology_manager
    TechnologyManager.objects.filter(pk=held.pk).update(agency=agency)
    text = page(f"/agencies/{agency.public_id}/")
    assert str(agency.organisation) in text
    assert "在册经理人" in text


def test_an_application_has_no_public_page(client):
    applied = TechnologyManager.objects.create(user=make_user())
    for address in (applied.public_id, "x" * 16, "nothing"):
        assert client.get(f"/technology-managers/{address}/").status_code == 404


def test_a_directory_never_shows_an_address(page):
    make_technology_manager(name="", email="private@example.org")
    assert "private@" not in page("/technology-managers/")


def test_the_law_says_where_the_figure_comes_from(page):
    text = page("/law/?day=2022-01-01&place=330000")
    assert "70%" in text
    assert "浙江省促进科技成果转化条例" in text
    assert "50%" in page("/law/?day=2022-01-01")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_legal_value_reads_as_words(language):
    with translation.override(language):
        for provision in law.on(date(2026, 11, 29), "330000").entries():
            for line in worded(provision):
                assert not re.search(r"[\[\]{}_]|True|False|'[A-Za-z]+'|[A-Z]{4}|^\d\d-\d\d$", line), (
                    provision.key,
                    line,
                )


@pytest.mark.parametrize(
    "query", ["day=yesterday", "day=9999-99-99", "place=Mars", "day=1900-01-01", "day=0001-01-01&place="]
)
def test_a_day_or_place_that_makes_no_sense_still_gives_a_page(page, query):
    page(f"/law/?{query}")
