"""Rules of parties: is this a unified social credit code, and how large is a firm. Pure.

Sources: GB 32100-2015 and GB 11714 for the code; the size thresholds are the legal value
`enterprise_size.thresholds` (工信部联企业〔2011〕300号), passed in as an argument.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marketplace.law.rules.faults import Fault, SpreadsheetFault, _
from marketplace.law.rules.identifiers import clean

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
AUTHORITIES = "123456789ANY"
WAN = 10_000


class CreditCodeError(Fault):
    """Not a unified social credit code."""


class CreditCodeSpoilt(CreditCodeError, SpreadsheetFault):
    code = SpreadsheetFault.code
    sentence = SpreadsheetFault.sentence


class CreditCodeLength(CreditCodeError):
    code = "E_USCC_LENGTH"
    sentence = _("A unified social credit code has 18 characters; this has %(length)d. Copy it from the licence.")


class CreditCodeLegacy(CreditCodeLength):
    sentence = _(
        "This looks like an old registration number or organisation code of %(length)d characters. Enter the "
        "unified social credit code of 18 characters that replaced it."
    )


class CreditCodeAlphabet(CreditCodeError):
    code = "E_USCC_ALPHABET"
    sentence = _(
        "Character %(position)d is “%(character)s”. Only digits and capital letters without I, O, Z, S and V "
        "are used; these are easily taken for 1, 0, 2, 5 and U."
    )


class CreditCodeAuthority(CreditCodeError):
    code = "E_USCC_AUTHORITY"
    sentence = _("The first character “%(character)s” is no registering authority. Check it against the licence.")


class CreditCodeRegion(CreditCodeError):
    code = "E_USCC_REGION"
    sentence = _("Characters 3 to 8 are the region and are digits only; character %(position)d is not. Check it.")


class CreditCodeCheck(CreditCodeError):
    code = "E_USCC_CHECK"
    sentence = _("The check character does not fit: one character is mistyped. Compare all 18 with the licence.")


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A valid code and its parts. `warnings` are doubts that do not refuse it."""

    code: str
    authority: str
    category: str
    region: str
    organisation: str
    warnings: tuple[str, ...] = ()


def check_credit_code(raw: object) -> str:
    """Return the code as it is stored. Raises a CreditCodeError that says what is wrong and where."""
    return read_credit_code(raw).code


def read_credit_code(raw: object) -> CreditCode:
    """Normalise, check and take apart a unified social credit code. Raises CreditCodeError."""
    code = normalise_credit_code(raw)
    _check_length(code)
    _check_characters(code)
    if make_check_digit(code[:17]) != code[17]:
        raise CreditCodeSpoilt if re.fullmatch(r"\d{15}000", code) else CreditCodeCheck(position=18)
    organisation = code[8:17]
    doubts = () if organisation_check_digit(organisation[:8]) == organisation[8] else ("W_USCC_ORGCODE",)
    return CreditCode(code, code[0], code[:2], code[2:8], organisation, doubts)


def normalise_credit_code(raw: object) -> str:
    """Half-width capitals without spaces and hyphens; a spreadsheet number raises CreditCodeSpoilt."""
    text = clean(raw, spoilt=CreditCodeSpoilt).replace("-", "")
    if re.fullmatch(r"\d+\.\d*", text):
        raise CreditCodeSpoilt
    return text


def _check_length(code: str) -> None:
    if len(code) in (9, 13, 15) and code.isalnum():
        raise CreditCodeLegacy(length=len(code))
    if len(code) != 18:
        raise CreditCodeLength(length=len(code))


def _check_characters(code: str) -> None:
    for position, character in enumerate(code, 1):
        if character not in ALPHABET:
            raise CreditCodeAlphabet(position=position, character=character)
    if code[0] not in AUTHORITIES:
        raise CreditCodeAuthority(position=1, character=code[0])
    for position, character in enumerate(code[2:8], 3):
        if not character.isdigit():
            raise CreditCodeRegion(position=position)


def make_check_digit(first17: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015). ValueError for a wrong character or length."""
    if len(first17) != 17:
        raise ValueError("The check character is made from 17 characters.")
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_digit(first8: str) -> str:
    """The 9th character of an organisation code (GB 11714)."""
    pairs = zip(first8, ORGANISATION_WEIGHTS, strict=True)
    digit = 11 - sum(int(character, 36) * weight for character, weight in pairs) % 11
    return {10: "X", 11: "0"}.get(digit, str(digit))


def make_credit_code(category: str, region: str, organisation8: str) -> str:
    """A well-formed code for a made-up organisation: category ("91"), region (six digits), eight more."""
    first17 = category + region + organisation8 + organisation_check_digit(organisation8)
    return first17 + make_check_digit(first17)


class SizeUnknown(Fault):
    """The size class cannot be said."""

    code = "E_SIZE_UNKNOWN"
    sentence = _("The size class of this industry needs a figure that is missing: %(missing)s.")


def size_class(
    industry: str,
    *,
    employees: int | None,
    revenue: Decimal | None,
    assets: Decimal | None,
    thresholds: Mapping[str, Any],
) -> str:
    """MICRO, SMALL, MEDIUM or LARGE: the highest grade of which the firm reaches every threshold.

    `industry` is a code of the list size_industry, amounts are yuan, `thresholds` the legal value
    `enterprise_size.thresholds` (persons and 10,000 yuan). Raises SizeUnknown when a needed figure is
    missing, KeyError for an unknown industry.
    """
    grades = thresholds[industry]
    figures = {"employees": employees, "revenue": revenue, "assets": assets}
    missing = sorted(name for name in _named(grades) if figures[name] is None)
    if missing:
        raise SizeUnknown(missing=", ".join(missing))
    for grade in ("large", "medium", "small"):
        if all(_reaches(figures[name], name, least) for name, least in grades[grade].items()):
            return grade.upper()
    return "MICRO"


def _named(grades: Mapping[str, Mapping[str, int]]) -> set[str]:
    return {name for grade in grades.values() for name in grade}


def _reaches(figure: Decimal | int | None, name: str, least: int) -> bool:
    return figure is not None and figure >= least * (1 if name == "employees" else WAN)
