"""Reasons in words: a reader gets phrases of the own language, and the other's only where there is none."""

from django.utils.translation import override

from marketplace.discovery.wording import sentences

CHINESE = {"kind": "text", "label": "充电模块", "language": "zh"}
ENGLISH = {"kind": "text", "label": "charger modules", "language": "en"}
BOTH = {"kind": "text", "label": "SiC MOSFET", "language": ""}
FACT = {"kind": "trl", "label": "trl_reached", "params": {"trl": 7, "trl_min": 6}, "language": ""}


def said(language, *reasons):
    with override(language):
        return " ".join(sentences(reasons))


def test_twins_are_not_said_twice():
    assert "charger" not in said("zh-hans", CHINESE, ENGLISH)
    assert "充电" not in said("en", CHINESE, ENGLISH)


def test_names_and_facts_are_for_both():
    for language in ("zh-hans", "en"):
        assert all(word in said(language, CHINESE, ENGLISH, BOTH, FACT) for word in ("SiC MOSFET", "7"))


def test_where_nothing_is_said_in_the_own_language_the_other_is_shown():
    assert "charger modules" in said("zh-hans", ENGLISH, FACT)


def test_reasons_stored_before_languages_were_told_are_all_said():
    assert "充电模块" in said("en", {"kind": "text", "label": "充电模块"})
