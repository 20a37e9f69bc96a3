"""The exposure of a guarantor on any day: by contract and cover, by the due day, against what the law allows.

Past days are told by what had happened by then; days to come by the signed terms: what they make due by themselves.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from marketplace.contracts.models import Contract, Guarantee, GuarantorStanding
from marketplace.contracts.reading import statements_of
from marketplace.contracts.rules.clockwork import SHARES
from marketplace.contracts.rules.statement import Statement
from marketplace.contracts.services import limit_of
from marketplace.contracts.services.guarantees import cover, legal_months
from marketplace.core.money import ZERO
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .models import Claim
from .rules import exposing
from .rules.exposing import Due, Life

MOST_GUARANTEES = 500
"""Guarantees whose due days are worked out; the largest ones where there are more."""


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
    """What a guarantor stands in for on a day; `limit` is None where it has not shown its net assets."""

    guarantor: Organisation
    day: date
    rows: list[OfGuarantee]
    limit: Decimal | None

    @property
    def total(self) -> Decimal:
        return sum((row.left for row in self.rows), ZERO)

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
    rows = Guarantee.objects.filter(guarantor=guarantor, issued_on__lte=day)
    standing = rows.filter(Q(released_on=None) | Q(released_on__gt=day)).select_related("contract__sheet")
    found = list(standing.order_by("-cover_amount", "pk")[:MOST_GUARANTEES])
    paid: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for pk, on, amount in Claim.objects.filter(guarantee__in=found, state__in=Claim.PAID).values_list(
        "guarantee_id", "paid_on", "paid"
    ):
        assert on is not None  # the database holds that a compensation has its day
        paid[pk].append((on, amount))
    statements = statements_by_contract([row.contract for row in found], day)
    entries = [of_guarantee(row, paid[row.pk], statements.get(row.contract_id), day) for row in found]
    return Exposure(guarantor, day, [each for each in entries if each is not None], limit_on(guarantor))


def statements_by_contract(contracts: list[Contract], day: date) -> dict[int, Statement]:
    signed = {row.pk: row for row in contracts if row.signed_on is not None and row.sheet is not None}
    return {contract.pk: statement for contract, statement in statements_of(signed.values(), day)}


def of_guarantee(
    row: Guarantee, paid: list[tuple[date, Decimal]], statement: Statement | None, day: date
) -> OfGuarantee | None:
    """One guarantee on the day; None once nothing that it covers can be claimed any more."""
    months, agreed = legal_months(row.contract), cover(row)
    lines = [line for line in statement.lines if line.kind != SHARES] if statement else []
    life = Life(row.issued_on or day, row.released_on, last_due(row.contract, lines))
    end = exposing.ends_on(life, row.period_months, months)
    if not exposing.stands(life, day, end):
        return None
    left = exposing.left(row.cover_amount, paid, day)
    debts = [(line.key, line.due_on, line.unpaid + line.interest - line.interest_paid) for line in lines]
    still = [debt for debt in debts if debt[2] > 0]
    dues = exposing.by_due_day(agreed, still, room=left, legal_months=months, day=day)
    return OfGuarantee(row, row.cover_amount - left, left, end, dues)


def last_due(contract: Contract, lines: list[Any]) -> date | None:
    """The last day on which a payment can fall due: not known while the licence has no end."""
    if contract.ended_on is None:
        return None
    return max([contract.ended_on, *(line.due_on for line in lines)])


def limit_on(guarantor: Organisation) -> Decimal | None:
    """What the law lets it stand in for, by the net assets that it has shown last."""
    standing = GuarantorStanding.objects.filter(organisation=guarantor).first()
    return limit_of(standing) if standing else None
