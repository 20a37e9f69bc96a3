"""Non-disclosure agreements: drawn up from a template, signed by both sides, their people named, ended.

A deal is always locked before its agreement, as it is before its contract.
"""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.access import SYSTEM
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.validation import check_text, validate
from marketplace.documents import services as documents
from marketplace.documents.models import Kind
from marketplace.parties.models import Membership

from .. import telling
from ..models import BoundPerson, Deal, Nda, NdaSignature, Side
from ..models.nda import LONGEST_NOTE
from ..rules import deals, ndas
from .talks import side_of, wait_for

State = Nda.State


# The text


@transaction.atomic
def draft_nda(
    deal: Deal,
    *,
    ends_on: date,
    secrecy_years: int = ndas.SECRECY_YEARS,
    purpose: str = "",
    language: str = "zh",
    version: int | None = None,
    by: Any,
) -> Nda:
    """Draw up the agreement of a deal whose sides want to talk, for both to sign.

    `ends_on` is the last day on which anything is shown, at most ten years ahead; what was shown stays secret for
    `secrecy_years` after the end. Raises Conflict `not_joined`, `deal_over`, or `nda_exists` while another one is live.
    """
    with act(deal, "brokerage.draft_nda", by=by, version=version) as deal:
        check_talking(deal)
        check_term(ends_on, secrecy_years)
        if deal.state in Deal.BEFORE_TALKS:
            wait_for(deal, Deal.Awaited.BOTH, "answer")
    nda = Nda(deal=deal, ends_on=ends_on, secrecy_years=secrecy_years)
    given = values_of(nda) | {"purpose": check_text("purpose", purpose.strip(), most=LONGEST_NOTE)}
    sides = [deal.supplier, deal.seeker]
    title = f"{Kind.NDA.label} · {deal.achievement.title}"[:200]
    nda.document = documents.make_document(Kind.NDA, language, given, title=title, readers=sides, by=by)
    validate(nda, constraints=False)
    try:
        with transaction.atomic():
            create(nda, "brokerage.draft_nda", by=by)
    except IntegrityError as fault:
        raise Conflict(_("This deal has an agreement already. Withdraw or end it first."), code="nda_exists") from fault
    telling.nda_drafted(nda, by=by)
    return nda


def check_talking(deal: Deal) -> None:
    if deal.state == Deal.State.LOST:
        raise Conflict(_("This deal was lost. Take it up again first."), code="deal_over")
    if deal.state == Deal.State.INTRODUCED and not deal.have_joined:
        raise Conflict(_("Both sides must want to talk first."), code="not_joined")


def check_term(ends_on: date, secrecy_years: int) -> None:
    faults: dict[str, list[str]] = {}
    if not ndas.may_end_on(ends_on, timezone.localdate()):
        words = {"years": ndas.LONGEST_YEARS}
        faults["ends_on"] = [str(_("Choose a day from today to %(years)d years ahead.") % words)]
    if not 1 <= secrecy_years <= ndas.MOST_SECRECY_YEARS:
        words = {"most": ndas.MOST_SECRECY_YEARS}
        faults["secrecy_years"] = [str(_("Choose 1 to %(most)d years.") % words)]
    if faults:
        raise Invalid(fields=faults)


def values_of(nda: Nda) -> dict[str, str]:
    """What the template says of the deal, the sides by the names that they are registered under."""
    deal = nda.deal
    return {
        "nda_number": nda.public_id.upper(),
        "achievement_title": deal.achievement.title or str(deal.achievement.listing),
        "demand_title": deal.demand.title or str(deal.demand.listing),
        "supplier_name": str(deal.supplier),
        "supplier_code": deal.supplier.credit_code,
        "seeker_name": str(deal.seeker),
        "seeker_code": deal.seeker.credit_code,
        "manager_name": str(deal.manager),
        "drawn_up_on": timezone.localdate().isoformat(),
        "ends_on": nda.ends_on.isoformat(),
        "secrecy_years": str(nda.secrecy_years),
    }


