"""Patent, publication and registration numbers, by tables."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from marketplace.listings import numbers

CODES = Path(__file__).resolve().parents[2] / "fixtures" / "codes.json"
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("number", "year", "kind", "is_pct"),
    [
        ("97101765.4", 1997, numbers.INVENTION, False),
        ("95115608.X", 1995, numbers.INVENTION, False),
        ("90101673.X", 1990, numbers.INVENTION, False),
        ("201310699744.2", 2013, numbers.INVENTION, False),
        (numbers.make_patent_number(2021, numbers.UTILITY_MODEL, 17), 2021, numbers.UTILITY_MODEL, False),
        (numbers.make_patent_number(2026, numbers.DESIGN, 9_999_999), 2026, numbers.DESIGN, False),
        ("201980012345." + numbers.make_patent_check_digit("201980012345"), 2019, numbers.INVENTION, True),
        ("03213456." + numbers.make_patent_check_digit("03213456"), 2003, numbers.UTILITY_MODEL, False),
    ],
)
def test_a_number_is_taken_apart(number, year, kind, is_pct):
    found = numbers.read_patent_number(number, today=TODAY)
    assert (found.number, found.year, found.kind, found.is_pct) == (number, year, kind, is_pct)


@pytest.mark.parametrize(
    "written",
    [
        "ZL201310699744.2",
        "zl 2013 1 0699744.2",
        "CN201310699744.2",
        "CN ZL 201310699744.2",
        "2013106997442",
        "ＺＬ２０１３１０６９９７４４．２",
        "ZL 201310699744。2",
        "2013-1-0699744.2",
    ],
)
def test_prefix_width_points_and_spaces_do_not_matter(written):
    assert numbers.check_right_number("02", written, today=TODAY) == "201310699744.2"


def test_a_small_x_is_the_check_digit():
    assert numbers.check_right_number("02", "zl95115608.x") == "95115608.X"


@pytest.mark.parametrize(
    ("written", "error", "position"),
    [
        ("201310699744.3", "E_PATENT_CHECK", 13),
        ("201310699747.2", "E_PATENT_CHECK", 13),
        ("201340699744.2", "E_PATENT_TYPE", 5),
        ("97401765.4", "E_PATENT_TYPE", 3),
        ("20131069974.2", "E_PATENT_NO_CHECK_DIGIT", None),
        ("2013106997.2", "E_PATENT_LENGTH", None),
        ("201310699744", "E_PATENT_NO_CHECK_DIGIT", None),
        ("2013X0699744.2", "E_PATENT_ALPHABET", 5),
        ("202710699744.2", "E_PATENT_YEAR", 1),
        ("199810699744.2", "E_PATENT_YEAR", 1),
        ("84101765.4", "E_PATENT_YEAR", 1),
        ("04101765.4", "E_PATENT_YEAR", 1),
        ("专利一项", "E_PATENT_LENGTH", None),
    ],
)
def test_each_fault_has_its_name_and_place(written, error, position):
    with pytest.raises(numbers.NumberError) as caught:
        numbers.read_patent_number(written, today=TODAY)
    assert (caught.value.code, caught.value.position) == (error, position)


@pytest.mark.parametrize("kind", ["03", "04"])
def test_an_invention_number_is_no_other_kind(kind):
    with pytest.raises(numbers.PatentKind):
        numbers.check_right_number(kind, "201310699744.2", today=TODAY)


def test_a_pending_application_may_be_of_any_kind():
    number = numbers.make_patent_number(2024, numbers.DESIGN, 5)
    assert numbers.check_right_number("05", number, today=TODAY) == number


@pytest.mark.parametrize(
    "cell",
    [202310123456.7, 2013106997442, "2.01310699744E+11", "201310699744.20001", "2.0131e11", None],
)
def test_a_number_from_a_spreadsheet_is_refused_with_the_remedy(cell):
    with pytest.raises(numbers.NumberSpoilt, match="as text"):
        numbers.check_right_number("02", cell)


def test_a_lost_check_digit_says_how_to_format_the_column():
    with pytest.raises(numbers.PatentNoCheckDigit, match="as text"):
        numbers.check_right_number("02", "95115608")


def test_every_single_mistyped_digit_is_noticed():
    real = "2013106997442"
    wrong = [real[:at] + d + real[at + 1 :] for at in range(13) for d in "0123456789X" if d != real[at]]
    assert [number for number in wrong if not _is_refused(number)] == []


def _is_refused(number: str) -> bool:
    try:
        numbers.read_patent_number(number, today=TODAY)
    except numbers.NumberError:
        return True
    return False


def test_made_up_numbers_pass_and_some_end_in_x():
    made = [numbers.make_patent_number(2024, numbers.INVENTION, serial) for serial in range(200)]
    assert [numbers.check_right_number("02", number, today=TODAY) for number in made] == made
    assert any(number.endswith("X") for number in made)


@pytest.mark.parametrize(("year", "serial"), [(2003, 1), (2024, 10_000_000), (2024, -1)])
def test_a_number_of_no_form_is_not_made_up(year, serial):
    with pytest.raises(ValueError, match="new form"):
        numbers.make_patent_number(year, numbers.INVENTION, serial)


@pytest.mark.parametrize(
    ("written", "stored", "kind"),
    [
        ("CN 112345678 A", "CN112345678A", "02"),
        ("cn112345678b", "CN112345678B", "02"),
        ("CN1234567C", "CN1234567C", "02"),
        ("CN112345678B8", "CN112345678B8", "02"),
        ("CN101234567C3", "CN101234567C3", "02"),
        ("CN212345678U", "CN212345678U", "03"),
        ("CN2123456Y", "CN2123456Y", "03"),
        ("CN312345678S", "CN312345678S", "04"),
        ("CN3123456D", "CN3123456D", "04"),
        ("CN112345678A", "CN112345678A", "05"),
    ],
)
def test_a_publication_number_is_accepted_for_its_kind(written, stored, kind):
    assert numbers.check_right_number(kind, written) == stored


@pytest.mark.parametrize("written", ["CN112345678U", "CN212345678A", "CN312345678B", "CN112345678A5", "CN3123456D1"])
def test_a_letter_that_does_not_fit_is_refused(written):
    with pytest.raises(numbers.PublicationKind):
        numbers.check_publication_number(written)


def test_a_utility_model_publication_is_no_invention():
    with pytest.raises(numbers.PatentKind):
        numbers.check_right_number("02", "CN212345678U")


@pytest.mark.parametrize(
    ("kind", "written", "stored"),
    [
        ("06", "2021sr 0123456", "2021SR0123456"),
        ("06", "2009SR012345", "2009SR012345"),
        ("07", "BS195012345", "BS.195012345"),
        ("07", "bs.19501234.X", "BS.19501234.X"),
        ("08", "CNA20191001234", "CNA20191001234"),
        ("08", "CNA20170123.4", "CNA20170123.4"),
        ("05", "PCT/CN2020/123456", "PCT/CN2020/123456"),
        ("01", " 企业 秘密 第3号 ", "企业 秘密 第3号"),
        ("98", "自编号-7", "自编号-7"),
        ("02", "", ""),
        ("06", "  ", ""),
    ],
)
def test_other_rights_keep_their_own_forms(kind, written, stored):
    assert numbers.check_right_number(kind, written) == stored


@pytest.mark.parametrize(
    ("kind", "written"), [("06", "软著登字第123号"), ("07", "195012345"), ("08", "CNB20191001234")]
)
def test_another_form_is_refused_with_an_example(kind, written):
    with pytest.raises(numbers.NumberForm) as caught:
        numbers.check_right_number(kind, written)
    assert numbers.EXAMPLES[numbers.KIND_FORMS[kind]] in str(caught.value)


@pytest.mark.parametrize("form", numbers.FORMS)
def test_each_example_has_its_own_form(form):
    assert numbers.check_registration_number(form, numbers.EXAMPLES[form]) == numbers.EXAMPLES[form]


def test_the_forms_are_those_of_the_code_list():
    items = json.loads(CODES.read_text("utf-8"))["lists"]["other_right_ids"]["items"]
    assert {item["code"]: item["extra"]["regex"] for item in items} == numbers.FORMS


def test_the_type_digits_are_those_of_the_code_list():
    items = json.loads(CODES.read_text("utf-8"))["lists"]["patent_application_type"]["items"]
    assert {item["code"] for item in items} == set(numbers.TYPE_DIGITS)


def test_every_kind_code_of_the_list_passes():
    items = json.loads(CODES.read_text("utf-8"))["lists"]["patent_kind_code"]["items"]
    written = [f"CN{numbers.PUBLISHED_KINDS[i['code'][0]]}12345678{i['code']}" for i in items]
    assert [numbers.check_publication_number(number) for number in written] == written
