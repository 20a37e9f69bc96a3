"""Notices in the workspace: read by their people, objections answered by somebody else than the opener."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from marketplace.core.workspace import list_url, move_url, page_url
from marketplace.notices import services
from marketplace.notices.models import Notice, Objection
from tests import factories
from tests.notices.conftest import CONTENT, FINGERPRINT, SOMEBODY, end, open_notice
from tests.rows import reread

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter():
    def make(user):
        client = Client(headers={"accept-language": "en"})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def names(client, row):
    return {button.name for button in client.get(page_url(row)).context["moves"]}


def press(client, row, name, **values):
    return client.post(move_url(row, name), {"version": row.version} | values)


@pytest.mark.parametrize(
    ("who", "on_notice", "on_objection"),
    [
        ("opener", {"void"}, set()),
        ("university_officer", {"void"}, {"dismiss", "uphold"}),
        ("staff", set(), set()),
    ],
)
def test_the_buttons_are_those_of_the_role(who, on_notice, on_objection, notice, objection, enter, request):
    client = enter(request.getfixturevalue(who))
    assert (names(client, notice), names(client, objection)) == (on_notice, on_objection)


def test_a_notice_may_be_closed_once_it_is_over(notice, opener, enter):
    client = enter(opener)
    assert names(client, notice) == {"void"}
    Notice.objects.filter(pk=notice.pk).update(opened_on=timezone.localdate() - timedelta(days=20))
    end(notice, timezone.localdate() - timedelta(days=1))
    assert names(client, notice) == {"void", "close"}
    press(client, notice, "close")
    assert reread(notice).state == "closed_clean"


def test_an_objection_is_answered_by_a_button_and_the_answer_is_on_the_notice(
    notice, objection, university_officer, enter, inventor
):
    press(enter(university_officer), objection, "dismiss", answer="保护范围不同。")
    assert (reread(objection).state, reread(notice).state) == ("dismissed", "open")
    assert "保护范围不同。" in enter(inventor).get(page_url(notice)).content.decode()


def test_an_answer_without_words_comes_back(objection, university_officer, enter):
    answer = press(enter(university_officer), objection, "uphold", answer="  ")
    assert answer.status_code == 200
    assert reread(objection).state == "filed"


def test_a_notice_is_taken_back_with_its_reason(notice, opener, enter):
    press(enter(opener), notice, "void", reason="WITHDRAWN", note="重新谈判。")
    assert (reread(notice).state, reread(notice).void_reason) == ("void", "WITHDRAWN")
    assert "withdrawn by its organisation" in enter(opener).get(page_url(notice)).content.decode()


def test_the_opener_is_told_that_somebody_else_answers(notice, objection, opener, university_officer, enter):
    sentence = "another administrator or officer answers"
    pages = [enter(user).get(page_url(notice)).content.decode() for user in (opener, university_officer)]
    assert [sentence in page for page in pages] == [True, False]


@pytest.mark.parametrize("who", ["reader", "sme", "outsider", "broker"])
def test_an_objection_is_not_there_for_others(who, objection, university, enter, request):
    user = factories.make_member(university, "reader") if who == "reader" else request.getfixturevalue(who)
    client = enter(user)
    for address in (page_url(objection), move_url(objection, "dismiss")):
        assert client.get(address).status_code == 404
        assert client.post(address, {"answer": "x"}).status_code == 404


def test_the_front_page_names_what_waits_for_those_who_may_answer(objection, opener, university_officer, enter):
    def waits(user):
        sections = enter(user).get("/workspace/").context["sections"]
        return [section for section in sections if "Objections" in str(section.title)]

    assert [line.url for line in waits(university_officer)[0].lines] == [page_url(objection)]
    assert waits(opener) == []


def test_lists_take_the_same_queries_however_long(notice, university, opener, university_officer, enter, inventor):
    client = enter(university_officer)

    def queries():
        found = []
        for model in (Notice, Objection):
            client.get(list_url(model))
            with CaptureQueriesContext(connection) as seen:
                assert client.get(list_url(model)).status_code == 200
            found.append(len([query for query in seen if "law_edition" not in query["sql"]]))
        return found

    services.object_to(notice, **SOMEBODY, by=inventor)
    few = queries()
    for number in range(3):
        services.object_to(open_notice(university, opener, fingerprint=str(number)), **SOMEBODY, by=inventor)
    assert queries() == few


# Opening

FORM = {name: value for name, value in CONTENT.items() if name != "inventors"} | {
    "title_zh": "关于涂层许可价格的公示", "title_en": "", "place": "330000", "inventors": "林澄、周以宁",
    "relation": "", "days": "", "where": "unit",
}  # fmt: skip


def open_on_page(client, university, **values):
    return client.post(move_url(university, "open-notice"), {"version": university.version} | FORM | values)


def test_an_officer_opens_a_notice_on_the_page_of_the_university(university, university_officer, enter):
    answer = open_on_page(enter(university_officer), university)
    notice = Notice.objects.get()
    assert (answer.status_code, answer.url) == (302, page_url(notice))
    assert (notice.content, notice.is_on_market, notice.opened_by) == (CONTENT, True, university_officer)
    assert notice.terms_fingerprint == FINGERPRINT


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"abstract": ""}, "abstract"),
        ({"days": "3"}, "days"),
        ({"related_party": "RELATED"}, "related_party"),
        ({"price": "a\x1bb"}, "price"),
    ],
)
def test_what_the_law_misses_stands_beside_its_field(university, university_officer, enter, values, name):
    answer = open_on_page(enter(university_officer), university, **values)
    assert answer.status_code == 200
    assert name in answer.context["form"].errors
    assert not Notice.objects.exists()


@pytest.mark.parametrize("who", ["inventor", "staff"])
def test_nobody_else_is_offered_to_open_one(university, who, enter, request):
    client = enter(request.getfixturevalue(who))
    assert "open-notice" not in names(client, university)
    assert open_on_page(client, university).status_code == 403
