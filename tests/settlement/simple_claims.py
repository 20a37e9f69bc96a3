"""Who claims what of which guarantor, and who bears what of it, as plainly as DOMAIN 10.3 says it.

In whole fen and fractions, sharing no code with the product. A guarantor bears its share of a loss up to its cover; no
loss is claimed twice; what the licensee pays a guarantor is shared, after costs, by what each had borne.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from tests.contracts.simple_model import plus_months

Debts = dict[str, tuple[date, int]]
"""What is overdue, by its key: the day on which it was due, and what it lacks with its interest."""
DebtsOn = Callable[[date], Debts]
"""The same of any day, as it is known now."""


def half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


@dataclass
class Cover:
    amount: int
    share: Fraction
    months: int
    waiting_days: int = 0
    is_own_money: bool = False


@dataclass
class Line:
    due: date
    lost: int
    claimed: int
    accepted: int | None = None
    paid: int = 0
    held: int = 0
    left: int | None = None
    """What was open after it was compensated, on that day."""


@dataclass
class Recovery:
    """What came of a licensee: the costs, the guarantor's part, and the licensor's by what it lacks."""

    costs: int
    guarantor: int
    parts: dict[str, int]
    is_passed: bool = False

    @property
    def licensor(self) -> int:
        return sum(self.parts.values())


@dataclass
class Claim:
    cover: int
    filed: date
    lines: dict[str, Line]
    state: str = "filed"
    since: date = date.min
    recovered: int = 0
    is_forgone: bool = False
    recoveries: dict[int, Recovery] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        return self.state not in ("refused", "withdrawn")

    @property
    def is_open(self) -> bool:
        return self.state in ("filed", "asked", "accepted")

    @property
    def paid(self) -> int:
        return sum(line.paid for line in self.lines.values())

    @property
    def recourse(self) -> str:
        if self.is_forgone:
            return "forgone"
        return "paid" if self.recovered == self.paid else "part_paid" if self.recovered else "owed"

    @property
    def on_its_way(self) -> dict[str, int]:
        """What guarantors have received for the licensor and not passed on, by the loss."""
        sums: dict[str, int] = {}
        for each in self.recoveries.values():
            for key, part in each.parts.items():
                sums[key] = sums.get(key, 0) + part * (not each.is_passed)
        return sums

    def oldest_first(self) -> list[tuple[str, Line]]:
        return sorted(self.lines.items(), key=lambda pair: (pair[1].due, pair[0]))


@dataclass
class Register:
    """All covers and claims of a contract.

    `lost` is what was lost of each obligation when it was last claimed, `borne` what of it stayed with the licensor
    then or at the last compensation.
    """

    covers: list[Cover]
    claims: dict[int, Claim] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    borne: dict[str, int] = field(default_factory=dict)

    def standing(self, key: str) -> list[tuple[Claim, Line]]:
        return [(claim, claim.lines[key]) for claim in self.claims.values() if claim.stands and key in claim.lines]

    def held(self, key: str) -> int:
        return sum(line.held for _claim, line in self.standing(key))

    def compensated(self, key: str) -> int:
        return sum(line.paid for _claim, line in self.standing(key))

    def used(self, cover: int) -> int:
        mine = [each for each in self.claims.values() if each.cover == cover and each.stands]
        return sum(line.held for claim in mine for line in claim.lines.values())

    def has_open(self, cover: int) -> bool:
        return any(each.cover == cover and each.is_open for each in self.claims.values())

    def paid_by(self, place: int, key: str) -> int:
        return sum(line.paid for claim, line in self.standing(key) if claim.cover == place)

    def is_asked(self, place: int, key: str, debts_on: DebtsOn) -> bool:
        """Whether the guarantee was asked for it, and no more of it is open than after its latest compensation."""
        mine = [(claim, line) for claim, line in self.standing(key) if claim.cover == place]
        if not mine:
            return False
        claim, line = mine[-1]
        return line.left is None or debts_on(claim.since).get(key, (None, 0))[1] <= line.left

    def claimable(self, place: int, debts_on: DebtsOn, today: date) -> dict[str, Line]:
        """What a guarantee may be asked for, the oldest loss first."""
        cover, found = self.covers[place], {}
        left = cover.amount - self.used(place)
        for key, (due, lacking) in sorted(debts_on(today).items(), key=lambda pair: (pair[1][0], pair[0])):
            lost, held = lacking + self.compensated(key), self.held(key)
            is_late = today > plus_months(due, cover.months)
            is_early = today <= due + timedelta(days=cover.waiting_days)
            amount = min(left, half_up(lost * cover.share) - self.paid_by(place, key), lost - held)
            if not self.is_asked(place, key, debts_on) and not is_late and not is_early and amount > 0:
                left -= amount
                found[key] = Line(due, lost, amount, held=amount)
        return found

    def is_again(self, claim: Claim) -> bool:
        """Whether the guarantee has paid of one of these losses before."""
        return any(self.paid_by(claim.cover, key) for key in claim.lines)

    def file(self, pk: int, claim: Claim) -> None:
        self.claims[pk] = claim
        for key, line in claim.lines.items():
            self.lost[key] = line.lost
            self.borne[key] = line.lost - self.compensated(key)

    def release(self, claim: Claim, state: str) -> None:
        claim.state = state
        for line in claim.lines.values():
            line.held = 0

    def accept(self, claim: Claim, amount: int) -> None:
        claim.state = "accepted"
        for _key, line in claim.oldest_first():
            line.accepted = line.held = min(amount, line.claimed)
            amount -= line.accepted

    def due(self, claim: Claim, then: Debts, now: Debts) -> dict[str, int]:
        """What the guarantor owes of each line for a transfer of an earlier day: of what is lost still."""
        found, share = {}, self.covers[claim.cover].share
        for key, line in claim.lines.items():
            left = min(
                min(
                    line.held,
                    lacking,
                    half_up((lacking + self.compensated(key)) * share) - self.paid_by(claim.cover, key),
                )
                for lacking in (then.get(key, (None, 0))[1], now.get(key, (None, 0))[1])
            )
            if left > 0:
                found[key] = left
        return found

    def compensate(self, claim: Claim, paid: dict[str, int], then: Debts, now: Debts) -> None:
        """What was accepted and is not paid is free again; what is open after it stays with the licensor."""
        for key, line in claim.lines.items():
            line.paid = line.held = paid.get(key, 0)
            line.left = then.get(key, (None, 0))[1]
            self.borne[key] = min(line.left, now.get(key, (None, 0))[1])

    def take_back(self, claim: Claim) -> None:
        """What was accepted is held again, as far as neither loss nor cover is another claim's by now."""
        claim.state = "accepted"
        for key, line in claim.lines.items():
            self.borne[key] += line.paid
            line.paid, line.left = 0, None
        free = self.covers[claim.cover].amount - self.used(claim.cover)
        for key, line in claim.lines.items():
            more = min((line.accepted or 0) - line.held, self.lost[key] - self.held(key), free)
            line.held += more
            free -= more

    def owed_to_licensor(self, claim: Claim, then: Debts, now: Debts) -> dict[str, int]:
        """What the losses of a claim lack, the oldest first, behind what is on its way for them from any guarantor."""
        others = [each.on_its_way for each in self.claims.values()]
        waiting, found = sum(way.get(key, 0) for way in others for key in claim.lines), {}
        for key, _line in claim.oldest_first():
            lacking = min(each.get(key, (None, 0))[1] for each in (then, now))
            part = min(waiting, lacking)
            waiting -= part
            found[key] = lacking - part
        return found

    def shared(self, claim: Claim, net: int, owed: dict[str, int]) -> tuple[int, int] | None:
        """The parts of guarantor and licensor of a recovery; None when it is more than both are owed."""
        first, second = claim.paid - claim.recovered, sum(owed.values())
        if net > first + second:
            return None
        bore = sum(self.borne[key] for key in claim.lines)
        exact = Fraction(net * claim.paid, claim.paid + bore)
        part = floor(exact) + (exact - floor(exact) >= Fraction(1, 2))  # of two, the larger remainder; a tie is its own
        part = min(part, first)
        part = max(part, net - second)
        return part, net - part

    def recover(self, claim: Claim, pk: int, costs: int, parts: tuple[int, int], owed: dict[str, int]) -> None:
        """The licensor's part pays what is lacking longest."""
        spread, left = {}, parts[1]
        for key, lacking in owed.items():
            if part := min(left, lacking):
                spread[key] = part
                left -= part
        claim.recoveries[pk] = Recovery(costs, parts[0], spread)
        claim.recovered += parts[0]

    def settle(self) -> None:
        """A compensated claim is closed once nothing is to be recovered or passed on, and open again otherwise."""
        for claim in self.claims.values():
            if claim.state in ("compensated", "closed") and not self.covers[claim.cover].is_own_money:
                is_done = claim.recourse in ("paid", "forgone") and not any(claim.on_its_way.values())
                claim.state = "closed" if is_done else "compensated"
