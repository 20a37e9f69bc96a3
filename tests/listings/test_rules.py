"""The clock of a listing's life, tiers, and what a text gives away: tables without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.listings import numbers, rules
from marketplace.listings.rules import NDA, PUBLIC, REGISTERED

days = st.dates(date(1990, 1, 1), date(9990, 1, 1))
FIELDS = ("summary", "description", "advantage", "economics", "technology_keywords", "market_keywords", "price")


@pytest.mark.parametrize(
    ("published", "expires", "warns", "archives"),
    [
        ("2026-01-01", "2027-01-01", "2026-12-18", "2028-01-01"),
        ("2024-02-29", "2025-02-28", "2025-02-14", "2026-02-28"),
        ("2027-02-28", "2028-02-28", "2028-02-14", "2029-02-27"),
        ("2027-03-01", "2028-02-29", "2028-02-15", "2029-02-28"),
        ("2026-12-31", "2027-12-31", "2027-12-17", "2028-12-30"),
    ],
)
def test_a_listing_lives_365_days_warns_14_before_and_is_archived_after_two_years(published, expires, warns, archives):
    last = rules.expires_on(date.fromisoformat(published))
    assert last == date.fromisoformat(expires)
    assert rules.warns_on(last) == date.fromisoformat(warns)
    assert rules.archives_on(last) == date.fromisoformat(archives)


@given(days)
def test_a_renewed_listing_lives_and_is_archived_a_year_later(day):
    once = rules.expires_on(day)
    twice = rules.expires_on(once)
    assert (twice - day, rules.archives_on(twice) - rules.archives_on(once)) == (timedelta(730), timedelta(365))


@pytest.mark.parametrize(
    ("before", "may"), [(31, False), (30, True), (14, True), (1, True), (0, True), (-1, False), (-365, False)]
)
def test_renewal_is_open_from_30_days_before_the_end_until_the_end(before, may):
    last = date(2028, 2, 29)
    today = last - timedelta(days=before)
    assert rules.may_renew(expires=last, has_been_renewed=False, today=today) is may
    assert not rules.may_renew(expires=last, has_been_renewed=True, today=today)


@pytest.mark.parametrize("ip_status", ["", "PUBLISHED", "GRANTED", "SECRET", "REGISTERED"])
@pytest.mark.parametrize("tier", rules.TIERS)
def test_the_owner_chooses_the_tier_of_each_field(ip_status, tier):
    chosen = dict.fromkeys(FIELDS, tier)
    assert rules.effective_tiers(chosen, FIELDS, ip_status) == chosen


@pytest.mark.parametrize("tier", rules.TIERS)
def test_an_unfiled_invention_tells_nobody_without_an_nda_how_it_works(tier):
    tiers = rules.effective_tiers(dict.fromkeys(FIELDS, tier), FIELDS, rules.UNFILED)
    assert {name for name in FIELDS if tiers[name] == NDA} >= {"summary", "description", "technology_keywords"}
    assert {tiers[name] for name in ("advantage", "economics", "market_keywords", "price")} == {tier}


@pytest.mark.parametrize(("chosen", "effective"), [(PUBLIC, REGISTERED), (REGISTERED, REGISTERED), (NDA, NDA)])
def test_a_filed_application_keeps_its_description_from_the_public(chosen, effective):
    tiers = rules.effective_tiers({"description": chosen}, FIELDS, rules.FILED)
    assert tiers["description"] == effective
    assert tiers["summary"] == PUBLIC


def test_a_field_without_a_tier_is_public():
    assert set(rules.effective_tiers({}, FIELDS, "GRANTED").values()) == {PUBLIC}


@pytest.mark.parametrize(
    ("tier", "is_registered", "has_nda", "may"),
    [
        (PUBLIC, False, False, True),
        (REGISTERED, False, False, False),
        (REGISTERED, True, False, True),
        (REGISTERED, False, True, True),
        (NDA, True, False, False),
        (NDA, True, True, True),
    ],
)
def test_who_may_read_a_tier(tier, is_registered, has_nda, may):
    assert rules.readable(tier, is_registered=is_registered, has_nda=has_nda) is may


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("铝合金涂层", "铝合金　涂层!", True),
        ("ＰＥＯ coating", "peo Coating", True),
        ("PEO-coating(6061)", "PEO coating 6061", True),
        ("铝合金涂层", "镁合金涂层", False),
        ("6061", "6063", False),
        ("——", "!!", False),
        ("🚀", "🔬", False),
        ("——", " —— ", True),
    ],
)
def test_titles_that_differ_in_width_case_or_punctuation_are_the_same(one, other, same):
    assert (rules.fingerprint(one) == rules.fingerprint(other)) is same


@pytest.mark.parametrize("title", ["标" * 10**6, "a\u0300\u0327" * 300_000, "ﷺ" * 10**6, ""])
def test_a_fingerprint_of_a_monstrous_title_is_short(title):
    assert len(rules.fingerprint(title)) <= 200


@pytest.mark.parametrize(
    ("text", "gives_away"),
    [
        ("本技术由江澜大学研制", True),
        ("本技术由江 澜 大 学研制", True),
        ("本技术由江\u200b澜大学研制", True),
        ("developed at JIANGLAN-University", True),
        ("本技术由某大学研制", False),
        ("", False),
    ],
)
def test_a_name_is_found_however_it_is_written(text, gives_away):
    assert bool(rules.names_owner([text], ["江澜大学", "Jianglan University", ""])) is gives_away


@pytest.mark.parametrize(
    ("text", "gives_away"),
    [
        ("专利号ZL201310699744.2", True),
        ("专利号 ZL 201310699744.2", True),
        ("专利号ＺＬ２０１３１０６９９７４４．２", True),
        ("专利号ZL2013106997442", True),
        ("201310699744.2", True),
        ("201310699744.5", False),  # not its check digit: a figure
        ("CN112345678A", True),
        ("CN 112345678 B", True),
        ("PCT/CN2020/123456", True),
        ("盐雾1000小时,投资12000000.5元", False),
        ("符合GB/T 10125-2021", False),
        ("成本0.8元", False),
    ],
)
def test_a_patent_number_is_found_however_it_is_written(text, gives_away):
    assert bool(numbers.numbers_in(text)) is gives_away
