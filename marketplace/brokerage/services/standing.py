"""Whether a broker may act at all: registered today, and tied to neither side (DOMAIN 7.3)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, Invalid
from marketplace.parties.models import Membership, TechnologyManager

from ..models import Mandate
from .mandate_terms import NOT_REGISTERED

INTEREST = "E_INTEREST_CONFLICT"
OWN_STAFF = _(
    "Staff of one side are paid by the reward rule of their own unit, not by a commission. Name somebody who belongs "
    "to neither side."
)


def check_broker(mandate: Mandate) -> None:
    """Raise Conflict (E_NOT_REGISTERED) unless who is named is registered today, the manager at the named agency."""
    if mandate.agency is not None and not mandate.agency.is_valid:
        raise Conflict(_("The agency is not in the register today."), code=NOT_REGISTERED)
    if mandate.manager_id is None:
        return
    row = TechnologyManager.objects.filter(user_id=mandate.manager_id).first()
    if row is None or not row.is_valid:
        raise Conflict(_("The technology manager is not in the register today."), code=NOT_REGISTERED)
    if mandate.agency_id is not None and row.agency_id != mandate.agency_id:
        raise Invalid(fields={"manager": [str(_("The technology manager does not work for this agency."))]})


def check_independent(mandate: Mandate) -> None:
    """Raise Conflict (E_INTEREST_CONFLICT) when the broker is the principal, or one of its people."""
    is_same = mandate.agency is not None and mandate.agency.organisation_id == mandate.principal_id
    if is_same or is_member(mandate.manager_id, mandate.principal_id):
        raise Conflict(OWN_STAFF, code=INTEREST)


def is_member(user_id: Any, organisation_id: int) -> bool:
    """Whether the person belongs to the organisation today, or did until today."""
    rows = Membership.objects.filter(user_id=user_id, organisation_id=organisation_id)
    return user_id is not None and rows.exclude(ended_on__lt=timezone.localdate()).exists()
