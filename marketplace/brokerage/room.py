"""The room of a deal: who is in it and as whom, who writes to whom, who reads what."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.parties import access
from marketplace.parties.models import Membership, User

from . import names
from .models import Audience, Deal, Seat
from .rules.deals import SIDES


class Person(NamedTuple):
    """Somebody in the room. `key` is what programs call them there; `writes` is false for who only reads."""

    user: User
    seat: str
    key: str
    writes: bool

    @property
    def name(self) -> str:
        """Who has no name is called by the seat."""
        return self.user.name or str(self.seat_label)

    @property
    def seat_label(self) -> Any:
        return Seat(self.seat).label


def is_open(deal: Deal) -> bool:
    """Whether anything can still be written: the deal is under way or agreed. A lost one can be read."""
    return deal.state != Deal.State.LOST


def is_in(user: Any, deal: Deal) -> bool:
    """Whether the person reads in the room at all; the platform's staff do not."""
    return deal.manager_id == user.pk or any(side_id(deal, side) in access.roles(user) for side in SIDES)


def side_id(deal: Deal, side: str) -> int:
    return int(getattr(deal, f"{side}_id"))


def seats(user: Any, deal: Deal) -> list[str]:
    """As whom the person may write: for a side as its administrator, officer or inventor, or as the deal's manager."""
    found = [side for side in SIDES if access.may_draft_for(user, side_id(deal, side))]
    is_manager = deal.manager_id == user.pk and access.is_technology_manager(user)
    return [Seat.MANAGER.value, *found] if is_manager else found


def seat_for(user: Any, deal: Deal, audience: str) -> str:
    """The seat from which the person may write to these readers; empty when there is none."""
    fit = (seat for seat in seats(user, deal) if seat == Seat.MANAGER or audience in (Audience.ALL, seat))
    return next(fit, "")


def audiences(user: Any, deal: Deal) -> list[str]:
    """To whom the person may write now."""
    every = [each for each in Audience.values if seat_for(user, deal, each)]
    return every if names.have_met(deal) else [each for each in every if each != Audience.ALL]


def widest(user: Any, deal: Deal) -> str:
    """The largest circle of this person's room: everybody, or before the two sides have met one's own side."""
    if names.have_met(deal) or deal.manager_id == user.pk:
        return Audience.ALL
    return next((side for side in SIDES if side_id(deal, side) in access.roles(user)), Audience.ALL)


def check_open(deal: Deal, audience: str) -> None:
    """Raise unless something may be written to these readers now."""
    if audience not in Audience.values:
        raise Invalid(fields={"audience": [str(_("Choose who reads it."))]})
    if not is_open(deal):
        raise Conflict(_("The deal is closed; its room can be read, and nothing is added."), code="room_closed")
    if audience == Audience.ALL and not names.have_met(deal):
        sentence = _("The two sides do not know each other yet. Until both want to talk, write to one side alone.")
        raise Conflict(sentence, code="not_joined")


def check_writer(deal: Deal, audience: str, *, by: Any) -> None:
    """Raise unless the person may write to these readers, and now: Forbidden before anything is said of the deal."""
    if audience in Audience.values and not seat_for(by, deal, audience):
        raise Forbidden
    check_open(deal, audience)


def writer(deal: Deal, audience: str, key: str) -> Person:
    """Somebody who reads and writes there, by their key; Invalid for anybody else."""
    found = next((each for each in people(deal, audience) if each.key == key and each.writes), None)
    if found is None:
        raise Invalid(fields={"assignee": [str(_("Choose somebody of the room who may write there."))]})
    return found


def key_of(user_id: int, deal: Deal, audience: str) -> str:
    """What programs call this person there; empty for who has left."""
    return next((each.key for each in people(deal, audience) if each.user.pk == user_id), "")


def may_tick(user: Any, deal: Deal) -> bool:
    """The manager at any time; a side once both know each other, since everybody reads who ticked."""
    found = seats(user, deal)
    return Seat.MANAGER in found or (bool(found) and names.have_met(deal))


def people(deal: Deal, audience: str) -> list[Person]:
    """Who reads what is for these readers today: the manager, and the members of the sides, in one query."""
    sides = {side_id(deal, side): side for side in SIDES if audience in (Audience.ALL, side)}
    rows = Membership.objects.live().filter(organisation_id__in=sides, user__is_active=True)
    manager = Person(deal.manager, Seat.MANAGER, Seat.MANAGER, writes=access.is_technology_manager(deal.manager))
    members = [
        Person(row.user, sides[row.organisation_id], row.public_id, row.role in access.DRAFTERS)
        for row in rows.select_related("user").order_by("organisation_id", "pk")
        if row.user_id != deal.manager_id
    ]
    return [manager, *members] if deal.manager.is_active else members


def deciders(found: Iterable[Person], deal: Deal) -> set[int]:
    """Ids of those among these people who decide for their side, or are the manager."""
    rows = Membership.objects.live().filter(
        organisation_id__in=(deal.supplier_id, deal.seeker_id), role__in=access.WRITERS
    )
    deciding = {deal.manager_id, *rows.values_list("user_id", flat=True)}
    return {each.user.pk for each in found} & deciding
