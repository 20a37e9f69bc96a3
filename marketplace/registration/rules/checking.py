"""Rules of registration: what an office would send back, and what the seller should know before handing it in.

Each finding has a code, the field it is about, and whether it stops; `wording` says it in words (DOMAIN 4.6, 4.8).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from marketplace.law.rules.days import add_months

from .proposing import BY_RESULT, NO_RIGHT, OF_RIGHTS, PATENTS, TRANSFER

REQUIRED = (
    *("name", "seller_nature", "buyer_nature", "field", "objective", "industry", "plan_category", "payment_method"),
    *("contact", "phone"),
)
FREE = "FREE"


class Finding(NamedTuple):
    """One thing that is wrong, or worth knowing when it does not stop."""

    code: str
    field: str = ""
    stops: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRight:
    """A right of the contract, and for how many years from its filing the law protects its kind; None: not known."""

    kind: str
    filed_on: date | None = None
    years: int | None = None

    def is_over(self, today: date) -> bool:
        """Whether its term has run out. What is not known is not over."""
        return (
            self.filed_on is not None and self.years is not None and add_months(self.filed_on, 12 * self.years) < today
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form as filled in, with what is known of the contract on the day."""

    values: Mapping[str, str]
    type: str
    subtype_parent: str
    ip_type: str
    total: Decimal
    deducted: Decimal
    is_open_priced: bool
    has_expectations: bool
    signed_on: date
    starts_on: date
    ends_on: date
    is_in_force: bool
    has_text: bool
    regions_known: bool
    rights: tuple[OneRight, ...] = ()
    is_licence: bool = False
    relief_years: int = 0
    recordal_months: int = 0


def findings(form: Form, today: date) -> list[Finding]:
    """Everything, what stops first."""
    found = [*of_the_contract(form, today), *of_the_type(form), *of_the_amounts(form), *of_the_fields(form)]
    return [*found, *worth_knowing(form, today)]


def of_the_contract(form: Form, today: date) -> Iterator[Finding]:
    """A signed text of a contract that is in force (measures, 国科发政字〔2000〕063号)."""
    if not form.has_text:
        yield Finding("E_ORAL")
    if not form.is_in_force or form.starts_on > today:
        yield Finding("E_NOT_EFFECTIVE", "starts_on")
    elif form.ends_on < today:
        yield Finding("E_CONTRACT_EXPIRED", "ends_on")
    if not form.regions_known:
        yield Finding("E_REGION_CODE", "buyer_region")


def of_the_type(form: Form) -> Iterator[Finding]:
    if form.subtype_parent != form.type:
        yield Finding("E_SUBTYPE_MISMATCH", "subtype")
    if form.type in OF_RIGHTS and form.ip_type in ("", NO_RIGHT):
        yield Finding("E_IP_REQUIRED", "ip_type")
    patents = [right for right in form.rights if right.kind in PATENTS]
    if patents and form.ip_type in PATENTS and all(right.is_over(form.signed_on) for right in patents):
        yield Finding("E_PATENT_EXPIRED", "ip_type")  # it must have been alive on the day of the signature


def of_the_amounts(form: Form) -> Iterator[Finding]:
    if form.deducted > form.total:
        yield Finding("E_TECH_GT_TOTAL", "total_amount")
    if not form.total and not form.is_open_priced and form.values.get("payment_method") != FREE:
        yield Finding("E_PRICE_UNCLEAR", "total_amount")
    if form.values.get("payment_method") in BY_RESULT and not form.values.get("payment_note"):
        yield Finding("E_REQUIRED", "payment_note")
    if form.type == TRANSFER and not form.has_expectations:
        yield Finding("E_EXPECTED_OUTPUT", "expected_output")


def of_the_fields(form: Form) -> Iterator[Finding]:
    for name in REQUIRED:
        if not form.values.get(name):
            yield Finding("E_REQUIRED", name)


def worth_knowing(form: Form, today: date) -> Iterator[Finding]:
    """What does not stop the registration and may cost something later."""
    years = form.relief_years
    if form.is_licence and years and form.ends_on < add_months(form.starts_on, 12 * years):
        yield Finding("W_LICENCE_LT_5Y", "ends_on", stops=False)
    if form.is_licence and form.recordal_months and form.ip_type in PATENTS:
        late = today > add_months(form.starts_on, form.recordal_months)
        yield Finding("W_CNIPA_LATE" if late else "W_CNIPA_3_MONTHS", "", stops=False)
    if form.is_open_priced:
        yield Finding("W_AMOUNT_OPEN", "total_amount", stops=False)
