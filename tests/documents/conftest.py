"""Papers to try with: complete values for each kind, and small Word files of any content."""

import io
import zipfile

import pytest

from marketplace.documents.models import Kind
from marketplace.documents.rules.capitals import in_capitals
from marketplace.documents.variables import VARIABLES
from tools.templates.paper import Paper

RIGHT = {"kind": "发明专利", "title": "陶瓷涂层及其制备方法", "number": "ZL201310699744.2", "holder": "江澜大学"}
TERM = {
    "what": "入门费",
    "trigger": "选择继续",
    "amount": "100,500.00元",
    "capitals": in_capitals("100500"),
    "due": "30日内",
}


def values_of(kind, **special):
    """A value for every required variable, and one row in the tables that we know."""
    values = {name: f"《{name}》" for name in VARIABLES[kind].required}
    rows = {"rights": [RIGHT], "terms": [TERM]}
    return values | {name: row for name, row in rows.items() if name in VARIABLES[kind].tables} | special


def word(*paragraphs):
    """A Word file with these paragraphs."""
    paper = Paper("zh", footer="")
    paper.clauses(paragraphs)
    return paper.made()


def altered(content, **parts):
    """The archive with parts added or replaced; a name is written with __ for / and _dot_ for the dot."""
    made = io.BytesIO()
    new = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            if name not in new:
                archive.writestr(name, old.read(name))
        for name, part in new.items():
            archive.writestr(name, part)
    return made.getvalue()


def read(content):
    """The text of a Word file, paragraph by paragraph, tables and all."""
    from docx import Document

    file = Document(io.BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


@pytest.fixture
def licence():
    return values_of(Kind.CONTRACT_LICENCE)
