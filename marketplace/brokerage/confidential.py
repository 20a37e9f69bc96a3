"""What is confidential of a deal: under which agreement a person may be shown it now. Every door asks here.

Asked whenever something is shown and stored nowhere, so that what ends closes at once: a membership, a name that is
taken back, the registration of the technology manager, an agreement, a deal; an address kept or a token included.
"""

from typing import Any

from .models import Deal, Nda


def nda_for(user: Any, deal: Deal, side: str) -> Nda | None:
    """The agreement under which this person may be shown what is confidential of that side now; None: nothing.

    Its own people read their side elsewhere, as its owners. Who is asked here is named by the other side, or is the
    deal's technology manager.
    """
    return Nda.objects.opening(user, side).filter(deal_id=deal.pk).first()
