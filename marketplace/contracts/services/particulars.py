"""Particulars: what a contract says beside its price, and who changes it while it is negotiated."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.validation import validate
from marketplace.law import codes
from marketplace.law.book import NATION
from marketplace.law.errors import CodeFault
from marketplace.law.rules.spans import region_span
from marketplace.parties.models import Organisation

from ..models import Contract, ThirdParty
from .sides import check_state, sides_of

PARTICULARS = (
    *("title", "type", "subtype", "licence_kind", "territory", "fields_of_use", "use_note", "sublicence"),
    *("pricing_route", "export", "export_licence", "is_publicly_funded", "is_related_party", "audit_notice_days"),
)
LATER = frozenset({"export_licence"})
"""What may still be entered when the terms are agreed: it changes nothing of what was agreed."""
OF_THE_SELLER = frozenset({"pricing_route", "is_publicly_funded", "is_related_party"})
"""What the owner answers for in its own decision; the licensee does not change it."""
PLACES = (NATION, "WORLD")


def checked(contract: Contract, values: Mapping[str, Any]) -> dict[str, Any]:
    """The particulars among the values. Raises Invalid, by field, for a region, field or code that there is not."""
    values = {name: values[name] for name in PARTICULARS if name in values}
    faults = {
        **_strange("territory", values.get("territory", []), is_place),
        **_strange("fields_of_use", values.get("fields_of_use", []), is_use),
    }
    if values.get("pricing_route", contract.pricing_route) not in codes.values("pricing_route"):
        faults["pricing_route"] = [str(_("Choose from the list."))]
    type, subtype = values.get("type", contract.type), values.get("subtype", contract.subtype)
    try:
        codes.check("contract_subtype", subtype, parent=type)
    except CodeFault:
        faults["subtype"] = [str(_("Choose a sub-type of this type of contract."))]
    if faults:
        raise Invalid(fields=faults)
    return values


def _strange(name: str, values: Any, is_known: Any) -> dict[str, list[str]]:
    is_list = isinstance(values, list) and len(values) <= 100
    if is_list and all(isinstance(each, str) and is_known(each) for each in values):
        return {}
    return {name: [str(_("Choose from the list."))]}


def is_place(code: str) -> bool:
    """The world, China, a province, or a city or district within one."""
    if code in PLACES:
        return True
    try:
        region_span(code)
    except ValueError:
        return False
    return f"{code[:2]}0000" in codes.values("province")


def is_use(code: str) -> bool:
    return code == "*" or code in codes.values("technical_field")


@transaction.atomic
def edit(contract: Contract, values: Mapping[str, Any], *, version: int | None = None, by: Any) -> Contract:
    """Change the particulars while the contract is negotiated. What was accepted is to be accepted anew."""
    with act(contract, "contracts.edit", by=by, version=version) as contract:
        values = checked(contract, values)
        check_may_change(contract, values, by=by)
        changed = {name: value for name, value in values.items() if getattr(contract, name) != value}
        for name, value in changed.items():
            setattr(contract, name, value)
        validate(contract)
        if changed.keys() - LATER:
            contract.sheets.update(seller_accepted_at=None, buyer_accepted_at=None)
    return contract


def check_may_change(contract: Contract, names: Iterable[str], *, by: Any) -> None:
    check_state(contract, *Contract.UNSIGNED)
    if set(names) - LATER and contract.state != Contract.State.NEGOTIATING:
        raise Conflict(_("This can be changed while the terms are negotiated. Reopen them first."), code="wrong_state")
    if OF_THE_SELLER & set(names) and sides_of(contract, by) == ["BUYER"]:
        raise Forbidden(_("The licensor answers for this."))


@transaction.atomic
def add_third_party(contract: Contract, organisation: Organisation, role: str, *, by: Any) -> ThirdParty:
    """Name an agency, guarantor or insurer that stands on the contract beside the two sides and reads it."""
    with act(contract, "contracts.edit", by=by) as contract:
        check_state(contract, Contract.State.NEGOTIATING, Contract.State.GUARANTEE_PENDING)
        if organisation.pk in (contract.seller_id, contract.buyer_id):
            raise Invalid(fields={"organisation": [str(_("Choose somebody who is not one of the two sides."))]})
        row = ThirdParty(contract=contract, organisation=organisation, role=role)
        validate(row)
        return create(row, "contracts.edit", by=by)
