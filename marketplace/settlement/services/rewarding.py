"""What sharing rests on: payees with their accounts, the owner's rules of rewarding, and recorded costs."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.contracts.models import Contract
from marketplace.contracts.readiness import is_public, place_of
from marketplace.contracts.services.clearing import check_day, readable
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import ZERO, to_fen
from marketplace.core.validation import validate
from marketplace.documents.models import Document
from marketplace.parties.models import Membership, Organisation

from .. import computing
from ..models import Cost, CostTaken, Distribution, Payee, RewardRule
from ..rules.paying_out import is_plain
from ..rules.sharing import Fault, reward_rate
from .reasons import reason_of

PERSON = ("name", "user", "office", "office_from", "office_to")
ACCOUNT = ("holder", "bank", "account_number")


# People


def keep_payee(book: Organisation, values: dict[str, Any], *, payee: Payee | None = None, by: Any) -> Payee:
    """Enter or correct somebody who shares in rewards: `values` by `PERSON`. Raises Invalid by field.

    The person of an account must belong to the owner: they will read what they get.
    """
    given = {name: value for name, value in values.items() if name in PERSON}
    check_person(book, given.get("user"))
    if payee is None:
        return created(fitted(Payee(book=book), given), by=by)
    with act(payee, "settlement.keep_payee", by=by) as payee:
        fitted(payee, given)
    return payee


def fitted(payee: Payee, given: dict[str, Any]) -> Payee:
    for name, value in given.items():
        setattr(payee, name, value.strip() if isinstance(value, str) else value)
    if payee.office == Payee.Office.NONE:
        payee.office_from = payee.office_to = None
    validate(payee, constraints=bool(payee.pk))
    return payee


def created(payee: Payee, *, by: Any) -> Payee:
    try:
        with transaction.atomic():
            return create(payee, "settlement.keep_payee", by=by)
    except IntegrityError as fault:
        validate(payee)  # says which field, where the database only says which rule
        raise Conflict(_("This person is entered already."), code="known") from fault


def check_person(book: Organisation, user: Any) -> None:
    if user is not None and not Membership.objects.live().filter(organisation=book, user=user).exists():
        raise Invalid(fields={"user": [str(_("Choose a member of this organisation."))]})


def keep_account(payee: Payee, *, holder: str, bank: str, account_number: str, by: Any) -> Payee:
    """Keep the account that somebody is paid to: by the person, or by the owner's money people."""
    with act(payee, "settlement.keep_account", by=by) as payee:
        payee.holder, payee.bank = holder.strip(), bank.strip()
        payee.account_number = account_number.replace(" ", "").replace("-", "").upper()
        for name in ACCOUNT:
            if not is_plain(getattr(payee, name)):
                raise Invalid(fields={name: [str(_("This cannot begin with a sign. Write it as the bank does."))]})
        validate(payee)
    return payee


# The owner's rules


@transaction.atomic
def record_rule(
    book: Organisation,
    *,
    method: str,
    rate: Decimal,
    effective_from: date,
    effective_to: date | None = None,
    pay_within_months: int | None = None,
    title: str,
    document: Document,
    by: Any,
) -> RewardRule:
    """Record what an owner has laid down, with its document. A later one takes the place of an earlier one.

    Raises Conflict (E_REWARD_BELOW_FLOOR) when a public body gives less than the law of its place.
    """
    require("settlement.record_rule", by, book)
    paper = readable("document", document, by=by)
    assert paper is not None
    row = RewardRule(
        book=book, method=method, rate=rate, effective_from=effective_from, effective_to=effective_to,
        pay_within_months=pay_within_months, title=title.strip(), document=paper, sha256=paper.sha256,
        recorded_by_id=by.pk,
    )  # fmt: skip
    validate(row)
    here = law.on(effective_from, place_of(book))
    key = f"reward.floor.{method}"
    floor = computing.percent(here, key)
    if reward_rate(floor, row.rate, is_bound=is_public(book)) is Fault.REWARD_BELOW_FLOOR:
        raise computing.refuse(Fault.REWARD_BELOW_FLOOR)
    row.law_references = [here.entry(key).reference] if key in here else []
    return create(row, "settlement.record_rule", by=by)


# Costs


@transaction.atomic
def record_cost(
    contract: Contract, *, kind: str, amount: Decimal, on: date, note: str, document: Document, by: Any
) -> Cost:
    """Record what is taken off receipts of a contract before they are shared. Raises Invalid by field.

    What the place does not know as a cost is refused (E_COST_NOT_ALLOWED): public money spent on the research is none.
    """
    require("settlement.record_cost", by, contract)
    check_day("on", on)
    here = computing.book_on(contract, on)
    if kind not in here.table(computing.COSTS):
        sentence = _("This is not taken off under the law of this place: %(law)s")
        said = str(sentence % {"law": here.citation(computing.COSTS)})
        raise Invalid(said, code="E_COST_NOT_ALLOWED", fields={"kind": [said]})
    row = Cost(
        book=contract.seller, contract=contract, kind=kind, amount=amount, on=on, note=note.strip(),
        document=readable("document", document, by=by), recorded_by_id=by.pk,
    )  # fmt: skip
    validate(row, constraints=False)
    if row.amount <= 0:
        raise Invalid(fields={"amount": [str(_("Write an amount above zero."))]})
    return create(row, "settlement.record_cost", by=by)


def withdraw_cost(cost: Cost, reason: str, *, by: Any) -> Cost:
    """It does not count any more; what a distribution has taken off already stays, so it must be free of them."""
    said = reason_of(reason)
    lock(cost.contract)
    with act(cost, "settlement.record_cost", by=by, reason=said) as cost:
        taken = CostTaken.objects.filter(cost=cost, distribution__state__in=Distribution.LIVE)
        if taken.exists() or cost.withdrawn_reason:
            raise Conflict(_("A distribution has taken this off. Reverse the distribution first."), code="cost_taken")
        cost.withdrawn_reason = said
    return cost


def left_of(cost: Cost) -> Decimal:
    """What no distribution that counts has taken off yet."""
    taken = CostTaken.objects.filter(cost=cost, distribution__state__in=Distribution.LIVE)
    return to_fen(cost.amount - sum(taken.values_list("amount", flat=True), ZERO))
