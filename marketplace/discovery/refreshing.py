"""Keeps the stored matches true: what changed on the market decides which demands are matched again.

A row that waits (`Projection.unindexed`) is the queue. Everything here may run twice, at the same time, or die half
way: a row is marked as taken up only after its effects are committed, and an older result never replaces a newer one.
Each attempt is counted before it begins. A row on which the matcher fails waits longer each time, keeps nobody else
waiting, and is set aside for staff after five attempts.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from marketplace.core import news
from marketplace.listings.models import MOST_ATTEMPTS, Projection, ProjectionQuerySet

from .indexing import MARKET, halves, model_version, parts
from .models import Match

if TYPE_CHECKING:
    from matching import Match as Found

T = TypeVar("T")
log = logging.getLogger(__name__)
MOST = 20  # matches kept for a demand
LEASE = timedelta(minutes=1)  # a row whose worker has not come to its end by then is another's to try
FLOOD_MOST, FLOOD_LEASE = 20_000, timedelta(seconds=0.2)  # rows at once; time for each demand, beside LEASE
WAITS = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))  # after failures
PARTY = 100  # rows taken up together
BLOCK = 50  # demands written in one transaction, so that nobody waits long for their rows
ACHIEVEMENT, DEMAND = Projection.Kind.ACHIEVEMENT, Projection.Kind.DEMAND


def refresh(projection_id: int) -> bool:
    """Take up one row if it waits; return whether it did. Running it twice changes nothing."""
    MARKET.prepare(MOST, timezone.localdate())
    rows = claim(Projection.objects.due(timezone.now()).filter(pk=projection_id))
    take_up(rows)
    return bool(rows)


def sweep(limit: int = PARTY) -> int:
    """Take up the rows that were tried least, then those that have waited longest, message or not; return how many.

    Rows that failed, or whose worker died, come in smaller parties each time and at last alone: the one that kills
    its worker is found, and those that were beside it are not taken for it. A flood, as when a collection is taken
    over, is taken up as a whole.
    """
    due = Projection.objects.due(timezone.now()).order_by("content_changed_at", "pk")
    if is_flood(due.filter(index_attempts=0).count()):
        rows = claim(due.filter(index_attempts=0), FLOOD_MOST, LEASE + FLOOD_LEASE * live_demands().count())
    else:
        MARKET.prepare(MOST, timezone.localdate())
        least = due.aggregate(least=Min("index_attempts"))["least"] or 0
        party = {0: limit, 1: max(limit // 10, 1)}.get(least, 1)
        rows = claim(due.filter(index_attempts=least), party)
    take_up(rows)
    return len(rows)


def live_demands() -> ProjectionQuerySet:
    return Projection.objects.live().filter(kind=DEMAND).order_by("pk")


def is_flood(rows: int) -> bool:
    """Whether matching every demand once is cheaper than asking in party after party whom each row concerns."""
    return rows > PARTY and rows > live_demands().count()


@transaction.atomic
def claim(due: ProjectionQuerySet, limit: int = 1, lease: timedelta = LEASE) -> list[Projection]:
    """Count an attempt before the work begins, so that a row which kills its worker is counted as well."""
    rows = list(due.select_for_update(skip_locked=True, no_key=True)[:limit])
    for row in rows:
        row.index_attempts += 1
    for part in blocks(rows, 500):
        mine = Projection.objects.filter(pk__in=[row.pk for row in part])
        mine.update(index_attempts=F("index_attempts") + 1, index_after=timezone.now() + lease, index_fault="")
    return rows


def refresh_all() -> int:
    """Match every live demand again, so that scores follow the vocabulary of the whole market; return how many.

    Rows that were set aside get one more attempt: what failed yesterday may have been mended.
    """
    Projection.objects.set_aside().update(index_attempts=MOST_ATTEMPTS - 1, index_after=None)
    known_at = timezone.now()
    MARKET.catch_up()
    MARKET.publish()
    MARKET.renew()
    return sum(rematch(block, known_at) for block in blocks(live_demands().iterator(chunk_size=500)))


def take_up(rows: Sequence[Projection]) -> None:
    """Bring all matches that these claimed rows touch up to date, then mark the rows as taken up."""
    if rows:
        known_at = timezone.now()
        MARKET.catch_up()
        MARKET.watching(MOST)  # from now on it is told of every list
        isolate(lambda part: settle(part, known_at), rows)
        MARKET.publish_when_due()


def settle(rows: Sequence[Projection], known_at: datetime) -> list[Projection]:
    for row in rows:
        MARKET.check(row)
    retire([row.pk for row in rows if row.kind == DEMAND and not row.is_live])
    demands = live_demands()
    if not is_flood(len(rows)):
        demands = demands.filter(pk__in=demands_concerned(rows))
    for block in blocks(demands.iterator(chunk_size=500)):
        rematch(block, known_at)
    for part in blocks(rows, 500):
        mark(part)
    return list(rows)


def demands_concerned(rows: Sequence[Projection]) -> set[int]:
    """Changed demands, and those whose best twenty an achievement among the rows enters, leaves or stays in."""
    achievements = [row for row in rows if row.kind == ACHIEVEMENT]
    changed = {row.pk for row in rows if row.kind == DEMAND and row.is_live}
    return changed | demands_entered([row for row in achievements if row.is_live]) | demands_listing(achievements)


@transaction.atomic
def mark(rows: Sequence[Projection]) -> None:
    """Rows that are still as they were read have been taken up."""
    for row in rows:
        still_the_same = Projection.objects.filter(pk=row.pk, content_changed_at=row.content_changed_at, index_fault="")
        still_the_same.update(indexed_at=row.content_changed_at, index_attempts=0, index_after=None)


def isolate(work: Callable[[Sequence[Projection]], list[T]], rows: Sequence[Projection]) -> list[T]:
    """What `work` returns for these rows; where it raises, without the row that spoils it, which is put off."""
    try:
        return work(rows)
    except (OperationalError, InterfaceError):  # the database is ill, not the row
        raise
    except Exception as fault:
        if len(rows) == 1:
            put_off(rows[0], fault)
            return []
    return [result for part in halves(rows) for result in isolate(work, part)]


def put_off(row: Projection, fault: Exception) -> None:
    """Let a row wait, longer after each failure, and write down what went wrong; in the end it is set aside."""
    log.error("The matcher failed on listing %s.", row.public_id, exc_info=fault)
    wait = WAITS[min(max(row.index_attempts, 1), len(WAITS)) - 1]
    told = f"{type(fault).__name__}: {fault}".encode("utf-8", "replace").decode().replace("\0", " ")
    same = Projection.objects.filter(pk=row.pk, content_changed_at=row.content_changed_at)
    same.update(indexed_at=None, index_after=timezone.now() + wait, index_fault=told[:500])


@transaction.atomic
def retire(demands: Sequence[int]) -> None:
    """Empty the lists of demands that are off the market: one published again meanwhile keeps its new list."""
    gone = Projection.objects.select_for_update(no_key=True).filter(pk__in=demands, is_live=False).order_by("pk")
    Match.objects.filter(demand__in=[row.pk for row in gone]).update(rank=None)


def demands_entered(achievements: Sequence[Projection]) -> set[int]:
    """Demands whose best twenty, asked now, hold one of these achievements: those and no others."""
    if not achievements:
        return set()
    fresh = {row.public_id for row in achievements}
    today = timezone.localdate()
    entered = set()
    for ids in parts(MARKET.reached(achievements, MOST, today), 256):
        demands = live_demands().filter(public_id__in=ids)
        best = isolate(lambda rows: nearest_achievements(rows, today), list(demands))
        entered |= {row.pk for row, found in best if fresh.intersection(found)}
    return entered


def nearest_achievements(demands: Sequence[Projection], today: date) -> list[tuple[Projection, list[str]]]:
    return list(zip(demands, MARKET.nearest(demands, MOST, today), strict=True))


def demands_listing(achievements: Sequence[Projection]) -> set[int]:
    """Demands that list one of these achievements now: it may have changed or left the market."""
    listed = Match.objects.filter(achievement__in=[row.pk for row in achievements], rank__isnull=False)
    return set(listed.values_list("demand_id", flat=True))


def rematch(demands: Sequence[Projection], known_at: datetime) -> int:
    """Match these demands anew and write their best twenty. `known_at`: the market is known as of then."""
    today = timezone.localdate()
    found = isolate(lambda rows: list(zip(rows, MARKET.best(rows, MOST, today), strict=True)), demands)
    return write({row.pk: (row, best) for row, best in found}, known_at)


@transaction.atomic
def write(results: dict[int, tuple[Projection, list["Found"]]], known_at: datetime) -> int:
    """Replace the lists of those demands that are unchanged and that nobody matched with newer knowledge."""
    unspoilt = Q(matched_at__isnull=True) | Q(matched_at__lte=known_at)
    free = Projection.objects.select_for_update(no_key=True)  # a row named as a foreign key is not held up
    locked = free.filter(unspoilt, pk__in=results, is_live=True).order_by("pk")
    mine = [results[row.pk] for row in locked if row.version == results[row.pk][0].version]
    wanted = {match.id for _, best in mine for match in best}
    partners = dict(Projection.objects.live().filter(public_id__in=wanted).values_list("public_id", "pk"))
    fresh = [
        as_row(partners[match.id], demand, match, place)
        for demand, best in mine
        for place, match in enumerate((match for match in best if match.id in partners), 1)
    ]
    demands = [demand.pk for demand, _ in mine]
    before = set(Match.objects.filter(demand__in=demands).values_list("achievement_id", "demand_id"))
    Match.objects.filter(demand__in=demands).update(rank=None)
    Match.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["achievement", "demand"],
        update_fields=["score", "components", "reasons", "model_version", "rank", "changed_at"],
    )
    Projection.objects.filter(pk__in=demands).update(matched_at=known_at)
    announce(pair for pair in ((match.achievement_id, match.demand_id) for match in fresh) if pair not in before)
    return len(mine)


def as_row(achievement_id: int, demand: Projection, match: "Found", place: int) -> Match:
    return Match(
        achievement_id=achievement_id,
        demand=demand,
        score=match.score,
        components=dict(match.components),
        reasons=[asdict(reason) for reason in match.reasons],
        model_version=model_version(),
        rank=place,
    )


def announce(pairs: Iterable[tuple[int, int]]) -> None:
    """Tell of pairs that were never suggested before."""
    for achievement_id, demand_id in pairs:
        news.match_found.send(Match, achievement_id=achievement_id, demand_id=demand_id)


def blocks(rows: Iterable[Projection], size: int = BLOCK) -> Iterator[list[Projection]]:
    waiting = iter(rows)
    while block := list(islice(waiting, size)):
        yield block
