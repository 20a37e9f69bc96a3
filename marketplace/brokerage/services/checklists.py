"""The checklists of a deal: items come from the code lists, ticks are rows that say by whom and when."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.law import codes

from .. import room
from ..models import Audience, Deal, Tick

STAGES = ("before_nda", "before_offer", "before_signing")


class Line(NamedTuple):
    """An item of a checklist with its standing tick, if any."""

    item: codes.Item
    tick: Tick | None


class Checklist(NamedTuple):
    stage: str
    title: str
    lines: list[Line]

    @property
    def done(self) -> int:
        return sum(line.tick is not None for line in self.lines)


def list_name(stage: str) -> str:
    """The code list that is the template of a stage's checklist."""
    return f"deal_checklist_{stage}"


def checklists(deal: Deal) -> list[Checklist]:
    """Every checklist of the deal as it stands. One query; a retired item is shown where it was ticked."""
    rows = Tick.objects.filter(deal=deal, cleared_at=None).select_related("by")
    ticks = {(row.stage, row.code): row for row in rows}
    return [Checklist(stage, codes.title(list_name(stage)), list(lines(stage, ticks))) for stage in STAGES]


def lines(stage: str, ticks: dict[tuple[str, str], Tick]) -> Iterator[Line]:
    today = codes.values(list_name(stage))
    for item in codes.items(list_name(stage)):
        tick = ticks.get((stage, item.code))
        if tick is not None or item.code in today:
            yield Line(item, tick)


def check_item(stage: str, code: str) -> None:
    if stage not in STAGES:
        raise Invalid(fields={"stage": [str(_("There is no such checklist."))]})
    if code not in codes.values(list_name(stage)):
        raise Invalid(fields={"code": [str(_("There is no such item on this checklist."))]})


@transaction.atomic
def tick(deal: Deal, stage: str, code: str, *, by: Any) -> Tick:
    """Say that an item is done. Before both sides know each other only the technology manager does."""
    deal = lock(deal)
    check_ticker(deal, by)
    check_item(stage, code)
    if Tick.objects.filter(deal=deal, stage=stage, code=code, cleared_at=None).exists():
        raise Conflict(_("Somebody has ticked this already."), code="ticked")
    return create(Tick(deal=deal, stage=stage, code=code, by_id=by.pk), "brokerage.tick", by=by)


@transaction.atomic
def untick(deal: Deal, stage: str, code: str, *, by: Any) -> Tick:
    """Take a tick back; NotFound where there is none."""
    deal = lock(deal)
    check_ticker(deal, by)
    found = Tick.objects.filter(deal=deal, stage=stage, code=code, cleared_at=None).first()
    if found is None:
        raise NotFound
    with act(found, "brokerage.untick", by=by) as row:
        row.cleared_at, row.cleared_by_id = timezone.now(), by.pk
    return row


def check_ticker(deal: Deal, by: Any) -> None:
    """As for a message to everybody, except that the manager ticks before the sides have met."""
    room.check_writer(deal, Audience.SUPPLIER if deal.manager_id == by.pk else Audience.ALL, by=by)
