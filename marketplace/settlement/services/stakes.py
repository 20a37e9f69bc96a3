"""Stakes: recorded from an equity term of a signed contract, entered in the company register, ended."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.contracts.rules.sheet import Equity
from marketplace.contracts.services.clearing import check_day, readable
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.money import to_fen
from marketplace.core.validation import validate
from marketplace.documents.models import Document
from marketplace.parties.rules import CreditCodeError, check_credit_code

from .. import computing, equity
from ..models import Allotment, Stake
from . import allotments
from .reasons import reason_of

PAPERS = ("instrument_paper", "valuation_paper", "register_paper")
FACTS = (
    *("company", "credit_code", "instrument", "percent", "percent_reason", "shares", "valuation", "basis"),
    *("valued_on", "agreed_on", "instrument_paper", "valuation_paper"),
)


@transaction.atomic
def record_stake(contract: Contract, term: str = "", *, by: Any, **values: Any) -> Stake:
    """Record what the owner's side receives in a company: `values` by `FACTS`. Raises Invalid by field.

    What is not said is the contract's: the licensee is the company, percent and value are the term's, the day is the
    signature's. Another percent than the term's says why (E_PERCENT_DIFFERS).
    """
    require("settlement.record_stake", by, contract)
    contract = lock(contract)
    if not contract.is_signed:
        raise Conflict(_("The contract is not signed yet."), code="not_signed")
    agreed = term_of(contract, term)
    given = {name: value for name, value in values.items() if name in FACTS and value not in (None, "")}
    row = Stake(book=contract.seller, contract=contract, term=agreed.id, law_place=computing.place(contract))
    row.recorded_by_id = by.pk
    fill(row, agreed, given, by=by)
    check(row, agreed)
    validate(row, constraints=False)
    try:
        with transaction.atomic():
            return create(row, "settlement.record_stake", by=by)
    except IntegrityError as fault:
        raise already() from fault


def already() -> Conflict:
    return Conflict(_("The stake of this term is recorded already."), code="already_recorded")


def term_of(contract: Contract, name: str) -> Equity:
    """The equity term that is meant; the only one where none is named."""
    terms = equity.terms_of(contract)
    if not terms:
        raise Conflict(_("The agreed terms give no shares."), code="E_NO_EQUITY_TERM")
    found = [each for each in terms if each.id == name or (not name and len(terms) == 1)]
    if not found:
        raise Invalid(fields={"term": [str(_("Choose an equity term of this contract."))]})
    if Stake.objects.filter(contract=contract, term=found[0].id).exists():
        raise already()
    return found[0]


def fill(row: Stake, agreed: Equity, given: dict[str, Any], *, by: Any) -> None:
    buyer = row.contract.buyer
    row.credit_code = credit_code(given.pop("credit_code", buyer.credit_code))
    is_buyer = row.credit_code == buyer.credit_code
    row.company = buyer.name_zh if is_buyer else str(given.get("company", "")).strip()
    row.percent, row.valuation = agreed.percent, to_fen(agreed.valuation)
    assert row.contract.signed_on is not None  # it is signed
    row.agreed_on = row.contract.signed_on
    given.pop("company", None)
    for name, value in given.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    for name in PAPERS:
        readable(name, getattr(row, name), by=by)


def credit_code(text: str) -> str:
    try:
        return check_credit_code(text)
    except CreditCodeError as fault:
        raise Invalid(code=fault.code, fields={"credit_code": [str(fault)]}) from fault


def check(row: Stake, agreed: Equity) -> None:
    """What the database cannot know: the term, the day of the signature, and days that have come."""
    validate(row, exclude=("contract", "book", "recorded_by"), constraints=False)
    for name in ("agreed_on", "valued_on"):
        check_day(name, getattr(row, name))
    if row.contract.signed_on and row.agreed_on < row.contract.signed_on:
        raise Invalid(fields={"agreed_on": [str(_("This is before the contract was signed."))]})
    if not 0 < row.percent <= 1:
        raise Invalid(fields={"percent": [str(_("Write a part above nothing and at most the whole."))]})
    if row.percent != agreed.percent and not row.percent_reason:
        sentence = str(_("This is not the percent of the contract. Say why, as by amended articles."))
        raise Invalid(sentence, code="E_PERCENT_DIFFERS", fields={"percent_reason": [sentence]})
    if row.shares == 0:
        raise Invalid(fields={"shares": [str(_("Write how many, or leave it empty."))]})
    if row.valuation <= 0:
        raise Invalid(fields={"valuation": [str(_("Write an amount above zero."))]})


@transaction.atomic
def keep_stake_paper(stake: Stake, kind: str, paper: Document, *, by: Any) -> Stake:
    """Add the agreement or the paper on the value, or put a better one in its place while it is not registered."""
    if kind not in PAPERS:
        raise Invalid(fields={"kind": [str(_("Choose one of the list."))]})
    with act(stake, "settlement.keep_stake_paper", by=by) as stake:
        if stake.state != Stake.State.AGREED:
            raise Conflict
        setattr(stake, kind, readable("paper", paper, by=by))
    return stake


def missing_papers(stake: Stake) -> list[str]:
    """Fields of the checklist that are still empty."""
    return [name for name in PAPERS if getattr(stake, f"{name}_id") is None]


@transaction.atomic
def register_stake(
    stake: Stake, *, on: date, paper: Document | None = None, version: int | None = None, by: Any
) -> Stake:
    """The company register shows it since a day. Raises Conflict (E_PAPER_MISSING) while a paper is missing."""
    with act(stake, "settlement.register_stake", by=by, version=version) as stake:
        stake.register()
        check_day("on", on)
        if on < stake.agreed_on:
            raise Invalid(fields={"on": [str(_("This is before it was agreed."))]})
        if paper is not None:
            stake.register_paper = readable("paper", paper, by=by)
        if missing_papers(stake):
            sentence = _("A paper is missing: the agreement, the paper on the value, or the extract of the register.")
            raise Conflict(sentence, code="E_PAPER_MISSING")
        stake.registered_on = on
    return stake


@transaction.atomic
def end_stake(
    stake: Stake,
    *,
    ending: str,
    on: date,
    reason: str,
    proceeds: Decimal | str | int = 0,
    version: int | None = None,
    by: Any,
) -> Stake:
    """It was sold, or the company wound up. What is proposed of it and not approved is withdrawn."""
    said = reason_of(reason)
    with act(stake, "settlement.end_stake", by=by, version=version, reason=said) as stake:
        stake.end()
        check_day("on", on)
        if on < (stake.registered_on or stake.agreed_on):
            raise Invalid(fields={"on": [str(_("This is before it was registered."))]})
        if ending not in Stake.Ending.values:
            raise Invalid(fields={"ending": [str(_("Choose one of the list."))]})
        stake.ended_on, stake.ending, stake.end_reason, stake.proceeds = on, ending, said, to_fen(proceeds)
        if stake.proceeds < 0:
            raise Invalid(fields={"proceeds": [str(_("Write an amount that is not below zero."))]})
    for row in Allotment.objects.filter(stake=stake, state__in=Allotment.OPEN):
        allotments.withdraw_allotment(row, str(_("The stake ended.")), by=by)
    return stake
