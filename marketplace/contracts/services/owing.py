"""Owing: payments are recorded, what is overdue is demanded, and an early end follows its rules."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import to_fen

from ..models import Contract, Fact, Signature
from ..reading import statement_of
from ..rules import clockwork
from ..rules.events import Kind
from ..telling import tell
from . import ending
from .curing import check_demanded, cure_until
from .facts import check_day, happen, standing
from .following import catch_up, is_cured, moving
from .sides import needed, one_side_of
from .signing import release_scopes

State = Contract.State
LONGEST_REFERENCE = 200


# Payments


def record_payment(
    contract: Contract, amount: Decimal | int | str, *, on: date, reference: str, obligation: str = "", by: Any
) -> Fact:
    """The licensor records money that really arrived, for one line or for the oldest.

    `reference` names the transfer and is unique in a contract: the same transfer recorded twice is one fact; another
    one under its name is a Conflict. Raises Invalid by field.
    """
    content = payment(amount, reference, obligation)
    check_day(on, "on")
    key = f"paid-{hashlib.sha256(content['reference'].casefold().encode()).hexdigest()[:24]}"
    with moving(contract, "contracts.record_payment", by=by, reason=content["reference"]) as contract:
        ending.check_signed(contract)
        check_line(contract, obligation)
        known = standing(contract, key)
        if known is None:
            return happen(contract, Kind.PAID, on=on, key=key, by=by, content=content)
        if (known.on, known.content) != (on, content):
            sentence = _("A transfer of this reference is recorded with another day, amount or purpose.")
            raise Conflict(sentence, code="reference_used")
        return known


def payment(amount: Decimal | int | str, reference: str, obligation: str) -> dict[str, Any]:
    """What a payment says, in the form of its event, with the reference beside it."""
    try:
        money = to_fen(amount)
        is_whole = money == Decimal(amount)
    except (ValueError, TypeError, ArithmeticError):
        money, is_whole = Decimal(0), False
    if not is_whole or money <= 0:
        raise Invalid(fields={"amount": [str(_("Write an amount above zero in yuan, with at most two decimals."))]})
    said = " ".join(needed("reference", reference, most=LONGEST_REFERENCE).split())
    return {"amount": f"{money:f}", **({"obligation": obligation} if obligation else {}), "reference": said}


def check_line(contract: Contract, obligation: str) -> None:
    if obligation and statement_of(contract, timezone.localdate()).line(obligation) is None:
        raise Invalid(fields={"obligation": [str(_("There is no such line in the statement."))]})


@transaction.atomic
def revoke_fact(fact: Fact, reason: str, *, by: Any) -> Fact:
    """Take back a payment that was recorded by mistake. Everything else that happened was said by two, or is a state:

    a report is corrected by another one, an election and a signature stand. A contract that had ended because all was
    paid runs again; after any other end what is owed is open again, and the end stands.
    """
    said = needed("reason", reason)
    contract = lock(fact.contract)
    with act(fact, "contracts.revoke_fact", by=by, reason=said) as fact:
        if fact.kind != Kind.PAID or fact.revoked_at is not None:
            raise Conflict(_("Only a payment that stands can be taken back."), code="fact_stands")
        fact.revoked_at, fact.revoked_reason = timezone.now(), said[:500]
    catch_up(contract)
    return fact


def write_off(contract: Contract, key: str, reason: str, *, by: Any) -> Contract:
    """The licensor's books have given a line up. It is owed, but nobody is reminded and no cure or end waits for it."""
    with moving(contract, "contracts.write_off", by=by, reason=reason) as contract:
        contract.written_off = sorted({*contract.written_off, key})
    return contract


# What is overdue


def demand(contract: Contract, *, note: str = "", by: Any) -> Contract:
    """Demand in writing what is overdue; from today the licensee has the days of the law to pay it with interest.

    A debt is demanded whatever state its contract is in, also after the end; a licence that is paid has time to cure
    from then on (`following.move`). In a dispute the days begin when it is settled. Raises Conflict while an earlier
    demand stands. The days: `default.cure_days_after_demand` (Supreme People's Court on technology contracts, article
    15).
    """
    today = timezone.localdate()
    with moving(contract, "contracts.demand", by=by, reason=note) as contract:
        ending.check_signed(contract)
        statement = statement_of(contract, today)
        if contract.demanded_on is not None and not is_cured(contract, statement):
            raise Conflict(_("What is overdue was demanded already."), code="demanded")
        if not clockwork.overdue(statement, contract.written_off):
            raise Conflict(_("Nothing is overdue."), code="nothing_overdue")
        contract.demanded_on, contract.cure_until = today, cure_until(contract, today, today)
    tell(contract, "demanded", on=today)
    return contract


