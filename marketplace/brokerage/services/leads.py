"""Leads: interest expressed, answered in time or lapsed, and how reliably an organisation answers."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.validation import LONGEST_REMARK, UNFIT_SENTENCE, is_unfit, too_long
from marketplace.law import codes
from marketplace.listings.models import Projection
from marketplace.parties.models import Organisation

from ..models import Lead, LeadQuerySet
from ..rules import leads as rules

LONGEST = LONGEST_REMARK


def texts(values: dict[str, str], required: tuple[str, ...]) -> dict[str, str]:
    """Trim the texts; report those that are missing or too long."""
    faults = {}
    cleaned = {name: (value or "").strip() for name, value in values.items()}
    for name, value in cleaned.items():
        if name in required and not value:
            faults[name] = [str(_("Please write a few words."))]
        if len(value) > LONGEST:
            faults[name] = [too_long(value, LONGEST)]
        if is_unfit(value):
            faults[name] = [str(UNFIT_SENTENCE)]
    if faults:
        raise Invalid(fields=faults)
    return cleaned


def require_verified(organisation: Organisation) -> None:
    """A suspended organisation may not act until it is verified again."""
    if not organisation.is_verified:
        raise Conflict(_("Your organisation must be verified first."), code="not_verified")


@transaction.atomic
def express_interest(
    listing: Projection,
    *,
    sender: Organisation,
    pitch: str,
    why_fit: str,
    question: str = "",
    own_listing: Projection | None = None,
    by: Any,
) -> Lead:
    """Declare interest in a published listing on behalf of `sender`; the owner has 14 days to answer.

    Raises Conflict when the listing takes no leads, belongs to the sender, or already has an open lead of theirs.
    """
    # Asked first: what follows would tell a stranger who stands behind an anonymous listing.
    require("brokerage.express_interest", by, Lead(sender=sender))
    written = texts({"pitch": pitch, "why_fit": why_fit, "question": question}, ("pitch", "why_fit"))
    listing = lock(listing)
    if not listing.is_live:
        raise NotFound
    if not listing.is_open_for_interest:
        raise Conflict(_("This listing takes no expressions of interest at present."), code="not_open_for_interest")
    require_verified(sender)
    receiver = listing.listing.owner
    if receiver == sender:
        raise Conflict(_("This is your own listing."), code="own_listing")
    if own_listing is not None and not (own_listing.is_live and own_listing.listing.owner == sender):
        raise Invalid(fields={"own_listing": [str(_("Choose one of your own published listings."))]})
    lead = Lead(
        listing=listing,
        own_listing=own_listing,
        sender=sender,
        receiver=receiver,
        sent_by_id=by.pk,
        answer_by=rules.answer_by(timezone.localdate()),
        **written,
    )
    try:
        with transaction.atomic():
            create(lead, "brokerage.express_interest", by=by)
    except IntegrityError as fault:
        raise Conflict(_("Your organisation already waits for an answer on this listing."), code="lead_open") from fault
    news.lead_opened.send(Lead, lead=lead, by=by)
    return lead


def accept(lead: Lead, *, text: str = "", by: Any) -> Lead:
    """Answer a lead: the owner wants to talk."""
    return answer(lead, Lead.accept, text=text, by=by)


def decline(lead: Lead, code: str, *, text: str = "", by: Any) -> Lead:
    """Answer a lead: no, and why, by a code of the list `lead_decline`."""
    codes.check_reason("lead_decline", code, text, code_field="decline_code", text_field="answer")
    return answer(lead, Lead.decline, text=text, code=code, by=by)


@transaction.atomic
def answer(lead: Lead, move: Callable[[Lead], None], *, text: str, code: str = "", by: Any) -> Lead:
    written = texts({"answer": text}, ())
    with act(lead, "brokerage.answer", by=by, reason=code) as lead:
        require_verified(lead.receiver)
        if lead.state == Lead.State.OPENED and lead.answer_by < timezone.localdate():
            raise Conflict(_("The time to answer is over."), code="lapsed")  # also before the nightly task says so
        move(lead)
        lead.answered_at, lead.answered_by_id = timezone.now(), by.pk
        lead.answer, lead.decline_code = written["answer"], code
    news.lead_answered.send(Lead, lead=lead, by=by)
    return lead


def withdraw_lead(lead: Lead, *, by: Any) -> Lead:
    """The sender takes an unanswered lead back."""
    with act(lead, "brokerage.withdraw_lead", by=by) as lead:
        lead.withdraw()
    return lead


def lapse_leads(today: date) -> int:
    """Close the leads whose clock has run out, and return how many. Running it twice changes nothing.

    Each lead is an act of its own; one that somebody withdraws meanwhile is passed over and holds up no other.
    """
    lapsed = 0
    for lead in Lead.objects.filter(state=Lead.State.OPENED, answer_by__lt=today):
        with suppress(Conflict):
            lapse(lead)
            lapsed += 1
    return lapsed


@transaction.atomic
def lapse(lead: Lead) -> None:
    with act(lead, "brokerage.lapse", by=SYSTEM) as lead:
        lead.lapse()
    news.lead_answered.send(Lead, lead=lead, by=SYSTEM)


def response_rate_of(organisation: Organisation) -> float | None:
    """Leads that the organisation answered in time ÷ all that were answered or lapsed."""
    return rate_of(Lead.objects.filter(receiver=organisation))


def public_response_rate_of(organisation: Organisation) -> float | None:
    """What anybody may read: leads on anonymous listings do not count, or the moving rate would name their owner."""
    received = Lead.objects.filter(receiver=organisation)
    hidden = Q(listing__achievement__is_anonymous=True) | Q(listing__demand__is_anonymous=True)
    return rate_of(received.exclude(hidden))


def rate_of(received: LeadQuerySet) -> float | None:
    answered = received.filter(state__in=[Lead.State.ACCEPTED, Lead.State.DECLINED]).count()
    return rules.response_rate(answered=answered, lapsed=received.filter(state=Lead.State.LAPSED).count())
