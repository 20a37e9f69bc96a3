"""Publishing: the only way in. Idempotent from files, closes what it succeeds, refuses what overlaps."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from marketplace import law
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Forbidden
from marketplace.core.models import Entry
from marketplace.law import services
from marketplace.law.errors import OverlappingRules, WrongReference
from marketplace.law.models import Edition, Rule

pytestmark = pytest.mark.django_db
RULES = settings.FIXTURE_ROOT / "law.json"
KEY = "example.notice.days"


def rule(first, last=None, days=10, **values):
    row = {
        "key": KEY, "place": "330000", "kind": "days", "value": days, "unit": "calendar_days",
        "effective_from": first, "effective_to": last, "title_zh": "示例公示期", "title_en": "Example notice",
        "law_zh": "示例条例", "law_en": "Example regulation", "article": "3", "confidence": "V",
        "verification": "VERIFIED",
    }  # fmt: skip
    return row | values


def publish(*rows):
    return services.publish_rules(rows, by=SYSTEM)


def periods():
    rows = Rule.objects.filter(key=KEY).order_by("effective_from")
    return [(str(row.effective_from), row.effective_to and str(row.effective_to)) for row in rows]


def test_loading_again_changes_nothing():
    before = Edition.objects.get().token
    report = services.load_rules(RULES, by=SYSTEM)
    assert (report.is_empty, len(report.unchanged)) == (True, Rule.objects.count())
    assert Edition.objects.get().token == before


def test_an_open_rule_ends_on_the_eve_of_its_successor():
    publish(rule("2020-01-01"))
    report = publish(rule("2026-01-01", days=15))
    assert periods() == [("2020-01-01", "2025-12-31"), ("2026-01-01", None)]
    assert (report.added, report.changed) == ([f"{KEY}@330000/2026-01-01"], [f"{KEY}@330000/2020-01-01"])


def test_the_row_of_the_day_holds():
    publish(rule("2020-01-01"), rule("2026-01-01", days=15), rule("2022-01-01", days=12))
    days = [date(2021, 12, 31), date(2022, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [law.on(day, "330106").days(KEY) for day in days] == [10, 12, 12, 15]


def test_rules_that_overlap_are_refused_and_nothing_is_written():
    publish(rule("2020-01-01", "2026-06-30"))
    with pytest.raises(OverlappingRules):
        publish(rule("2026-01-01"))
    assert periods() == [("2020-01-01", "2026-06-30")]


def test_one_file_cannot_say_two_things_of_one_day():
    with pytest.raises(OverlappingRules):
        publish(rule("2020-01-01"), rule("2020-01-01", days=15))


def test_a_draft_may_lie_beside_the_rule_in_force():
    publish(rule("2020-01-01"), rule("2025-01-01", days=99, verification="DRAFT"))
    assert law.on(date(2026, 1, 1), "330000").days(KEY) == 10


def test_what_was_published_here_is_not_undone_by_the_file():
    row = json.loads(RULES.read_text("utf-8"))["rules"][0]
    publish(row | {"value": 20, "verification": "VERIFIED"})
    report = services.load_rules(RULES, by=SYSTEM)
    assert report.kept == [f"{row['key']}@CN/{row['effective_from']}"]
    assert law.on(date(2026, 1, 1)).days(row["key"]) == 20


def test_a_successor_published_here_survives_the_file():
    row = json.loads(RULES.read_text("utf-8"))["rules"][0]
    publish(row | {"value": 20, "effective_from": "2026-01-01"})
    assert services.load_rules(RULES, by=SYSTEM).is_empty
    assert [law.on(date(year, 6, 1)).days(row["key"]) for year in (2025, 2026)] == [15, 20]


def test_each_new_rule_has_its_line_in_the_journal():
    publish(rule("2020-01-01"))
    entry = Entry.objects.first()
    assert (entry.verb, entry.subject_label) == ("law.publish", f"{KEY}@330000/2020-01-01")


@pytest.mark.parametrize(
    "fault",
    [
        {"law_zh": ""},
        {"confidence": ""},
        {"value": 1.5},
        {"value": "15"},
        {"kind": "colour"},
        {"place": "CN-33"},
        {"verification": "PERHAPS"},
        {"effective_from": None},
        {"effective_from": "soon"},
        {"effective_from": 20200101},
        {"effective_to": "2019-12-31"},
        {"title_zh": ""},
        {"colour": "red"},
    ],
)
def test_a_row_that_cannot_be_is_refused_by_name(fault):
    with pytest.raises(WrongReference, match=KEY):
        publish(rule("2020-01-01") | fault)
    assert periods() == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"rules": {}}', "\udcff"])
def test_a_damaged_file_is_a_clear_error(tmp_path, content):
    path = tmp_path / "law.json"
    path.write_text(content, "utf-8", errors="surrogateescape")
    with pytest.raises(WrongReference, match=r"law\.json"):
        services.load_rules(path, by=SYSTEM)


def test_a_stranger_publishes_nothing():
    with pytest.raises(Forbidden):
        services.publish_rules([rule("2020-01-01")], by=AnonymousUser())


@pytest.mark.parametrize("values", [{"law_zh": ""}, {"effective_to": date(2019, 1, 1)}, {"place": "330"}])
def test_the_database_itself_refuses_nonsense(values):
    row = rule(date(2020, 1, 1)) | {"effective_to": None} | values
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.create(**row)


def test_the_database_refuses_two_rules_from_one_day():
    publish(rule("2020-01-01"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.create(**rule(date(2020, 1, 1), days=12))


@pytest.mark.postgres
def test_postgresql_refuses_two_rules_in_force_at_once():
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL names no PostgreSQL")
    publish(rule("2020-01-01"))
    with pytest.raises(IntegrityError, match="no_two_rules"), transaction.atomic():
        create_and_check(rule(date(2026, 1, 1), days=12))


def create_and_check(row):
    Rule.objects.create(**row)
    connection.check_constraints()


def test_money_and_percentages_survive_the_database():
    values = {"kind": "money", "value": "1234567.89", "key": "example.cap"}
    publish(rule("2020-01-01") | values)
    assert law.on(date(2026, 1, 1), "330000").money("example.cap") == Decimal("1234567.89")
