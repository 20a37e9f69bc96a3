"""Public notices on the portal: who reads which, what is never shown, and how an objection is filed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.notices import rules, services
from marketplace.notices.models import Objection
from tests import factories
from tests.notices.conftest import CONTENT, open_notice
from tests.rows import reread

pytestmark = pytest.mark.django_db
FILING = {
    "name": "钱某某",
    "contact": "13912345678",
    "organisation": "某研究所",
    "text": "与我处在先专利重复。",
}
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def opener(university):
    return factories.make_member(university, name="opener")


@pytest.fixture
def inside(university, opener):
    return open_notice(university, opener, title_zh="校内的公示")


@pytest.fixture
def outside(university, opener):
    """In Zhejiang, so on the market; its rules were not all checked against the text."""
    return open_notice(university, opener, place="330000", fingerprint="other", title_zh="市场上的公示")


def address(notice):
    return reverse("portal:notice", args=[notice.public_id])


def file(client, notice, **values):
    return client.post(address(notice), FILING | values, headers=ENGLISH)


@pytest.mark.parametrize("reader", ["", "outsider", "broker", "sme"])
def test_strangers_read_what_is_on_the_market_alone(inside, outside, page, request, reader):
    user = request.getfixturevalue(reader) if reader else None
    assert "市场上的公示" in page(address(outside), user)
    page(address(inside), user, status=404)
    text = page("/notices/", user)
    assert "市场上的公示" in text
    assert "校内的公示" not in text


@pytest.mark.parametrize("reader", ["inventor", "university_officer", "staff"])
def test_the_universitys_people_and_staff_read_both(inside, outside, page, request, reader):
    text = page("/notices/", request.getfixturevalue(reader))
    assert "市场上的公示" in text
    assert "校内的公示" in text
    assert CONTENT["counterparty"] in page(address(inside), request.getfixturevalue(reader))


def test_a_notice_says_what_was_decided_how_long_it_runs_and_by_which_law(outside, page):
    text = page(address(outside), language="en")
    for words in (CONTENT["price"], "CNY 860,000", outside.ends_on.isoformat(), "days left", "art. 17"):
        assert words in text
    assert "Please check against the text." in text


def test_the_law_behind_it_is_linked_where_it_stands(outside, page):
    link = f"/law/?day={outside.opened_on.isoformat()}&amp;place=330000#notice.negotiated.days"
    assert link in page(address(outside))
    assert 'id="notice.negotiated.days"' in page(link.replace("&amp;", "&").partition("#")[0])


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("?state=open", 2), ("?state=void", 0), ("?kind=REWARD", 0), ("?q=市场", 1), ("?q=江澜 校内", 1)],
)
def test_the_list_is_narrowed(inside, outside, page, university_officer, query, count):
    assert page(f"/notices/{query}", university_officer).count('class="card"') == count


def test_a_filter_that_makes_no_sense_is_said(outside, page):
    text = page("/notices/?state=asleep", language="en")
    assert "Left out" in text
    assert "市场上的公示" in text


def test_running_notices_come_first(outside, university, opener, page):
    newer = open_notice(university, opener, fingerprint="third", is_on_market=True, title_zh="撤回的公示")
    services.void(newer, "WITHDRAWN", by=opener)
    text = page("/notices/")
    assert text.index("市场上的公示") < text.index("撤回的公示")


# Objecting


def test_a_visitor_objects_by_name_and_is_told_what_follows(client, outside):
    answer = file(client, outside)
    assert (answer.status_code, answer.url) == (302, address(outside))
    text = client.get(answer.url, headers=ENGLISH).content.decode()
    assert "Your objection is filed" in text
    assert "stands still since" in text
    assert reread(outside).state == "objected"


def test_a_member_objects_to_what_is_shown_within_the_university(client, inside, inventor):
    client.force_login(inventor, backend="django.contrib.auth.backends.ModelBackend")
    assert file(client, inside).status_code == 302
    assert Objection.objects.get().filed_by == inventor


def test_a_stranger_cannot_object_to_what_is_not_shown_to_them(client, inside):
    assert file(client, inside).status_code == 404
    assert not Objection.objects.exists()


@pytest.mark.parametrize("name", ["name", "contact", "text"])
def test_an_empty_field_is_marked_and_nothing_is_lost(client, outside, name):
    text = file(client, outside, **{name: " "}).content.decode()
    assert f'id="id_{name}_error"' in text
    kept = next(value for field, value in FILING.items() if field not in (name, "organisation"))
    assert kept in text
    assert not Objection.objects.exists()


def test_control_characters_are_refused_in_words(client, outside):
    assert "invisible control characters" in file(client, outside, text="a\x1bb").content.decode()


def test_objecting_too_often_is_refused_in_words(client, outside):
    for _ in range(rules.OBJECTIONS_AN_HOUR):
        file(client, outside)
    assert "very often in a short time" in file(client, outside).content.decode()
    assert Objection.objects.count() == rules.OBJECTIONS_AN_HOUR


def test_a_void_notice_takes_no_objection(client, outside, opener):
    services.void(outside, "WITHDRAWN", by=opener)
    assert 'name="contact"' not in client.get(address(outside)).content.decode()
    assert "no longer possible" in file(client, outside).content.decode()


@pytest.mark.parametrize("reader", ["", "outsider", "inventor", "broker", "staff", "university_officer"])
def test_who_objected_and_why_is_on_no_public_page_and_the_answer_is(
    client, outside, page, request, reader, university_officer
):
    file(client, outside)
    services.dismiss(Objection.objects.get(), "保护范围不同。", by=university_officer)
    user = request.getfixturevalue(reader) if reader else None
    for path in ("/notices/", address(outside)):
        text = page(path, user)
        assert [secret for secret in FILING.values() if secret in text] == []
    assert "保护范围不同。" in page(address(outside), user)


def test_more_notices_ask_no_more_queries(client, outside, university, opener, inventor):
    def queries():
        client.get("/notices/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/notices/")
        return len([query for query in seen if "law_edition" not in query["sql"]])

    few = queries()
    for number in range(3):
        more = open_notice(university, opener, fingerprint=str(number), is_on_market=True)
        services.object_to(more, **FILING, by=inventor)
    assert queries() == few


def test_every_input_of_the_page_has_a_label_and_no_script_runs(outside, page):
    text = page(address(outside))
    assert "<script" not in text
    assert text.count("<label for=") == 4
