"""Applications and drafts: how a contract begins. A firm asks for a published achievement, or a deal is drawn up."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal
from marketplace.brokerage.rules.leads import answer_by
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.validation import check_text, validate
from marketplace.law import codes
from marketplace.listings.models import Achievement, Projection
from marketplace.notices import services as notices
from marketplace.notices.models import Notice
from marketplace.parties.models import Organisation

from ..models import Contract
from ..readiness import ineligible
from ..rules import drafting
from ..wording import refusal
from .dealing import lock_deal_of, tell_giving_up
from .particulars import checked
from .sides import check_verified, lock_notice_of, needed

LAPSED = "LAPSED"
"""The reason of an application that nobody answered in time; not in the list `lead_decline`, for nobody chooses it."""


# A firm asks


@transaction.atomic
def apply(achievement: Projection, *, buyer: Organisation, mode: str, message: str, by: Any) -> Contract:
    """Ask for a published achievement in one of the modes it is offered in; `submit` hands the application in.

    What law or custom would fill in is not filled in here: kind of licence and sub-licence begin with the least
    (ordinary, forbidden), territory and field of use stay open until the two sides agree on them.
    """
    # Asked first: what follows would tell a stranger who stands behind an anonymous listing.
    require("contracts.apply", by, Contract(buyer=buyer))
    message = needed("message", message)
    row = lock(achievement)
    if not row.is_live or row.achievement is None:
        raise NotFound
    check_applicant(row, buyer, mode)
    contract = begin(row.achievement, seller=row.achievement.owner, buyer=buyer, mode=mode, message=message)
    return create(contract, "contracts.apply", by=by)


def check_applicant(row: Projection, buyer: Organisation, mode: str) -> None:
    """Raise Conflict or Invalid unless this firm may ask for this listing in this mode."""
    check_verified(buyer)
    if not row.is_open_for_interest:
        raise Conflict(_("This listing takes no expressions of interest at present."), code="not_open_for_interest")
    if row.listing.owner_id == buyer.pk:
        raise Conflict(_("This is your own listing."), code="own_listing")
    if mode not in row.modes:
        raise Invalid(fields={"mode": [str(_("Choose one of the modes that the owner offers."))]})
    open_ones = Contract.objects.filter(achievement=row.achievement_id, buyer=buyer, state__in=Contract.UNSIGNED)
    if open_ones.exists():
        raise Conflict(_("Your organisation has an open application for this achievement."), code="application_open")


def submit(contract: Contract, *, by: Any) -> Contract:
    """Hand the application in: the owner has 14 days to answer. Raises Invalid with every reason of ineligibility."""
    with act(contract, "contracts.submit", by=by) as contract:
        check_verified(contract.buyer)
        check_eligible(contract.seller, contract.buyer, contract.mode)
        contract.submit()
        contract.answer_by = answer_by(timezone.localdate())
    return contract


def check_eligible(seller: Organisation, buyer: Organisation, mode: str) -> None:
    """Raise Invalid (the first code; all of them as fields) unless the firm may use first and pay later."""
    found = ineligible(seller, buyer, mode, timezone.localdate())
    if found:
        said = {code: [refusal(code)] for code in found}
        raise Invalid(said[found[0]][0], code=found[0], fields=said)


# The owner answers


def accept_application(contract: Contract, *, by: Any) -> Contract:
    """The owner wants to talk; from now on the two sides know each other."""
    with act(contract, "contracts.answer_application", by=by) as contract:
        check_verified(contract.seller)
        check_in_time(contract)
        contract.accept_application()
    return contract


def decline(contract: Contract, code: str, *, note: str = "", by: Any) -> Contract:
    """The owner does not, and says why by a code of the list `lead_decline`."""
    codes.check_reason("lead_decline", code, note, code_field="decline_code", text_field="note")
    with act(contract, "contracts.answer_application", by=by, reason=code) as contract:
        check_verified(contract.seller)
        check_in_time(contract)
        contract.decline()
        contract.decline_code, contract.end_note = code, check_text("note", note.strip())
    return contract


def check_in_time(contract: Contract) -> None:
    """Raise Conflict once the time to answer is over, also before the nightly task says so."""
    is_waiting = contract.state == Contract.State.SCREENING
    if is_waiting and contract.answer_by and contract.answer_by < timezone.localdate():
        raise Conflict(_("The time to answer is over."), code="lapsed")


def lapse_applications(today: date) -> int:
    """Close the applications whose clock has run out, and return how many. Running it twice changes nothing."""
    lapsed = 0
    for contract in Contract.objects.filter(state=Contract.State.SCREENING, answer_by__lt=today):
        with suppress(Conflict):  # withdrawn at this moment
            lapse(contract)
            lapsed += 1
    return lapsed


def lapse(contract: Contract) -> None:
    with act(contract, "contracts.lapse_application", by=SYSTEM) as contract:
        contract.decline()
        contract.decline_code = LAPSED


@transaction.atomic
def withdraw(contract: Contract, *, note: str = "", by: Any) -> Contract:
    """Either side gives it up before it is signed. A running notice of it is withdrawn with it."""
    lock_deal_of(contract)
    lock_notice_of(contract)
    with act(contract, "contracts.withdraw", by=by) as contract:
        contract.state_before = contract.state
        contract.withdraw()
        contract.end_note, contract.ended_on = check_text("note", note.strip()), timezone.localdate()
    if contract.notice is not None and contract.notice.is_running:
        notices.void(contract.notice, Notice.VoidReason.WITHDRAWN, by=SYSTEM)
    tell_giving_up(contract)
    return contract


# Drawn up without an application


@transaction.atomic
def draft_from_deal(deal: Deal, *, mode: str, particulars: Mapping[str, Any] | None = None, by: Any) -> Contract:
    """Draw up the contract of a deal; both its sides then read it. One live contract a deal.

    Raises Conflict for a lost deal, and `nda_first` until both sides have signed a non-disclosure agreement or said
    that they need none.
    """
    deal = lock(deal)
    achievement = deal.achievement.achievement
    assert achievement is not None  # a constraint of the projection
    contract = begin(achievement, seller=deal.supplier, buyer=deal.seeker, mode=mode)
    contract.deal, contract.manager = deal, deal.manager
    require("contracts.draft", by, contract)
    check_under_nda(deal)
    try:
        with transaction.atomic():
            contract = drawn_up(contract, particulars or {}, by=by)
    except IntegrityError as fault:
        raise Conflict(_("There is a contract of this deal already."), code="contract_exists") from fault
    brokerage.begin_talks(deal)
    return contract


def check_under_nda(deal: Deal) -> None:
    """The state says it: a deal leaves the introduction by the agreement of both sides, or by both doing without."""
    if deal.state == Deal.State.LOST:
        raise Conflict(_("This deal was lost. Take it up again first."), code="deal_lost")
    if deal.state == Deal.State.INTRODUCED:
        sentence = _("First let both sides sign a non-disclosure agreement, or say that they need none.")
        raise Conflict(sentence, code="nda_first")


@transaction.atomic
def draft(
    seller: Organisation,
    buyer: Organisation,
    *,
    achievement: Achievement | None = None,
    mode: str = "",
    particulars: Mapping[str, Any] | None = None,
    by: Any,
) -> Contract:
    """Draw up a contract that was agreed elsewhere, of the seller's own achievement."""
    contract = begin(achievement, seller=seller, buyer=buyer, mode=mode)
    require("contracts.draft", by, contract)
    if seller == buyer:
        raise Invalid(fields={"buyer": [str(_("A contract has two sides."))]})
    if achievement is not None and achievement.owner_id != seller.pk:
        raise Invalid(fields={"achievement": [str(_("Choose one of the seller's own achievements."))]})
    return drawn_up(contract, particulars or {}, by=by)


def drawn_up(contract: Contract, particulars: Mapping[str, Any], *, by: Any) -> Contract:
    check_verified(contract.seller)
    check_verified(contract.buyer)
    if contract.mode and contract.mode not in codes.values("licensing_mode"):
        raise Invalid(fields={"mode": [str(_("Choose from the list."))]})
    for name, value in checked(contract, particulars).items():
        setattr(contract, name, value)
    contract.draft()
    validate(contract, exclude=("sheet",))
    return create(contract, "contracts.draft", by=by)


def begin(achievement: Achievement | None, *, mode: str, **facts: Any) -> Contract:
    """A contract with the least that any licence takes from its owner: ordinary, without sub-licences."""
    type, subtype = drafting.kind_of(mode, achievement.rights.values_list("kind", flat=True) if achievement else ())
    return Contract(
        title=achievement.title_zh if achievement else "", achievement=achievement, mode=mode, type=type,
        subtype=subtype, licence_kind=Contract.LicenceKind.ORDINARY if type == drafting.LICENCE else "",
        sublicence=Contract.Sublicence.FORBIDDEN if type == drafting.LICENCE else "", **facts,
    )  # fmt: skip
