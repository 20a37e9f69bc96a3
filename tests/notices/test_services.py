"""A notice opens under the law of its place, is stopped by objections, and closes or becomes void."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.core.models import Entry
from marketplace.core.news import notice_closed, notice_objected, notice_voided
from marketplace.law.errors import NoSuchRule
from marketplace.notices import rules, services
from marketplace.notices.models import Notice, Objection
from marketplace.notices.tasks import close_notices
from marketplace.parties import services as parties
from tests.notices.conftest import CONTENT, FINGERPRINT, SOMEBODY, open_notice
from tests.rows import reread

pytestmark = pytest.mark.django_db
SIGNALS = (notice_objected, notice_closed, notice_voided)
OPENING = date(2026, 11, 2)  # a Monday
ANSWER = "所述专利保护范围不同。"


@pytest.fixture
def clock():
    """`clock(17)` makes it noon of 17 November 2026 in Shanghai; it begins on the second."""

    def travel(day):
        traveller.move_to(f"2026-11-{day:02d} 12:00 +0800")

    with time_machine.travel("2026-11-02 12:00 +0800", tick=False) as traveller:
        yield travel


@pytest.fixture
def heard():
    """What was announced, in order."""
    said = []

    def hear(sender, signal, **facts):
        said.append(signal)

    for signal in SIGNALS:
        signal.connect(hear)
    yield said
    for signal in SIGNALS:
        signal.disconnect(hear)


# Opening


def test_a_notice_runs_for_the_days_of_its_place(clock, notice):
    assert (notice.state, notice.days, notice.unit) == ("open", 15, "calendar_days")
    assert (notice.opened_on, notice.ends_on) == (OPENING, date(2026, 11, 17))


def test_a_notice_keeps_what_it_was_decided_under(clock, notice):
    assert notice.law_references == [
        "notice.negotiated.days@370000/2018-01-01",
        "notice.negotiated.fields@CN/2015-10-01",
        "calendar.holidays@CN/2026-01-01",
    ]


def test_the_owner_may_show_it_longer_but_never_shorter(clock, university, opener):
    assert open_notice(university, opener, days=20).ends_on == date(2026, 11, 23)  # the 22nd is a Sunday
    with pytest.raises(Invalid) as fault:
        open_notice(university, opener, days=14)
    assert (fault.value.code, list(fault.value.fields)) == ("E_NOTICE_TOO_SHORT", ["days"])


def test_a_notice_for_ever_is_refused(university, opener):
    with pytest.raises(Invalid) as fault:
        open_notice(university, opener, days=rules.MOST_DAYS + 1)
    assert list(fault.value.fields) == ["days"]


def test_zhejiang_shows_it_on_the_market_whatever_the_owner_wants(notice, market_notice):
    assert (notice.channels, market_notice.channels) == (["unit"], ["unit", "market"])


def test_elsewhere_the_owner_may_show_it_on_the_market(university, opener):
    assert open_notice(university, opener, is_on_market=True).is_on_market


@pytest.mark.parametrize(
    ("place", "name", "code"),
    [
        ("370000", "price", "E_NOTICE_FIELDS"),
        ("330000", "abstract", "E_NOTICE_FIELDS"),
        ("330000", "method", "E_NOTICE_FIELDS"),
        ("330000", "related_party", "E_RELATED_PARTY_NOT_MARKED"),
    ],
)
def test_what_the_place_demands_is_asked_for_by_name(university, opener, place, name, code):
    content = {field: value for field, value in CONTENT.items() if field != name}
    with pytest.raises(Invalid) as fault:
        open_notice(university, opener, place=place, content=content)
    assert (fault.value.code, list(fault.value.fields)) == (code, [name])


def test_what_another_place_demands_is_not_asked_for(university, opener):
    assert open_notice(university, opener, content={"name": "涂层", "price": "10万元"}).state == "open"


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"content": CONTENT | {"method": "BARTER"}}, "method"),
        ({"content": CONTENT | {"estimated_total": 1.5}}, "estimated_total"),
        ({"content": CONTENT | {"abstract": "a\x1bb"}}, "abstract"),
        ({"title_zh": "  "}, "title_zh"),
        ({"fingerprint": ""}, "terms_fingerprint"),
        ({"fingerprint": "x" * 65}, "terms_fingerprint"),
    ],
)
def test_nonsense_is_refused_on_its_field(university, opener, values, name):
    with pytest.raises(Invalid) as fault:
        open_notice(university, opener, **values)
    assert list(fault.value.fields) == [name]


def test_a_kind_of_which_the_law_says_nothing_is_not_shown(university, opener):
    with pytest.raises(NoSuchRule):
        open_notice(university, opener, kind="EQUITY_PROXY")


REWARD = {"name": "奖励分配", "inventors": ["季明"], "shares": ["季明 70,000.00"], "registration": "2026330000000001"}


def test_a_reward_is_shown_for_the_days_of_zhejiang(university, opener):
    notice = open_notice(university, opener, kind="REWARD", place="330000", content=REWARD)
    assert (notice.days, notice.law_references[0]) == (15, "reward.notice.days@330000/2021-09-29")


def test_the_same_terms_are_shown_once_at_a_time(notice, university, opener):
    with pytest.raises(Conflict) as fault:
        open_notice(university, opener)
    assert fault.value.code == "notice_open"
    services.void(notice, "WITHDRAWN", by=opener)
    assert open_notice(university, opener).state == "open"


def test_a_university_that_is_not_verified_shows_nothing(university, opener, staff):
    parties.suspend(university, by=staff, reason="证照过期。")
    with pytest.raises(Conflict) as fault:
        open_notice(reread(university), opener)
    assert fault.value.code == "not_verified"


@pytest.mark.parametrize("name", ["inventor", "sme", "outsider", "broker", "staff"])
def test_nobody_but_those_who_decide_opens_one(university, name, request):
    with pytest.raises(Forbidden):
        open_notice(university, request.getfixturevalue(name))


# Objections


def test_an_objection_stops_the_clock(objection, notice, heard):
    assert (reread(notice).state, objection.state, objection.name) == ("objected", "filed", "钱某")


def test_an_objection_is_announced(notice, inventor, heard):
    services.object_to(notice, **SOMEBODY, by=inventor)
    assert heard == [notice_objected]


def test_a_visitor_may_object_to_what_is_shown_on_the_market(market_notice):
    filed = services.object_to(market_notice, **SOMEBODY, by=AnonymousUser())
    assert (filed.filed_by, reread(market_notice).state) == (None, "objected")
    assert Entry.objects.filter(verb="notices.object", reason="visitor", actor=None).exists()


def test_the_journal_of_a_notice_does_not_say_who_objected(notice, inventor):
    services.object_to(notice, **SOMEBODY, by=inventor)
    lines = Entry.objects.filter(subject_type="notices.notice", subject_id=notice.pk)
    assert inventor.pk not in lines.values_list("actor", flat=True)


@pytest.mark.parametrize("name", ["sme", "outsider", "broker", None])
def test_what_one_may_not_read_one_cannot_object_to(notice, name, request):
    person = request.getfixturevalue(name) if name else AnonymousUser()
    with pytest.raises(NotFound):
        services.object_to(notice, **SOMEBODY, by=person)
    assert not Objection.objects.exists()


@pytest.mark.parametrize("name", ["name", "contact", "text"])
@pytest.mark.parametrize("value", ["", "  ", "\x00", "x" * 2001])
def test_an_objection_needs_a_person_and_words(notice, inventor, name, value):
    with pytest.raises(Invalid) as fault:
        services.object_to(notice, **(SOMEBODY | {name: value}), by=inventor)
    assert list(fault.value.fields) == [name]
    assert reread(notice).state == "open"


def test_an_objection_on_the_last_day_is_in_time_and_on_the_next_is_not(clock, notice, inventor):
    clock(18)
    with pytest.raises(Conflict) as fault:
        services.object_to(notice, **SOMEBODY, by=inventor)
    assert fault.value.code == "notice_over"
    clock(17)
    assert services.object_to(notice, **SOMEBODY, by=inventor).state == "filed"


def test_days_of_an_open_objection_do_not_count(clock, notice, inventor, university_officer):
    clock(10)
    filed = services.object_to(notice, **SOMEBODY, by=inventor)
    clock(12)
    services.dismiss(filed, ANSWER, by=university_officer)
    assert (reread(notice).state, reread(notice).ends_on) == ("open", date(2026, 11, 20))


def test_the_clock_goes_on_when_the_last_objection_is_answered(clock, notice, inventor, university_officer):
    clock(10)
    first = services.object_to(notice, **SOMEBODY, by=inventor)
    clock(11)
    second = services.object_to(notice, **SOMEBODY, by=inventor)
    clock(12)
    services.dismiss(first, ANSWER, by=university_officer)
    assert reread(notice).state == "objected"
    clock(13)
    services.dismiss(second, ANSWER, by=university_officer)
    assert (reread(notice).state, reread(notice).ends_on) == ("open", date(2026, 11, 23))  # four days; the 21st is free


def test_two_objections_after_each_other_cost_each_day_once(clock, notice, inventor, university_officer):
    clock(10)
    for _ in range(2):
        services.dismiss(services.object_to(notice, **SOMEBODY, by=inventor), ANSWER, by=university_officer)
    assert reread(notice).ends_on == date(2026, 11, 18)


def test_an_answer_keeps_who_when_and_what(objection, university_officer):
    answered = services.dismiss(objection, f" {ANSWER} ", by=university_officer)
    assert (answered.state, answered.answer, answered.answered_by) == ("dismissed", ANSWER, university_officer)
    assert answered.answered_at is not None


@pytest.mark.parametrize("answering", [services.dismiss, services.uphold])
@pytest.mark.parametrize("answer", ["", "   ", "x" * 2001, "\x00"])
def test_an_objection_is_answered_in_words(objection, notice, university_officer, answering, answer):
    with pytest.raises(Invalid) as fault:
        answering(objection, answer, by=university_officer)
    assert list(fault.value.fields) == ["answer"]
    assert reread(notice).state == "objected"


def test_an_objection_that_is_right_makes_the_notice_void(objection, notice, university_officer, heard):
    services.uphold(objection, "属实。", by=university_officer)
    fresh = reread(notice)
    assert (fresh.state, fresh.void_reason, fresh.voided_on) == ("void", "OBJECTION_UPHELD", timezone.localdate())
    assert heard == [notice_voided]


def test_other_objections_to_a_void_notice_are_without_object(objection, notice, inventor, university_officer):
    other = services.object_to(notice, **SOMEBODY, by=inventor)
    services.uphold(objection, "属实。", by=university_officer)
    assert reread(other).state == "lapsed"


# The end


def test_a_notice_closes_on_the_day_after_its_last(clock, notice, opener, heard):
    clock(17)
    with pytest.raises(Conflict) as fault:
        services.close(notice, by=opener)
    assert fault.value.code == "notice_running"
    clock(18)
    assert services.close(notice, by=opener).closed_on == date(2026, 11, 18)
    assert heard == [notice_closed]


def test_the_night_closes_what_is_over_once(clock, notice, market_notice, heard):
    clock(17)
    assert close_notices() == 0
    clock(18)
    assert [close_notices(), close_notices()] == [2, 0]
    assert heard == [notice_closed, notice_closed]


def test_an_open_objection_keeps_a_notice_from_closing(clock, objection, notice, opener):
    clock(30)
    assert close_notices() == 0
    with pytest.raises(Conflict) as fault:
        services.close(notice, by=opener)
    assert fault.value.code == "E_OPEN_OBJECTION"


def test_a_notice_withdrawn_says_why(notice, opener, heard):
    gone = services.void(notice, "WITHDRAWN", note="重新谈判。", by=opener)
    assert (gone.state, gone.void_reason) == ("void", "WITHDRAWN")
    assert heard == [notice_voided]


@pytest.mark.parametrize("reason", ["", "BORED", "OBJECTION_UPHELD"])
def test_a_notice_is_withdrawn_for_a_reason_of_its_own(notice, opener, reason):
    with pytest.raises(Invalid) as fault:
        services.void(notice, reason, by=opener)
    assert list(fault.value.fields) == ["reason"]


def test_the_terms_that_were_shown_pass(notice, heard):
    services.check_unchanged(notice, FINGERPRINT)
    assert (reread(notice).state, heard) == ("open", [])


def test_other_terms_make_the_notice_void(notice, heard):
    with pytest.raises(Conflict) as fault:
        services.check_unchanged(notice, rules.fingerprint(price="降价"))
    assert fault.value.code == "E_NOTICE_TERMS_CHANGED"
    assert (reread(notice).void_reason, heard) == ("TERMS_CHANGED", [notice_voided])


def test_a_closed_notice_stays_a_proof_of_the_earlier_terms(clock, notice):
    clock(18)
    close_notices()
    with pytest.raises(Conflict) as fault:
        services.check_unchanged(reread(notice), rules.fingerprint(price="降价"))
    assert fault.value.code == "E_NOTICE_TERMS_CHANGED"
    assert reread(notice).state == "closed_clean"


def test_the_words_of_objections_stay_out_of_the_journal(objection, university_officer):
    services.dismiss(objection, ANSWER, by=university_officer)
    every = str(list(Entry.objects.values()))
    assert not any(text in every for text in (ANSWER, *SOMEBODY.values()))


def test_an_act_that_a_listener_refuses_never_happened(notice, opener):
    def refuse(sender, **facts):
        raise Conflict

    notice_voided.connect(refuse)
    try:
        with pytest.raises(Conflict):
            services.void(notice, "WITHDRAWN", by=opener)
    finally:
        notice_voided.disconnect(refuse)
    assert reread(notice).state == "open"
    assert Notice.objects.running().count() == 1
