"""The exposure of a guarantor on any day: by contract and cover, by the due day, against what the law allows.

Past days are told by what had happened by then; days to come by the signed terms: what they make due by themselves.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from marketplace.contracts import lasting
from marketplace.contracts.models import Contract, Guarantee, GuarantorStanding
from marketplace.contracts.reading import statements_of
from marketplace.contracts.rules.clockwork import SHARES
from marketplace.contracts.rules.statement import Statement
from marketplace.contracts.services import limit_of
from marketplace.contracts.services.guarantees import cover
from marketplace.core.money import ZERO
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .models import Claim
from .rules import exposing
from .rules.exposing import Due

MOST_GUARANTEES = 500
"""Guarantees that are shown with their due days: the largest ones where there are more. The sums are over all."""


class OfGuarantee(NamedTuple):
    """What one guarantee stands for on the day."""

    guarantee: Guarantee
    compensated: Decimal
    left: Decimal
    ends_on: date | None
    dues: list[Due]

    @property
    def called(self) -> Decimal:
        """What could be asked for if nothing of what is due were paid."""
        return sum((due.covered for due in self.dues), ZERO)


class Exposure(NamedTuple):
    """What a guarantor stands in for on a day, over all its guarantees; `rows` are the largest of them.

    `limit` is None where it has not shown its net assets.
    """

    guarantor: Organisation
    day: date
    rows: list[OfGuarantee]
    guarantee_count: int
    total: Decimal
    limit: Decimal | None

    @property
    def is_cut(self) -> bool:
        """Whether more guarantees count than are shown."""
        return len(self.rows) < self.guarantee_count

    @property
    def room(self) -> Decimal | None:
        """What it may still take on; below zero beyond its limit."""
        return None if self.limit is None else self.limit - self.total


def guarantors_of(user: Any) -> Any:
    """The guarantors whose exposure a person reads: its own organisations; staff read all."""
    rows = Organisation.objects.filter(Q(guarantees__isnull=False) | Q(standing__isnull=False)).distinct()
    if not access.is_platform_staff(user):
        rows = rows.filter(pk__in=access.organisation_ids(user))
    return rows.order_by("name_zh", "pk")


def exposure_on(guarantor: Organisation, day: date) -> Exposure:
    """Every guarantee that stands on the day. The number of questions to the database does not grow with them."""
    found = lasting.standing(guarantor, day, asked_of(guarantor, day))
    paid = paid_by(guarantor)
    left = {row.pk: exposing.left(row.cover_amount, most, paid[row.pk], day) for row, most in found}
    shown = [row for row, _most in found[:MOST_GUARANTEES]]
    statements = statements_by_contract(shown, day)
    entries = [of_guarantee(row, left[row.pk], paid[row.pk], statements.get(row.contract_id), day) for row in shown]
    total = sum(left.values(), ZERO)
    return Exposure(guarantor, day, entries, len(found), total, limit_on(guarantor))


def paid_by(guarantor: Organisation) -> dict[int, list[tuple[date, Decimal]]]:
    """What a guarantor has compensated and on which day, by the id of the guarantee."""
    rows = Claim.objects.filter(guarantee__guarantor=guarantor, state__in=Claim.PAID)
    paid: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for pk, on, amount in rows.values_list("guarantee_id", "paid_on", "paid"):
        assert on is not None  # the database holds that a compensation has its day
        paid[pk].append((on, amount))
    return paid


def asked_of(guarantor: Organisation, day: date) -> dict[int, Decimal]:
    """What claims that were filed by a day and not settled by then ask for, by the id of the guarantee."""
    refused = Q(state=Claim.State.REFUSED, decided_on__lte=day)
    settled = Q(paid_on__lte=day) | Q(withdrawn_on__lte=day) | refused
    rows = Claim.objects.filter(guarantee__guarantor=guarantor, filed_on__lte=day).exclude(settled).order_by("id")
    return {row.guarantee_id: asked_by(row, day) for row in rows}


def asked_by(claim: Claim, day: date) -> Decimal:
    """What a claim asked for on a day: what was claimed, and from the decision on what was accepted of it."""
    if claim.accepted is None or claim.decided_on is None or day < claim.decided_on:
        return claim.amount
    return claim.accepted


def statements_by_contract(rows: list[Guarantee], day: date) -> dict[int, Statement]:
    contracts = Contract.objects.filter(pk__in={row.contract_id for row in rows}, signed_on__isnull=False)
    signed = contracts.filter(sheet__isnull=False).select_related("sheet")
    return {contract.pk: statement for contract, statement in statements_of(signed, day)}


def of_guarantee(
    row: Guarantee, left: Decimal, paid: list[tuple[date, Decimal]], statement: Statement | None, day: date
) -> OfGuarantee:
    """One guarantee on the day, with what is open of what it covers."""
    months, agreed = lasting.legal_months(row.contract), cover(row)
    lines = [line for line in statement.lines if line.kind != SHARES] if statement else []
    debts = [(line.key, line.due_on, line.unpaid + line.interest - line.interest_paid) for line in lines]
    still = [debt for debt in debts if debt[2] > 0]
    dues = exposing.by_due_day(agreed, still, room=left, legal_months=months, day=day)
    return OfGuarantee(row, exposing.paid(paid, day), left, lasting.last_claim_day(row, statement), dues)


def limit_on(guarantor: Organisation) -> Decimal | None:
    """What the law lets it stand in for, by the net assets that it has shown last."""
    standing = GuarantorStanding.objects.filter(organisation=guarantor).first()
    return limit_of(standing) if standing else None
