"""Reminders: which claims wait for whom, before and after the day by which they should not wait any more."""

from datetime import date

from marketplace import law
from marketplace.contracts.rules.reminding import step_reached

from ..claim_telling import BENEFICIARY, GUARANTOR, remind
from ..models import Claim

WAITS = {
    Claim.State.FILED: ("review_by", "review", GUARANTOR),
    Claim.State.ASKED: ("supply_by", "supply", BENEFICIARY),
    Claim.State.ACCEPTED: ("pay_by", "pay", GUARANTOR),
}


def remind_claims(today: date) -> int:
    """Remind whoever a claim waits for, once a step of the legal value `reminder.days`; return how many were due."""
    count = 0
    rows = Claim.objects.filter(state__in=WAITS).select_related("contract__manager", "guarantee")
    for claim in rows.order_by("pk").iterator(chunk_size=200):
        column, what, party = WAITS[Claim.State(claim.state)]
        day = getattr(claim, column)
        steps = law.on(today, claim.contract.law_place).table("reminder.days")
        step = step_reached(day, today, steps) if day else None
        if step is not None:
            remind(claim, what, party=party, day=day, step=step)
            count += 1
    return count
