"""What the platform itself knows of an entry's work in a year."""

from django.db.models import Q

from marketplace.contracts.models import Contract
from marketplace.parties.models import TechnologyManager

from .models.holder import Holder


def contracts_of(holder: Holder) -> Q:
    """Contracts that a manager, or a manager of an agency, brought about."""
    if isinstance(holder, TechnologyManager):
        return Q(manager_id=holder.user_id)
    return Q(manager__technology_manager__agency=holder)


def contracts_in(holder: Holder, year: int) -> int:
    """Contracts signed in a year."""
    return Contract.objects.filter(contracts_of(holder), signed_on__year=year).count()
