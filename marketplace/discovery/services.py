"""What happens to matches: found, refreshed, retired, judged. The only writer."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.acts import create, record
from marketplace.core.errors import Invalid
from marketplace.law import codes
from marketplace.listings.models import Projection
from marketplace.parties.models import Organisation

from .indexing import KINDS, MARKET, document, model_version
from .models import Judgement, Match

if TYPE_CHECKING:
    from matching import Match as Found

MOST = 20  # matches kept for each side
ACHIEVEMENT, DEMAND = KINDS
OTHER = {ACHIEVEMENT: DEMAND, DEMAND: ACHIEVEMENT}
RANKS = {ACHIEVEMENT: "rank_for_achievement", DEMAND: "rank_for_demand"}


def refresh(projection_id: int) -> int:
    """Bring the matches of one projection up to date; return how many it has. Running it twice changes nothing."""
    with transaction.atomic():
        row = Projection.objects.select_for_update().filter(pk=projection_id).first()
        if row is None or row.indexed_at == row.content_changed_at:
            return 0
        MARKET.catch_up()
        kept = store([row]) if row.is_live else retire(row)
        Projection.objects.filter(pk=row.pk).update(indexed_at=row.content_changed_at)
    return kept


def refresh_many(rows: Sequence[Projection]) -> int:
    """The same for many rows of one kind at once: one batch through the matcher, one upsert."""
    with transaction.atomic():
        MARKET.catch_up()
        live = [row for row in rows if row.is_live]
        for row in rows:
            if not row.is_live:
                retire(row)
        kept = store(live)
        for row in rows:
            row.indexed_at = row.content_changed_at
        Projection.objects.bulk_update(rows, ["indexed_at"], batch_size=500)
    return kept


def store(rows: Sequence[Projection]) -> int:
    """Match live rows of one kind against the other kind and keep the best twenty of each."""
    if not rows:
        return 0
    kind = rows[0].kind
    rank = RANKS[kind]
    found = MARKET.matcher(OTHER[kind]).match_many([document(row) for row in rows], k=MOST, as_of=timezone.localdate())
    partners = {
        row.public_id: row
        for row in Projection.objects.live().filter(public_id__in={m.id for matches in found for m in matches})
    }
    fresh = [
        as_row(row, partners[match.id], match, rank, place)
        for row, matches in zip(rows, found, strict=True)
        for place, match in enumerate(matches, 1)
        if match.id in partners
    ]
    clear(rows, rank)
    upsert(fresh, rank)
    return len(fresh)


def as_row(row: Projection, partner: Projection, match: "Found", rank: str, place: int) -> Match:
    achievement, demand = (row, partner) if row.kind == ACHIEVEMENT else (partner, row)
    return Match(
        achievement=achievement,
        demand=demand,
        score=min(max(match.score, 0.0), 1.0),
        components=dict(match.components),
        reasons=[asdict(reason) for reason in match.reasons],
        model_version=model_version(),
        **{rank: place},
    )


def clear(rows: Iterable[Projection], rank: str) -> None:
    """The rows' earlier ranks are void; a pair that neither side ranks any longer is kept but not current."""
    side = rank.removeprefix("rank_for_")
    Match.objects.filter(**{f"{side}__in": [row.pk for row in rows], f"{rank}__isnull": False}).update(**{rank: None})


def upsert(fresh: list[Match], rank: str) -> None:
    """Write the pairs in a fixed order, so that two workers cannot block each other."""
    fresh.sort(key=lambda match: (match.achievement_id, match.demand_id))
    pairs = Q(pk__in=[])
    known: set[tuple[int, int]] = set()
    for start in range(0, len(fresh), 400):
        part = fresh[start : start + 400]
        known |= set(
            Match.objects.filter(
                achievement_id__in={m.achievement_id for m in part}, demand_id__in={m.demand_id for m in part}
            ).values_list("achievement_id", "demand_id")
        )
    Match.objects.bulk_create(
        fresh,
        batch_size=400,
        update_conflicts=True,
        unique_fields=["achievement", "demand"],
        update_fields=["score", "components", "reasons", "model_version", rank, "changed_at"],
    )
    del pairs
    for match in fresh:
        if (match.achievement_id, match.demand_id) not in known:
            news.match_found.send(Match, match=match)


def retire(row: Projection) -> int:
    """A listing that left the market has no current matches."""
    Match.objects.filter(Q(achievement=row) | Q(demand=row)).update(rank_for_demand=None, rank_for_achievement=None)
    return 0


def sweep(limit: int = 500) -> int:
    """Refresh every row whose message was lost; return how many rows were waiting."""
    waiting = list(Projection.objects.unindexed().order_by("content_changed_at")[:limit])
    for kind in KINDS:
        rows = [row for row in waiting if row.kind == kind]
        if rows:
            refresh_many(rows)
    return len(waiting)


def shortlist(match: Match, *, by: Any, organisation: Organisation | None = None) -> Judgement:
    """Keep a match in sight, for an organisation or, without one, for a technology manager."""
    return judge(match, Judgement.Verdict.SHORTLISTED, by=by, organisation=organisation)


def dismiss(
    match: Match, reason_code: str, *, by: Any, organisation: Organisation | None = None, note: str = ""
) -> Judgement:
    """Put a match out of sight, with the reason by code."""
    if reason_code not in codes.values("match_dismissal"):
        raise Invalid(fields={"reason_code": [str(_("Choose a reason."))]})
    return judge(
        match,
        Judgement.Verdict.DISMISSED,
        by=by,
        organisation=organisation,
        reason_code=reason_code,
        note=note,
    )


@transaction.atomic
def judge(
    match: Match,
    verdict: str,
    *,
    by: Any,
    organisation: Organisation | None,
    reason_code: str = "",
    note: str = "",
) -> Judgement:
    restore(match, by=by, organisation=organisation)
    judgement = Judgement(
        match=match,
        organisation=organisation,
        by_id=by.pk,
        verdict=verdict,
        reason_code=reason_code,
        note=note[:500],
    )
    return create(judgement, "discovery.judge", by=by, reason=reason_code)


@transaction.atomic
def restore(match: Match, *, by: Any, organisation: Organisation | None = None) -> None:
    """Take one's judgement back."""
    Match.objects.select_for_update().get(pk=match.pk)  # one judgement at a time
    own = Judgement.objects.filter(match=match, organisation=organisation)
    own = own if organisation else own.filter(by_id=by.pk)
    for judgement in own:
        record("discovery.restore", judgement, by=by)
        judgement.delete()