def cure(contract: Contract, *, by: Any) -> Contract:
    """Say that what was demanded is paid. A payment that settles it does so by itself. Raises Conflict while not."""
    with moving(contract, "contracts.demand", by=by) as contract:
        if contract.sheet is not None and not is_cured(contract, statement_of(contract, timezone.localdate())):
            raise Conflict(_("What was demanded is not paid with its interest yet."), code="unpaid")
        contract.cure()
        contract.demanded_on = contract.cure_until = None
    return contract


def default(contract: Contract, *, day: date | None = None, by: Any) -> Contract:
    """The time to cure is over and it is still unpaid. The clock does it by itself; Conflict before its day."""
    day = day or timezone.localdate()
    with moving(contract, "contracts.demand", by=by, day=day) as contract:
        contract.default()
        check_demanded(contract, day)
        if is_cured(contract, statement_of(contract, day)):
            raise Conflict(_("What was demanded is paid."), code="paid")
    return contract


# An early end


def terminate(contract: Contract, reason: str, *, by: Any) -> Contract:
    """The licensor ends the contract after default, or after the right was lost. What is owed stays owed.

    Raises Conflict (E_DEMAND_MISSING) without a demand and the days of the law. Before a licence is paid, and while its
    documents are to come back, that is all it takes: there is no state of default to wait for.
    """
    said, today = needed("reason", reason), timezone.localdate()
    with moving(contract, "contracts.terminate", by=by, reason=said) as contract:
        if contract.state != State.REVIEW_INVALID:
            check_demanded(contract, today)
        contract.terminate()
        happen(contract, Kind.TERMINATED, on=today, key="terminated", by=by, content={"cause": said[:500]})
        ending.finish(contract, today, note=said)
        release_scopes(contract)
    return contract


def end_by_agreement(contract: Contract, note: str, *, side: str = "", by: Any) -> Contract:
    """One side confirms that the contract ends for this reason; once both confirmed the same words, it has ended.

    Each confirmation is a signature of the words. Other words than those that wait are a new proposal in their place.
    """
    said, today = needed("note", note), timezone.localdate()
    with moving(contract, "contracts.end_by_agreement", by=by, reason=said) as contract:
        side = one_side_of(contract, side, by=by)
        ending.check_signed(contract, states=AGREED_ENDS)
        text = hashlib.sha256(f"end {contract.public_id} {said}".encode()).hexdigest()
        Signature.objects.get_or_create(contract=contract, side=side, sha256=text, defaults={"signer_id": by.pk})
        is_waiting, contract.end_note = contract.end_note == said, said
        if is_waiting and Signature.objects.filter(contract=contract, sha256=text).count() == len(Signature.Side):
            settle_days(contract, today)
            contract.end_by_agreement()
            happen(contract, Kind.TERMINATED, on=today, key="terminated", by=by, content={"cause": said[:500]})
            ending.finish(contract, today, note=said)
            release_scopes(contract)
    if contract.state != State.TERMINATED:
        tell(contract, "end-proposed", on=today)
    return contract


def settle_days(contract: Contract, today: date) -> None:
    """With the contract its dispute ends; the time to pay what was demanded has the days that were left."""
    if contract.state == State.DISPUTED and contract.demanded_on is not None:
        contract.cure_until = cure_until(contract, contract.demanded_on, today)


AGREED_ENDS = (*Contract.ACTIVE, State.STOP_PENDING, State.DISPUTED)


def complete(contract: Contract, *, day: date | None = None, by: Any) -> Contract:
    """The licence is over or paid up, everything is reported and paid. The clock does it at the end of the term."""
    day = day or timezone.localdate()
    with moving(contract, "contracts.complete", by=by, day=day) as contract:
        contract.complete()
        statement = statement_of(contract, day)
        ending.check_over(statement)
        ending.refuse(ending.hindrance(contract, statement, day))
        ending.finish(contract, day)
        ending.release_cover(contract, day)
    return contract
