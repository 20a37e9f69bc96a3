"""Losses: what of an obligation is lost, and how much of that is claimed; the database lets it be claimed once."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract, Guarantee
from marketplace.contracts.reading import statement_of
from marketplace.contracts.services.claiming import debts
from marketplace.core.errors import Conflict
from marketplace.core.money import ZERO, to_fen

from ..models import Claim, ClaimLine, Loss, Obligation
from ..rules import claiming
from ..rules.claiming import Line, Lost


def lost(guarantee: Guarantee, day: date) -> list[Lost]:
    """What is overdue under the contract with its interest, and what of it was compensated or is claimed already."""
    contract = guarantee.contract
    known = {row.obligation.key: row for row in losses_of(contract)}
    own = set(ClaimLine.objects.filter(guarantee=guarantee, stands=True).values_list("loss_id", flat=True))
    found = []
    for debt in debts(statement_of(contract, day)):
        row = known.get(debt.key)
        amount = debt.loss + (row.compensated if row else ZERO)
        claimed = row.claimed if row else ZERO
        is_own = row is not None and row.pk in own
        found.append(Lost(key=debt.key, due_on=debt.due_on, amount=amount, claimed=claimed, is_own=is_own))
    return found


def losses_of(contract: Contract) -> Iterable[Loss]:
    return Loss.objects.filter(obligation__contract=contract).select_related("obligation")


def used_of(guarantee: Guarantee) -> Decimal:
    """What of a guarantee's cover its claims take, from filing on."""
    rows = ClaimLine.objects.filter(guarantee=guarantee, stands=True)
    return sum((row.held for row in rows), ZERO)


def hold(claim: Claim, lines: Iterable[Line], by_key: Mapping[str, Obligation]) -> None:
    """Claim these losses. Raises Conflict (E_DUPLICATE_CLAIM) when more would be claimed of one than was lost."""
    try:
        with transaction.atomic():
            for line in lines:
                hold_line(claim, line, by_key[line.key])
    except IntegrityError as fault:
        raise duplicate() from fault


def hold_line(claim: Claim, line: Line, obligation: Obligation) -> None:
    loss, _is_new = Loss.objects.get_or_create(obligation=obligation, defaults={"amount": line.lost})
    more = Round(F("claimed") + line.amount, 2)
    Loss.objects.filter(pk=loss.pk).update(amount=line.lost, claimed=more)
    ClaimLine.objects.create(
        claim=claim, guarantee=claim.guarantee, loss=loss, lost=line.lost, covered_until=line.covered_until,
        amount=line.amount,
    )  # fmt: skip


def duplicate() -> Conflict:
    return Conflict(_("This loss is claimed already, here or from another guarantee."), code=claiming.DUPLICATE)


def accept(claim: Claim, amount: Decimal) -> None:
    """What was accepted, over the lines; what was not is claimed no more."""
    rows = list(claim.lines.select_related("loss__obligation"))
    rows.sort(key=lambda row: (row.loss.obligation.due_on, row.loss.obligation.key))
    parts = claiming.accept([(row.loss.obligation.key, row.amount) for row in rows], amount)
    for row in rows:
        before, row.accepted = row.held, parts[row.loss.obligation.key]
        row.save(update_fields=["accepted"])
        change(row.loss, claimed=row.held - before)


def release(claim: Claim) -> None:
    """Refused or withdrawn: the losses may be claimed again."""
    for row in claim.lines.select_related("loss").filter(stands=True):
        change(row.loss, claimed=-row.held)
        row.stands = False
        row.save(update_fields=["stands"])


def change(loss: Loss, **by: Decimal) -> None:
    """Raise or lower the sums of a loss, in the database."""
    Loss.objects.filter(pk=loss.pk).update(**{name: Round(F(name) + amount, 2) for name, amount in by.items()})


def open_of(contract: Contract, day: date) -> dict[str, Decimal]:
    """What each overdue obligation lacks with its interest on a day."""
    return {debt.key: debt.loss for debt in debts(statement_of(contract, day))}


def due_of(claim: Claim, day: date) -> dict[str, Decimal]:
    """What a guarantor pays of each accepted line: no more than its share of what is still lost on that day."""
    still, share, found = open_of(claim.contract, day), claim.guarantee.cover_share, {}
    for row in claim.lines.select_related("loss__obligation").filter(stands=True).order_by("id"):
        key = row.loss.obligation.key
        left = still.get(key, ZERO)
        due = min(row.accepted or ZERO, left, to_fen((left + row.loss.compensated) * share))
        if due > 0:
            found[key] = due
    return found


def borne_by_licensor(claim: Claim) -> Decimal:
    """What of the losses of a claim no guarantor has compensated."""
    sums = Loss.objects.filter(lines__claim=claim).aggregate(lost=Sum("amount"), paid=Sum("compensated"))
    return max(to_fen(sums["lost"] or ZERO) - to_fen(sums["paid"] or ZERO), ZERO)
