"""Templates are data from outside: what they may say, what their files may hold, and that the same input gives the
same bytes."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from marketplace.core.errors import Invalid
from marketplace.documents import filling

from .conftest import altered, read, word

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {"name": (), "sum": (), "rows": ("what", "due")}
LOOP = ("{%p for row in rows %}", "{{ loop.index }} {{ row.what }}", "{%p endfor %}")
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId9" Type="http://x/{kind}" Target="https://example.org/x" TargetMode="External"/>'
    "</Relationships>"
)
BOMB = b"<x>" + b" " * (9 * 2**20) + b"</x>"


def fault_of(content):
    with pytest.raises(Invalid) as fault:
        filling.check(content, KNOWN)
    return fault.value.code, " ".join(fault.value.fields["file"])


def test_a_template_tells_which_variables_it_uses():
    assert filling.check(word("{{ name }}", *LOOP), KNOWN) == {"name", "rows"}


@pytest.mark.parametrize(
    ("mark", "named"),
    [
        ("{{ nobody }}", "nobody"),
        ("{{ name.__class__ }}", "name.__class__"),
        ("{{ name['x'] }}", "Getitem"),
        ("{{ name|safe }}", "Filter"),
        ("{{ name.upper() }}", "Call"),
        ("{{ range(999999999) }}", "Call"),
        ("{{ 9**999999 }}", "Pow"),
        ("{{ rows.what }}", "rows.what"),
        ("{{ rows }}", "rows"),
        ("{% set x = 1 %}", "Assign"),
        ("{% macro x() %}{% endmacro %}", "Macro"),
        ("{% include 'x' %}", "Include"),
        ("{% import 'x' as y %}", "Import"),
        ("{% for x in name %}{% endfor %}", "for x in name"),
        ("{% for x in range(9) %}{% endfor %}", "for x in Call"),
        ("{% for row in rows %}{{ row.secret }}{% endfor %}", "row.secret"),
        ("{% for row in rows if row.what %}{% endfor %}", "for row in rows"),
        ("{% for name in rows %}{% endfor %}", "for name in rows"),
        ("{{ loop.index }}", "loop.index"),
    ],
)
def test_a_template_may_use_nothing_else(mark, named):
    assert named in fault_of(word(mark))[1]


def test_loops_do_not_multiply():
    nest = "".join(f"{{% for r{level} in rows %}}" for level in range(3)) + "{% endfor %}" * 3
    assert "for r2 in rows" in fault_of(word(nest))[1]


def test_a_mark_that_is_not_closed_is_named():
    assert "'endif'" in fault_of(word("{% if name %}"))[1]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"word__vbaProject_dot_bin": b"x"}, "macros"),
        ({"word__embeddings__a_dot_bin": b"x"}, "embedded"),
        ({"word__afchunk1_dot_html": b"x"}, "embedded"),
        ({"word___rels__settings_dot_xml_dot_rels": RELS.format(kind="attachedTemplate")}, "linked"),
        ({"word___rels__document_dot_xml_dot_rels": RELS.format(kind="image")}, "linked"),
        ({"word__extra_dot_xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, "bad_file"),
        ({"word__extra_dot_xml": "<x"}, "bad_file"),
        ({"word__extra_dot_xml": BOMB}, "unsafe"),
        ({"..__extra_dot_xml": b"x"}, "unsafe"),
        ({f"word__p{number}_dot_xml": b"<x/>" for number in range(2001)}, "unsafe"),
    ],
)
def test_a_file_that_holds_more_than_text_is_refused(parts, code):
    assert fault_of(altered(word("{{ name }}"), **parts))[0] == code


@pytest.mark.parametrize("field", ['<w:instrText xmlns:w="w">INCLUDETEXT "c:/x"</w:instrText>',
                                   '<w:fldSimple xmlns:w="w" w:instr="DDEAUTO c:/cmd.exe"/>'])  # fmt: skip
def test_a_field_that_loads_something_is_refused(field):
    assert fault_of(altered(word("{{ name }}"), word__extra_dot_xml=field))[0] == "live_field"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\3\4x"])
def test_what_is_no_archive_is_refused(content):
    assert fault_of(content)[0] == "bad_file"


def test_an_archive_without_a_text_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert fault_of(made.getvalue())[0] == "file_type"


def test_a_file_that_word_could_not_open_is_refused():
    assert fault_of(altered(word("x"), _rels___dot_rels="<Relationships/>"))[0] == "bad_file"


def test_marks_that_tear_the_file_apart_are_refused():
    assert fault_of(word("{% if name %}", "between", "{%p endif %}"))[0] == "torn"


def test_a_large_template_is_refused():
    assert fault_of(b"PK" + b"x" * 2**21)[0] == "too_large"


def test_a_value_is_text_whatever_it_looks_like():
    values = {"name": "<w:p/> & {{ sum }} {% raw %}", "sum": "", "rows": []}
    assert "<w:p/> & {{ sum }} {% raw %}" in read(filling.fill(word("{{ name }}"), values, title=""))


def test_a_table_gets_a_row_for_each():
    rows = [{"what": "甲", "due": ""}, {"what": "乙", "due": ""}]
    made = read(filling.fill(word(*LOOP), {"name": "", "sum": "", "rows": rows}, title=""))
    assert "1 甲\n2 乙" in made


def test_a_missing_value_is_an_error_and_no_gap():
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        filling.fill(word("{{ name }}"), {}, title="")


AGAIN = """
import hashlib
from tests.documents.conftest import word
from marketplace.documents import filling
made = filling.fill(word("{{ name }}"), {"name": "甲"}, title="合同 & <书>")
print(hashlib.sha256(made).hexdigest())
"""


def test_the_same_input_gives_the_same_bytes_in_every_process():
    made = filling.fill(word("{{ name }}"), {"name": "甲"}, title="合同 & <书>")
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "config.settings"}
        code = f"import django; django.setup(){AGAIN}"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.stdout.strip() == hashlib.sha256(made).hexdigest(), done.stderr


def test_a_document_names_nobody_and_no_time_in_its_properties():
    made = filling.fill(word("{{ name }}"), {"name": "甲"}, title="合同")
    properties = filling.opened(made).docx.core_properties
    assert (properties.title, properties.author, properties.last_modified_by, properties.created) == (
        "合同",
        "",
        "",
        None,
    )
