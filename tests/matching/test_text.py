"""Text: what counts as a term."""

import pytest

from matching.text import fold, is_chinese, spelled, tokens


def terms(text):
    return [token.term for token in tokens(fold(text))]


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("检测PM2.5浓度", "pm2.5"),
        ("6061-T6铝合金", "6061-t6"),
        ("纯度≥ 99.9 %", "≥99.9%"),
        ("纯度≥99.9%", "99.9%"),
        ("5 kW激光器", "5kw"),
        ("强度 350 MPa", "350mpa"),
        ("减排CO2", "co2"),
        ("Al2O3 coatings", "al2o3"),
    ],
)
def test_model_numbers_units_and_formulas_are_kept_whole(written, term):
    assert term in terms(written)


def test_full_width_is_read_as_half_width():
    assert terms("PM2.5传感器") == terms("PM2.5传感器")


def test_traditional_is_read_as_simplified():
    assert terms("鋁合金檢測") == terms("铝合金检测")


def test_chinese_gives_words_and_pairs_of_characters_marked_apart():
    assert terms("铝合金检测") == ["铝合金", "检测", "~铝合", "~合金", "~金检", "~检测"]


def test_single_chinese_characters_are_kept():
    assert "铜" in terms("铜")


def test_pairs_do_not_cross_signs():
    assert "~金检" not in terms("铝合金,检测")


def test_latin_counts_twice_in_chinese_and_once_in_english():
    assert terms("基于transformer的模型").count("transform") == 2
    assert terms("a transformer model").count("transform") == 1


def test_english_words_of_one_stem_are_one_term():
    assert terms("sensors") == terms("Sensor")


def test_language_is_decided_line_by_line():
    assert terms("激光切割\nlaser cutting").count("laser") == 1


@pytest.mark.parametrize(("text", "chinese"), [("基于BERT的模型", True), ("plain words", False), ("", False)])
def test_language_follows_the_characters(text, chinese):
    assert is_chinese(text) is chinese


@pytest.mark.parametrize("text", ["", " \n\t", "。,!", "\ud800", "\x00\x1f", "İstanbul ﬁber ㎡"])
def test_any_text_can_be_read(text):
    assert isinstance(terms(text), list)


def test_places_of_tokens_are_what_was_written():
    folded = fold("PM2.5檢測,Laser Sensors")
    written = {token.term: folded[token.start : token.end] for token in tokens(folded)}
    assert written["sensor"] == "sensors"
    assert written["检测"] == "检测"
    assert written["pm2.5"] == "pm2.5"


@pytest.mark.parametrize("text", ["İPM2.5檢測ﬁ", "ẞ Laser", "髮髮"])
def test_folded_and_spelled_are_equally_long(text):
    assert len(fold(text)) == len(spelled(text))
