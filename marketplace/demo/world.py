"""Builds the demonstration market from its parts. Building it twice changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Deal, Lead
from marketplace.core.access import SYSTEM
from marketplace.discovery import services as discovery
from marketplace.discovery.models import Match
from marketplace.listings import services as listings
from marketplace.listings.models import Achievement, Demand, Projection
from marketplace.listings.services import Newcomer, Takeover
from marketplace.parties.models import Agency, Organisation, User

from . import cast, fiction

BATCH = 500
DRAFTS, IN_REVIEW, RETURNED = ("a-01-004", "a-04-021"), ("a-03-014", "a-07-007", "d-01-11"), ("a-07-020",)
UNFINISHED = (*DRAFTS, *IN_REVIEW, *RETURNED)  # these stay on the way, so that "my work" is not empty
INTERESTS = (
    ("a-01-001", "d-01-01", cast.SEEKER, "firm@demo.example"),
    ("d-01-02", "a-01-002", "u01", "officer@demo.example"),
)
Progress = Callable[[Sequence[Any]], Any]


@dataclass
class World:
    """What is there now: organisations by key, accounts by address, and what became of the listings."""

    organisations: dict[str, Organisation]
    people: dict[str, User]
    takeover: Takeover = field(default_factory=Takeover)


def build(progress: Progress = iter) -> World:
    """Organisations, accounts and listings; matching is left to the matcher's task."""
    by_key = cast.organisations(fiction.firms())
    world = World(by_key, cast.people(by_key))
    everything = fiction.newcomers(by_key)
    finished = [each for each in everything if each.number not in UNFINISHED]
    for newcomer in [each for each in everything if each.number in UNFINISHED]:
        leave_on_the_way(newcomer, world)
    world.takeover = take_over(finished, fiction.SOURCE, progress)
    return world


def take_over(newcomers: Sequence[Newcomer], source: str, progress: Progress = iter) -> Takeover:
    """Publish the newcomers, batch by batch."""
    report = Takeover()
    for start in progress(range(0, len(newcomers), BATCH)):
        batch = newcomers[start : start + BATCH]
        report.add(listings.take_over(batch, source=source, by=SYSTEM, reason="demonstration market"))
    return report


def leave_on_the_way(newcomer: Newcomer, world: World) -> None:
    """Carry one listing as far as a draft, into review, or back to its owner for correction."""
    if newcomer.model.objects.filter(source=fiction.SOURCE, source_id=newcomer.number).exists():
        return
    officer = world.people["officer@demo.example" if newcomer.model is Achievement else "firm@demo.example"]
    rights = [listings.add_right(values, owner=newcomer.owner, by=officer) for values in newcomer.rights]
    draft = listings.draft(
        newcomer.model,
        newcomer.values,
        owner=newcomer.owner,
        by=officer,
        offers=newcomer.offers,
        rights=rights,
        source=fiction.SOURCE,
    )
    if newcomer.number in DRAFTS:
        return
    submitted = listings.submit(draft, by=officer)
    if newcomer.number in RETURNED:
        note = "请给出对比试验的条件和样本数，并说明数据由谁测得。"
        listings.return_for_correction(submitted, "NO_FIGURES", note, by=world.people["reviewer@demo.example"])


def start_talks(world: World) -> None:
    """Two declarations of interest and one deal, once matches are there."""
    if Lead.objects.exists() or Deal.objects.exists():
        return
    for wanted, own, sender, email in INTERESTS:
        brokerage.express_interest(
            projection(wanted),
            sender=world.organisations[sender],
            own_listing=projection(own) if projection(own).listing.owner == world.organisations[sender] else None,
            pitch="我们看过公开说明，技术路线和要解决的问题对得上，希望先看样件和测试数据。",
            why_fit="指标、成熟度和费用方式都在可谈范围内，验收方法双方都能做。",
            question="最早什么时候可以提供样件？测试由哪一方出？",
            by=world.people[email],
        )
    best = Match.objects.current().filter(demand__demand__source_id="d-05-01").order_by("-score").first()
    if best is not None:
        brokerage.open_deal(best, note="双方已通过电话，约定先做小样。", by=world.people["manager@demo.example"])
    judge(world)
    order_services(world)


def judge(world: World) -> None:
    """What a manager thinks of the best suggestions of two fields, and what a firm wants to hear of."""
    manager = world.people["manager@demo.example"]
    found = Match.objects.current().filter(demand__field__in=("05", "07")).order_by("-score", "id")
    for place, match in enumerate(found[:12]):
        if place % 3 == 2:
            discovery.dismiss(match, ("TOO_EARLY", "BELOW_TARGET", "KNOWN")[place % 2], by=manager)
        if place % 3 == 0:
            discovery.shortlist(match, by=manager)
    wanted = {"field": "05", "trl": "6"}
    discovery.save_search("成熟的新材料成果", "achievement", wanted, by=world.people["firm@demo.example"])


def projection(number: str) -> Projection:
    model = Achievement if number.startswith("a-") else Demand
    return model.objects.get(source=fiction.SOURCE, source_id=number).projection


def order_services(world: World) -> None:
    """A valuation that waits for its answer, and legal work that waits for the owner's approval."""
    agency = Agency.objects.valid().first()
    if agency is None:
        return
    officer, head = world.people["officer@demo.example"], world.people["agency@demo.example"]
    due = timezone.localdate() + timedelta(days=30)
    wanted = (("a-05-007", "VALUATION", "按收益法评估许可价值，说明折现率依据。", 30000),
              ("a-01-011", "LEGAL", "审查普通许可合同草稿，列出需要修改的条款。", 8000))  # fmt: skip
    orders = [
        brokerage.order_service(
            projection(number).listing, provider=agency, kind=kind, brief=brief, price=Decimal(price), due_on=due,
            by=officer,
        )
        for number, kind, brief, price in wanted
    ]  # fmt: skip
    brokerage.take_order(orders[1], text="一周内完成。", by=head)
    brokerage.deliver_order(orders[1], "审查意见共六条，已标注在合同草稿上。", by=head)
