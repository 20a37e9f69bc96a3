"""Checking what was shared: never above what was received, shares that add up, and accounts that say the same."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from marketplace.core.money import ZERO, to_fen
from marketplace.parties.models import Organisation

from .models import Account, ClawBack, Cost, CostTaken, Distribution, Payment, PayoutLine, SetOff, Share
from .rules.sharing import Part
from .services import ledger

State = Distribution.State
BOOKED = (State.APPROVED, State.PAID)
Found = Iterator[tuple[str, str, object, object]]
"""Subject, what, expected and found."""


def of_sharing() -> Found:
    """Every difference in what was shared; nothing where all is right."""
    for row in [*of_receipts(), *of_costs(), *of_distributions(), *of_accounts()]:
        if row[2] != row[3]:
            yield row


def total(rows: "QuerySet[Any]", field: str) -> Decimal:
    return to_fen(rows.aggregate(total=Sum(field, default=ZERO))["total"])


def of_receipts() -> Found:
    live = Distribution.objects.live()
    for payment in Payment.objects.filter(distributions__in=live).distinct():
        most = payment.amount if payment.state == Payment.State.BOOKED else ZERO
        shared = total(live.filter(payment=payment), "received")
        yield payment.public_id, "shared at most what arrived", True, shared <= most


def of_costs() -> Found:
    counting = CostTaken.objects.filter(distribution__state__in=Distribution.LIVE)
    for cost in Cost.objects.filter(taken__in=counting).distinct():
        yield cost.public_id, "cost taken off once", True, total(counting.filter(cost=cost), "amount") <= cost.amount


def of_distributions() -> Found:
    for row in Distribution.objects.live().prefetch_related("shares__line", "costs_taken"):
        sums = dict.fromkeys(Part, ZERO)
        for share in row.shares.all():
            sums[share.line.as_rule().part] += share.amount
        yield row.public_id, "shares of the reward", row.pool, sums[Part.POOL]
        if any(share.payee_id is None for share in row.shares.all()):
            yield row.public_id, "shares of the rest", row.retained, sums[Part.RETAINED]
        yield row.public_id, "costs taken off", row.costs, sum((each.amount for each in row.costs_taken.all()), ZERO)


def of_accounts() -> Found:
    """What each account of sharing should hold, book by book."""
    for book in Organisation.objects.filter(distributions__isnull=False).distinct():
        rows = Distribution.objects.filter(book=book, state__in=BOOKED)
        owed = Share.objects.filter(distribution__in=rows, state__in=(Share.State.WAITING, Share.State.SENT))
        lines = PayoutLine.objects.filter(payout__book=book)
        paid, waiting = lines.filter(outcome=PayoutLine.Outcome.PAID), lines.filter(outcome=PayoutLine.Outcome.OPEN)
        backs = ClawBack.objects.filter(book=book)
        live = SetOff.objects.filter(line__in=lines.filter(outcome__in=PayoutLine.LIVE))
        settled = total(backs, "settled")
        expected = {
            Account.Kind.SHARED: total(rows, "net"),
            Account.Kind.FUNDS: -total(rows, "retained"),
            Account.Kind.REWARD_OWED: -total(owed, "amount"),
            Account.Kind.CLAW_BACK: total(backs, "amount") - settled + total(waiting, "set_off"),
            Account.Kind.PAID_OUT: settled - total(live, "amount") - total(paid, "amount"),
        }
        found = ledger.trial_balance(book)
        for kind, amount in expected.items():
            yield book.public_id, f"account {kind}", amount, found[kind]
