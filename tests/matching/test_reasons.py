"""Reasons: true, short, readable phrases, and facts as codes."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching import Document, Matcher, Settings
from matching.index import TextIndex
from matching.reasons import text_reasons
from tests.matching.listings import LISTINGS, MAIZE, MEMBRANE, NEED, POWDER, SENSOR

FACTS = {"field": "05", "trl": 7, "modes": ("OPEN", "SOLE"), "price_low": 50}
ASKED = {"field": "05", "trl_min": 6, "modes": ("SOLE",), "budget_high": 100}


def reasons(query, *documents, **settings_):
    return Matcher.fit(documents or LISTINGS, Settings(**settings_)).match(query)[0].reasons


def labels(query, *documents):
    return [reason.label for reason in reasons(query, *documents) if reason.kind == "text"]


def test_neighbouring_words_and_pairs_are_one_phrase():
    assert labels(NEED)[0] == "高温合金粉末"


def test_no_label_lies_within_another():
    found = labels(NEED)
    assert not [(a, b) for a in found for b in found if a != b and a in b]


def test_labels_are_written_as_in_the_found_document():
    assert labels(Document("q", text="pm2.5 sensor"), SENSOR)[0] == "PM2.5"
    assert "sensors" in labels(Document("q", text="any sensor"), SENSOR)


def test_english_words_in_the_same_order_are_one_phrase():
    assert labels(Document("q", text="reverse osmosis membranes"), MEMBRANE, MAIZE) == ["Reverse osmosis membrane"]


def test_a_phrase_does_not_cross_a_sign():
    assert all("," not in label and "。" not in label for label in labels(POWDER))


def test_a_phrase_does_not_run_across_two_keywords():
    keyed = Document("k", keywords=("光变", "功率"))
    assert sorted(labels(Document("q", text="光变功率"), keyed, MAIZE)) == ["光变", "功率"]


def test_light_words_do_not_begin_or_end_a_phrase():
    one = Document("a", text="新型的高温合金的制备")
    assert all(not label.startswith("的") and not label.endswith("的") for label in labels(one, one, *LISTINGS))


def test_reasons_say_where_the_words_stand():
    by_label = {
        reason.label: reason.field for reason in reasons(Document("q", text="抗旱品种,增材制造,分子标记"), MAIZE)
    }
    assert by_label["抗旱品种"] == "title"
    assert by_label["分子标记"] == "text"
    assert reasons(Document("q", text="air quality"), SENSOR)[0].field == "keywords"


def test_there_are_at_most_five_and_phrases_keep_two_places():
    found = reasons(replace(POWDER, fields=ASKED), replace(POWDER, fields=FACTS))
    assert len(found) == 5
    assert sum(reason.kind == "text" for reason in found) == 2


def test_facts_are_codes_with_parameters():
    found = {r.kind: r for r in reasons(replace(NEED, fields=ASKED), replace(POWDER, fields=FACTS), reasons=9)}
    assert (found["trl"].label, found["trl"].params) == ("trl_reached", {"trl": 7, "trl_min": 6})
    assert (found["field"].label, found["field"].terms) == ("same_field", ("05",))
    assert found["mode"].terms == ("SOLE",)
    assert found["price"].params == {"price_low": 50, "budget_high": 100}


def test_what_does_not_fit_is_no_reason():
    found = reasons(replace(NEED, fields={"field": "09"}), replace(POWDER, fields=FACTS))
    assert {reason.kind for reason in found} == {"text"}


def test_a_structured_weight_is_what_hangs_on_the_fact():
    asked = replace(NEED, fields={"trl_min": 6})
    matcher = Matcher.fit([replace(POWDER, fields={"trl": 7}), replace(POWDER, id="none", fields={"trl": 1})])
    fitting, failing = matcher.match(asked)
    weight = next(reason.weight for reason in fitting.reasons if reason.kind == "trl")
    assert failing.score == pytest.approx(fitting.score * (1 - weight))


PHRASES = [
    "高温合金粉末",
    "真空感应",
    "laser scattering",
    "PM2.5",
    "抗旱玉米",
    "reverse osmosis",
    "纯度≥99.9%",
    "的",
]
TEXTS = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=6, unique=True).map("。".join)
CHINESE = "。" + "甲乙丙丁" * 10
"""Keeps the line Chinese, whatever is taken out of it: in a Chinese line Latin words count twice."""
FLAT = Settings(length_share=0.0, latin_length_share=0.0, norm=0.0, phrase_share=0.0)
"""No length and no norm: what one term adds does not depend on the others."""


def raw_score(index, query, document):
    """The raw text score of a document against the statistics of an index that it is not part of."""
    held = TextIndex(index.settings)
    held.add([document])
    statistics = index.weigher().statistics
    held.weigher().statistics.mean_length = statistics.mean_length
    asked = index.query(query)
    shared = held.contributions(replace_columns(asked, held), 0)
    return sum(value for value, _ in shared.values())


def replace_columns(query, index):
    return replace(query, columns=index.query(query.document).columns)


@settings(max_examples=80, deadline=None)
@given(query=TEXTS, document=TEXTS)
def test_without_the_named_words_the_score_falls_as_stated(query, document):
    asked, found = Document("q", text=query), Document("d", text=document + CHINESE)
    index = TextIndex(FLAT)
    index.add([found, *LISTINGS])
    shared = index.contributions(index.query(asked), index.row("d"))
    assume(shared)
    whole = raw_score(index, asked, found)
    for reason in text_reasons(asked, found, shared, FLAT):
        rest = Document("d", text=found.text.replace(reason.label, "。"))
        fall = 1 - raw_score(index, asked, rest) / whole
        assert fall == pytest.approx(reason.weight, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(query=TEXTS, document=TEXTS)
def test_shares_add_up_to_at_most_the_whole(query, document):
    asked, found = Document("q", text=query), Document("d", text=document)
    for match in Matcher.fit([found]).match(asked):
        assert 0 <= sum(reason.weight for reason in match.reasons) <= 1 + 1e-9


@pytest.mark.parametrize("query", [NEED, POWDER, MAIZE, MEMBRANE])
def test_every_match_of_words_has_a_reason(query):
    assert all(match.reasons for match in Matcher.fit(LISTINGS).match(query) if match.score > 0.1)


def test_a_match_by_particles_alone_has_no_reason():
    match = Matcher.fit([Document("d", text="他的书")]).match(Document("q", text="我的车"))[0]
    assert match.reasons == ()


TWIN = Document(
    "twin",
    "充电模块保护\nProtection of charger modules",
    "碳化硅器件短路后快速关断,采用罗氏线圈。\nRogowski coils switch silicon carbide devices off after a short circuit.",
    ("栅极驱动", "gate drivers"),
)
ASKS = Document(
    "asks",
    "充电模块短路\nCharger modules fail in a short circuit",
    "碳化硅器件短路后栅极驱动来不及。\nGate drivers of silicon carbide devices react late.",
)


def read_by(language, found):
    return [reason.label for reason in found if reason.kind == "text" and reason.language in ("", language)]


def test_of_a_bilingual_pair_each_reader_has_phrases_and_at_most_five():
    found = reasons(replace(ASKS, fields=ASKED), replace(TWIN, fields=FACTS), MAIZE)
    facts = [reason for reason in found if reason.kind != "text"]
    for language in ("zh", "en"):
        assert 2 <= len(read_by(language, found)) <= 5 - len(facts)


def test_a_phrase_knows_its_readers():
    found = reasons(ASKS, TWIN, MAIZE)
    assert "充电模块" in read_by("zh", found)
    assert "charger modules" in read_by("en", found)
    assert all(not label.isascii() for label in read_by("zh", found))


def test_a_latin_name_in_a_chinese_line_is_for_both():
    named = Document("n", text="采用SiC MOSFET的逆变器")
    found = reasons(Document("q", text="要SiC MOSFET器件"), named, MAIZE)
    assert next(reason.language for reason in found if "MOSFET" in reason.label) == ""


def test_shares_of_both_languages_together_add_up_to_at_most_the_whole():
    assert sum(reason.weight for reason in reasons(ASKS, TWIN, MAIZE)) <= 1 + 1e-9
