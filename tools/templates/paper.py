"""Paper: how a shipped template looks. One page format, two typefaces, clauses, tables that repeat a row."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FONTS = {"zh": ("Times New Roman", "宋体", "黑体"), "en": ("Times New Roman", "宋体", "黑体")}
GREY = RGBColor(0x55, 0x55, 0x55)
UNUSED_PARTS = ("/thumbnail", "/stylesWithEffects", "/customXml")
TABLE_STYLES = ("Normal Table", "Table Grid")


class Paper:
    """A Word file that is written from top to bottom."""

    def __init__(self, language: str, *, footer: str) -> None:
        self.language = language
        self.file: Any = Document()
        self.latin, self.serif, self.sans = FONTS[language]
        self.set_page()
        self.set_styles()
        self.write_footer(footer)

    def set_page(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.6)
        section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)

    def set_styles(self) -> None:
        normal = self.file.styles["Normal"]
        normal.font.name, normal.font.size = self.latin, Pt(10.5)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), self.serif)
        normal.paragraph_format.line_spacing = 1.35
        normal.paragraph_format.space_after = Pt(4)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-GB")
        language.set(qn("w:eastAsia"), "zh-CN")
        normal.element.rPr.append(language)
        for name, size, before in (("Title", 20, 0), ("Heading 1", 12.5, 12), ("Heading 2", 11, 8)):
            style = self.file.styles[name]
            style.font.name, style.font.size, style.font.bold = self.latin, Pt(size), True
            style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for each in list(fonts.attrib):
                if each.endswith("Theme"):
                    del fonts.attrib[each]
            fonts.set(qn("w:eastAsia"), self.sans)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(5)
            style.paragraph_format.keep_with_next = True
        borders = self.file.styles["Title"].element.pPr.find(qn("w:pBdr"))
        if borders is not None:
            self.file.styles["Title"].element.pPr.remove(borders)

    def write_footer(self, text: str) -> None:
        paragraph = self.file.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        before, between, after = ("第 ", " 页，共 ", " 页") if self.language == "zh" else ("page ", " of ", "")
        for piece in (f"{text}    {before}", "{PAGE}", between, "{NUMPAGES}", after):
            if piece in ("{PAGE}", "{NUMPAGES}"):
                field(paragraph, piece.strip("{}"))
            else:
                paragraph.add_run(piece)
        for run in paragraph.runs:
            run.font.size, run.font.color.rgb = Pt(8.5), GREY

    # Pieces

    def title(self, text: str) -> None:
        self.file.add_paragraph(text, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER

    def centre(self, text: str, *, size: float = 10.5) -> None:
        paragraph = self.file.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).font.size = Pt(size)

    def heading(self, text: str, level: int = 1) -> None:
        self.file.add_heading(text, level)

    def text(self, text: str, *, indent: bool = False) -> None:
        paragraph = self.file.add_paragraph(text)  # not justified: a line that a value breaks would be spread out
        if indent:
            paragraph.paragraph_format.left_indent = Cm(0.75)

    def note(self, text: str) -> None:
        run = self.file.add_paragraph().add_run(text)
        run.font.size, run.font.color.rgb = Pt(8.5), GREY

    def clauses(self, pieces: Iterable[str]) -> None:
        """One paragraph each; "# " begins a heading, "  " an indented one, a mark stands by itself."""
        for piece in pieces:
            if piece.startswith("# "):
                self.heading(piece[2:])
            else:
                self.text(piece.strip(), indent=piece.startswith("  "))

    def facts(self, rows: Sequence[tuple[str, str]], *, left: float = 4.2) -> None:
        """A table of two columns: what, and its value."""
        table = self.grid(2, (left, 15.8 - left))
        for name, value in rows:
            cells = table.add_row().cells
            write(cells[0], name, bold=True)
            write(cells[1], value)
            shade(cells[0])
        self.file.add_paragraph()

    def rows(self, each: str, table: str, columns: Sequence[tuple[str, str, float]]) -> None:
        """A table with one row for each of `table`; columns are (heading, value, centimetres)."""
        grid = self.grid(len(columns), [width for _name, _value, width in columns])
        head = grid.add_row()
        repeat(head)
        for cell, (name, _value, _width) in zip(head.cells, columns, strict=True):
            write(cell, name, bold=True)
            shade(cell)
        write(grid.add_row().cells[0], f"{{%tr for {each} in {table} %}}")
        row = grid.add_row()
        unbroken(row)
        for cell, (_name, value, _width) in zip(row.cells, columns, strict=True):
            write(cell, value)
        write(grid.add_row().cells[0], "{%tr endfor %}")
        self.file.add_paragraph()

    def sides(self, left: Sequence[str], right: Sequence[str]) -> None:
        """Two columns without lines, for signatures."""
        table = self.file.add_table(rows=1, cols=2)
        for cell, lines in zip(table.rows[0].cells, (left, right), strict=True):
            cell.paragraphs[0].text = lines[0]
            for line in lines[1:]:
                cell.add_paragraph(line)
        unbroken(table.rows[0])
        self.file.add_paragraph()

    def new_page(self) -> None:
        self.file.add_page_break()

    def grid(self, columns: int, widths: Sequence[float]) -> Any:
        table = self.file.add_table(rows=0, cols=columns, style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        return table

    def made(self) -> bytes:
        """The file, without what python-docx brings along and nothing here uses."""
        for owner in (self.file.part.package, self.file.part):
            for key in [key for key, each in owner.rels.items() if each.reltype.endswith(UNUSED_PARTS)]:
                owner.rels.pop(key)
        for style in [each for each in self.file.styles if each.type == WD_STYLE_TYPE.TABLE]:
            if style.name not in TABLE_STYLES:
                style.delete()
        made = io.BytesIO()
        self.file.save(made)
        return made.getvalue()


def write(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.line_spacing = 1.15
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(9.5)
    cell.width = cell.width  # python-docx keeps the width per cell


def shade(cell: Any) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EFF2F5")):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def repeat(row: Any) -> None:
    """The head of a table again on each page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def field(paragraph: Any, name: str) -> None:
    """A number that Word counts; its three marks stand in runs of their own."""
    for kind in ("begin", "", "end"):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = name
        paragraph.add_run()._r.append(mark)
