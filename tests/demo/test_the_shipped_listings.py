"""The listings and judgements that ship with the product keep their own rules."""

import re

import pytest

from marketplace.demo import benchmark, cast, fiction
from marketplace.law import codes
from marketplace.listings import numbers, rules
from marketplace.listings.models import Achievement, Demand, Right

ACHIEVEMENTS, DEMANDS = fiction.records("achievements"), fiction.records("demands")
EVERYTHING = (*ACHIEVEMENTS, *DEMANDS)
FIELDS = [f"{number:02d}" for number in range(1, 12)]
STAGES = {"EARLY": range(1, 5), "MIDDLE": range(5, 8), "MATURE": range(8, 10)}
FREE_PHASES = {"ZERO_UPFRONT", "DEFERRED", "TRIAL_TRANSFER", "CONDITIONAL"}
RIGHTS_OF = {
    "UNFILED": set(),
    "FILED": {"05", "01"},
    "SECRET": {"01"},
    "REGISTERED": {"01", "06", "07", "08"},
}


def faults(check, records=EVERYTHING) -> list[str]:
    """Ids of the records that fail a check."""
    return [record["id"] for record in records if not check(record)]


def test_there_are_enough_of_them_in_every_field():
    assert len(ACHIEVEMENTS) >= 240
    assert len(DEMANDS) >= 80
    assert sorted({record["field"] for record in ACHIEVEMENTS}) == FIELDS
    assert sorted({record["field"] for record in DEMANDS}) == FIELDS


def test_ids_are_unique_and_name_the_field():
    assert len({record["id"] for record in EVERYTHING}) == len(EVERYTHING)
    assert faults(lambda r: re.fullmatch(r"[ad]-\d\d-\d{2,3}", r["id"]) and r["id"][2:4] == r["field"]) == []


def test_no_two_titles_are_alike():
    prints = [rules.fingerprint(record["title_zh"]) for record in EVERYTHING]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize(("records", "model"), [(ACHIEVEMENTS, Achievement), (DEMANDS, Demand)])
def test_every_text_keeps_its_limit_and_has_its_twin(records, model):
    for name in (*model.TEXTS, "public_note"):
        for language in ("zh", "en"):
            most = model._meta.get_field(f"{name}_{language}").max_length
            assert faults(lambda r, key=f"{name}_{language}", most=most: len(r.get(key, "")) <= most, records) == []
        assert faults(lambda r, n=name: bool(r.get(f"{n}_zh")) == bool(r.get(f"{n}_en")), records) == []


@pytest.mark.parametrize("name", ["technology_keywords", "market_keywords"])
def test_keywords_are_few_and_have_their_twins(name):
    assert faults(lambda r: 1 <= len(r[f"{name}_zh"]) <= 5) == []
    assert faults(lambda r: len(r[f"{name}_zh"]) == len(r[f"{name}_en"])) == []


def test_chinese_texts_are_chinese_and_english_ones_are_not():
    assert faults(lambda r: re.search("[一-鿿]", r["summary_zh"])) == []
    texts = [name for name in (*Achievement.TEXTS, *Demand.TEXTS) if name != "public_note"]
    assert faults(lambda r: not any(re.search("[一-鿿]", r.get(f"{name}_en", "")) for name in texts)) == []


@pytest.mark.django_db
def test_codes_are_those_of_the_lists():
    provinces, modes = codes.values("province"), codes.values("licensing_mode")
    assert faults(lambda r: r["region"] in provinces and set(r["modes"]) <= modes and r["modes"]) == []
    assert faults(lambda r: r["ip_status"] in codes.values("ip_status"), ACHIEVEMENTS) == []
    assert faults(lambda r: set(r["regions_accepted"]) <= provinces, DEMANDS) == []
    assert faults(lambda r: r["owner"] in cast.OWNERS and cast.OWNERS[r["owner"]][3] == r["region"], ACHIEVEMENTS) == []


