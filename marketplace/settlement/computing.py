"""Computing: what a receipt comes to under the law of its place and day; nothing is written.

Each figure has its step, and each step the rule that it rests on, so that whoever receives something can follow it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.contracts.models import Contract
from marketplace.contracts.readiness import is_public, place_of
from marketplace.core.errors import Conflict
from marketplace.core.money import ZERO, to_fen
from marketplace.law.book import Book

from .models import Cost, CostTaken, Distribution, Payment, PlanLine, RewardRule, Share
from .rules import reward_days, sharing
from .rules.reward_days import Condition, Hint
from .rules.sharing import Fault

METHODS = {"2": RewardRule.Method.TRANSFER_LICENCE, "3": RewardRule.Method.TRANSFER_LICENCE}
"""By contract type. For development, consulting and service the law sets no rate: the owner's own rule does."""
COSTS, MAIN, STAFF, OFFICE = (
    *("reward.net_income.costs", "reward.pool.main_contributors_min"),
    *("reward.pool.tto_min", "tto.share_of_net_income"),
)
RELIEF = "iit.reward_ratio"
SENTENCES = {
    Fault.SHARES_NOT_100: _("The shares of the reward, and those of what stays, must each add up to exactly 100 %."),
    Fault.NO_INVENTOR: _("A plan has at least one inventor."),
    Fault.MAIN_BELOW_MINIMUM: _("The main contributors get less of the reward than the law of this place asks."),
    Fault.STAFF_BELOW_MINIMUM: _(
        "Transfer office and management staff get less of the reward than the law of this place asks."
    ),
    Fault.OFFICE_BELOW_MINIMUM: _("The transfer office gets less of the net income than the law of this place asks."),
    Fault.REWARD_BELOW_FLOOR: _("The reward is below the legal minimum of this place. Record a rule that reaches it."),
}


def refuse(fault: Fault) -> Conflict:
    return Conflict(SENTENCES[fault], code=fault.value)


class Rate(NamedTuple):
    """The rate of the reward and where it comes from: the owner's rule, or a key of the law."""

    value: Decimal
    rule: RewardRule | None
    key: str


class Computed(NamedTuple):
    """A receipt in figures."""

    received: Decimal
    net: sharing.Net
    rate: Rate
    shared: sharing.Shared
    steps: list[dict[str, Any]]
    references: list[str]


def place(contract: Contract) -> str:
    return contract.law_place or place_of(contract.seller)


def book_on(contract: Contract, day: date) -> Book:
    return law.on(day, place(contract))


def compute(payment: Payment, lines: Sequence[PlanLine]) -> Computed:
    """What the receipt comes to, shared by these lines. Raises Conflict with the code of the rule that it breaks."""
    contract, received = payment.contract, to_be_shared(payment)
    if received <= 0:
        raise Conflict(_("Nothing of this receipt is left to be shared."), code="nothing_to_share")
    book = book_on(contract, payment.on)
    rules_of_plan = [line.as_rule() for line in lines]
    check_plan(book, rules_of_plan)
    net = sharing.net_income(received, costs_left(contract, book))
    rate = rate_of(contract, book)
    if OFFICE in book and sharing.is_office_short(rules_of_plan, rate.value, book.percent(OFFICE)):
        raise refuse(Fault.OFFICE_BELOW_MINIMUM)
    shared = sharing.share_out(net.amount, rate.value, rules_of_plan)
    return Computed(received, net, rate, shared, steps(payment, book, net, rate, shared), references(book, rate))


def check_plan(book: Book, lines: Sequence[sharing.Line]) -> None:
    """Raise Conflict with the first fault of a plan under the law of a place and day."""
    for fault in sharing.plan_faults(lines, percent(book, MAIN), percent(book, STAFF)):
        raise refuse(fault)


def percent(book: Book, key: str) -> Decimal | None:
    return book.percent(key) if key in book else None


# What there is to share


def earned(payment: Payment) -> Decimal:
    """What the receipt has paid of what was owed; an over-payment is not earned yet."""
    if payment.state != Payment.State.BOOKED:
        return ZERO
    sums = payment.allocations.aggregate(
        principal=Sum("principal", default=ZERO), interest=Sum("interest", default=ZERO)
    )
    return max(to_fen(sums["principal"] + sums["interest"]), ZERO)


def to_be_shared(payment: Payment) -> Decimal:
    """What is earned and in no distribution that counts."""
    shared = Distribution.objects.live().filter(payment=payment).aggregate(total=Sum("received", default=ZERO))
    return earned(payment) - to_fen(shared["total"])


def is_earned(row: Distribution) -> bool:
    """Whether the receipt earned what it shares: a correction may have lowered that. Earlier ones come first."""
    counting = Distribution.objects.live().filter(payment_id=row.payment_id, pk__lte=row.pk)
    return to_fen(counting.aggregate(total=Sum("received", default=ZERO))["total"]) <= earned(row.payment)


def costs_left(contract: Contract, book: Book) -> list[sharing.Cost]:
    """The recorded costs that the place lets be taken off, with what no distribution has taken yet, oldest first."""
    rows = Cost.objects.filter(contract=contract, withdrawn_reason="", kind__in=book.table(COSTS)).order_by("on", "id")
    counting = CostTaken.objects.filter(cost__contract=contract, distribution__state__in=Distribution.LIVE)
    taken = dict(counting.order_by().values_list("cost").annotate(Sum("amount")))
    return [sharing.Cost(row.pk, to_fen(row.amount - taken.get(row.pk, ZERO))) for row in rows]


