"""Deals of the demonstration market, one at each stage: begun, under an agreement, with an offer and its answer on the
table, agreed, lost."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal
from marketplace.contracts import services
from marketplace.contracts.models import Contract
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
MODE = Mode.ENTRY_ROYALTY
PARTNERS = ("林工", "许工", "韩工", "邓工", "蒋工", "彭工", "卢工", "汪工")


@transaction.atomic
def make(organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
    """The university's best matches have come far, the firm's best has just begun. Twice changes nothing."""
    if Deal.objects.count() > 1:
        return
    manager, rows = people[MANAGER], Match.objects.current().order_by("-score")
    of_the_university = rows.filter(achievement__achievement__owner=organisations["u01"])
    for carry in (negotiate, wait_under_nda, agree, lose):
        if match := free(of_the_university):
            carry(brokerage.open_deal(match, note=NOTE, by=manager), manager)
    if match := free(rows.filter(demand__demand__owner=organisations[cast.SEEKER])):
        deal = brokerage.open_deal(match, note=NOTE, by=manager)
        brokerage.join(deal, side="supplier", by=decider(deal.supplier))


def free(rows: Any) -> Match | None:
    """The best of them whose pair is in no deal, each time with another firm."""
    taken = set(Deal.objects.values_list("achievement_id", "demand_id"))
    met = set(Deal.objects.values_list("seeker_id", flat=True))
    found = rows.select_related("achievement", "demand__demand")[:60]
    left = [each for each in found if (each.achievement_id, each.demand_id) not in taken]
    return next((each for each in left if each.demand.listing.owner_id not in met), left[0] if left else None)


def decider(organisation: Organisation) -> User:
    """Somebody who decides for it; most organisations of the demonstration have no account yet."""
    if (known := access.deciders(organisation.pk).first()) is not None:
        return known
    name = PARTNERS[organisation.pk % len(PARTNERS)]
    account = cast.Role(f"partner{organisation.pk}@demo.example", f"合作方 {name}", "", role="officer")
    user = cast.person(account)
    cast.hold_role(organisation, account)
    return user


def sides(deal: Deal) -> tuple[User, User]:
    return decider(deal.supplier), decider(deal.seeker)


def join(deal: Deal) -> Deal:
    officer, firm = sides(deal)
    return brokerage.join(brokerage.join(deal, side="supplier", by=officer), side="seeker", by=firm)


def sign_nda(deal: Deal, manager: User) -> Deal:
    """Both sides sign the text that the manager has drawn up."""
    ends_on = timezone.localdate() + timedelta(days=365)
    nda = brokerage.draft_nda(deal, ends_on=ends_on, purpose="评估中试样品和测试数据，商谈许可条件。", by=manager)
    for side, person in zip(("supplier", "seeker"), sides(deal), strict=True):
        nda = brokerage.sign_nda(nda, sha256=nda.document.sha256, side=side, by=person)
    return Deal.objects.get(pk=deal.pk)


def draft(deal: Deal, manager: User) -> Contract:
    facts = PLACE | {"fields_of_use": [deal.achievement.field]}
    return services.draft_from_deal(deal, mode=MODE.value, particulars=facts, by=manager)


def negotiate(deal: Deal, manager: User) -> None:
    """Under an agreement, with all that a room holds; the supplier's offer, and what the seeker answers."""
    deal = sign_nda(join(deal), manager)
    officer, firm = sides(deal)
    contract = draft(deal, manager)
    ask, answer = (write_sheet(build(MODE, figures)) for figures in (FIRST, SECOND))
    services.propose(contract, ask, side="SELLER", note="入门费用于前期打样。", by=officer)
    services.propose(contract, answer, side="BUYER", note="入门费减半，提成可以高一点，但要封顶。", by=firm)
    rooms.talk(deal, manager=manager, officer=officer, firm=firm)
    rooms.hand_in(deal, officer=officer, firm=firm)


def wait_under_nda(deal: Deal, manager: User) -> None:
    """The agreement is signed; the manager draws up the contract next."""
    deal = sign_nda(join(deal), manager)
    officer, firm = sides(deal)
    rooms.exchange(deal, manager=manager, officer=officer, firm=firm)


def agree(deal: Deal, manager: User) -> None:
    """Both sides accepted the same version."""
    deal = join(deal)
    officer, firm = sides(deal)
    for side, person in (("supplier", officer), ("seeker", firm)):
        deal = brokerage.waive_nda(deal, side=side, by=person)
    contract = draft(deal, manager)
    sheet = services.propose(contract, write_sheet(build(MODE, SECOND)), side="SELLER", note="", by=officer)
    services.accept_terms(contract, sheet.number, side="BUYER", by=firm)
    rooms.thank(deal, manager=manager, firm=firm)


def lose(deal: Deal, manager: User) -> None:
    """It came to nothing, and the reason is kept; whoever wants may take it up again."""
    deal = join(deal)
    _officer, firm = sides(deal)
    rooms.part(deal, manager=manager, firm=firm)
    brokerage.lose(deal, "CAPACITY", note="今年产线改造，明年上半年再谈。", by=firm)