def test_stage_and_readiness_agree():
    assert faults(lambda r: r["trl"] in STAGES[r["stage"]], ACHIEVEMENTS) == []


def test_prices_go_from_low_to_high():
    assert faults(lambda r: (r["price_low"] is None) == (r["price_high"] is None), ACHIEVEMENTS) == []
    assert faults(lambda r: r["price_low"] is None or 0 < r["price_low"] <= r["price_high"], ACHIEVEMENTS) == []
    assert faults(lambda r: 0 < r["budget_low"] <= r["budget_high"], DEMANDS) == []
    assert faults(lambda r: not r["free_months"] or FREE_PHASES & set(r["modes"]), ACHIEVEMENTS) == []


def test_rights_fit_the_ip_status():
    kinds = set(Right.Kind.values)
    assert faults(lambda r: {each["kind"] for each in r["rights"]} <= kinds, ACHIEVEMENTS) == []
    bound = [r for r in ACHIEVEMENTS if r["ip_status"] in ("UNFILED", "SECRET")]
    assert faults(lambda r: {e["kind"] for e in r["rights"]} <= RIGHTS_OF[r["ip_status"]] | {"01"}, bound) == []


def test_confidential_fields_may_be_confidential_and_say_something_instead():
    assert faults(lambda r: set(r["secret"].values()) <= set(rules.TIERS)) == []
    assert faults(lambda r: not r["secret"] or r.get("public_note_zh")) == []
    unfiled = [record for record in ACHIEVEMENTS if record["ip_status"] == "UNFILED"]
    assert faults(lambda r: r.get("public_note_zh"), unfiled) == []


def test_anonymous_listings_name_no_owner():
    def owners(record):
        firm = record.get("firm")
        return [firm["name_zh"], firm["name_en"]] if firm else cast.OWNERS[record["owner"]][1:3]

    def texts(record):
        return [value for name, value in record.items() if name.endswith(("_zh", "_en")) and isinstance(value, str)]

    hidden = [record for record in EVERYTHING if record["anonymous"]]
    assert len(hidden) > 30
    assert faults(lambda r: not rules.names_owner(texts(r), owners(r)), hidden) == []
    assert faults(lambda r: not any(map(numbers.numbers_in, texts(r))), hidden) == []


def test_firms_are_the_same_wherever_they_are_named():
    by_key = {}
    for record in DEMANDS:
        assert by_key.setdefault(record["firm"]["key"], record["firm"]) == record["firm"], record["id"]
        assert record["region"] == record["firm"]["region"], record["id"]
    assert len({firm["name_zh"] for firm in by_key.values()}) == len(by_key)


def test_every_demand_is_judged_and_every_judgement_names_a_pair():
    pairs = list(fiction.judgements())
    ids = {record["id"] for record in EVERYTHING}
    assert {demand for demand, _, _ in pairs} == {record["id"] for record in DEMANDS}
    assert all({demand, achievement} <= ids and grade in (0, 1, 2, 3) for demand, achievement, grade in pairs)
    assert len({pair[:2] for pair in pairs}) == len(pairs)


def test_every_demand_has_something_relevant_and_three_near_misses():
    by_demand = {}
    for demand, _, grade in fiction.judgements():
        by_demand.setdefault(demand, []).append(grade)
    assert [demand for demand, grades in by_demand.items() if max(grades) < 1] == []
    assert [demand for demand, grades in by_demand.items() if grades.count(0) < 3] == []


def test_some_demands_have_no_solution_yet():
    best = {}
    for demand, _, grade in fiction.judgements():
        best[demand] = max(grade, best.get(demand, 0))
    assert sum(grade < 2 for grade in best.values()) >= 8


def test_the_benchmark_never_holds_what_a_listing_keeps_back():
    for record in ACHIEVEMENTS:
        held = benchmark.document(record, Achievement, "zh")["text"]
        assert all(record[f"{name}_zh"] not in held for name in record["secret"]), record["id"]
