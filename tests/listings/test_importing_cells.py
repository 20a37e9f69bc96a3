"""Cells of every kind: the value that is taken, or the sentence by row and column. No id is ever changed silently."""

import datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from marketplace.listings.importing import plan
from marketplace.listings.importing.reading import read
from marketplace.listings.importing.rows import read_row
from tests.listings.sheets import HEADERS, ROW, csv_of, row, sheet_of, xlsx

pytestmark = pytest.mark.django_db


def drafts(content: bytes):
    sheet = read(content)
    return [read_row(sheet, each) for each in sheet.rows]


def taken(header: str, value: object, name: str, touch=lambda cell: None):
    """What is taken from one cell of the usual row; the faults if it is refused."""
    headers = HEADERS if header in HEADERS else [*HEADERS, header]
    cells = row(**{header: value}) if header in HEADERS else [*ROW, value]

    def reach(book):
        touch(book.active.cell(2, headers.index(header) + 1))

    draft = drafts(xlsx([headers, cells], reach))[0]
    return [fault.sentence for fault in draft.faults] or draft.fields.get(name)


@pytest.mark.parametrize(
    ("header", "value", "name", "wanted"),
    [
        ("成果名称", "  两端  空白  ", "title_zh", "两端 空白"),
        ("成果名称", "带\u200b零宽\ufeff字符", "title_zh", "带零宽字符"),
        ("成果名称", "带😀表情", "title_zh", "带😀表情"),
        ("成果名称", 6061, "title_zh", "6061"),
        ("成果名称", "=SUM", "title_zh", None),
        ("简介", "一\r\n二_x000D_", "summary_zh", "一\n二"),
        ("技术领域", "05", "field", "05"),
        ("技术领域", 5, "field", "05"),
        ("技术领域", "新材料及其应用", "field", "05"),
        ("技术领域", "New materials and their application", "field", "05"),
        ("所在地区", "江苏", "region", "320000"),
        ("所在地区", 320000, "region", "320000"),
        ("所在地区", "３２００００", "region", "320000"),
        ("技术成熟度", "TRL 7", "trl", 7),
        ("技术成熟度", "７级", "trl", 7),
        ("成果阶段", "mature", "stage", "MATURE"),
        ("成果阶段", "中期阶段", "stage", "MIDDLE"),
        ("技术关键词", "甲；乙、丙;甲", "technology_keywords_zh", ["甲", "乙", "丙"]),
        ("技术关键词", "甲, 乙", "technology_keywords_zh", ["甲", "乙"]),
        ("单位内部编号", "007", "source_id", "007"),
        ("单位内部编号", 123456789012345, "source_id", "123456789012345"),
        ("单位匿名", "是", "is_anonymous", True),
        ("单位匿名", False, "is_anonymous", False),
        ("密级", "非密", "secrecy_level", "NONE"),
    ],
)
def test_a_cell_is_taken_as_it_is_meant(header, value, name, wanted):
    found = taken(header, value, name)
    assert found == wanted if wanted is not None else isinstance(found, list)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("成果名称", "=1+1"),
        ("成果名称", True),
        ("成果名称", datetime.date(2026, 3, 5)),
        ("技术成熟度", datetime.datetime(2026, 3, 5)),
        ("技术成熟度", 10),
        ("技术成熟度", 6.5),
        ("技术领域", "材料"),
        ("所在地区", "河"),
        ("许可方式", "买断"),
        ("价格下限（元）", "二十万"),
        ("价格下限（元）", -5),
        ("价格下限（元）", "1e400"),
        ("价格下限（元）", "NaN"),
        ("提成比例（%）", 250),
        ("单位内部编号", 110101199003070016.0),
        ("单位内部编号", 1.5),
        ("单位匿名", "也许"),
        ("成果名称", "#REF!"),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_cell_that_cannot_be_meant_is_refused(header, value, language):
    def as_error(cell):
        if value == "#REF!":
            cell.data_type = "e"

    with override(language):
        found = taken(header, value, "no such field", as_error)
    assert found
    assert all(isinstance(sentence, str) for sentence in found)


