"""Losses: what of an obligation is lost, and how much of that is claimed; the database lets it be claimed once."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from marketplace.contracts import services as contracts
from marketplace.contracts.models import Contract, Guarantee
from marketplace.contracts.reading import statement_of
from marketplace.contracts.services.claiming import debts
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict
from marketplace.core.money import ZERO, to_fen

from ..models import Claim, ClaimLine, Loss, Obligation
from ..rules import claiming
from ..rules.claiming import Line, Lost


def lost(guarantee: Guarantee, day: date) -> list[Lost]:
    """What is overdue under the contract with its interest, and what of it was compensated or is claimed already."""
    contract = guarantee.contract
    known = {row.obligation.key: row for row in losses_of(contract)}
    paid, asked = paid_by(guarantee), asked_of(guarantee)
    found = []
    for debt in debts(statement_of(contract, day)):
        row = known.get(debt.key)
        if row is None:
            found.append(Lost(key=debt.key, due_on=debt.due_on, amount=debt.loss))
            continue
        found.append(Lost(
            key=debt.key, due_on=debt.due_on, amount=debt.loss + row.compensated, claimed=row.claimed,
            paid=paid.get(row.pk, ZERO), is_own=row.pk in asked,
        ))  # fmt: skip
    return found


def paid_by(guarantee: Guarantee) -> dict[int, Decimal]:
    """What a guarantee has paid of each loss, by its id."""
    rows = ClaimLine.objects.filter(guarantee=guarantee, payment__isnull=False).order_by()
    return {pk: to_fen(paid) for pk, paid in rows.values_list("loss_id").annotate(paid=Sum("held"))}


def asked_of(guarantee: Guarantee) -> set[int]:
    """The losses for which a guarantee was asked, and that did not open again after its last compensation."""
    rows = ClaimLine.objects.filter(guarantee=guarantee, stands=True).select_related("claim", "loss__obligation")
    latest = {row.loss_id: row for row in rows.order_by("id")}
    open_on: dict[date | None, dict[str, Decimal]] = {
        day: open_of(guarantee.contract, day) for day in {row.claim.paid_on for row in latest.values()} if day
    }
    return {pk for pk, row in latest.items() if not opened_again(row, open_on.get(row.claim.paid_on, {}))}


def opened_again(row: ClaimLine, open_then: Mapping[str, Decimal]) -> bool:
    """Whether more is open of the day of its compensation than was then: something went back, or became more.

    Of that day and not of today, since interest runs on without anything opening again.
    """
    return row.left is not None and open_then.get(row.loss.obligation.key, ZERO) > row.left


def losses_of(contract: Contract) -> Iterable[Loss]:
    return Loss.objects.filter(obligation__contract=contract).select_related("obligation")


def used_of(guarantee: Guarantee) -> Decimal:
    """What of a guarantee's cover its claims take, from filing on; what was accepted and never paid is free again."""
    return to_fen(ClaimLine.objects.filter(guarantee=guarantee).aggregate(held=Sum("held", default=ZERO))["held"])


def tell_cover(guarantee: Guarantee) -> None:
    """The contract knows what an open claim asks of a guarantee. To be called once the claim is kept."""
    rows = ClaimLine.objects.filter(guarantee=guarantee, claim__state__in=Claim.OPEN)
    asked = to_fen(rows.aggregate(held=Sum("held", default=ZERO))["held"])
    contracts.ask_cover(guarantee, asked, by=SYSTEM)


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
    borne = Round(line.lost - F("compensated"), 2)
    Loss.objects.filter(pk=loss.pk).update(amount=line.lost, claimed=more, borne=borne)
    ClaimLine.objects.create(
        claim=claim, guarantee=claim.guarantee, loss=loss, lost=line.lost, covered_until=line.covered_until,
        amount=line.amount, held=line.amount,
    )  # fmt: skip


def duplicate() -> Conflict:
    return Conflict(_("This loss is claimed already, here or from another guarantee."), code=claiming.DUPLICATE)


def accept(claim: Claim, amount: Decimal) -> None:
    """What was accepted, over the lines; what was not is claimed no more."""
    rows = list(claim.lines.select_related("loss__obligation"))
    rows.sort(key=lambda row: (row.loss.obligation.due_on, row.loss.obligation.key))
    parts = claiming.accept([(row.loss.obligation.key, row.amount) for row in rows], amount)
    for row in rows:
        row.accepted = parts[row.loss.obligation.key]
        hold_now(row, row.accepted)


def release(claim: Claim) -> None:
    """Refused or withdrawn: the losses may be claimed again."""
    for row in claim.lines.select_related("loss").filter(stands=True):
        row.stands = False
        hold_now(row, ZERO)


def hold_now(row: ClaimLine, amount: Decimal, **by: Decimal) -> None:
    """A line takes so much of its loss from now on; other sums of the loss rise `by` as much."""
    change(row.loss, claimed=amount - row.held, **by)
    row.held = amount
    row.save()


def hold_again(claim: Claim) -> None:
    """What was accepted is held again after a compensation was taken back, as far as loss and cover are still free.

    They may be another claim's by now; what was paid always is.
    """
    free = claim.guarantee.cover_amount - used_of(claim.guarantee)
    for row in claim.lines.filter(stands=True).order_by("id"):
        loss = Loss.objects.get(pk=row.loss_id)
        more = min((row.accepted or ZERO) - row.held, loss.amount - loss.claimed, free)
        free -= more
        hold_now(row, row.held + more)


def see_what_is_left(claim: Claim, today: date) -> None:
    """After a compensation: what is open of each loss stays with the licensor, as far as nobody has paid it since."""
    assert claim.paid_on is not None
    then, now = open_of(claim.contract, claim.paid_on), open_of(claim.contract, today)
    for row in claim.lines.select_related("loss__obligation"):
        key = row.loss.obligation.key
        row.left = then.get(key, ZERO)
        row.save(update_fields=["left"])
        Loss.objects.filter(pk=row.loss_id).update(borne=min(row.left, now.get(key, ZERO)))


def change(loss: Loss, **by: Decimal) -> None:
    """Raise or lower the sums of a loss, in the database."""
    Loss.objects.filter(pk=loss.pk).update(**{name: Round(F(name) + amount, 2) for name, amount in by.items()})


def open_of(contract: Contract, day: date) -> dict[str, Decimal]:
    """What each overdue obligation lacks with its interest on a day."""
    return {debt.key: debt.loss for debt in debts(statement_of(contract, day))}


def due_of(claim: Claim, day: date) -> dict[str, Decimal]:
    """What a guarantor pays of each accepted line: no more than its share of what is still lost on that day.

    Of its share it may have paid some before, where the loss opened again.
    """
    still, share, found = open_of(claim.contract, day), claim.guarantee.cover_share, {}
    paid = paid_by(claim.guarantee)
    for row in claim.lines.select_related("loss__obligation").filter(stands=True).order_by("id"):
        key = row.loss.obligation.key
        left = still.get(key, ZERO)
        part = to_fen((left + row.loss.compensated) * share) - paid.get(row.loss_id, ZERO)
        due = min(row.held, left, part)
        if due > 0:
            found[key] = due
    return found


def borne_by_licensor(claim: Claim) -> Decimal:
    """What of the losses of a claim no guarantor has compensated, by what each of them really came to."""
    return to_fen(Loss.objects.filter(lines__claim=claim).aggregate(borne=Sum("borne", default=ZERO))["borne"])
