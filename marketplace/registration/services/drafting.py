"""Filling in the form: begun with what the contract says, changed by the seller until it is handed in."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import to_fen
from marketplace.core.validation import validate
from marketplace.law import codes

from .. import reading
from ..models import DeductedCost, Registration
from ..rules import amounts

TEXTS = ("name", "payment_note", "contact", "phone", "leader")
CODED = {
    "type": "contract_type",
    "subtype": "contract_subtype",
    "seller_nature": "party_nature",
    "buyer_nature": "party_nature",
    "ip_type": "ip_type",
    "field": "technical_field",
    "objective": "socio_economic_objective",
    "industry": "industry_section",
    "plan_category": "plan_category",
    "payment_method": "payment_method",
}
"""Fields that hold a code, and the list that it is of."""
AMOUNTS = ("total_amount", "expected_investment", "expected_output")
FACTS = (*TEXTS, *CODED, *AMOUNTS, "starts_on", "ends_on", "is_open_priced", "office")
"""What the seller may fill in; parties, their regions and the day of signature are the contract's."""
MOST_COSTS = 40
OPEN_TO_EDIT = (Registration.State.DRAFT, Registration.State.SUPPLEMENT)


@transaction.atomic
def draft(contract: Contract, *, by: Any, **values: Any) -> Registration:
    """Begin the form with what the contract says; `values` by `FACTS` take the place of what is proposed.

    Raises Conflict before the contract is signed, and while another registration of it lives (E_DUPLICATE_REG).
    """
    require("registration.draft", by, contract)
    contract = lock(contract)
    if not contract.is_signed or contract.ends_on is None:
        raise Conflict(_("The contract is not signed yet."), code="E_NOT_EFFECTIVE")
    row = Registration(contract=contract, **reading.proposed(contract))
    fill(row, values)
    check(row)
    try:
        with transaction.atomic():
            return create(row, "registration.draft", by=by)
    except IntegrityError as fault:
        raise once() from fault


def once() -> Conflict:
    sentence = _("This contract has a registration already, or one under way. A contract is registered once.")
    return Conflict(sentence, code="E_DUPLICATE_REG")


@transaction.atomic
def edit(row: Registration, *, version: int | None = None, by: Any, **values: Any) -> Registration:
    """Change the form while it is with the seller: before it is handed in, or when the office asked for more."""
    with act(row, "registration.edit", by=by, version=version) as row:
        check_with_seller(row)
        fill(row, values)
        check(row)
    return row


def check_with_seller(row: Registration) -> None:
    if row.state not in OPEN_TO_EDIT:
        raise Conflict(_("It was handed in. Only what the office asks for can be changed."), code="handed_in")


def fill(row: Registration, values: Mapping[str, Any]) -> None:
    unknown = [name for name in values if name not in FACTS]
    if unknown:
        raise Invalid(fields={name: [str(_("This is no field of the form."))] for name in unknown})
    for name, value in values.items():
        if isinstance(value, str):
            value = value.strip()
        if name == "office" and row.state != Registration.State.DRAFT and value != row.office:
            raise Conflict(_("It was handed in to this office. Withdraw it to go to another one."), code="handed_in")
        setattr(row, name, to_fen(value) if name in AMOUNTS and value is not None else value)


def check(row: Registration) -> None:
    """What a field may hold; whether the form is complete is asked when it is handed in."""
    validate(row, constraints=False)
    faults: dict[str, list[str]] = {}
    for name, listed in CODED.items():
        value = getattr(row, name)
        if value and value not in codes.values(listed):
            faults[name] = [str(_("Choose from the list."))]
    for name in AMOUNTS:
        if (getattr(row, name) or 0) < 0:
            faults[name] = [str(_("Write an amount that is not below zero."))]
    if row.ends_on < row.starts_on:
        faults["ends_on"] = [str(_("This is before the first day."))]
    if row.deducted_amount > row.total_amount:
        faults["total_amount"] = [too_much()]
    if row.office is not None and not reading.offices(row.contract).filter(pk=row.office_id).exists():
        faults["office"] = [str(_("Choose an office of the seller's province that is verified here."))]
    if faults:
        raise Invalid(fields=faults)


def too_much() -> str:
    return str(_("More is deducted than the whole contract amount."))


@transaction.atomic
def put_costs(
    row: Registration, costs: Iterable[Mapping[str, Any]], *, version: int | None = None, by: Any
) -> Registration:
    """The list of what is not paid for technology, whole: each a mapping of `kind`, `what`, `amount` in yuan.

    Raises Invalid, with E_TECH_GT_TOTAL where more is deducted than there is.
    """
    with act(row, "registration.edit", by=by, version=version) as row:
        check_with_seller(row)
        listed = [cost_of(row, each) for each in costs]
        if len(listed) > MOST_COSTS:
            raise Invalid(fields={"costs": [str(_("At most %(most)d lines.") % {"most": MOST_COSTS})]})
        row.deducted_amount = amounts.deducted(each.amount for each in listed)
        if row.deducted_amount > row.total_amount:
            raise Invalid(too_much(), code="E_TECH_GT_TOTAL", fields={"costs": [too_much()]})
        row.costs.all().delete()
        for each in listed:
            each.save(force_insert=True)
    return row


def cost_of(row: Registration, given: Mapping[str, Any]) -> DeductedCost:
    cost = DeductedCost(registration=row, kind=given["kind"], what=str(given["what"]).strip())
    cost.amount = to_fen(given["amount"])
    if cost.amount <= Decimal(0):
        raise Invalid(fields={"costs": [str(_("Write an amount above zero."))]})
    validate(cost, exclude=("registration",), constraints=False)
    return cost
