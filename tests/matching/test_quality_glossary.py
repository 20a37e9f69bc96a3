"""The glossary: a question in one language finds documents in the other, and nothing else changes."""

import json
from pathlib import Path

from matching import Document, Matcher
from matching.glossary import Glossary
from matching.text import is_chinese

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "glossary.json"
PAIRS = [("微弧氧化", "micro-arc oxidation"), ("氧化", "oxidation"), ("助听器", "hearing aid")]
OXIDE = Document("oxide", "Ceramic layers by micro-arc oxidation of aluminium")
OTHER = Document("other", "Feedback suppression of a hearing aid")


def test_a_chinese_question_finds_an_english_document():
    asked = Glossary(PAIRS).asked(Document("q", "铝件微弧氧化层开裂"))
    assert [match.id for match in Matcher.fit([OXIDE, OTHER]).match(asked)] == ["oxide"]


def test_an_english_question_finds_a_chinese_document_in_plural_too():
    asked = Glossary(PAIRS).asked(Document("q", text="our hearing aids whistle when loud"))
    held = [Document("a", "助听器声反馈抵消"), Document("b", "微弧氧化陶瓷层")]
    assert [match.id for match in Matcher.fit(held).match(asked)] == ["a"]


def test_a_longer_term_hides_those_within_it():
    assert Glossary(PAIRS).asked(Document("q", "微弧氧化")).keywords == ("micro-arc oxidation",)


def test_terms_of_title_and_keywords_lead_and_others_follow_in_the_text():
    asked = Glossary(PAIRS).asked(Document("q", "微弧氧化", "也做助听器外壳", ("表面",)))
    assert asked.keywords == ("表面", "micro-arc oxidation")
    assert asked.text.endswith("hearing aid")


def test_a_question_in_both_languages_or_without_known_terms_stays_as_it_is():
    both = Document("q", "微弧氧化\nMicro-arc oxidation of parts")
    plain = Document("q", "高温合金粉末")
    assert Glossary(PAIRS).asked(both) == both
    assert Glossary(PAIRS).asked(plain) == plain


def test_an_empty_glossary_changes_nothing():
    assert Glossary().asked(OXIDE) == OXIDE


def test_the_shipped_pairs_are_many_in_order_and_each_in_its_language():
    rows = json.loads(FILE.read_text("utf-8"))
    assert len(rows) >= 400
    assert len({(row["zh"], row["en"].lower()) for row in rows}) == len(rows)
    assert [row for row in rows if not is_chinese(row["zh"]) or is_chinese(row["en"])] == []
    assert rows == sorted(rows, key=lambda row: row["zh"])
