"""Rules of the ledger: which accounts an event moves. Every list of entries adds up to zero; debit is positive.

Interest is income when it is paid, not while it grows: it grows every day, nobody knows whether it will ever come, and
a ledger that followed it would be nothing but interest. What has grown so far stands beside the obligation.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from marketplace.core.money import ZERO, to_fen


class Kind(StrEnum):
    """The accounts in the books of an organisation."""

    RECEIVABLE = "RECEIVABLE"
    BANK = "BANK"
    PREPAID = "PREPAID"
    INCOME = "INCOME"
    INTEREST = "INTEREST"
    WRITTEN_OFF = "WRITTEN_OFF"
    COMMISSION = "COMMISSION"
    COMMISSION_OWED = "COMMISSION_OWED"
    COMMISSION_PAID = "COMMISSION_PAID"
    RECOURSE = "RECOURSE"
    COMPENSATION = "COMPENSATION"
    COSTS = "COSTS"
    TO_PASS_ON = "TO_PASS_ON"
    PASSED_ON = "PASSED_ON"
    SHARED = "SHARED"
    REWARD_OWED = "REWARD_OWED"
    FUNDS = "FUNDS"
    PAID_OUT = "PAID_OUT"
    CLAW_BACK = "CLAW_BACK"


class Entry(NamedTuple):
    account: Kind
    amount: Decimal


class Settled(NamedTuple):
    """What money paid: principal, principal that had been written off (recovered), and interest."""

    principal: Decimal = ZERO
    recovered: Decimal = ZERO
    interest: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.principal + self.recovered + self.interest

    def less(self, other: "Settled") -> "Settled":
        return Settled(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


Entries = tuple[Entry, ...]


def bill(amount: Decimal, *, is_written_off: bool = False) -> Entries:
    """Something is owed, or more of it; a negative amount is an adjustment in the licensee's favour."""
    claim = Kind.WRITTEN_OFF if is_written_off else Kind.RECEIVABLE
    return balanced(Entry(claim, amount), Entry(Kind.INCOME, -amount))


def receive(amount: Decimal, settled: Settled) -> Entries:
    """Money arrives; what pays nothing yet is an over-payment. Raises ValueError when more is paid than arrived."""
    if not 0 <= settled.total <= amount:
        raise ValueError("A payment pays no more than itself.")
    rest = amount - settled.total
    return balanced(Entry(Kind.BANK, amount), *_paid(settled), Entry(Kind.PREPAID, -rest))


def use(settled: Settled) -> Entries:
    """An over-payment is used for what is owed; negative amounts give it back."""
    return balanced(Entry(Kind.PREPAID, settled.total), *_paid(settled))


def write_off(amount: Decimal) -> Entries:
    """The owner gives a claim up in its books."""
    return balanced(Entry(Kind.WRITTEN_OFF, amount), Entry(Kind.RECEIVABLE, -amount))


def owe_commission(amount: Decimal) -> Entries:
    """A broker has earned a commission; below zero it is to be given back."""
    return balanced(Entry(Kind.COMMISSION, amount), Entry(Kind.COMMISSION_OWED, -amount))


def pay_commission(amount: Decimal) -> Entries:
    """A commission is paid; below zero it has come back."""
    return balanced(Entry(Kind.COMMISSION_OWED, amount), Entry(Kind.COMMISSION_PAID, -amount))


def compensate(amount: Decimal) -> Entries:
    """A guarantor pays in the licensee's place: the licensee owes it to the guarantor."""
    return balanced(Entry(Kind.RECOURSE, amount), Entry(Kind.COMPENSATION, -amount))


def recover(costs: Decimal, guarantor: Decimal, licensor: Decimal) -> Entries:
    """The licensee pays the guarantor: its costs, its own part, and what it passes on to the licensor."""
    return balanced(
        Entry(Kind.BANK, costs + guarantor + licensor),
        Entry(Kind.COSTS, -costs),
        Entry(Kind.RECOURSE, -guarantor),
        Entry(Kind.TO_PASS_ON, -licensor),
    )


def pass_on(amount: Decimal) -> Entries:
    """The licensor has its part of a recovery."""
    return balanced(Entry(Kind.TO_PASS_ON, amount), Entry(Kind.PASSED_ON, -amount))


def forgo(amount: Decimal) -> Entries:
    """A guarantor gives up what it has not recovered."""
    return balanced(Entry(Kind.WRITTEN_OFF, amount), Entry(Kind.RECOURSE, -amount))


def share(pool: Decimal, retained: Decimal) -> Entries:
    """Net income is shared: the reward is owed to people, the rest stays in the funds of the owner."""
    return balanced(Entry(Kind.SHARED, pool + retained), Entry(Kind.REWARD_OWED, -pool), Entry(Kind.FUNDS, -retained))


def pay_out(amount: Decimal, set_off: Decimal) -> Entries:
    """A share is paid: by the bank, or set off with what its person has to give back."""
    return balanced(
        Entry(Kind.REWARD_OWED, amount + set_off), Entry(Kind.PAID_OUT, -amount), Entry(Kind.CLAW_BACK, -set_off)
    )


def claw_back(amount: Decimal) -> Entries:
    """A paid share does not count any more: its person owes it."""
    return balanced(Entry(Kind.CLAW_BACK, amount), Entry(Kind.REWARD_OWED, -amount))


def give_back(amount: Decimal) -> Entries:
    """Money comes back from a person."""
    return balanced(Entry(Kind.PAID_OUT, amount), Entry(Kind.CLAW_BACK, -amount))


def reverse(entries: Iterable[Entry]) -> Entries:
    """The same entries the other way round."""
    return balanced(*(Entry(each.account, -each.amount) for each in entries))


def balanced(*entries: Entry) -> Entries:
    """The entries, one an account and none of zero. Raises ValueError unless they add up to zero in whole fen."""
    sums: dict[Kind, Decimal] = {}
    for each in entries:
        sums[each.account] = sums.get(each.account, ZERO) + each.amount
    if sum(sums.values()) != 0:
        raise ValueError("A booking adds up to zero.")
    if any(amount != to_fen(amount) for amount in sums.values()):
        raise ValueError("A booking is in whole fen.")
    return tuple(Entry(account, amount) for account, amount in sums.items() if amount)


def _paid(settled: Settled) -> Entries:
    return (
        Entry(Kind.RECEIVABLE, -settled.principal),
        Entry(Kind.WRITTEN_OFF, -settled.recovered),
        Entry(Kind.INTEREST, -settled.interest),
    )
