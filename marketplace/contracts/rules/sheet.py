"""Rules of licence terms: the nouns of a term sheet. Amounts are yuan, rates ratios (0.05 is 5 %), days are days.

Immutable and without behaviour; `reading` makes them from the public form `term-sheet/1`, `checking` says which
rules a sheet breaks.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Mode(StrEnum):
    """How a licence is paid for: the codes of the list `licensing_mode`."""

    BUYOUT = "BUYOUT"
    INSTALMENTS = "INSTALMENTS"
    ENTRY_ROYALTY = "ENTRY_ROYALTY"
    ZERO_UPFRONT = "ZERO_UPFRONT"
    DEFERRED = "DEFERRED"
    CONDITIONAL = "CONDITIONAL"
    ROYALTY = "ROYALTY"
    TRIAL_TRANSFER = "TRIAL_TRANSFER"
    EQUITY = "EQUITY"
    OPEN = "OPEN"


class Side(StrEnum):
    """The two sides: the seller licenses, the buyer uses and pays."""

    SELLER = "SELLER"
    BUYER = "BUYER"


class TriggerKind(StrEnum):
    """What makes a payment fall due."""

    DATE = "DATE"
    SIGNATURE = "SIGNATURE"
    AFTER = "AFTER"
    FIRST_SALE = "FIRST_SALE"
    REVENUE = "REVENUE"
    UNITS = "UNITS"
    MILESTONE = "MILESTONE"
    FINANCING = "FINANCING"
    GRANT = "GRANT"
    TRIAL_KEPT = "TRIAL_KEPT"
    PERIOD_END = "PERIOD_END"
    CHANGE_OF_CONTROL = "CHANGE_OF_CONTROL"


class Anchor(StrEnum):
    """What `AFTER` and a milestone's due day may count from."""

    SIGNATURE = "SIGNATURE"
    DELIVERY = "DELIVERY"
    TRIAL_END = "TRIAL_END"
    TRIAL_KEPT = "TRIAL_KEPT"
    FIRST_SALE = "FIRST_SALE"
    FINANCING = "FINANCING"
    GRANT = "GRANT"
    CHANGE_OF_CONTROL = "CHANGE_OF_CONTROL"


class Base(StrEnum):
    """What a royalty is a share of."""

    NET_SALES = "NET_SALES"
    UNITS = "UNITS"
    GROSS_MARGIN = "GROSS_MARGIN"


class Tiering(StrEnum):
    """Marginal: each slice has its own rate. Cliff: the rate reached holds for the whole base of the period."""

    MARGINAL = "MARGINAL"
    CLIFF = "CLIFF"


class Counted(StrEnum):
    """What the thresholds of the tiers are compared with."""

    CUMULATIVE = "CUMULATIVE"
    YEAR = "YEAR"
    PERIOD = "PERIOD"


class Period(StrEnum):
    """Calendar periods; the first and the last of a licence are cut at its own days."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    HALF_YEAR = "HALF_YEAR"
    YEAR = "YEAR"


class Deduction(StrEnum):
    """The closed list of what may be taken off gross sales (DOMAIN 5.2)."""

    RETURNS = "RETURNS"
    DISCOUNTS = "DISCOUNTS"
    FREIGHT = "FREIGHT"
    INSURANCE = "INSURANCE"
    TAXES = "TAXES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What must happen, how it is shown, who says so, who agrees, and after how many days silence agrees."""

    kind: TriggerKind
    day: date | None = None
    term: str = ""
    event: str = ""
    days: int = 0
    months: int = 0
    at_least: Decimal | None = None
    milestone: str = ""
    due_after: str = ""
    due_months: int = 0
    due_days: int = 0
    every: Period | None = None
    evidence: str = ""
    declared_by: Side | None = None
    confirmed_by: Side | None = None
    silent_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What every term has: an id that obligations are named after, and a name for people in both languages."""

    id: str
    label_zh: str = ""
    label_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Term):
    """A fixed amount on a trigger."""

    amount: Decimal
    trigger: Trigger | None
    pay_days: int = 30
    creditable: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """From this much of the base on, this rate; for units the rate is yuan a unit."""

    start: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Stacking:
    """A share of royalties paid to third parties is set off, never below `floor_rate` of the base."""

    share: Decimal
    floor_rate: Decimal
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sublicence:
    """The seller's share of what sub-licensees pay."""

    upfront_rate: Decimal
    royalty_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Royalty(Term):
    """A share of sales, units or margin, reported and paid by periods (DOMAIN 5.2, 5.3)."""

    base: Base
    tiers: tuple[Tier, ...]
    period: Period
    tiering: Tiering = Tiering.MARGINAL
    counted: Counted = Counted.CUMULATIVE
    deductions: tuple[Deduction, ...] = ()
    deduction_cap: Decimal | None = None
    combination_factor: Decimal = Decimal(1)
    stacking: Stacking | None = None
    minimum_yearly: Decimal | None = None
    minimum_from_year: int = 1
    period_cap: Decimal | None = None
    lifetime_cap: Decimal | None = None
    credits: tuple[str, ...] = ()
    sublicence: Sublicence | None = None
    report_days: int = 30
    pay_days: int = 30
    answer_days: int = 15


class MaintenanceEnd(StrEnum):
    """Until when a yearly fee runs."""

    FIRST_SALE = "FIRST_SALE"
    END = "END"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance(Term):
    """A yearly fee for keeping the licence."""

    amount: Decimal
    until: MaintenanceEnd = MaintenanceEnd.FIRST_SALE
    pay_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyout(Term):
    """The buyer's option to pay once and owe nothing more, until its expiry."""

    price: Decimal
    until_months: int = 0
    until_day: date | None = None
    credit_paid: Decimal = Decimal(0)
    pay_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity(Term):
    """Shares in place of cash; never summed into cash."""

    percent: Decimal
    valuation: Decimal
    trigger: Trigger | None
    pay_days: int = 30


AnyTerm = Fixed | Royalty | Maintenance | Buyout | Equity


class AtEnd(StrEnum):
    """What happens when a trial ends and nobody has elected: never silent free use."""

    KEEP = "KEEP"
    STOP = "STOP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The free phase, counted from the delivery of the documents."""

    months: int
    at_end: AtEnd | None
    extensions: int = 0
    extension_months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LateInterest:
    """Simple daily interest on what is unpaid, from the day after it was due."""

    yearly_rate: Decimal
    grace_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A guarantee as part of the price: who stands in for how much, and how long after each due day.

    No `period_months` means as long as the law says.
    """

    kind: str
    cover_amount: Decimal
    cover_share: Decimal
    liability: str = "GENERAL"
    period_months: int | None = None
    waiting_days: int = 0
    fee: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole price of a licence as data. The term counts from the signature, or ends on a day."""

    mode: Mode
    terms: tuple[AnyTerm, ...]
    term_months: int = 0
    ends_on: date | None = None
    sell_off_months: int = 0
    trial: Trial | None = None
    late_interest: LateInterest | None = None
    total_cap: Decimal | None = None
    guarantees: tuple[Cover, ...] = ()
    currency: str = "CNY"

    def term(self, id: str) -> AnyTerm | None:
        """The term of that id, or None."""
        return next((each for each in self.terms if each.id == id), None)
