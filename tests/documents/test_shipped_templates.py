"""The shipped templates are those of the script, use variables that a page explains to lawyers, and can be filled."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from marketplace.documents import filling, values
from marketplace.documents.variables import VARIABLES
from tools import make_templates

from .conftest import read, values_of

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "fixtures/templates").glob("*.docx"))
PAGE = (ROOT / "docs/templates.md").read_text("utf-8")
SECTIONS = {kind: PAGE.partition(f"`{kind}`\n")[2].partition("\n## ")[0] for kind in VARIABLES}
GAP = re.compile(r"\{\{|\{%")


def kind_of(file):
    return file.name.partition(".")[0]


def test_the_committed_files_are_those_that_the_script_makes():
    assert {file.stem for file in FILES} == set(make_templates.TEMPLATES)
    assert [file.stem for file in FILES if file.read_bytes() != make_templates.made(file.stem)] == []


@pytest.mark.parametrize("kind", VARIABLES)
def test_every_variable_is_explained_to_lawyers_and_marked_when_it_must_be_given(kind):
    variables = VARIABLES[kind]
    rows = {f"`{name}`*" for name in variables.required} | {
        f"`{name}`" for name in (*variables.optional, *variables.tables)
    }
    rows |= {f"`{table}` → `{column}`" for table, columns in variables.tables.items() for column in columns}
    assert rows == set(re.findall(r"^\| (`[^|]+?) \|", SECTIONS[kind], re.MULTILINE))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_template_uses_what_is_explained_and_all_that_must_be_given(file):
    variables = VARIABLES[kind_of(file)]
    used = filling.check(file.read_bytes(), variables.known())
    assert set(variables.required) <= used <= set(variables.known())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("is_full", [False, True])
def test_a_shipped_template_leaves_no_mark_behind(file, is_full):
    variables = VARIABLES[kind_of(file)]
    optional = {name: f"《{name}》" for name in variables.optional} if is_full else {}
    tables = {name: [dict.fromkeys(columns, "格")] for name, columns in variables.tables.items()} if is_full else {}
    given = values_of(kind_of(file), **optional, **tables)
    made = read(filling.fill(file.read_bytes(), values.checked(given, variables), title="x"))
    assert not GAP.search(made)
    assert [name for name in variables.required if f"《{name}》" not in made] == []
    assert "《《" not in made


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("is_full", [False, True])
def test_the_clauses_of_the_contract_are_numbered_without_a_gap(language, is_full):
    variables = VARIABLES["CONTRACT_LICENCE"]
    optional = dict.fromkeys(variables.optional, "有") if is_full else {}
    file = ROOT / f"fixtures/templates/CONTRACT_LICENCE.{language}.docx"
    given = values.checked(values_of("CONTRACT_LICENCE", **optional), variables)
    made = read(filling.fill(file.read_bytes(), given, title="x"))
    numbers = [(int(a), int(b)) for a, b in re.findall(r"^(\d+)\.(\d+)\s", made, re.MULTILINE)]
    follows = pairwise(numbers)
    assert numbers[0] == (1, 1)
    assert [(a, b) for a, b in follows if b not in ((a[0], a[1] + 1), (a[0] + 1, 1))] == []
