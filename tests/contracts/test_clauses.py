"""Clauses that may be void: found in Chinese and English, with their words, and not where a text says the opposite."""

import pytest

from marketplace.contracts.rules.clauses import LAW, LONGEST, Clause, flags

VOID = [
    ("IMPROVEMENT", "乙方不得对许可技术进行改进。"),
    ("IMPROVEMENT", "乙方在许可技术基础上作出的改进无偿归甲方所有。"),
    ("IMPROVEMENT", "乙方的后续成果一律归许可方。"),
    ("IMPROVEMENT", "The Licensee shall not modify or improve the licensed technology."),
    ("IMPROVEMENT", "All improvements are assigned to the Licensor free of charge."),
    ("IMPROVEMENT", "Any improvement made by the Licensee belongs to the Licensor."),
    ("COMPETING_SOURCE", "合同期内,乙方不得从第三方获得类似技术。"),
    ("COMPETING_SOURCE", "禁止乙方使用与许可技术相竞争的技术。"),
    ("COMPETING_SOURCE", "The Licensee must not use any competing technology."),
    ("SALES", "许可产品的销售价格不得低于每台一千元。"),
    ("SALES", "乙方年产量不超过一万台。"),
    ("SALES", "许可产品不得出口。"),
    ("SALES", "The Licensee may not export the products."),
    ("SALES", "The resale price is fixed by the Licensor."),
    ("TIE_IN", "乙方须同时购买甲方的其他技术。"),
    ("TIE_IN", "以购买甲方的设备作为许可的条件。"),
    ("TIE_IN", "The Licensee shall also purchase other equipment of the Licensor."),
    ("SOURCING", "乙方只能从甲方指定的厂家购买原材料。"),
    ("SOURCING", "关键设备均由甲方供应。"),
    ("SOURCING", "The Licensee shall purchase components exclusively from the Licensor."),
    ("NO_CHALLENGE", "乙方不得对专利权的有效性提出异议。"),
    ("NO_CHALLENGE", "乙方放弃请求宣告该专利无效的权利。"),
    ("NO_CHALLENGE", "The Licensee shall not challenge the validity of the patents."),
]
HARMLESS = [
    "改进归作出改进的一方所有,另一方无权分享。",
    "甲方不得限制乙方改进许可技术。",
    "本合同不限制乙方对专利权的有效性提出异议。",
    "许可费于每季度结束后三十日内支付。",
    "乙方应当按季度提交销售报告,列明销售数量。",
    "未经甲方书面同意,乙方不得将许可技术转让给第三方。",
    "双方对技术秘密负有保密义务,不得向第三方披露。",
    "The Licensor shall not restrict the Licensee's improvements.",
    "Nothing in this agreement prevents the Licensee from challenging the validity of the patents.",
    "The Licensee shall not disclose the know-how to third parties.",
    "Royalties are paid within 30 days after each quarter.",
]


@pytest.mark.parametrize(("clause", "sentence"), VOID)
def test_a_sentence_that_may_be_void_is_flagged(clause, sentence):
    assert clause in {flag.clause.value for flag in flags(sentence)}


@pytest.mark.parametrize("sentence", HARMLESS)
def test_what_is_usual_or_says_the_opposite_is_not(sentence):
    assert flags(sentence) == ()


def test_all_six_are_known_in_both_languages():
    found = {(clause, sentence.isascii()) for clause, sentence in VOID}
    assert found == {(clause.value, is_english) for clause in Clause for is_english in (True, False)}


def test_a_flag_names_the_clause_the_law_and_the_passage():
    text = f"1. {HARMLESS[3]}\n2. {VOID[0][1]}\n3. {HARMLESS[4]}"
    (flag,) = flags(text)
    assert (flag.clause, flag.law, flag.passage) == (Clause.IMPROVEMENT, LAW, VOID[0][1])
    assert text[flag.start :].startswith(flag.passage)


def test_one_sentence_may_be_flagged_twice():
    found = {flag.clause for flag in flags("乙方不得改进许可技术,也不得对专利权的有效性提出异议。")}
    assert found == {Clause.IMPROVEMENT, Clause.NO_CHALLENGE}


def test_a_long_passage_is_cut():
    (flag,) = flags("乙方不得改进许可技术" + "甲" * 5000)
    assert len(flag.passage) == LONGEST + 1


def test_full_width_marks_end_a_sentence():
    (flag,) = flags("许可费已付\uff1b乙方不得改进许可技术\uff01谢谢")
    assert flag.passage == "乙方不得改进许可技术\uff01"


def test_an_empty_text_has_no_flags():
    assert flags("") == ()