# The rate


def rate_of(contract: Contract, book: Book) -> Rate:
    """The owner's own rule of that day, else the law's. Raises Conflict: E_REWARD_BELOW_FLOOR, E_NO_REWARD_RATE."""
    method = method_of(contract)
    key = f"reward.floor.{method}" if contract.type in METHODS else ""
    rule = rule_on(contract.seller_id, method, book.day)
    floor = percent(book, key) if key else None
    found = sharing.reward_rate(floor, rule.rate if rule else None, is_bound=is_public(contract.seller))
    if isinstance(found, Fault):
        raise refuse(found)
    if found is None:
        sentence = _("Neither the law nor a rule of yours sets a rate for this kind of contract. Record a rule first.")
        raise Conflict(sentence, code="E_NO_REWARD_RATE")
    return Rate(found, rule, key)


def method_of(contract: Contract) -> str:
    """Under which of the owner's rules its receipts fall."""
    return METHODS.get(contract.type, RewardRule.Method.TRANSFER_LICENCE)


def rule_on(book_id: int, method: str, day: date) -> RewardRule | None:
    """The rule of an owner that is in force on a day: the one that began last."""
    in_force = Q(effective_to=None) | Q(effective_to__gte=day)
    rows = RewardRule.objects.filter(in_force, book_id=book_id, method=method, effective_from__lte=day)
    return rows.order_by("-effective_from", "-id").first()


# Days and tax


def pay_by(payment: Payment, book: Book, rule: RewardRule | None) -> date | None:
    """The last day to pay the reward: by the owner's rule, else by the law of the place, where it says one."""
    months = rule.pay_within_months if rule else None
    if months is None and "reward.pay_within" in book:
        months = int(book.number("reward.pay_within"))
    return reward_days.last_day(payment.on, months) if months else None


def tax_until(payment: Payment, book: Book) -> date:
    return reward_days.last_day(payment.on, int(book.number("iit.reward_window")))


def tax_hint(distribution: Distribution, paid_on: date | None = None) -> Hint:
    """What part of a cash reward would count as wages if it is paid on a day; each condition with its answer."""
    book = law.on(paid_on or timezone.localdate(), distribution.law_place)
    return reward_days.hint(book.percent(RELIEF), conditions_met(distribution, book))


def conditions_met(distribution: Distribution, book: Book) -> list[Condition]:
    contract, notice = distribution.contract, distribution.notice
    kinds = contract.achievement.rights.values_list("kind", flat=True) if contract.achievement else ()
    met = {
        Condition.NON_PROFIT: is_public(distribution.book),
        Condition.METHOD: contract.type in book.table("iit.reward_contracts"),
        Condition.OBJECT: bool(set(kinds) & set(book.table("iit.reward_objects"))),
        Condition.REGISTERED: bool(distribution.registration),
        Condition.NOTICED: notice is not None and notice.state == notice.State.CLOSED_CLEAN,
        Condition.IN_TIME: book.day <= distribution.tax_until,
    }
    return [condition for condition, holds in met.items() if holds]


# Why these numbers


def steps(payment: Payment, book: Book, net: sharing.Net, rate: Rate, shared: sharing.Shared) -> list[dict[str, Any]]:
    received = net.amount + net.costs
    kinds: dict[str, Decimal] = {}
    for cost in Cost.objects.filter(pk__in=net.taken).order_by("on", "id"):
        kinds[cost.kind] = kinds.get(cost.kind, ZERO) + net.taken[cost.pk]
    taken = {name: f"{amount:.2f}" for name, amount in kinds.items()}
    source = {"rule": rate.rule.title} if rate.rule else {"law": rate.key}
    floor = book.entry(rate.key).reference if rate.key and rate.key in book else ""
    return [
        step("received", received, {"on": payment.on.isoformat()}),
        step("costs", net.costs, taken, book.entry(COSTS).reference),
        step("net", net.amount, {"received": f"{received:.2f}", "costs": f"{net.costs:.2f}"}),
        step("rate", rate.value, source, floor),
        step("pool", shared.pool, {"net": f"{net.amount:.2f}", "rate": str(rate.value)}),
        step("retained", shared.retained, {"net": f"{net.amount:.2f}", "pool": f"{shared.pool:.2f}"}),
    ]  # fmt: skip


def steps_to(share: Share) -> list[dict[str, Any]]:
    """The kept steps from what arrived down to one share, and its own: by the fraction of the plan that was signed."""
    row, is_reward = share.distribution, share.line.as_rule().part is sharing.Part.POOL
    name, whole = ("pool", row.pool) if is_reward else ("retained", row.retained)
    above = [each for each in row.steps if each["name"] != "retained" or not is_reward]
    inputs = {name: f"{whole:.2f}", "share": sharing.written(share.share)}
    return [*above, step("share", to_fen(share.amount), inputs)]


def step(name: str, value: Decimal, inputs: dict[str, str], reference: str = "") -> dict[str, Any]:
    return {"name": name, "value": str(value), "inputs": inputs, "reference": reference}


def references(book: Book, rate: Rate) -> list[str]:
    keys = [COSTS, rate.key, MAIN, STAFF, OFFICE, "reward.pay_within", "iit.reward_window", RELIEF]
    return [book.entry(key).reference for key in keys if key in book]
