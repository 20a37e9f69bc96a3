"""What a listing may hold: each field's declared outcome for hostile and merely wrong input, never a database error."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Invalid
from marketplace.listings import services
from marketplace.listings.models import Achievement, Demand
from tests import factories
from tests.rows import reread

LONG = "x" * 10**6
REFUSED = ["\x00", "涂\x00层", "\ud800", "a\x1b[31mb", "\x07", "\u202etxt", "\u2066"]
KEPT = ["🚀涂层", "👩‍🔬", "שלום", "مرحبا\u200f", "𠮷"]
KEPT += ["<b>&amp;</b>", "=1+1", "'; DROP TABLE x; --", "{{ 7*7 }}", "%s%d"]
TEXTS = [
    f"{name}_{language}"
    for name in ("title", "summary", "description", "public_note", "advantage", "economics")
    for language in ("zh", "en")
]
DEMAND_TEXTS = ["target_zh", "target_en", "acceptance_zh", "acceptance_en"]
KEYWORDS = [f"{group}_keywords_{language}" for group in ("technology", "market") for language in ("zh", "en")]


def faults(make, **values):
    with pytest.raises(Invalid) as fault:
        make(**values)
    assert all(sentences and all(sentences) for sentences in fault.value.fields.values())
    return set(fault.value.fields)


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("name", [*TEXTS, "source_id"])
def test_control_characters_are_refused_on_their_field(university, name, text):
    assert faults(factories.make_achievement, owner=university, **{name: text}) == {name}


@pytest.mark.parametrize("text", REFUSED[:3])
@pytest.mark.parametrize("name", DEMAND_TEXTS)
def test_control_characters_in_a_demand_are_refused_on_their_field(firm, name, text):
    assert faults(factories.make_demand, owner=firm, **{name: text}) == {name}


@pytest.mark.parametrize("text", KEPT)
def test_every_other_character_is_kept_as_it_is(university, text):
    values = dict.fromkeys(TEXTS, text)
    listing = reread(factories.make_achievement(university, **values))
    assert {getattr(listing, name) for name in TEXTS} == {text}


@pytest.mark.parametrize("name", [*TEXTS, "field", "region", "secrecy_level", "stage", "ip_status", "source_id"])
def test_a_million_characters_are_refused_on_their_field(university, name):
    assert faults(factories.make_achievement, owner=university, **{name: LONG}) == {name}


@pytest.mark.parametrize("name", DEMAND_TEXTS)
def test_a_million_characters_in_a_demand_are_refused_on_their_field(firm, name):
    assert faults(factories.make_demand, owner=firm, **{name: LONG}) == {name}


@pytest.mark.parametrize(("name", "limit"), [("title_zh", 120), ("summary_zh", 500), ("description_zh", 4000)])
def test_the_limit_itself_is_allowed_and_nothing_is_ever_cut(university, name, limit):
    kept = factories.make_achievement(university, **{name: "涂" * limit})
    assert getattr(reread(kept), name) == "涂" * limit
    assert faults(factories.make_achievement, **{name: "涂" * (limit + 1)}) == {name}


@pytest.mark.parametrize("name", KEYWORDS)
@pytest.mark.parametrize(
    "value",
    [None, "铝合金", 5, {"a": 1}, [""], ["  "], [1], [None], [["a"]], ["x" * 41], ["a"] * 6, ["\0"], ["\ud800"]],
    ids=lambda value: repr(value)[:20],
)
def test_keywords_are_at_most_five_short_words(university, name, value):
    assert faults(factories.make_achievement, owner=university, **{name: value}) == {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title_zh", None),
        ("title_zh", ""),
        ("title_en", None),
        ("summary_zh", None),
        ("field", None),
        ("field", "99"),
        ("field", ["05"]),
        ("region", "999999"),
        ("region", 110000.5),
        ("secrecy_level", "COSMIC"),
        ("secrecy_level", None),
        ("secrecy_level", {"a": 1}),
        ("stage", "LATE"),
        ("ip_status", "MAYBE"),
        ("trl", 0),
        ("trl", 10),
        ("trl", -1),
        ("trl", 10**20),
        ("trl", "seven"),
        ("is_anonymous", "perhaps"),
        ("is_anonymous", None),
        ("is_open_for_interest", None),
        ("tiers", None),
        ("tiers", ["summary"]),
        ("tiers", {"title": "nda"}),
        ("tiers", {"owner": "nda"}),
        ("tiers", {"summary": "secret"}),
        ("tiers", {"summary": None}),
        ("tiers", {"summary": ["nda"]}),
        ("tiers", {"\x00": "nda"}),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_on_its_field(university, name, value):
    assert faults(factories.make_achievement, owner=university, **{name: value}) == {name}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"trl_min": 0}, "trl_min"),
        ({"trl_min": 10}, "trl_min"),
        ({"budget_low": "200", "budget_high": "100"}, "budget_high"),
        ({"budget_low": "-1", "budget_high": "100"}, "budget_high"),
        ({"budget_low": None, "budget_high": "100"}, "budget_high"),
        ({"budget_low": "cheap"}, "budget_low"),
        ({"budget_high": "NaN"}, "budget_high"),
        ({"budget_high": "1e400"}, "budget_high"),
        ({"budget_high": "1000000000000.00"}, "budget_high"),
        ({"budget_high": "500000.005"}, "budget_high"),
        ({"deadline": "soon"}, "deadline"),
        ({"deadline": "2027-02-29"}, "deadline"),
        ({"modes": "BUYOUT"}, "modes"),
        ({"modes": ["GIFT"]}, "modes"),
        ({"modes": [["BUYOUT"]]}, "modes"),
        ({"modes": None}, "modes"),
        ({"regions_accepted": ["Guangdong"]}, "regions_accepted"),
        ({"regions_accepted": [{"code": 1}]}, "regions_accepted"),
    ],
)
def test_a_demands_value_of_the_wrong_shape_is_refused_on_its_field(firm, values, name):
    assert faults(factories.make_demand, owner=firm, **values) == {name}


@pytest.mark.parametrize(
    "offer",
    [
        {"mode": "GIFT"},
        {"mode": ""},
        {},
        {"mode": "BUYOUT", "price_low": "-1", "price_high": "1"},
        {"mode": "BUYOUT", "price_low": "2", "price_high": "1"},
        {"mode": "BUYOUT", "price_low": "1"},
        {"mode": "BUYOUT", "price_high": "-1"},
        {"mode": "BUYOUT", "price_low": "x", "price_high": "1"},
        {"mode": "ROYALTY", "royalty_percent": "101"},
        {"mode": "ROYALTY", "royalty_percent": "-0.1"},
        {"mode": "BUYOUT", "free_months": -1},
        {"mode": "BUYOUT", "note": "\x00"},
        {"mode": "BUYOUT", "note": "x" * 301},
        {"mode": "BUYOUT", "note": None},
        {"mode": ["BUYOUT"]},
    ],
)
def test_a_wrong_offer_is_refused_under_offers_and_the_old_ones_stay(university, offer):
    listing = factories.make_achievement(university)
    with pytest.raises(Invalid) as fault:
        services.set_offers(listing, [offer], by=SYSTEM)
    assert set(fault.value.fields) == {"offers"}
    assert listing.offers.get().mode == "ZERO_UPFRONT"


def test_a_mode_is_offered_once(university):
    with pytest.raises(Invalid) as fault:
        services.set_offers(factories.make_achievement(university), [{"mode": "BUYOUT"}] * 2, by=SYSTEM)
    assert set(fault.value.fields) == {"offers"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "99"),
        ("kind", ""),
        ("number", "201310699744.3"),
        ("number", 201310699744.2),
        ("number", None),
        ("title_zh", ""),
        ("title_zh", None),
        ("title_zh", "\x00"),
        ("title_en", "x" * 257),
        ("filed_on", "2027-02-29"),
    ],
)
def test_a_wrong_right_is_refused_on_its_field(university, name, value):
    values = {"kind": "02", "number": "201310699744.2", "title_zh": "涂层方法"} | {name: value}
    with pytest.raises(Invalid) as fault:
        services.add_right(values, owner=university, by=SYSTEM)
    assert set(fault.value.fields) == {name}


def test_all_faults_are_told_at_once(university):
    found = faults(factories.make_achievement, owner=university, title_zh=LONG, field="99", trl=0, tiers={"x": "y"})
    assert found == {"title_zh", "field", "trl", "tiers"}


FIXED = ("id", "public_id", "owner", "state", "version", "published_on", "fingerprint", "source")


@pytest.mark.parametrize("name", FIXED)
def test_what_the_house_writes_itself_cannot_be_written(university, name):
    with pytest.raises(Invalid) as fault:
        services.draft(Achievement, factories.ACHIEVEMENT | {name: "1"}, owner=university, by=SYSTEM)
    assert set(fault.value.fields) == {name}


@pytest.mark.parametrize("name", ["rights", "offers_", "nonsense", "owner_id", "history", "pk", "__class__"])
def test_a_name_that_is_no_field_is_refused(university, name):
    assert faults(factories.make_achievement, owner=university, **{name: "1"}) == {name}


# Duplicates


def test_the_same_title_of_the_same_owner_is_a_duplicate(university):
    factories.make_achievement(university, title_zh="铝合金陶瓷涂层(6061)")
    with pytest.raises(Conflict) as fault:
        factories.make_achievement(university, title_zh="铝合金 陶瓷涂层（６０６１）")
    assert fault.value.code == "duplicate_listing"


def test_another_owner_may_use_the_title(university, firm):
    factories.make_achievement(university, title_zh="铝合金陶瓷涂层")
    assert factories.make_achievement(firm, title_zh="铝合金陶瓷涂层").state == "draft"


def test_a_demand_may_have_the_title_of_an_achievement(university):
    factories.make_achievement(university, title_zh="铝合金陶瓷涂层")
    assert factories.make_demand(university, title_zh="铝合金陶瓷涂层").state == "draft"


def test_a_withdrawn_listing_frees_its_title(university):
    services.withdraw(factories.make_achievement(university, title_zh="铝合金陶瓷涂层"), by=SYSTEM)
    assert factories.make_achievement(university, title_zh="铝合金陶瓷涂层").state == "draft"


def test_an_edit_cannot_make_a_duplicate_either(university):
    factories.make_achievement(university, title_zh="铝合金陶瓷涂层")
    other = factories.make_achievement(university)
    with pytest.raises(Conflict):
        services.edit(other, {"title_zh": "铝合金陶瓷涂层"}, by=SYSTEM)


def test_two_titles_of_signs_alone_are_two_titles(university):
    factories.make_achievement(university, title_zh="——")
    assert factories.make_achievement(university, title_zh="!!").state == "draft"


@pytest.mark.parametrize("model", [Achievement, Demand])
def test_one_number_at_the_source_is_used_once(university, model):
    make = factories.make_achievement if model is Achievement else factories.make_demand
    first = make(university, source_id="A-1")
    services.withdraw(first, by=SYSTEM)
    with pytest.raises(Conflict) as fault:
        make(university, source_id="A-1")
    assert fault.value.code == "duplicate_listing"


# What more is needed before review


@pytest.mark.parametrize("name", [*Achievement.REQUIRED[1:], "secrecy_level"])
def test_an_achievement_goes_to_review_complete(university, name):
    empty = None if name == "trl" else ""
    listing = factories.make_achievement(university)
    type(listing).objects.filter(pk=listing.pk).update(**{name: empty})
    with pytest.raises(Invalid) as fault:
        services.submit(listing, by=SYSTEM)
    assert name in fault.value.fields


@pytest.mark.parametrize("name", ["summary_zh", "description_zh", "target_zh", "acceptance_zh", "deadline"])
def test_a_demand_goes_to_review_complete(firm, name):
    listing = services.edit(factories.make_demand(firm), {name: None if name == "deadline" else ""}, by=SYSTEM)
    with pytest.raises(Invalid) as fault:
        services.submit(listing, by=SYSTEM)
    assert set(fault.value.fields) == {name}


def test_an_achievement_without_a_licensing_mode_stays_a_draft(university):
    with pytest.raises(Invalid) as fault:
        services.submit(factories.make_achievement(university, offers=()), by=SYSTEM)
    assert set(fault.value.fields) == {"offers"}


@pytest.mark.parametrize(("days", "passes"), [(-1, False), (0, False), (1, True)])
def test_a_deadline_lies_ahead(firm, days, passes):
    listing = factories.make_demand(firm, deadline=timezone.localdate() + timedelta(days=days))
    if passes:
        assert services.submit(listing, by=SYSTEM).state == "submitted"
        return
    with pytest.raises(Invalid) as fault:
        services.submit(listing, by=SYSTEM)
    assert set(fault.value.fields) == {"deadline"}


@pytest.mark.parametrize("level", ["", "SECRET", "TOP_SECRET", "CONFIDENTIAL"])
def test_classified_work_never_goes_to_review(university, level):
    listing = factories.make_achievement(university)
    type(listing).objects.filter(pk=listing.pk).update(secrecy_level=level)
    with pytest.raises(Invalid) as fault:
        services.submit(listing, by=SYSTEM)
    assert set(fault.value.fields) == {"secrecy_level"}


def test_an_unscreened_listing_never_goes_to_review(university):
    with pytest.raises(Invalid) as fault:
        services.submit(factories.make_achievement(university, is_secrecy_checked=False), by=SYSTEM)
    assert set(fault.value.fields) == {"is_secrecy_checked"}


@pytest.mark.parametrize("values", [{"tiers": {"summary": "nda"}}, {"ip_status": "UNFILED"}])
def test_a_hidden_summary_needs_a_public_note(university, values):
    listing = factories.make_achievement(university, **values)
    with pytest.raises(Invalid) as fault:
        services.submit(listing, by=SYSTEM)
    assert set(fault.value.fields) == {"public_note_zh"}


@pytest.mark.parametrize("name", [n for n in TEXTS if n != "title_zh"])
@pytest.mark.parametrize("text", ["江澜大学研制", "developed at Jianglan University", "专利ZL201310699744.2"])
def test_an_anonymous_listing_names_neither_its_owner_nor_a_patent(university, name, text):
    listing = factories.make_achievement(university, is_anonymous=True, **{name: text})
    with pytest.raises(Invalid) as fault:
        services.submit(listing, by=SYSTEM)
    assert set(fault.value.fields) == {name}


def test_a_keyword_or_an_offers_note_names_the_owner_no_more_than_the_text(university):
    offer = factories.OFFER | {"note": "联系江澜大学技术转移中心"}
    words = {"technology_keywords_zh": ["江澜大学"]}
    listing = factories.make_achievement(university, offers=[offer], is_anonymous=True, **words)
    with pytest.raises(Invalid) as fault:
        services.submit(listing, by=SYSTEM)
    assert set(fault.value.fields) == {"technology_keywords_zh", "offers"}
