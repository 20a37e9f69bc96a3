"""Conflicts of interest: what a broker must disclose to both sides before bringing them together (DOMAIN 7.3)."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text, validate
from marketplace.listings.models import Projection
from marketplace.parties.models import Agency, Organisation

from .. import scopes, telling
from ..models import Disclosure, Interest, Mandate
from .standing import INTEREST, OWN_STAFF, is_member

DUAL = "E_DUAL_AGENCY_UNDISCLOSED"
Kind = Disclosure.Kind
SAY_FIRST = {
    Kind.DUAL_AGENCY: _(
        "You act for both sides. Disclose it to both first: the introduction is possible once both have "
        "acknowledged it."
    ),
    Kind.INTEREST: _(
        "You have declared an interest in one of the sides. Disclose it to both first: the introduction is possible "
        "once both have acknowledged it."
    ),
}
CODES = {Kind.DUAL_AGENCY: DUAL, Kind.INTEREST: INTEREST}


class Pair(NamedTuple):
    """Two sides that somebody brings together, each with its listing where it has one."""

    supplier: Organisation
    seeker: Organisation
    achievement: Projection | None
    demand: Projection | None

    def mandates(self, manager: Any, day: date) -> tuple[Mandate | None, Mandate | None]:
        """Under which mandates of the supplier and of the seeker the manager acts."""
        found = [
            next((each for each in mandates if scopes.held_by(each, manager)), None) for mandates in self.standing(day)
        ]
        return found[0], found[1]

    def standing(self, day: date) -> Iterator[list[Mandate]]:
        for row, owner, other in (
            (self.achievement, self.supplier, self.seeker),
            (self.demand, self.seeker, self.supplier),
        ):
            yield scopes.mandates_on(row, owner, other, day) if row is not None else []


def pair_of(achievement: Projection, demand: Projection) -> Pair:
    return Pair(achievement.listing.owner, demand.listing.owner, achievement, demand)


def check_conflicts(pair: Pair, manager: Any, day: date) -> None:
    """Raise Conflict unless the manager may bring these two together.

    E_INTEREST_CONFLICT for one of a side's own people or an undisclosed interest, E_EXCLUSIVE_MANDATE where another
    broker is mandated exclusively, E_DUAL_AGENCY_UNDISCLOSED for a broker of both.
    """
    if any(is_member(manager.pk, side.pk) or runs_agency(manager, side) for side in (pair.supplier, pair.seeker)):
        raise Conflict(OWN_STAFF, code=INTEREST)
    for mandates in pair.standing(day):
        if any(each.is_exclusive and not scopes.held_by(each, manager) for each in mandates):
            sentence = _("Another broker is mandated exclusively for one of the two listings.")
            raise Conflict(sentence, code=scopes.EXCLUSIVE)
    for kind, interest in to_disclose(pair, manager, day):
        if not is_acknowledged(pair, manager, kind, interest):
            raise Conflict(SAY_FIRST[kind], code=CODES[kind])


def runs_agency(manager: Any, side: Organisation) -> bool:
    """Whether the side is the agency that the manager works for."""
    return Agency.objects.filter(organisation=side, managers__user_id=manager.pk).exists()


def to_disclose(pair: Pair, manager: Any, day: date) -> Iterator[tuple[Kind, Interest | None]]:
    """What both sides must know of before this manager brings them together."""
    if all(is_principal(side, manager, day) for side in (pair.supplier, pair.seeker)):
        yield Kind.DUAL_AGENCY, None
    for interest in interests_of(manager).filter(organisation__in=(pair.supplier, pair.seeker)).order_by("pk"):
        yield Kind.INTEREST, interest


def is_principal(side: Organisation, manager: Any, day: date) -> bool:
    """Whether the organisation has given the manager, or the manager's agency, any mandate that holds on the day."""
    return Mandate.objects.standing(day).held_by(manager).filter(principal=side).exists()