@transaction.atomic
def withdraw_nda(nda: Nda, *, version: int | None = None, by: Any) -> Nda:
    """Give up an agreement that not both sides have signed; another one may be drawn up."""
    deal = lock(nda.deal)
    with act(nda, "brokerage.withdraw_nda", by=by, version=version) as nda:
        nda.withdraw()
    if deal.state in Deal.BEFORE_TALKS:
        move(deal, Deal.Awaited.MANAGER, "act")
    telling.nda_withdrawn(nda, by=by)
    return nda


def open_nda_text(nda: Nda, *, how: str, by: Any) -> bytes:
    """The text, for whoever sees the deal: also its technology manager, who belongs to neither side."""
    if not Nda.objects.visible_to(by).filter(pk=nda.pk).exists():
        raise NotFound
    return documents.show_document(nda.document, how=how, by=by)


# The signatures


@transaction.atomic
def sign_nda(nda: Nda, *, sha256: str, side: str = "", version: int | None = None, by: Any) -> Nda:
    """Confirm for one side the text of this hash; the second side's confirmation puts the agreement into force.

    Who signs may read. Raises Conflict `other_text`, `already_signed`, `same_signer`, `not_verified`, `nda_late` when
    its last day has passed.
    """
    deal = lock(nda.deal)
    with act(nda, "brokerage.sign_nda", by=by, version=version) as nda:
        side = side_of(deal, side, by=by)
        check_to_sign(nda, deal, sha256)
        create(signature(nda, side, sha256, by=by), "brokerage.sign_nda", by=by)
        bind_person(nda, side, membership_of(deal, side, by), by=by)
        if nda.signatures.count() == len(Side.values):
            nda.begin()
            nda.began_on = timezone.localdate()
    follow_signature(nda, deal, side)
    if nda.state == State.IN_FORCE:
        news.nda_signed.send(Nda, nda=nda, by=by)
    return nda


def check_to_sign(nda: Nda, deal: Deal, sha256: str) -> None:
    if nda.state != State.DRAFTED:
        raise Conflict(code="wrong_state")
    if nda.ends_on < timezone.localdate():
        raise Conflict(_("Its last day has passed. Withdraw it and draw up another one."), code="nda_late")
    if nda.document.sha256 != sha256 or not documents.verify(nda.document):
        raise Conflict(_("This is not the text as it stands. Open it again, read it and sign that."), code="other_text")
    for organisation in (deal.supplier, deal.seeker):
        if not organisation.is_verified:
            raise Conflict(_("Only verified organisations sign. Ask the platform."), code="not_verified")


def signature(nda: Nda, side: str, sha256: str, *, by: Any) -> NdaSignature:
    """The side's signature, unless it or the same person has signed."""
    standing = list(nda.signatures.all())
    if any(each.side == side for each in standing):
        raise Conflict(_("Your side has signed this text already."), code="already_signed")
    if any(each.signer_id == by.pk for each in standing):
        raise Conflict(_("Two different people sign for the two sides."), code="same_signer")
    return NdaSignature(nda=nda, side=side, signer_id=by.pk, sha256=sha256)


def follow_signature(nda: Nda, deal: Deal, side: str) -> None:
    """Before the talks the deal goes with its agreement: to the other side's signature, then on to the manager."""
    if nda.state == State.DRAFTED:
        if deal.state in Deal.BEFORE_TALKS:
            move(deal, deals.other(side), "answer")
        return
    if deal.state in Deal.BEFORE_TALKS:
        with act(deal, "brokerage.follow_nda", by=SYSTEM) as deal:
            if deal.state == Deal.State.INTRODUCED:
                deal.go_under_nda()
            wait_for(deal, Deal.Awaited.MANAGER, "act")


def move(deal: Deal, who: str, what: str) -> None:
    """Say whom the deal waits for; the caller holds it."""
    with act(deal, "brokerage.follow_nda", by=SYSTEM) as deal:
        wait_for(deal, who, what)
    telling.deal_moved(deal, by=SYSTEM)


# The people


def membership_of(deal: Deal, side: str, user: Any) -> Membership:
    return Membership.objects.live().get(user_id=user.pk, organisation_id=getattr(deal, f"{side}_id"))


