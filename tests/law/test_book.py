"""What the book says: nearest place, the row of the day, typed values, citations, no stale page."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import translation

from marketplace import law
from marketplace.core.access import SYSTEM
from marketplace.law import services
from marketplace.law.book import forget_edition
from marketplace.law.errors import NoSuchRule, UnknownPlace, WrongRuleKind

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
FLOOR = "reward.floor.transfer_license"


@pytest.mark.parametrize(
    ("place", "floor"),
    [("CN", "0.50"), ("110000", "0.50"), ("330000", "0.70"), ("330106", "0.70"), ("370200", "0.70"), ("", "0.50")],
)
def test_the_nearest_place_wins(place, floor):
    assert law.on(DAY, place).percent(FLOOR) == Decimal(floor)


def test_before_the_province_ruled_the_nation_holds():
    eve, day = date(2017, 12, 31), date(2018, 1, 1)
    assert [law.on(d, "370000").percent(FLOOR) for d in (eve, day)] == [Decimal("0.50"), Decimal("0.70")]


def test_before_any_rule_the_key_place_and_day_are_named():
    with pytest.raises(NoSuchRule, match=FLOOR) as caught:
        law.on(date(2015, 9, 30), "370000").percent(FLOOR)
    fault = caught.value
    assert (fault.key, fault.place, fault.day) == (FLOOR, "370000", date(2015, 9, 30))


def test_a_draft_never_holds():
    book = law.on(date(2030, 1, 1), "CN")
    assert book.days("contract_reg.decision_days") == 30
    assert book.entry("contract_reg.decision_days").unit == "calendar_days"


def test_a_value_is_not_read_as_another_kind():
    with pytest.raises(WrongRuleKind, match="percent"):
        law.on(DAY).days(FLOOR)


def test_values_have_their_types():
    book = law.on(DAY)
    assert book.money("open_licence.fixed_cap") == Decimal("20000000.00")
    assert book.number("iit.reward_window") == 36
    assert book.text("annual_report.unit_deadline") == "03-30"
    assert book.table("notice.negotiated.fields") == ("name", "price")
    assert book.value("auction.notice_days") == book.days("auction.notice_days") == 7


def test_a_citation_names_law_article_and_issue():
    with translation.override("zh-hans"):
        assert law.on(DAY).citation("guarantee.leverage") == "《融资担保公司监督管理条例》第15条(国务院令第683号)"
    with translation.override("en"):
        assert law.on(DAY, "310000").citation("reward.default.transfer_license").endswith("Achievements, art. 34")


def test_what_was_not_verified_says_so():
    book = law.on(DAY)
    assert not book.entry("notice.negotiated.days").is_verified
    assert book.entry("iit.reward_ratio").is_verified


def test_a_record_can_keep_which_rule_decided():
    assert law.on(DAY, "330106").entry(FLOOR).reference == f"{FLOOR}@330000/2021-09-29"


def test_a_reference_leads_back_to_its_rule_on_any_later_day():
    entry = law.on(DAY, "330106").entry(FLOOR)
    assert law.cited(entry.reference) == entry


@pytest.mark.parametrize(
    "reference", ["", "a law", f"{FLOOR}@330000/2021-09-30", f"{FLOOR}@990000/2021-09-29", f"{FLOOR}@CN/2021-13-01"]
)
def test_a_reference_to_nothing_leads_nowhere(reference):
    assert law.cited(reference) is None


def test_a_book_lists_its_rules_by_prefix():
    keys = [entry.key for entry in law.on(DAY).entries("iit.")]
    rewards = ["iit.reward_contracts", "iit.reward_objects", "iit.reward_ratio", "iit.reward_window"]
    assert keys == ["iit.equity_deferral", *rewards]


def test_a_book_is_not_written_in():
    book = law.on(DAY)
    with pytest.raises(AttributeError):
        book.day = date(2000, 1, 1)
    with pytest.raises(AttributeError):
        book.entry(FLOOR).value = 1
    assert book.day == DAY


def test_an_unknown_place_is_named():
    with pytest.raises(UnknownPlace, match="CN-33"):
        law.on(DAY, "CN-33")


def test_a_time_is_no_day():
    with pytest.raises(TypeError, match="date"):
        law.on(datetime(2026, 6, 1, tzinfo=UTC), "CN")


def test_opening_a_known_book_asks_one_question_a_second(django_assert_num_queries):
    law.on(DAY, "330106")
    forget_edition()
    with django_assert_num_queries(1):
        book = law.on(DAY, "330106")
        book.percent(FLOOR)
        book.citation(FLOOR)
        law.on(DAY, "330106")


def test_another_day_and_place_ask_no_more(django_assert_num_queries):
    law.on(DAY)
    forget_edition()
    with django_assert_num_queries(1):
        law.on(DAY + timedelta(days=1), "440300").percent(FLOOR)


def new_floor(value="0.80", **values):
    row = {
        "key": FLOOR, "place": "330100", "kind": "percent", "value": value, "unit": "ratio",
        "effective_from": "2026-01-01", "title_zh": "奖励下限", "title_en": "Least reward", "law_zh": "示例市规定",
        "law_en": "Example city rule", "confidence": "V", "verification": "VERIFIED",
    }  # fmt: skip
    return row | values


def test_a_published_rule_is_in_the_next_book_and_not_in_the_one_held():
    held = law.on(DAY, "330106")
    services.publish_rules([new_floor()], by=SYSTEM)
    assert (held.percent(FLOOR), law.on(DAY, "330106").percent(FLOOR)) == (Decimal("0.70"), Decimal("0.80"))


def test_a_publication_undone_leaves_nothing_in_memory():
    for value in ("0.80", "0.90"):
        with transaction.atomic():
            services.publish_rules([new_floor(value)], by=SYSTEM)
            assert law.on(DAY, "330106").percent(FLOOR) == Decimal(value)
            transaction.set_rollback(True)
        assert law.on(DAY, "330106").percent(FLOOR) == Decimal("0.70")
