"""What a notice says in words: its clock in each state, its fields, the law behind it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils.translation import override

from marketplace.notices import services, wording
from tests.notices.conftest import SOMEBODY, open_notice
from tests.rows import reread

pytestmark = pytest.mark.django_db
OPENING = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def second_of_november():
    with time_machine.travel("2026-11-02 12:00 +0800", tick=False) as traveller, override("en"):
        yield traveller


@pytest.mark.parametrize(
    ("day", "sentence", "left"),
    [
        (2, "15 days left", 15),
        (16, "1 day left", 1),
        (17, "ends today at 24:00", 0),
        (18, "over since 2026-11-17, to be closed tonight", 0),
    ],
)
def test_a_running_clock_says_how_many_days_are_left(notice, day, sentence, left):
    found = wording.clock(notice, date(2026, 11, day))
    assert (str(found.sentence), found.days_left) == (sentence, left)


@pytest.mark.parametrize("later", [0, 3])
def test_a_stopped_clock_says_since_when_and_what_will_be_left(
    notice, inventor, second_of_november, university_officer, later
):
    second_of_november.move_to("2026-11-10 12:00 +0800")
    filed = services.object_to(notice, **SOMEBODY, by=inventor)
    found = wording.clock(reread(notice), date(2026, 11, 10) + timedelta(days=later))
    assert str(found.sentence) == "stands still since 2026-11-10; 8 days will be left"
    second_of_november.move_to("2026-11-11 12:00 +0800")
    services.dismiss(filed, "不成立。", by=university_officer)
    assert (reread(notice).ends_on - date(2026, 11, 11)).days == 8


def test_an_objection_on_the_first_day_costs_no_day(notice, inventor):
    services.object_to(notice, **SOMEBODY, by=inventor)
    assert wording.clock(reread(notice)).days_left == notice.days


def test_the_end_is_said(notice, market_notice, opener, second_of_november):
    services.void(market_notice, "WITHDRAWN", by=opener)
    services.close_due(date(2026, 11, 18))
    said = [str(wording.clock(reread(row)).sentence) for row in (notice, market_notice)]
    assert said == ["over since 2026-11-17", "void since 2026-11-02"]


def test_the_content_is_shown_with_labels_and_without_what_is_empty(notice):
    notice.content = notice.content | {"relation": ""}
    shown = {str(label): text for label, text in wording.lines(notice)}
    assert (shown["Way of transfer"], shown["Estimated total"]) == ("Licence", "CNY 860,000")
    assert shown["Completers"] == "林澄, 周以宁"
    assert "What the relation is" not in shown


def test_the_law_behind_it_is_named_and_what_was_not_checked_is_known(notice, market_notice):
    found = [(rule.key, rule.place, rule.is_verified) for rule in wording.provisions(notice)]
    assert found == [
        ("notice.negotiated.days", "370000", True),
        ("notice.negotiated.fields", "CN", False),
        ("calendar.holidays", "CN", True),
    ]


def test_a_year_without_holidays_is_said(notice, university, opener):
    assert not wording.counts_weekends_alone(notice)
    assert wording.counts_weekends_alone(open_notice(university, opener, days=60, fingerprint="a longer one"))


def test_every_field_has_its_label():
    assert set(wording.LABELS) == set(wording.rules.FIELDS)
