"""A market in which every page has something to show: the world of secrets, a room with talk, and the register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal
from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM
from marketplace.demo.rooms import talk
from marketplace.discovery.models import Match
from marketplace.register import services as register
from tests import factories, papers
from tests.contracts import making
from tests.register.registering import apply_as_manager, make_entry
from tests.rows import reread
from tests.secrets.rooms import have_registered
from tests.secrets.world import World, build


@dataclass
class Market:
    people: dict[str, Any]


def build_market(go: Callable[[date], None]) -> Market:
    world = build(World(go))
    deal = Deal.objects.get()
    talk(deal, manager=world.people["broker"], officer=world.people["officer"], firm=world.people["seeker"])
    show_in_confidence(world.people)
    paid = Contract.objects.filter(seller=world.here.university, state=Contract.State.PAYING)
    have_registered(world.here, paid.earliest("id"))
    return Market(world.people | {"registered": fill_register(go)})


def show_in_confidence(people: dict[str, Any]) -> None:
    """Another deal, under an agreement, with a file that was opened."""
    achievement = factories.make_published_achievement(people["officer"].memberships.get().organisation)
    demand = factories.make_published_demand(people["seeker"].memberships.get().organisation)
    match, _made = Match.objects.get_or_create(
        achievement=achievement, demand=demand, defaults={"score": 0.5, "model_version": "1", "rank": 1}
    )
    deal = brokerage.open_deal(match, note="想看细节。", by=people["other_broker"])
    for side, role in (("supplier", "officer"), ("seeker", "seeker")):
        deal = brokerage.join(deal, side=side, by=people[role])
    nda = brokerage.draft_nda(deal, ends_on=timezone.localdate() + timedelta(days=90), by=people["other_broker"])
    for role in ("officer", "seeker"):
        nda = brokerage.sign_nda(nda, sha256=nda.document.sha256, by=people[role])
    file = brokerage.add_file(
        reread(deal),
        audience="nda",
        content=papers.make_pdf(),
        filename="配方.pdf",
        title="配方说明",
        by=people["officer"],
    )
    brokerage.open_file(file.latest, how="page", by=type(people["seeker"]).objects.get(pk=people["seeker"].pk))


def fill_register(go: Callable[[date], None]) -> Any:
    """An application that waits, an entry with its yearly data, a record that may be counted, a removal announced."""
    now = timezone.localdate()
    held = make_entry(factories.make_user(name="严谨"))
    contract = making.make_signed_contract()
    Contract.objects.filter(pk=contract.pk).update(manager=held.user)
    for consent in register.ask_consent(reread(contract), "COUNT", by=held.user):
        register.give_consent(consent, by=SYSTEM)
    register.make_portfolio(held, [contract.public_id], by=held.user)
    apply_as_manager(factories.make_user(name="申请人"))
    go(date(now.year + 1, 2, 1))
    register.file_year(held, now.year, {"deals": 1, "contract_sum": 1, "income": 1}, by=held.user)
    register.announce_removal(held, ground="COLLUSION", reason="串通。", by=SYSTEM)
    go(now)
    return held.user
