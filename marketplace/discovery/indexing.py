"""The matcher's view of the market: which public rows it has read, and how it keeps up with them.

Each process holds one `Market`: an index of the live achievements and one of the live demands. `catch_up` reads the
projections that changed since and adds or forgets them. Nothing but projections is ever read, so no secret text can
move a score.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from threading import RLock
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

from marketplace.listings.models import Projection

if TYPE_CHECKING:
    from matching import Document, Match, Matcher

log = logging.getLogger(__name__)
KINDS = (Projection.Kind.ACHIEVEMENT, Projection.Kind.DEMAND)
# A transaction that began earlier may commit later; reading a little of the past again costs nothing.
OVERLAP = timedelta(minutes=5)


def document(row: Projection) -> "Document":
    """A projection as the library reads it, both languages together."""
    from matching import Document

    return Document(
        id=row.public_id,
        title=f"{row.title_zh}\n{row.title_en}".strip(),
        text="\n".join(row.texts.values()),
        keywords=(*row.keywords_zh, *row.keywords_en),
        fields=facts(row),
    )


def facts(row: Projection) -> dict[str, Any]:
    """The projection's facts by the keys of the library's conditions and fit; None is unknown."""
    common = {"field": row.field or None, "owner": row.owner_key or None, "modes": tuple(row.modes) or None}
    if row.kind == Projection.Kind.ACHIEVEMENT:
        return common | {
            "trl": row.trl,
            "region": row.region or None,
            "price_low": None if row.price_low is None else float(row.price_low),
            "open_until": row.expires_on and row.expires_on.isoformat(),
        }
    last = min(day for day in (row.deadline, row.expires_on) if day) if row.deadline or row.expires_on else None
    return common | {
        "trl_min": row.trl,
        "regions_accepted": tuple(row.regions_accepted),
        "budget_high": None if row.price_high is None else float(row.price_high),
        "deadline": last and last.isoformat(),
    }


class Market:
    """Both indexes of this process, and which version of each row they hold. Threads take turns."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.matchers: dict[str, Matcher] = {}
        self.versions: dict[str, int] = {}
        self.read_until: datetime | None = None

    def best(self, rows: Iterable[Projection], k: int, on: date) -> list[list["Match"]]:
        """For each demand its best k achievements with scores and reasons, as of the last `catch_up`.

        A pair that shares nothing worth naming (only particles, say) is no match.
        """
        with self.lock:
            found = self.matchers[Projection.Kind.ACHIEVEMENT].match_many(map(document, rows), k, as_of=on)
        return [[match for match in each if any(reason.kind == "text" for reason in match.reasons)] for each in found]

    def nearest(self, kind: str, rows: Iterable[Projection], k: int, on: date) -> list[list[str]]:
        """For each row the ids of the k nearest rows of the other `kind`: much cheaper, as it gives no reasons."""
        with self.lock:
            ranked = self.matchers[kind].rank_many(map(document, rows), k, as_of=on)
        return [[found for found, _ in each] for each in ranked]

    def catch_up(self) -> int:
        """Take up every projection that changed since the last call; return how many."""
        with self.lock:
            rows = [row for row in self.changed() if self.versions.get(row.public_id) != row.version]
            for kind in KINDS:
                self.take_up(kind, [row for row in rows if row.kind == kind])
            self.versions |= {row.public_id: row.version for row in rows}
            if rows:
                latest = max(row.content_changed_at for row in rows)
                self.read_until = max(self.read_until or latest, latest)
            return len(rows)

    def changed(self) -> Iterable[Projection]:
        """All live rows at first, later those changed since the last reading."""
        if self.read_until is None:
            return Projection.objects.live().iterator(chunk_size=2000)
        return Projection.objects.filter(Q(content_changed_at__gte=self.read_until - OVERLAP)).iterator(chunk_size=2000)

    def take_up(self, kind: str, rows: list[Projection]) -> None:
        from matching import Matcher

        live = [document(row) for row in rows if row.is_live]
        if kind not in self.matchers:
            self.matchers[kind] = Matcher.fit(live)
            return
        matcher = self.matchers[kind]
        known = self.versions.keys()
        matcher.remove([row.public_id for row in rows if not row.is_live and row.public_id in known])
        if live:
            matcher.add(live)

    def forget(self) -> None:
        """Start again from the database at the next `catch_up`."""
        with self.lock:
            self.__init__()  # type: ignore[misc]


MARKET = Market()


def model_version() -> str:
    """Names the library's model and settings on each stored match."""
    from matching import VERSION

    return VERSION


def save(market: Market = MARKET) -> list[str]:
    """Write both indexes to INDEX_DIR, for a worker's quick start."""
    settings.INDEX_DIR.mkdir(parents=True, exist_ok=True)
    paths = [settings.INDEX_DIR / f"{kind}.index" for kind in KINDS]
    for kind, path in zip(KINDS, paths, strict=True):
        market.matchers[kind].save(path)
    return [str(path) for path in paths]
