"""Who may ask for a registration and who decides it. The seller asks, once; the office of its region decides.

Staff of the platform read and decide nothing: it is an official act. Nobody decides about a contract of their own.
"""

from typing import Any

import rules

from marketplace.contracts.models import Contract
from marketplace.contracts.permissions import decides_for_seller
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .models import Registration


def registration_of(row: Any) -> Registration | None:
    """The registration that a row belongs to: itself, or the one it names."""
    return row if isinstance(row, Registration) else getattr(row, "registration", None)


@rules.predicate
def decides_for_office(user: Any, row: Any) -> bool:
    """An administrator or officer of the office, who acts for neither side and did not bring them together."""
    found = registration_of(row)
    if found is None or found.office is None or not access.may_decide_for(user, found.office_id):
        return False
    is_office = found.office.kind == Organisation.Kind.AUTHORITY and found.office.is_verified
    return is_office and not is_concerned(user, found.contract)


def is_concerned(user: Any, contract: Contract) -> bool:
    sides = {contract.seller_id, contract.buyer_id}
    return bool(sides & set(access.organisation_ids(user))) or contract.manager_id == user.pk


@rules.predicate
def is_somebody_else(user: Any, row: Any) -> bool:
    """Who refused does not check the refusal."""
    found = registration_of(row)
    if found is None or found.state != Registration.State.RECHECK:
        return found is not None
    return found.decided_by_id != user.pk


@rules.predicate
def is_outside(user: Any, row: Any) -> bool:
    """What an office elsewhere decides is entered by the seller."""
    found = registration_of(row)
    return found is not None and found.is_outside


decides = decides_for_office & is_somebody_else
ends = decides_for_office | (is_outside & decides_for_seller)

rules.add_perm("registration.draft", decides_for_seller)
rules.add_perm("registration.edit", decides_for_seller)
rules.add_perm("registration.submit", decides_for_seller)
rules.add_perm("registration.supply", decides_for_seller)
rules.add_perm("registration.withdraw", decides_for_seller)
rules.add_perm("registration.contest", decides_for_seller)
rules.add_perm("registration.record", decides_for_seller)
rules.add_perm("registration.make_form", decides_for_seller)
rules.add_perm("registration.ask_change", decides_for_seller)
rules.add_perm("registration.accept", decides_for_office)
rules.add_perm("registration.ask", decides_for_office)
rules.add_perm("registration.retype", decides_for_office)
rules.add_perm("registration.consult", decides_for_office)
rules.add_perm("registration.register", decides)
rules.add_perm("registration.refuse", decides)
rules.add_perm("registration.cancel", ends)
rules.add_perm("registration.revoke", ends)
rules.add_perm("registration.make_change", decides_for_office)
rules.add_perm("registration.refuse_change", decides_for_office)
