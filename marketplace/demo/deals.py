"""Deals of the demonstration market: one that has just begun, one with an offer and its answer on the table."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal
from marketplace.contracts import services
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.sheet import Mode
from marketplace.contracts.rules.writing import write_sheet
from marketplace.discovery.models import Match
from marketplace.parties import access
from marketplace.parties.models import Organisation, User

from . import cast, rooms
from .contracts import MANAGER, PLACE

NOTE = "双方已通过电话，愿意进一步了解。"
FIRST = Figures(upfront=Decimal(120_000), rate=Decimal("0.03"))
SECOND = Figures(upfront=Decimal(60_000), rate=Decimal("0.035"), total_cap=Decimal(1_200_000))


@transaction.atomic
def make(organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
    """The university's best match is being negotiated, the firm's has just begun. Making them twice changes nothing."""
    if Deal.objects.count() > 1:
        return
    manager, rows = people[MANAGER], Match.objects.current().order_by("-score")
    if match := free(rows.filter(achievement__achievement__owner=organisations["u01"])):
        negotiate(brokerage.open_deal(match, note=NOTE, by=manager), manager)
    if match := free(rows.filter(demand__demand__owner=organisations[cast.SEEKER])):
        deal = brokerage.open_deal(match, note=NOTE, by=manager)
        brokerage.join(deal, side="supplier", by=decider(deal.supplier))


def free(rows: Any) -> Match | None:
    """The best of them whose pair is in no deal."""
    taken = set(Deal.objects.values_list("achievement_id", "demand_id"))
    found = rows.select_related("achievement", "demand")[:20]
    return next((each for each in found if (each.achievement_id, each.demand_id) not in taken), None)


def decider(organisation: Organisation) -> User:
    """Somebody who decides for it; most organisations of the demonstration have no account yet."""
    if (known := access.deciders(organisation.pk).first()) is not None:
        return known
    account = cast.Role(f"partner{organisation.pk}@demo.example", "合作方 林工", "", role="officer")
    user = cast.person(account)
    cast.hold_role(organisation, account)
    return user


def negotiate(deal: Deal, manager: User) -> None:
    """The supplier's offer, and what the seeker answers."""
    officer, firm = decider(deal.supplier), decider(deal.seeker)
    for verb in (brokerage.join, brokerage.waive_nda):
        deal = verb(verb(deal, side="supplier", by=officer), side="seeker", by=firm)
    facts = PLACE | {"fields_of_use": [deal.achievement.field]}
    mode = Mode.ENTRY_ROYALTY
    contract = services.draft_from_deal(deal, mode=mode.value, particulars=facts, by=manager)
    ask, answer = (write_sheet(build(mode, figures)) for figures in (FIRST, SECOND))
    services.propose(contract, ask, side="SELLER", note="入门费用于前期小样。", by=officer)
    services.propose(contract, answer, side="BUYER", note="入门费减半，提成可以高一点，但要封顶。", by=firm)
    rooms.talk(deal, manager=manager, officer=officer, firm=firm)
