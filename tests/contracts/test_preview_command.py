"""The command that previews terms: a report for people, a document for programs, and a clear word when it cannot."""

import json
import sys
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core.management import CommandError, call_command

from marketplace.api.terms import EXAMPLE
from marketplace.contracts.printing import columns

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    """Write a document and return its path; a text is written as it is."""

    def write(document, encoding="utf-8"):
        path = tmp_path / "terms.json"
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


def printed(*arguments):
    """What the command says for people, and the code that it leaves with."""
    said = StringIO()
    try:
        call_command("preview_terms", *arguments, "--language", "en", stdout=said)
    except CommandError as refusal:
        return said.getvalue(), refusal.returncode, str(refusal)
    return said.getvalue(), 0, ""


def test_the_worked_royalty_of_the_rulebook_is_printed_with_its_reasons():
    said, code, _ = printed("docs/examples/terms/royalty-worked-example.json")
    assert code == 0
    assert (
        "2028-02-29  Royalty 2027-Q4                              overdue  210,000.00  209,309.59         690.41"
        in said
    )
    assert "royalty earned: CNY 260,000 = each slice × its own rate, added up" in said
    assert (
        "after set-off: CNY 210,000 = what came before − fees already paid that may be set off (set off CNY 50,000)"
        in said
    )
    assert "missing to the minimum: CNY 30,000 = yearly minimum − royalties of the year" in said


def test_a_report_begins_with_the_price_in_one_sentence(file):
    said, _, _ = printed(file(EXAMPLE))
    assert said.startswith(
        "Use free until 2028-01-04; then CNY 30,000 at the agreed milestone and 2 % of net sales, at"
    )
    assert "On 2027-06-30: on trial" in said
    assert "Report of royalty for 2027-01-04 to 2027-03-31 is due on 2027-04-30." in said
    assert "Forecast, if it sells badly" in said


def test_another_day_may_be_asked_for(file):
    said, _, _ = printed(file(EXAMPLE), "--as-of", "2027-01-03")
    assert "On 2027-01-03: not signed yet" in said
    assert "Nothing is owed yet." in said


def test_the_input_is_read_too(monkeypatch):
    text = TextIOWrapper(BytesIO(json.dumps(EXAMPLE).encode()))
    monkeypatch.setattr(sys, "stdin", text)
    assert printed("-", "--json")[1] == 0


def test_broken_terms_are_listed_and_leave_with_one(file):
    said, code, sentence = printed(file({"sheet": {**EXAMPLE["sheet"], "term": None}}))
    assert "E_NO_TERM  /sheet/term\n    Say how long the licence runs" in said
    assert (code, sentence) == (1, "1 rule is broken.")


def test_what_is_not_of_the_form_is_listed_too(file):
    said, code, _ = printed(file({"sheet": {}, "x": 1}), "--json")
    assert code == 1
    assert {each["pointer"] for each in json.loads(said)["faults"]} == {"/x", "/sheet"}


@pytest.mark.parametrize(
    ("text", "encoding", "sentence"),
    [
        ("{", "utf-8", "not JSON (line 1, column 2)"),
        ("", "utf-8", "not JSON"),
        ('{"sheet": "条款"}', "gb18030", "not UTF-8"),
        ("[" * 100_000, "utf-8", "too deep"),
        ("1" * 5000, "utf-8", "too long"),
        (" " * 5_000_001, "utf-8", "larger than 5,000,000 bytes"),
    ],
)
def test_what_cannot_be_read_is_said_and_leaves_with_two(file, text, encoding, sentence):
    said, code, refusal = printed(file(text, encoding))
    assert (said, code) == ("", 2)
    assert sentence in refusal


def test_a_file_that_is_not_there_and_a_day_that_is_none_are_said(file, tmp_path):
    assert printed(str(tmp_path / "none.json"))[1:] == (
        2,
        f"{tmp_path / 'none.json'} cannot be read: No such file or directory.",
    )
    assert printed(str(tmp_path))[1] == 2
    assert "“tomorrow” is no day" in printed(file(EXAMPLE), "--as-of", "tomorrow")[2]


def test_a_byte_order_mark_is_no_reason_to_refuse(file):
    assert printed(file(EXAMPLE, "utf-8-sig"))[1] == 0


def test_numbers_end_on_the_right_also_behind_wide_letters():
    assert columns([["提成", "1.00"], ["fee", "10.00"]], left=1) == ["提成   1.00", "fee   10.00"]