def test_a_formula_in_text_files_is_refused_as_well():
    draft = drafts(csv_of(row(简介='=HYPERLINK(""http://x"")')).encode())[0]
    assert [fault.column for fault in draft.faults] == ["简介"]


def test_a_text_that_begins_with_a_sign_is_a_text():
    assert drafts(csv_of(row(简介="-40 ℃低温下仍可工作")).encode())[0].fields["summary_zh"].startswith("-40")


def test_a_control_character_is_refused():
    assert drafts(csv_of(row(简介="甲\x00乙")).encode())[0].faults
    assert drafts(csv_of(row(简介="甲\x07乙")).encode())[0].faults


def test_merged_cells_are_refused_with_their_row_and_column():
    content = xlsx([HEADERS, ROW, row(成果名称="另一项", 单位内部编号="2")], lambda b: b.active.merge_cells("B2:B3"))
    assert [[fault.column for fault in each.faults] for each in drafts(content)] == [["简介"], ["简介"]]


def test_a_number_shown_with_leading_zeros_keeps_them():
    def zeros(cell):
        cell.number_format = "00000"

    assert taken("单位内部编号", 7, "source_id", zeros) == "00007"


@pytest.mark.parametrize("value", [201310699744.2, "2.01310699744E+11", 201310699744])
def test_a_patent_number_that_was_a_number_is_refused(value):
    headers = [*HEADERS, "知识产权1类型", "知识产权1号码"]
    draft = drafts(sheet_of([*ROW, "发明专利", value], headers=headers))[0]
    assert [fault.column for fault in draft.faults] == ["知识产权1号码"]


def test_a_patent_number_as_printed_is_stored_in_its_form():
    headers = [*HEADERS, "知识产权1类型", "知识产权1号码"]
    draft = drafts(sheet_of([*ROW, "发明专利", "ZL ２０１３１０６９９７４４．２"], headers=headers))[0]
    assert draft.rights[0]["number"] == "201310699744.2"


def offers(**changes):
    return drafts(sheet_of(row(**changes)))[0].offers


def test_one_figure_goes_to_the_modes_it_suits():
    buyout, royalty = offers()
    assert (buyout["price_low"], buyout["royalty_percent"]) == (Decimal("200000.00"), None)
    assert (royalty["price_low"], royalty["royalty_percent"]) == (None, Decimal("2.5000"))


def test_one_figure_a_line_goes_to_the_modes_in_their_order():
    found = offers(**{"价格下限（元）": "10万\n-", "价格上限（元）": "0.2亿\n—"})
    assert [each["price_low"] for each in found] == [Decimal("100000.00"), None]
    assert found[0]["price_high"] == Decimal("20000000.00")


def test_more_lines_than_modes_are_a_fault():
    draft = drafts(sheet_of(row(**{"价格下限（元）": "1\n2\n3"})))[0]
    assert [fault.column for fault in draft.faults] == ["价格下限（元）"]


def test_a_percentage_cell_counts_as_shown():
    def percent(book):
        book.active.cell(2, HEADERS.index("提成比例（%）") + 1).number_format = "0.0%"

    draft = drafts(xlsx([HEADERS, row(**{"提成比例（%）": 0.025})], percent))[0]
    assert draft.offers[1]["royalty_percent"] == Decimal("2.5000")


def test_a_mode_whose_english_name_has_a_comma_is_one_mode():
    found = offers(许可方式="No entry fee, milestones and royalty; Buy-out")
    assert [each["mode"] for each in found] == ["ZERO_UPFRONT", "BUYOUT"]


def test_every_fault_of_a_row_is_told_at_once(university, university_officer):
    content = sheet_of(row(成果名称="", 技术领域="x", 技术成熟度=99, 简介="长" * 501))
    planned = plan.preview(read(content), owner=university, by=university_officer)
    assert {fault.column for fault in planned.rows[0].draft.faults} == {"成果名称", "技术领域", "技术成熟度", "简介"}
