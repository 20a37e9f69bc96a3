"""Covers: the guarantees that the agreed terms ask for become rows as far as it is known who stands in."""

from typing import Any

from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.core.acts import act, create

from ..models import Contract, Guarantee, ThirdParty
from ..rules.sheet import Cover, Sheet

Role = ThirdParty.Role
STANDS_IN = {
    "COMPANY": Role.GUARANTOR,
    "RISK_POOL": Role.GUARANTOR,
    "BOND_INSURANCE": Role.INSURER,
    "FAILURE_INSURANCE": Role.INSURER,
    "AGENCY": Role.AGENCY,
}


def name_covers(contract: Contract, sheet: Sheet, *, by: Any) -> None:
    """Propose a guarantee for each cover whose guarantor is the only third party of its role, or that needs none.

    Who stands in for the other covers is named later, one by one.
    """
    for cover in sheet.guarantees:
        parties = list(contract.third_parties.filter(role=STANDS_IN.get(cover.kind, "")))
        if cover.kind == Guarantee.Kind.DEPOSIT or len(parties) == 1:
            row = proposed(contract, cover)
            row.guarantor = parties[0].organisation if parties else None
            create(row, "contracts.propose_guarantee", by=by)


def proposed(contract: Contract, cover: Cover) -> Guarantee:
    return Guarantee(
        contract=contract, kind=cover.kind, cover_amount=cover.cover_amount, cover_share=cover.cover_share,
        liability=cover.liability, period_months=cover.period_months, waiting_days=cover.waiting_days, fee=cover.fee,
    )  # fmt: skip


def drop_covers(contract: Contract) -> None:
    """The terms that were guaranteed are open again: what was issued is released, what was proposed lapses."""
    today = timezone.localdate()
    for row in contract.guarantees.filter(state__in=["proposed", "issued"]).order_by("pk"):
        with act(row, "contracts.release_guarantee", by=SYSTEM, reason="terms reopened") as guarantee:
            if guarantee.state == Guarantee.State.ISSUED:
                guarantee.release()
                guarantee.released_on = today
            elif guarantee.state == Guarantee.State.PROPOSED:
                guarantee.refuse()
