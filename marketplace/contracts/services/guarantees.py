"""Guarantees: proposed with the price, issued within the guarantor's limit, or waived by a decision."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text, validate
from marketplace.documents.models import Document
from marketplace.parties.models import Organisation

from ..lasting import standing, until
from ..models import Contract, Guarantee, GuarantorStanding, ThirdParty
from ..readiness import decided, is_public
from ..reading import sheet_of
from ..rules import guaranteeing
from ..rules.sheet import Cover
from ..rules.statement import Obligation
from ..telling import tell, tell_guarantor
from .clearing import readable, settle_readiness
from .facts import check_day
from .sides import needed

State = Contract.State
BEFORE = (State.NEGOTIATING, State.GUARANTEE_PENDING, *Contract.RUNNING)
INSURERS = (Guarantee.Kind.BOND_INSURANCE, Guarantee.Kind.FAILURE_INSURANCE)
ROLES = dict.fromkeys(INSURERS, ThirdParty.Role.INSURER) | {Guarantee.Kind.AGENCY: ThirdParty.Role.AGENCY}
TERMS = ("cover_amount", "cover_share", "liability", "period_months", "waiting_days", "fee", "conditions")


# Proposing


@transaction.atomic
def propose_guarantee(
    contract: Contract, kind: str, guarantor: Organisation | None, terms: dict[str, Any], *, by: Any
) -> Guarantee:
    """Ask a guarantor to stand in; it may read the contract from now on. `terms`: cover, share, liability, period, …

    Raises Invalid by field, E_GUARANTEE_PERIOD_INVALID for a period that ends before the debt is due (Civil Code 692).
    """
    contract = lock(contract)
    require("contracts.propose_guarantee", by, contract)
    if contract.state not in BEFORE:
        raise Conflict(_("No guarantee can be proposed at this time."), code="not_pending")
    check_terms(contract, guarantor, terms)
    row = Guarantee(contract=contract, kind=kind, guarantor=guarantor, **{"cover_share": Decimal(1), **terms})
    validate(row)
    create(row, "contracts.propose_guarantee", by=by)
    if guarantor is not None:
        role = ROLES.get(Guarantee.Kind(kind), ThirdParty.Role.GUARANTOR)
        ThirdParty.objects.get_or_create(contract=contract, organisation=guarantor, role=role)
        tell_guarantor(contract, guarantor, f"guarantee:{row.public_id}", on=timezone.localdate())
    return row


def check_terms(contract: Contract, guarantor: Organisation | None, terms: dict[str, Any]) -> None:
    faults = {name: [str(_("This cannot be written."))] for name in terms if name not in TERMS}
    if guarantor is not None and guarantor.pk in (contract.seller_id, contract.buyer_id):
        faults["guarantor"] = [str(_("Neither side can guarantee its own contract."))]
    if guarantor is not None and not guarantor.is_verified:
        faults["guarantor"] = [str(_("This organisation is not verified."))]
    if faults:
        raise Invalid(fields=faults)
    months = terms.get("period_months")
    if guaranteeing.period_faults(months):
        sentence = _("The period must end after the day on which the payment falls due.")
        raise Invalid(sentence, code=guaranteeing.PERIOD_INVALID, fields={"period_months": [str(sentence)]})


# Answering


@transaction.atomic
def issue(
    guarantee: Guarantee,
    *,
    number: str = "",
    on: date | None = None,
    document: Document | None = None,
    by: Any,
) -> Guarantee:
    """The guarantor stands in; a deposit is confirmed by the licensor. With the last one the contract is secured.

    Raises Conflict (E_GUARANTEE_LIMIT) beyond the guarantor's limit, or when it is less than was agreed.
    """
    day = on or timezone.localdate()
    check_day(day, "on")
    contract = lock(guarantee.contract)
    is_deposit = guarantee.kind == Guarantee.Kind.DEPOSIT
    with act(guarantee, "contracts.record_deposit" if is_deposit else "contracts.answer_guarantee", by=by) as guarantee:
        guarantee.issue()
        guarantee.number, guarantee.issued_on = check_text("number", number.strip()), day
        guarantee.document = readable("document", document, by=by)
        check_limit(contract, guarantee)
        check_agreed(contract, guarantee)
        validate(guarantee, constraints=False)
    if not is_deposit:
        tell(contract, f"guarantee-issued:{guarantee.public_id}", on=day)
    secure(contract)
    return guarantee


def check_limit(contract: Contract, guarantee: Guarantee) -> None:
    """Raise Conflict when all that the guarantor stands in for would pass its limit; its standing is locked first.

    The limit is a multiple of net assets (regulation on guarantee companies, article 15); guarantee companies must
    have shown theirs, others are held to it where they did.
    """
    if guarantee.guarantor_id is None:
        return
    found = GuarantorStanding.objects.filter(organisation_id=guarantee.guarantor_id).first()
    if found is None:
        if guarantee.kind == Guarantee.Kind.COMPANY:
            raise Conflict(_("This guarantor has not shown its net assets."), code=guaranteeing.LIMIT)
        return
    proved = lock(found)
    taken = exposure_of(proved.organisation, timezone.localdate())
    if not guaranteeing.fits(taken, guarantee.cover_amount, limit_of(proved, contract.law_place)):
        sentence = _("With this guarantee the guarantor would stand in for more than its net assets allow.")
        raise Conflict(sentence, code=guaranteeing.LIMIT)


def limit_of(standing: GuarantorStanding, place: str = "") -> Decimal:
    """The most that a guarantor may stand in for, by law row `guarantee.leverage`."""
    table = law.on(timezone.localdate(), place).table("guarantee.leverage")
    multiple = table["small_firms_and_farming" if standing.serves_small_firms else "ordinary"]
    return guaranteeing.limit_of(standing.net_assets, Decimal(str(multiple)))


def exposure_of(guarantor: Organisation, day: date) -> Decimal:
    """What a guarantor stands in for on a day, over all contracts.

    What it has paid out by now is no exposure, nor is a guarantee whose last claim day has passed, but for what was
    claimed of it in time.
    """
    asked = dict(Guarantee.objects.filter(guarantor=guarantor, asked_amount__gt=0).values_list("pk", "asked_amount"))
    rows = standing(guarantor, day, asked)
    return guaranteeing.exposure(min(each.guarantee.cover_left, each.most) for each in rows)


def check_agreed(contract: Contract, guarantee: Guarantee) -> None:
    """What is issued is at least one of the covers of the agreed terms, where they ask for one of its kind."""
    agreed = [each for each in covers_of(contract) if each.kind == guarantee.kind]
    if agreed and not any(guaranteeing.is_enough(cover(guarantee), each) for each in agreed):
        sentence = _("This guarantee covers less than was agreed, or on other terms.")
        raise Conflict(sentence, code=guaranteeing.LIMIT)


def covers_of(contract: Contract) -> tuple[Cover, ...]:
    """The guarantees that the agreed terms ask for."""
    return sheet_of(contract).guarantees if contract.sheet is not None else ()


def cover(guarantee: Guarantee) -> Cover:
    """A guarantee as the rules see it."""
    return Cover(
        kind=guarantee.kind,
        cover_amount=guarantee.cover_amount,
        cover_share=guarantee.cover_share,
        liability=guarantee.liability,
        period_months=guarantee.period_months,
        waiting_days=guarantee.waiting_days,
        fee=guarantee.fee,
    )


def secure(contract: Contract) -> Contract:
    """Move on to decision and notice once every agreed cover is issued and no answer is open."""
    contract = lock(contract)
    if contract.state != State.GUARANTEE_PENDING or missing_covers(contract):
        return contract
    if not covers_of(contract) or contract.guarantees.filter(state=Guarantee.State.PROPOSED).exists():
        return contract
    with act(contract, "contracts.follow", by=SYSTEM) as contract:
        contract.secure()
        settle_readiness(contract)
    return contract


def missing_covers(contract: Contract) -> list[Cover]:
    """The agreed covers that no issued guarantee reaches yet."""
    return guaranteeing.unmet(covers_of(contract), [cover(row) for row in contract.guarantees.outstanding()])


@transaction.atomic
def refuse_guarantee(guarantee: Guarantee, reason: str, *, by: Any) -> Guarantee:
    """The guarantor does not stand in, and says why."""
    said = needed("note", reason)
    contract = lock(guarantee.contract)
    with act(guarantee, "contracts.answer_guarantee", by=by, reason=said) as guarantee:
        guarantee.refuse()
        guarantee.note = said[:1000]
    tell(contract, f"guarantee-refused:{guarantee.public_id}", on=timezone.localdate())
    secure(contract)
    return guarantee


def waive_guarantee(contract: Contract, reason: str, *, by: Any) -> Contract:
    """The licensor asks for no guarantee, or for no more than is issued, and says why.

    A public licensor needs a recorded collective decision on exactly these terms (E_NO_DECISION_RECORD).
    """
    said = needed("guarantee_waiver", reason)
    with act(contract, "contracts.waive_guarantee", by=by, reason=said) as contract:
        contract.secure()
        check_decision(contract)
        contract.guarantee_waiver = said[:1000]
        for row in contract.guarantees.filter(state=Guarantee.State.PROPOSED).order_by("pk"):
            with act(row, "contracts.release_guarantee", by=SYSTEM) as proposed:
                proposed.refuse()
        settle_readiness(contract)
    return contract


def check_decision(contract: Contract) -> None:
    if contract.sheet is None or not is_public(contract.seller):
        return
    if not contract.decisions.filter(terms_fingerprint=decided(contract)).exists():
        sentence = _("Record the collective decision on these terms first.")
        raise Conflict(sentence, code="E_NO_DECISION_RECORD")


def release(guarantee: Guarantee, *, by: Any) -> Guarantee:
    """The licensor lets the guarantor go. Raises Conflict (claim_open) while a claim on it is not settled."""
    with act(guarantee, "contracts.release_guarantee", by=by) as guarantee:
        if guarantee.state != Guarantee.State.ISSUED:
            raise Conflict
        if guarantee.asked_amount:
            raise Conflict(_("A claim on this guarantee is open: have it settled, or withdraw it."), code="claim_open")
        guarantee.release()
        guarantee.released_on = timezone.localdate()
    return guarantee


# Covering


def covered_until(guarantee: Guarantee, obligation: Obligation) -> date:
    """The last day on which this payment can be claimed: as agreed, else as the law says (Civil Code 692)."""
    return until(guarantee, obligation.due_on)


def use_cover(guarantee: Guarantee, amount: Decimal, *, by: Any) -> Guarantee:
    """A compensation uses cover up, or gives it back (below zero). Raises Conflict (E_GUARANTEE_LIMIT) beyond it."""
    with act(guarantee, "contracts.use_cover", by=by) as guarantee:
        guarantee.used_amount += amount
        if not 0 <= guarantee.used_amount <= guarantee.cover_amount:
            raise Conflict(_("The guarantee does not cover so much any more."), code=guaranteeing.LIMIT)
    return guarantee


def ask_cover(guarantee: Guarantee, amount: Decimal, *, by: Any) -> Guarantee:
    """What an open claim asks of a guarantee, or zero once it is settled: so long it stands, whatever its period."""
    with act(guarantee, "contracts.ask_cover", by=by) as guarantee:
        guarantee.asked_amount = amount
    return guarantee


# What a guarantor can bear


@transaction.atomic
def keep_standing(
    guarantor: Organisation, *, net_assets: Decimal, serves_small_firms: bool, proved_on: date, by: Any
) -> GuarantorStanding:
    """Record what a guarantor has shown of its net assets; the newest proof stands. Raises Invalid by field."""
    if guarantor.kind != Organisation.Kind.GUARANTOR:
        raise Invalid(fields={"organisation": [str(_("Choose a guarantee company or insurer."))]})
    check_day(proved_on, "proved_on")
    known = GuarantorStanding.objects.filter(organisation=guarantor).first()
    facts = {"net_assets": net_assets, "serves_small_firms": serves_small_firms, "proved_on": proved_on}
    if known is None:
        row = GuarantorStanding(organisation=guarantor, **facts)
        validate(row)
        return create(row, "contracts.keep_standing", by=by)
    with act(known, "contracts.keep_standing", by=by) as known:
        for name, value in facts.items():
            setattr(known, name, value)
        validate(known)
    return known
