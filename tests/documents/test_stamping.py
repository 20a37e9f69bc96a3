"""Copies for a reader: marked on each page, without the names of those who wrote them, and still readable."""

import io
import zipfile

import pytest

from marketplace.core.errors import Invalid
from marketplace.documents import cleaning, stamping
from marketplace.documents.archives import DOCX, JPEG, PDF, PNG, XLSX
from tests import papers

MARK = "已向晨辉机电 李工展示 2026-11-29 20:00"


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def pages(content):
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(content))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_every_page_of_a_pdf_carries_the_mark(rotation):
    made = stamping.stamped(papers.make_pdf(3, rotation=rotation), PDF.media_type, MARK)
    assert [page.extract_text() for page in pages(made).pages] == [MARK] * 3


def test_a_pdf_loses_its_writer_and_its_script():
    made = pages(stamping.stamped(papers.make_pdf(), PDF.media_type, MARK))
    note = made.pages[0]["/Annots"][0].get_object()
    assert made.metadata is None
    assert {"/Names", "/OpenAction", "/Metadata"} & set(made.trailer["/Root"]) == set()
    assert ("/T" in note, note["/Contents"]) == (False, "看这里")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (papers.make_pdf(password="x"), "locked"),
        (b"%PDF-1.7\n%EOF", "unreadable"),
        (b"%PDF-1.7\n" + b"1 0 obj<</Type/Pages/Kids[1 0 R]>>endobj trailer<</Root<</Pages 1 0 R>>>>", "unreadable"),
    ],
)
def test_a_pdf_that_cannot_be_marked_is_refused(content, code):
    with pytest.raises(Invalid) as fault:
        stamping.check(content, PDF.media_type)
    assert fault.value.code == code


def test_a_pdf_has_its_limit(monkeypatch):
    monkeypatch.setattr(stamping, "MOST_PAGES", 2)
    with pytest.raises(Invalid) as fault:
        stamping.check(papers.make_pdf(3), PDF.media_type)
    assert fault.value.code == "too_long"


def test_every_header_of_a_word_file_carries_the_mark():
    from docx import Document

    made = Document(io.BytesIO(stamping.stamped(papers.make_word(sections=2), DOCX.media_type, MARK)))
    assert [section.header.paragraphs[0].text for section in made.sections] == [MARK, MARK]
    assert made.paragraphs[0].text == "正文"


def test_a_first_page_of_its_own_carries_it_too():
    from docx import Document

    file = Document(io.BytesIO(papers.make_word()))
    file.sections[0].different_first_page_header_footer = True
    kept = io.BytesIO()
    file.save(kept)
    made = Document(io.BytesIO(stamping.stamped(kept.getvalue(), DOCX.media_type, MARK)))
    assert made.sections[0].first_page_header.paragraphs[0].text == MARK


@pytest.mark.parametrize(
    ("content", "kind"), [(papers.make_word(), DOCX), (papers.make_excel(), XLSX)], ids=["word", "excel"]
)
def test_an_office_file_names_nobody_any_more(content, kind):
    name = papers.WRITER.encode()
    assert name in unpacked(content)
    assert name not in unpacked(stamping.stamped(content, kind.media_type, MARK))


def test_an_excel_file_keeps_its_cells_and_its_remarks():
    from openpyxl import load_workbook

    cell = load_workbook(io.BytesIO(cleaning.cleaned(papers.make_excel(), XLSX.media_type))).active["A1"]
    assert (cell.value, cell.comment.text) == ("数据", "说明")


@pytest.mark.parametrize(("content", "kind"), [(papers.PNG, PNG), (papers.make_jpeg(), JPEG)], ids=["png", "jpeg"])
def test_a_picture_keeps_what_is_drawn_alone(content, kind):
    made = cleaning.cleaned(content, kind.media_type)
    assert papers.WRITER.encode() in content
    assert papers.WRITER.encode() not in made
    assert made[:3] == content[:3]
    assert made[-2:] == content[-2:]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(papers.PNG[:-8], PNG), (b"\xff\xd8\xff\xe1", JPEG), (b"PK", DOCX)],
    ids=["png", "jpeg", "word"],
)
def test_a_broken_file_is_refused(content, kind):
    with pytest.raises(Invalid):
        stamping.check(content, kind.media_type)


def book(content):
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content))


def make_book(change):
    """A workbook of two sheets, changed, as bytes."""
    made = book(papers.make_excel())
    made.create_sheet("二")
    change(made)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def left(header):
    return header.left.text


def test_every_sheet_of_a_workbook_and_its_title_carry_the_mark():
    made = book(stamping.stamped(make_book(lambda book: None), XLSX.media_type, MARK))
    assert [left(sheet.oddHeader) for sheet in made] == [MARK, MARK]
    assert made.properties.title == MARK


def test_a_workbook_keeps_its_cells_its_chart_and_its_own_header():
    from openpyxl.chart import BarChart, Reference

    def change(made):
        made.active["B1"], made.active["B2"] = 3, "=B1*2"
        chart = BarChart()
        chart.add_data(Reference(made.active, min_col=2, min_row=1, max_row=2))
        made.active.add_chart(chart, "D4")
        made.active.oddHeader.left.text, made.active.oddHeader.center.text = "内部", "报表"
        made.active.oddHeader.right.text = "R&D"

    made = stamping.stamped(make_book(change), XLSX.media_type, MARK)
    sheet = book(made).worksheets[0]
    assert (sheet["B1"].value, sheet["B2"].value) == (3, "=B1*2")
    assert left(sheet.oddHeader).split() == [*MARK.split(), "内部"]
    assert sheet.oddHeader.center.text == "报表"
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert "xl/charts/chart1.xml" in archive.namelist()
        part = archive.read("xl/worksheets/sheet1.xml")
    assert part.index(b"headerFooter") < part.index(b"<drawing")


def test_other_headers_of_first_and_even_pages_carry_it_too():
    def change(made):
        made.active.HeaderFooter.differentFirst = made.active.HeaderFooter.differentOddEven = True
        made.active.firstHeader.center.text = "封面"

    sheet = book(stamping.stamped(make_book(change), XLSX.media_type, MARK)).worksheets[0]
    assert [left(each) for each in (sheet.oddHeader, sheet.evenHeader, sheet.firstHeader)] == [MARK] * 3
    assert sheet.firstHeader.center.text == "封面"


@pytest.mark.parametrize("text", ["A&B公司 3", "<b>", "&L&R", "x" * 400])
def test_a_mark_of_any_letters_stands_as_it_is_written(text):
    sheet = book(stamping.stamped(papers.make_excel(), XLSX.media_type, text)).active
    assert left(sheet.oddHeader).replace("&&", "&").startswith(text[:200])
