"""Numbers of rights: is this a patent, publication or registration number, and how is it stored. Pure.

Sources: ZC 0006-2003 for application numbers (check digit verified on real numbers), ZC 0008 for kind codes;
the other forms are those of the code list `other_right_ids`, from practice.
Stored forms: 201310699744.2, CN112345678A.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from marketplace.law.rules.faults import Fault, SpreadsheetFault, _
from marketplace.law.rules.identifiers import clean

INVENTION, UTILITY_MODEL, DESIGN, APPLICATION = "02", "03", "04", "05"  # codes of the list ip_type
TYPE_DIGITS = {"1": INVENTION, "8": INVENTION, "2": UTILITY_MODEL, "9": UTILITY_MODEL, "3": DESIGN}
MADE_TYPE = {INVENTION: "1", UTILITY_MODEL: "2", DESIGN: "3"}
PUBLISHED_KINDS = {"A": "1", "B": "1", "C": "1", "U": "2", "Y": "2", "S": "3", "D": "3"}
KIND_DIGITS = {"A": "89", "B": "89", "C": "1234567", "U": "89", "Y": "1234567", "S": "123456789", "D": ""}
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
FIRST_YEAR, NEW_FORM_YEAR = 1985, 2003
FORMS = {
    "SOFTWARE": r"^\d{4}SR\d{6,7}$",
    "IC_LAYOUT": r"^BS\.?\d{8,9}(\.[0-9X])?$",
    "PLANT": r"^CNA\d{8,11}(\.[0-9X])?$",
    "PCT": r"^PCT/[A-Z]{2}\d{4}/\d{6}$",
    "CN_PUB": r"^CN[1-3]\d{6,8}[ABCUYSD][1-9]?$",
    "ACHIEVEMENT": r"^[0-9A-Z]{3}\d{4}[A-Z]\d{4}$",
    "CONTRACT": r"^\d{16}$",
}
EXAMPLES = {
    "SOFTWARE": "2021SR0123456",
    "IC_LAYOUT": "BS.195012345",
    "PLANT": "CNA20191001234",
    "PCT": "PCT/CN2020/123456",
    "CN_PUB": "CN112345678A",
    "ACHIEVEMENT": "9112021Y0123",
    "CONTRACT": "2021110108000123",
}
NAMED = re.compile(r"(?:ZL|CN)\s?\d{8,12}\.?[\dX]|CN\s?\d{7,9}\s?[ABCUYSD]\d?|PCT/[A-Z]{2}\d{4}/\d{6}")
BARE = re.compile(r"(?<![\dA-Z])(\d{12}|\d{8})\.([\dX])(?!\d)")
KIND_FORMS = {"06": "SOFTWARE", "07": "IC_LAYOUT", "08": "PLANT"}


class NumberError(Fault):
    """Not a number of this kind."""


class NumberSpoilt(NumberError, SpreadsheetFault):
    code = SpreadsheetFault.code
    sentence = SpreadsheetFault.sentence


class PatentNoCheckDigit(NumberError):
    code = "E_PATENT_NO_CHECK_DIGIT"
    sentence = _(
        "The check digit after the point is missing. Spreadsheets drop it from numbers: format the column "
        "as text and type the number again as printed, like 201310699744.2."
    )


class PatentLength(NumberError):
    code = "E_PATENT_LENGTH"
    sentence = _(
        "A patent number has 12 digits and a check digit (8 before October 2003); this has %(length)d "
        "characters. Copy it as printed, like 201310699744.2."
    )


class PatentAlphabet(NumberError):
    code = "E_PATENT_ALPHABET"
    sentence = _("Character %(position)d is “%(character)s”. A patent number has digits only; its last may be an X.")


class PatentYear(NumberError):
    code = "E_PATENT_YEAR"
    sentence = _("The year %(year)d cannot be: the number begins with the year of filing. Check the first digits.")


class PatentType(NumberError):
    code = "E_PATENT_TYPE"
    sentence = _(
        "Digit %(position)d is “%(character)s”; it must be 1 or 8 (invention), 2 or 9 (utility model) or 3 (design)."
    )


class PatentKind(NumberError):
    code = "E_PATENT_KIND"
    sentence = _("The number is that of another kind of patent. Choose the kind that fits, or check the number.")


class PatentCheck(NumberError):
    code = "E_PATENT_CHECK"
    sentence = _("The check digit does not fit: one digit is mistyped. Compare the number with the document.")


class PublicationKind(NumberError):
    code = "E_PUBLICATION_KIND"
    sentence = _("The letter at the end does not fit this publication number. Copy it as printed, like CN112345678A.")


class NumberForm(NumberError):
    code = "E_NUMBER_FORM"
    sentence = _("This does not have the form of such a number, like %(example)s. Copy it as printed.")


@dataclass(frozen=True, slots=True)
class PatentNumber:
    """A valid application or patent number and its parts; `kind` is a code of the list ip_type."""

    number: str
    year: int
    kind: str
    is_pct: bool
    serial: str
    check_digit: str


def check_right_number(kind: str, raw: object, *, today: date | None = None) -> str:
    """Return the number as it is stored for a right of this kind (a code of ip_type); empty stays empty.

    Patents (02-05) take an application, patent or publication number, a pending application also a PCT
    number; 06-08 their registration numbers; other kinds any text. Raises NumberError.
    """
    text = _clean(raw)
    if not text:
        return ""
    if kind in KIND_FORMS:
        return check_registration_number(KIND_FORMS[kind], text)
    if kind not in (INVENTION, UTILITY_MODEL, DESIGN, APPLICATION):
        return " ".join(str(raw).split())
    if kind == APPLICATION and text.startswith("PCT"):
        return check_registration_number("PCT", text)
    if text.startswith("CN") and text.rstrip("0123456789")[-1:] in PUBLISHED_KINDS:
        return check_publication_number(text, kind=kind)
    return read_patent_number(text, kind=kind, today=today).number


def read_patent_number(raw: object, *, kind: str = "", today: date | None = None) -> PatentNumber:
    """Normalise, check and take apart an application number, old or new, with or without ZL.

    `kind` is the declared kind; a pending application may be of any. Raises NumberError.
    """
    body, check_digit = _split(normalise_patent_number(raw))
    is_old = len(body) == 8
    year = _year(body, (today or date.today()).year)
    digit = body[2] if is_old else body[4]
    if digit not in TYPE_DIGITS:
        raise PatentType(position=3 if is_old else 5, character=digit)
    if make_patent_check_digit(body) != check_digit:
        raise PatentCheck(position=len(body) + 1)
    found = TYPE_DIGITS[digit]
    if kind not in ("", APPLICATION, found):
        raise PatentKind
    return PatentNumber(f"{body}.{check_digit}", year, found, digit in "89", body[3 if is_old else 5 :], check_digit)


def normalise_patent_number(raw: object) -> str:
    """Digits and check digit without CN, ZL, points and spaces; a spreadsheet number raises NumberSpoilt."""
    text = _clean(raw)
    if re.fullmatch(r"\d{8,13}\.\d{2,}", text):
        raise NumberSpoilt
    return re.sub(r"^(CN|ZL)+", "", re.sub(r"[.。·\-:]", "", text))


def make_patent_check_digit(body: str) -> str:
    """The check digit for the 8 or 12 digits before the point."""
    remainder = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=False)) % 11
    return "X" if remainder == 10 else str(remainder)


def make_patent_number(year: int, kind: str, serial: int) -> str:
    """A well-formed number for a made-up example, for instance (2023, INVENTION, 1234567)."""
    if year <= NEW_FORM_YEAR or not 0 <= serial <= 9_999_999:
        raise ValueError("Made-up numbers are of the new form: from 2004, a serial of up to seven digits.")
    body = f"{year}{MADE_TYPE[kind]}{serial:07d}"
    return f"{body}.{make_patent_check_digit(body)}"


def check_publication_number(raw: object, *, kind: str = "") -> str:
    """Return a Chinese publication number as stored; letter and first digit agree. Raises NumberError."""
    text = check_registration_number("CN_PUB", _clean(raw).replace(".", ""))
    letter, digit = re.fullmatch(r"CN\d+([A-Z])(\d?)", text).groups()  # type: ignore[union-attr]
    if PUBLISHED_KINDS[letter] != text[2] or (digit and digit not in KIND_DIGITS[letter]):
        raise PublicationKind(position=len(text) - len(digit))
    if kind not in ("", APPLICATION, TYPE_DIGITS[text[2]]):
        raise PatentKind
    return text


def check_registration_number(form: str, raw: object) -> str:
    """Return a number of one of FORMS as stored. The forms are from practice (soft). Raises NumberError."""
    text = _clean(raw)
    if not re.fullmatch(FORMS[form], text):
        raise NumberForm(example=EXAMPLES[form])
    return f"BS.{text[2:].lstrip('.')}" if form == "IC_LAYOUT" else text


def numbers_in(text: str) -> list[str]:
    """Patent numbers in free text, in any width; they identify the owner of an anonymous listing."""
    folded = unicodedata.normalize("NFKC", text).upper()
    bare = [f"{body}.{digit}" for body, digit in BARE.findall(folded) if _is_number(body, digit)]
    return NAMED.findall(folded) + bare


def _is_number(body: str, check_digit: str) -> bool:
    """A patent number, and no sum of money that looks like one."""
    return body[2 if len(body) == 8 else 4] in TYPE_DIGITS and make_patent_check_digit(body) == check_digit


def _clean(raw: object) -> str:
    return clean(raw, spoilt=NumberSpoilt)


def _split(text: str) -> tuple[str, str]:
    if len(text) in (8, 12) and text.isdigit():
        raise PatentNoCheckDigit
    if len(text) not in (9, 13):
        raise PatentLength(length=len(text))
    body, check_digit = text[:-1], text[-1]
    for position, character in enumerate(text, 1):
        if character not in "0123456789" and not (character == "X" and position == len(text)):
            raise PatentAlphabet(position=position, character=character)
    return body, check_digit


def _year(body: str, this_year: int) -> int:
    """The year of filing; the old form ended and the new one began in October 2003."""
    if len(body) == 12:
        year, first, last = int(body[:4]), NEW_FORM_YEAR, this_year
    else:
        two = int(body[:2])
        year, first, last = two + (1900 if two >= 85 else 2000), FIRST_YEAR, NEW_FORM_YEAR
    if not first <= year <= last:
        raise PatentYear(position=1, year=year)
    return year