def interests_of(manager: Any) -> Any:
    """Live interests of the manager, and of the agency that the manager works for."""
    return Interest.objects.live().filter(Q(manager_id=manager.pk) | Q(agency__managers__user_id=manager.pk)).distinct()


def is_acknowledged(pair: Pair, manager: Any, kind: Kind, interest: Interest | None) -> bool:
    rows = Disclosure.objects.filter(
        manager_id=manager.pk, kind=kind, interest=interest, achievement=pair.achievement, demand=pair.demand,
        state=Disclosure.State.ACKNOWLEDGED,
    )  # fmt: skip
    return rows.filter(party__in=(pair.supplier, pair.seeker)).count() == 2


# Declaring and disclosing


def declare_interest(values: dict[str, Any], *, by: Any) -> Interest:
    """Declare what ties a technology manager or an agency to an organisation. Raises Conflict for the same again."""
    names = ("manager", "agency", "organisation", "kind", "note", "since")
    row = Interest(**{name: values[name] for name in names if name in values})
    if row.agency is not None and row.agency.organisation_id == row.organisation_id:
        raise Invalid(fields={"organisation": [str(_("An agency is no interest of its own."))]})
    validate(row, constraints=False)
    try:
        with transaction.atomic():
            return create(row, "brokerage.declare_interest", by=by)
    except IntegrityError as fault:
        sentence = _("This interest is declared already, or its particulars do not fit.")
        raise Conflict(sentence, code="declared") from fault


def end_interest(interest: Interest, *, by: Any) -> Interest:
    """It is over since today; what it was stays written down."""
    with act(interest, "brokerage.end_interest", by=by) as interest:
        if interest.ended_on is not None:
            raise Conflict
        interest.ended_on = max(timezone.localdate(), interest.since)
    return interest


@transaction.atomic
def disclose(achievement: Projection, demand: Projection, *, note: str = "", by: Any) -> list[Disclosure]:
    """Tell both sides of a pair whatever they must know of the manager. Told once; nothing to tell is a Conflict."""
    said = check_text("note", note.strip())
    pair = pair_of(achievement, demand)
    matters = list(to_disclose(pair, by, timezone.localdate()))
    if not matters:
        raise Conflict(_("There is nothing that you must disclose to these two."), code="nothing_to_disclose")
    return [disclosed(pair, party, kind, interest, said, by) for kind, interest in matters for party in pair[:2]]


def disclosed(pair: Pair, party: Organisation, kind: Kind, interest: Interest | None, note: str, by: Any) -> Disclosure:
    """The disclosure to one side, made now unless it was made before."""
    key = {"manager_id": by.pk, "kind": kind, "interest": interest, "achievement": pair.achievement,
           "demand": pair.demand, "party": party}  # fmt: skip
    known = Disclosure.objects.filter(**key).first()
    if known is not None:
        return known
    row = create(Disclosure(**key, note=note), "brokerage.disclose", by=by)
    telling.tell("disclosure-made", row, telling.deciders(party))
    return row


def acknowledge(disclosure: Disclosure, answer: str = "", *, by: Any) -> Disclosure:
    """The side knows of it and lets the broker act."""
    return answered(disclosure, Disclosure.acknowledge, answer, by)


def refuse(disclosure: Disclosure, answer: str = "", *, by: Any) -> Disclosure:
    """The side knows of it and wants the broker not to act."""
    return answered(disclosure, Disclosure.refuse, answer, by)


@transaction.atomic
def answered(disclosure: Disclosure, move: Any, answer: str, by: Any) -> Disclosure:
    said = check_text("answer", answer.strip())
    with act(disclosure, "brokerage.answer_disclosure", by=by, reason=said) as disclosure:
        move(disclosure)
        disclosure.answer, disclosure.answered_at, disclosure.answered_by_id = said, timezone.now(), by.pk
    telling.tell("disclosure-answered", disclosure, [disclosure.manager])
    return disclosure