def side_of_member(deal: Deal, membership: Membership) -> str:
    """The side that the person belongs to today; Invalid for anybody else."""
    for side in Side.values:
        is_theirs = membership.organisation_id == getattr(deal, f"{side}_id")
        if is_theirs and membership.ended_on is None and membership.user.is_active:
            return side
    raise Invalid(fields={"person": [str(_("Name somebody who belongs to your organisation today."))]})


@transaction.atomic
def bind(nda: Nda, membership: Membership, *, by: Any) -> BoundPerson:
    """A side names one of its own people: while the agreement is in force, they are shown what is confidential."""
    lock(nda.deal)
    with act(nda, "brokerage.bind", by=by) as nda:
        side = side_of(nda.deal, side_of_member(nda.deal, membership), by=by)
        if nda.state not in Nda.LIVE:
            raise Conflict(_("This agreement has ended."), code="wrong_state")
        row = bind_person(nda, side, membership, by=by)
    telling.person_bound(row, by=by)
    return row


def bind_person(nda: Nda, side: str, membership: Membership, *, by: Any) -> BoundPerson:
    """The row of who is named; the same person twice is the first."""
    found = nda.bound.filter(membership=membership, released_at__isnull=True).first()
    return found or create(BoundPerson(nda=nda, side=side, membership=membership), "brokerage.bind", by=by)


@transaction.atomic
def release(person: BoundPerson, *, by: Any) -> BoundPerson:
    """The side takes the name back: from now on that person is shown nothing."""
    lock(person.nda.deal)
    with act(person.nda, "brokerage.release", by=by) as nda:
        side_of(nda.deal, person.side, by=by)
        with act(person, "brokerage.release", by=by) as person:
            if person.released_at is not None:
                raise Conflict(code="released")
            person.released_at = timezone.now()
    return person


# Its end


@transaction.atomic
def terminate_nda(nda: Nda, *, note: str, side: str = "", version: int | None = None, by: Any) -> Nda:
    """A side ends it and says why: nothing more is shown, to anybody, from this moment."""
    deal = lock(nda.deal)
    if not note.strip():
        raise Invalid(fields={"note": [str(_("Say why."))]})
    with act(nda, "brokerage.terminate_nda", by=by, version=version) as nda:
        side_of(deal, side, by=by)
        over(nda, Nda.End.TERMINATED, note=check_text("note", note.strip(), most=LONGEST_NOTE))
    news.nda_ended.send(Nda, nda=nda, by=by)
    return nda


def over(nda: Nda, code: Nda.End, *, note: str = "") -> None:
    nda.end()
    nda.ended_on, nda.end_code, nda.end_note = timezone.localdate(), code, note


def end_with(deal: Deal) -> None:
    """The deal was closed: what was drafted is withdrawn, what was in force ends. The caller holds the deal."""
    for row in Nda.objects.live().filter(deal=deal):
        with act(row, "brokerage.end_nda", by=SYSTEM) as nda:
            if nda.state == State.DRAFTED:
                nda.withdraw()
            else:
                over(nda, Nda.End.DEAL_LOST)
        if nda.state == State.ENDED:
            news.nda_ended.send(Nda, nda=nda, by=SYSTEM)


def turn_ndas(today: date) -> int:
    """End the agreements whose last day is over, and tell of those that end within a fortnight; how many ended."""
    soon = Nda.objects.filter(state=State.IN_FORCE, ends_on__lte=today + timedelta(days=ndas.TOLD_BEFORE_DAYS))
    rows = list(soon.select_related("deal"))
    for nda in rows:
        if ndas.is_ending(nda.ends_on, today):
            telling.nda_ending(nda)
    return sum(expire(nda, today) for nda in rows if nda.ends_on < today)


@transaction.atomic
def expire(nda: Nda, today: date) -> bool:
    """End it if it is still in force after its last day."""
    lock(nda.deal)
    if lock(nda).state != State.IN_FORCE:
        return False
    with act(nda, "brokerage.end_nda", by=SYSTEM) as nda:
        over(nda, Nda.End.EXPIRED)
    news.nda_ended.send(Nda, nda=nda, by=SYSTEM)
    return True
