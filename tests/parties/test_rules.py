"""Credit codes and size classes, by tables."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from marketplace.law.rules.faults import Fault
from marketplace.parties import rules

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
REAL = [
    "91110000600037341L",
    "914403001922038216",
    "12100000400000624D",
    "91110108551385082Q",
    "91350100M000100Y43",
]
FIRST = REAL[0]


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize("code", REAL)
def test_real_codes_pass_without_a_doubt(code):
    found = rules.read_credit_code(code)
    assert (found.code, found.warnings) == (code, ())


def test_a_code_is_taken_apart():
    found = rules.read_credit_code("91350100M000100Y43")
    assert (found.authority, found.category, found.region, found.organisation) == (
        "9",
        "91",
        "350100",
        "M000100Y4",
    )


@pytest.mark.parametrize(
    "written",
    [
        "９１１１００００６０００３７３４１Ｌ",
        " 91110000 60003734 1l ",
        "91110000-600037341L",
        "\u200b91110000600037341L\n",
    ],
)
def test_width_case_and_spaces_do_not_matter(written):
    assert rules.check_credit_code(written) == FIRST


@pytest.mark.parametrize(
    ("written", "error", "position"),
    [
        ("91110000600037341M", "E_USCC_CHECK", 18),
        ("91110000600037314L", "E_USCC_CHECK", 18),
        ("9111000060003734L", "E_USCC_LENGTH", None),
        ("", "E_USCC_LENGTH", None),
        ("110000600037341", "E_USCC_LENGTH", None),
        ("60003734-1", "E_USCC_LENGTH", None),
        ("9111000060003734IL", "E_USCC_ALPHABET", 17),
        ("91110O00600037341L", "E_USCC_ALPHABET", 6),
        ("B1110000600037341L", "E_USCC_AUTHORITY", 1),
        ("91A10000600037341L", "E_USCC_REGION", 3),
    ],
)
def test_each_fault_has_its_name_and_place(written, error, position):
    with pytest.raises(rules.CreditCodeError) as caught:
        rules.check_credit_code(written)
    assert (caught.value.code, caught.value.position) == (error, position)


@pytest.mark.parametrize("letter", "IOZSV")
def test_letters_that_look_like_digits_are_never_valid(letter):
    with pytest.raises(rules.CreditCodeAlphabet, match=letter):
        rules.check_credit_code(letter + FIRST[1:])


@pytest.mark.parametrize(
    "cell",
    [
        9.1110000600037e17,
        914403001922038216,
        "9.1110000600037e+17",
        "9.14403E+17",
        "914403001922038000",
        "9.1E17",
    ],
)
def test_a_number_from_a_spreadsheet_is_refused_with_the_remedy(cell):
    with pytest.raises(rules.CreditCodeSpoilt, match="as text"):
        rules.check_credit_code(cell)


def test_a_code_with_a_decimal_point_came_from_a_spreadsheet():
    with pytest.raises(rules.CreditCodeSpoilt):
        rules.check_credit_code("914403001922038216.0")


def test_an_old_number_is_recognised_as_such():
    with pytest.raises(rules.CreditCodeLegacy, match="replaced"):
        rules.check_credit_code("110000600037341")


def test_every_single_mistyped_character_is_noticed():
    wrong = [FIRST[:at] + other + FIRST[at + 1 :] for at in range(18) for other in rules.ALPHABET if other != FIRST[at]]
    passed = [code for code in wrong if not _is_refused(code)]
    assert (len(wrong), passed) == (540, [])


def _is_refused(code: str) -> bool:
    try:
        rules.check_credit_code(code)
    except rules.CreditCodeError:
        return True
    return False


def test_a_wrong_organisation_code_is_a_doubt_and_no_refusal():
    first17 = FIRST[:16] + "2"
    found = rules.read_credit_code(first17 + rules.make_check_digit(first17))
    assert found.warnings == ("W_USCC_ORGCODE",)


@pytest.mark.parametrize("organisation", ["00000000", "MA00XY12", "X9X9X9X9", "40000062"])
def test_a_made_up_code_passes(organisation):
    code = rules.make_credit_code("91", "330106", organisation)
    assert rules.read_credit_code(code).warnings == ()


def test_a_check_digit_needs_seventeen_characters():
    with pytest.raises(ValueError, match="17"):
        rules.make_check_digit("123")


def test_a_sentence_is_translated_when_it_is_shown(monkeypatch):
    monkeypatch.setattr(Fault, "translate", staticmethod(lambda sentence: "有 %(length)d 位"))
    assert str(rules.CreditCodeLength(length=17)) == "有 17 位"


THRESHOLDS = next(
    row["value"]
    for row in json.loads((FIXTURES / "law.json").read_text("utf-8"))["rules"]
    if row["key"] == "enterprise_size.thresholds"
)
WAN = Decimal(10_000)


def size(industry, employees=None, revenue=None, assets=None):
    amounts = {
        name: None if figure is None else figure * WAN for name, figure in (("revenue", revenue), ("assets", assets))
    }
    return rules.size_class(industry, employees=employees, thresholds=THRESHOLDS, **amounts)


# Staff, revenue, assets (10,000 yuan) at the lower limits of small, medium and large.
LIMITS = {
    "AGRICULTURE": [(0, 50, 0), (0, 500, 0), (0, 20_000, 0)],
    "INDUSTRY": [(20, 300, 0), (300, 2_000, 0), (1_000, 40_000, 0)],
    "CONSTRUCTION": [(0, 300, 300), (0, 6_000, 5_000), (0, 80_000, 80_000)],
    "WHOLESALE": [(5, 1_000, 0), (20, 5_000, 0), (200, 40_000, 0)],
    "RETAIL": [(10, 100, 0), (50, 500, 0), (300, 20_000, 0)],
    "TRANSPORT": [(20, 200, 0), (300, 3_000, 0), (1_000, 30_000, 0)],
    "STORAGE": [(20, 100, 0), (100, 1_000, 0), (200, 30_000, 0)],
    "POST": [(20, 100, 0), (300, 2_000, 0), (1_000, 30_000, 0)],
    "ACCOMMODATION": [(10, 100, 0), (100, 2_000, 0), (300, 10_000, 0)],
    "CATERING": [(10, 100, 0), (100, 2_000, 0), (300, 10_000, 0)],
    "INFORMATION": [(10, 100, 0), (100, 1_000, 0), (2_000, 100_000, 0)],
    "SOFTWARE": [(10, 50, 0), (100, 1_000, 0), (300, 10_000, 0)],
    "REAL_ESTATE": [(0, 100, 2_000), (0, 1_000, 5_000), (0, 200_000, 10_000)],
    "PROPERTY_MANAGEMENT": [(100, 500, 0), (300, 1_000, 0), (1_000, 5_000, 0)],
    "LEASING_BUSINESS": [(10, 0, 100), (100, 0, 8_000), (300, 0, 120_000)],
    "OTHER": [(10, 0, 0), (100, 0, 0), (300, 0, 0)],
}
GRADES = ["MICRO", "SMALL", "MEDIUM", "LARGE"]


@pytest.mark.parametrize("industry", LIMITS)
def test_a_firm_at_the_limit_reaches_the_grade(industry):
    assert [size(industry, *limit) for limit in LIMITS[industry]] == GRADES[1:]


@pytest.mark.parametrize(("industry", "grade"), [(name, grade) for name in LIMITS for grade in range(3)])
def test_one_figure_below_its_limit_falls_to_a_lower_grade(industry, grade):
    limit = LIMITS[industry][grade]
    for position in range(3):
        if limit[position]:
            short = [figure - 1 if at == position else figure for at, figure in enumerate(limit)]
            assert size(industry, *short) == GRADES[grade]


def test_a_large_staff_with_little_revenue_is_not_large():
    assert size("INDUSTRY", 5_000, 39_999) == "MEDIUM"
    assert size("INDUSTRY", 5_000, 299) == "MICRO"


def test_a_firm_of_thirty_with_five_million_is_small():
    assert size("INDUSTRY", 30, 500) == "SMALL"


def test_a_missing_figure_is_named():
    with pytest.raises(rules.SizeUnknown, match="employees, revenue"):
        size("INDUSTRY")


def test_figures_that_the_industry_does_not_need_may_be_missing():
    assert size("OTHER", employees=99) == "SMALL"


def test_the_code_list_of_industries_is_that_of_the_thresholds():
    lists = json.loads((FIXTURES / "codes.json").read_text("utf-8"))["lists"]
    assert {item["code"] for item in lists["size_industry"]["items"]} == set(THRESHOLDS) == set(LIMITS)


def test_the_authorities_are_those_of_the_code_list():
    lists = json.loads((FIXTURES / "codes.json").read_text("utf-8"))["lists"]
    assert {item["code"] for item in lists["uscc_authority"]["items"]} == set(rules.AUTHORITIES)
