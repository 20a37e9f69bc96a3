"""Who gets how much of which receipt, as plainly as DOMAIN 1.4 says it: in whole fen, sharing no code with the product.

From a receipt its costs are taken, oldest first; of the rest a part is the reward, which people share, and the rest
stays. Parts are dealt out by largest remainder. What was paid of a sharing that does not count any more is owed back,
and the next share of its person pays that first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor

PEOPLE = ("INVENTOR", "STAFF")


def dealt(total: int, shares: list[Fraction]) -> list[int]:
    """Whole fen in these proportions: each its floor, and the fen that are left to the largest remainders."""
    exact = [total * share / sum(shares) for share in shares]
    parts = [floor(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda place: (floor(exact[place]) - exact[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


@dataclass
class Line:
    role: str
    share: Fraction
    person: int | None = None


@dataclass
class Share:
    amount: int
    person: int | None
    state: str
    is_disputed: bool = False


@dataclass
class Sharing:
    """What was made of a receipt; `taken` is what it took of which cost."""

    payment: int
    received: int
    taken: dict[int, int]
    pool: int
    retained: int
    shares: list[Share]
    state: str = "proposed"

    @property
    def costs(self) -> int:
        return sum(self.taken.values())

    @property
    def net(self) -> int:
        return self.received - self.costs

    @property
    def counts(self) -> bool:
        return self.state not in ("withdrawn", "reversed")


@dataclass
class Debt:
    """What a person was paid and must give back."""

    share: Share
    amount: int
    settled: int = 0

    @property
    def left(self) -> int:
        return self.amount - self.settled


@dataclass
class Transfer:
    share: Share
    sharing: Sharing
    set_off: list[tuple[Debt, int]]
    outcome: str = "open"

    @property
    def off(self) -> int:
        return sum(part for _debt, part in self.set_off)

    @property
    def amount(self) -> int:
        return self.share.amount - self.off


@dataclass
class Batch:
    transfers: list[Transfer]
    state: str = "made"
    is_taken: bool = False


@dataclass
class Treasury:
    """Everything that an owner shares. `booked` is what it has booked on each account, act by act.

    `earned` says what a payment has paid of what was owed: no more of it is approved or paid out.
    """

    lines: list[Line]
    rates: list[tuple[date, Fraction]]
    earned: Callable[[int], int]
    costs: dict[int, int] = field(default_factory=dict)
    sharings: dict[int, Sharing] = field(default_factory=dict)
    batches: dict[int, Batch] = field(default_factory=dict)
    debts: list[Debt] = field(default_factory=list)
    booked: dict[str, int] = field(default_factory=dict)

    def book(self, **amounts: int) -> None:
        for account, amount in amounts.items():
            self.booked[account] = self.booked.get(account, 0) + amount

    def is_with_the_bank(self, share: Share) -> bool:
        """Its batch's file was taken, and what became of it is not known yet."""
        taken = [batch for batch in self.batches.values() if batch.state == "made" and batch.is_taken]
        return any(each.share is share for batch in taken for each in batch.transfers)

    # Sharing

    def shared_of(self, payment: int) -> int:
        return sum(each.received for each in self.sharings.values() if each.payment == payment and each.counts)

    def is_earned(self, sharing: Sharing) -> bool:
        """Those that were proposed earlier come first."""
        total = 0
        for each in self.sharings.values():
            total += each.received if each.payment == sharing.payment and each.counts else 0
            if each is sharing:
                break
        return total <= self.earned(sharing.payment)

    def propose(self, payment: int, received: int, on: date) -> Sharing:
        rate = [rate for begins, rate in self.rates if begins <= on][-1]
        taken, rest = {}, received
        for pk, amount in self.costs.items():
            gone = sum(each.taken.get(pk, 0) for each in self.sharings.values() if each.counts)
            part = min(amount - gone, rest)
            if part:
                taken[pk] = part
                rest -= part
        pool, retained = dealt(rest, [rate, 1 - rate])
        shares = {}
        for whole, is_people in ((pool, True), (retained, False)):
            mine = [place for place, line in enumerate(self.lines) if (line.role in PEOPLE) is is_people]
            if mine:
                shares |= zip(mine, dealt(whole, [self.lines[place].share for place in mine]), strict=True)
        people = [self.lines[place].person for place in range(len(self.lines))]
        rows = [
            Share(shares[place], person, "waiting" if person is not None and shares[place] else "kept")
            for place, person in enumerate(people)
        ]
        return Sharing(payment, received, taken, pool, retained, rows)

    def approve(self, sharing: Sharing) -> None:
        is_waiting = any(share.state == "waiting" for share in sharing.shares)
        sharing.state = "approved" if is_waiting else "paid"
        self.book(SHARED=sharing.net, REWARD_OWED=-sharing.pool, FUNDS=-sharing.retained)

    def withdraw(self, sharing: Sharing) -> None:
        sharing.state = "withdrawn"
        for share in sharing.shares:
            share.state = "void"

    def reverse(self, sharing: Sharing) -> None:
        sharing.state = "reversed"
        self.book(SHARED=-sharing.net, REWARD_OWED=sharing.pool, FUNDS=sharing.retained)
        for batch in self.batches.values():
            is_waiting = batch.state == "made" and not batch.is_taken
            if is_waiting and any(each.sharing is sharing for each in batch.transfers):
                self.withdraw_batch(batch)
        for share in sharing.shares:
            if share.state == "paid":
                self.claw_back(share)
            elif share.state != "sent":
                share.state = "void"

    def claw_back(self, share: Share) -> None:
        self.debts.append(Debt(share, share.amount))
        self.book(CLAW_BACK=share.amount, REWARD_OWED=-share.amount)

    # Paying

    def payable(self) -> list[tuple[Sharing, Share]]:
        approved = [self.sharings[pk] for pk in sorted(self.sharings) if self.sharings[pk].state == "approved"]
        rows = [(each, share) for each in approved if self.is_earned(each) for share in each.shares]
        return [(each, share) for each, share in rows if share.state == "waiting" and not share.is_disputed]

    def make_batch(self) -> Batch:
        transfers = []
        for sharing, share in self.payable():
            rest, set_off = share.amount, []
            for debt in self.debts:
                part = min(debt.left, rest) if debt.share.person == share.person else 0
                if part:
                    debt.settled += part
                    set_off.append((debt, part))
                    rest -= part
            share.state = "sent"
            transfers.append(Transfer(share, sharing, set_off))
        return Batch(transfers)

    def pay(self, batch: Batch) -> None:
        batch.state = "paid"
        for each in batch.transfers:
            each.outcome, each.share.state = "paid", "paid"
            self.book(REWARD_OWED=each.share.amount, PAID_OUT=-each.amount, CLAW_BACK=-each.off)
            if each.sharing.state == "reversed":
                self.claw_back(each.share)
        for each in batch.transfers:
            states = {share.state for share in each.sharing.shares}
            if each.sharing.state == "approved" and not states & {"waiting", "sent"}:
                each.sharing.state = "paid"

    def withdraw_batch(self, batch: Batch) -> None:
        batch.state = "withdrawn"
        for each in batch.transfers:
            self.undo(each, "withdrawn")
            each.share.state = "waiting" if each.sharing.counts else "void"

    def undo(self, transfer: Transfer, outcome: str) -> None:
        transfer.outcome = outcome
        for debt, part in transfer.set_off:
            debt.settled -= part

    def give_back(self, transfer: Transfer) -> None:
        """The bank gave it back."""
        self.undo(transfer, "returned")
        transfer.share.state = "waiting"
        self.book(REWARD_OWED=-transfer.share.amount, PAID_OUT=transfer.amount, CLAW_BACK=transfer.off)
        if transfer.sharing.state == "paid":
            transfer.sharing.state = "approved"
