"""Leads that wait for an answer, and deals in which nothing happens."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage.models import Deal, Disclosure, Introduction, Lead, Mandate
from marketplace.core.showing import countdown
from marketplace.core.workspace import Waiting, Waits, Work, add_work
from marketplace.core.workspace.work import about
from marketplace.parties import access

from .asking import OTHER, deciding, in_state, joined, listed, name_of, title_of

STALLS_AFTER = timedelta(days=14)


def leads_to_answer(user: Any) -> Any:
    mine = access.organisation_ids(user)
    return Lead.objects.filter(receiver_id__in=mine, state=Lead.State.OPENED) if mine else None


def stalls(today: date) -> Q:
    """Deals in which somebody's day is over, or for which nobody has a day and nothing moved for a fortnight."""
    return Q(answer_by__lt=today) | Q(answer_by=None, moved_on__lt=today - STALLS_AFTER)


def stalled(user: Any) -> Any:
    """Live deals of this manager that stall, but those that wait for the manager: they stand among those to move."""
    if not access.is_technology_manager(user):
        return None
    rows = Deal.objects.filter(stalls(timezone.localdate()), manager=user, state__in=Deal.LIVE)
    return rows.exclude(awaited=Deal.Awaited.MANAGER)


def deals_to_move(user: Any) -> Any:
    """Deals in which this person's side must act before terms are talked about, or this person as their manager.

    Terms stand with the contracts that they are proposed in.
    """
    mine, awaited = deciding(user), Deal.Awaited
    supplies = Q(awaited=awaited.SUPPLIER) | Q(awaited=awaited.BOTH, supplier_joined_at=None)
    seeks = Q(awaited=awaited.SEEKER) | Q(awaited=awaited.BOTH, seeker_joined_at=None)
    ours = (Q(supplier__in=mine) & supplies | Q(seeker__in=mine) & seeks) & Q(state__in=Deal.BEFORE_TALKS)
    return Deal.objects.filter(ours | Q(awaited=awaited.MANAGER, manager=user))


def mandates_to_sign(user: Any) -> Any:
    """Drafts that a side of this person has not signed."""
    mine = deciding(user)
    by_principal = Q(principal_id__in=mine, principal_signed_at=None)
    by_broker = Q(agency__organisation_id__in=mine) | Q(agency=None, manager_id=user.pk)
    rows = Mandate.objects.filter(by_principal | (by_broker & Q(broker_signed_at=None)), state=Mandate.State.DRAFT)
    is_ours = {"principal__in": mine}
    return rows.annotate(
        other_zh=Case(When(**is_ours, then=broker("zh")), default=F("principal__name_zh")),
        other_en=Case(When(**is_ours, then=broker("en")), default=F("principal__name_en")),
    )


def broker(language: str) -> Any:
    """The agency, or the technology manager who signs alone."""
    return Coalesce(NullIf(f"agency__organisation__name_{language}", Value("")), "manager__name")


def introductions_to_answer(user: Any) -> Any:
    mine = deciding(user)
    if not mine:
        return None
    own = Q(supplier_id__in=mine, supplier_confirmed_at=None) | Q(seeker_id__in=mine, seeker_confirmed_at=None)
    return Introduction.objects.filter(own, state=Introduction.State.LOGGED)


def disclosures_to_answer(user: Any) -> Any:
    mine = deciding(user)
    return Disclosure.objects.filter(party_id__in=mine, state=Disclosure.State.OPEN) if mine else None


def from_whom(row: Waiting) -> Any:
    return _("from %(who)s") % {"who": row.about}


def what_to_do(row: Waiting) -> Any:
    """The achievement, and how far the deal is."""
    return _("%(title)s · %(state)s") % {"title": row.about, "state": Deal.State(row.state).label}


def since(row: Waiting) -> Any:
    """How long ago something happened."""
    assert row.day is not None  # every row was changed at some time
    return _("last moved %(when)s") % {"when": countdown(row.day, timezone.localdate())}


def both_sides() -> tuple[Any, Any]:
    """The two sides in both languages; the manager of a deal knows them by name."""
    zh = [f"{side}__name_zh" for side in ("seeker", "supplier")]
    en = [Coalesce(NullIf(f"{side}__name_en", Value("")), f"{side}__name_zh") for side in ("seeker", "supplier")]
    return joined(zh[0], Value(" · "), zh[1]), joined(en[0], Value(" · "), en[1])


def either_title() -> tuple[Any, Any]:
    """The title of the demand, or of the achievement where no demand is named."""
    zh, en = ([f"{side}__title_{language}" for side in ("demand", "achievement")] for language in ("zh", "en"))
    return Coalesce(*zh), Coalesce(*en)


add_work(
    Work(
        name="leads",
        title=_("Waiting for your answer"),
        order=10,
        of_trade=True,
        of=(
            Waits(
                Lead,
                leads_to_answer,
                by=("answer_by", "-id"),
                title=("listing__title_zh", "listing__title_en"),
                about=name_of("sender"),
                day="answer_by",
            ),
        ),
        note=from_whom,
        more=listed(Lead, "direction=received&state__exact=opened"),
        empty=_("Nobody waits for an answer."),
    ),
    Work(
        name="deals-to-move",
        title=_("Deals that wait for you"),
        order=15,
        of=(
            Waits(
                Deal,
                deals_to_move,
                by=("answer_by", "id"),
                title=("demand__title_zh", "demand__title_en"),
                about=("achievement__title_zh", "achievement__title_en"),
                state="state",
                day="answer_by",
            ),
        ),
        note=what_to_do,
        more=listed(Deal, ""),
    ),
    Work(
        name="stalled-deals",
        title=_("Deals that stall"),
        order=20,
        of=(
            Waits(
                Deal,
                stalled,
                by=("moved_on", "id"),
                title=("demand__title_zh", "demand__title_en"),
                about=both_sides(),
                day="moved_on",
            ),
        ),
        side=since,
        more=in_state(Deal, Deal.State.INTRODUCED),
    ),
    Work(
        name="mandates-to-sign",
        title=_("Mandates to sign"),
        order=11,
        of=(Waits(Mandate, mandates_to_sign, by=("-id",), title=OTHER, day="ends_on"),),
        side=about,
        more=in_state(Mandate, Mandate.State.DRAFT),
    ),
    Work(
        name="introductions-to-answer",
        title=_("Introductions to confirm"),
        order=12,
        of=(
            Waits(
                Introduction,
                introductions_to_answer,
                by=("confirm_by", "id"),
                title=either_title(),
                about="manager__name",
                day="confirm_by",
            ),
        ),
        more=in_state(Introduction, Introduction.State.LOGGED),
    ),
    Work(
        name="disclosures-to-answer",
        title=_("Disclosures to answer"),
        order=13,
        of=(
            Waits(
                Disclosure,
                disclosures_to_answer,
                title=title_of("demand"),
                about="manager__name",
            ),
        ),
        more=in_state(Disclosure, Disclosure.State.OPEN),
    ),
)
