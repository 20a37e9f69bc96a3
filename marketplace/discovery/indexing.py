"""The matcher's view of the market: which public rows it has read, and how it keeps up with them.

Each process holds one `Market`: an index of the live achievements and one of the live demands. `catch_up` reads the
projections whose version it does not hold and adds or forgets them. Nothing but projections is ever read, so no
secret text can move a score.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings

from marketplace.listings.models import Projection

from . import reranking

if TYPE_CHECKING:
    from matching import Document, Match, Matcher
    from matching.glossary import Glossary

KINDS = (Projection.Kind.ACHIEVEMENT, Projection.Kind.DEMAND)


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


@cache
def glossary() -> "Glossary":
    """Technical terms in both languages: a listing in Chinese alone finds those in English alone."""
    from matching.glossary import Glossary

    return Glossary.read(Path(settings.FIXTURE_ROOT) / "glossary.json")


def asked(row: Projection) -> "Document":
    """A projection as a question."""
    return glossary().asked(document(row))


T = TypeVar("T")


def halves(rows: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """To find the one row that spoils a batch."""
    return rows[: len(rows) // 2], rows[len(rows) // 2 :]


class Market:
    """Both indexes of this process, and which version of each row they hold. Threads take turns."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.matchers: dict[str, Matcher] = {}
        self.versions: dict[int, int] = {}
        self.unreadable: dict[int, Exception] = {}

    def best(self, rows: Iterable[Projection], k: int, on: date) -> list[list["Match"]]:
        """For each demand its best k achievements with scores and reasons, as of the last `catch_up`."""
        with self.lock:
            found = self.matchers[Projection.Kind.ACHIEVEMENT].match_many(map(asked, rows), k, as_of=on)
        weights = reranking.current()
        return [reranking.reordered(matches, weights) for matches in found]

    def nearest(self, kind: str, rows: Iterable[Projection], k: int, on: date) -> list[list[str]]:
        """For each row the ids of the k nearest rows of the other `kind`: much cheaper, as it gives no reasons."""
        with self.lock:
            ranked = self.matchers[kind].rank_many(map(asked, rows), k, as_of=on)
        return [[found for found, _ in each] for each in ranked]

    def catch_up(self) -> int:
        """Take up every projection whose version is not the one held; return how many.

        Versions are compared, not times: a slow transaction or a clock that is behind hides nothing.
        """
        with self.lock:
            now = dict(Projection.objects.values_list("pk", "version"))
            changed = [pk for pk, version in now.items() if self.versions.get(pk) != version]
            return sum(self.read(kind, changed) for kind in KINDS)

    def read(self, kind: str, keys: Sequence[int]) -> int:
        """Take up the rows of one kind among these."""
        rows: list[Projection] = []
        for start in range(0, len(keys), 2000):
            rows += Projection.objects.filter(kind=kind, pk__in=keys[start : start + 2000])
        self.take_up(kind, rows)
        return len(rows)

    def check(self, row: Projection) -> None:
        """Raise what happened when this row was read, if it could not be read."""
        if row.pk in self.unreadable:
            raise self.unreadable[row.pk]

    def take_up(self, kind: str, rows: Sequence[Projection]) -> None:
        """Add or forget these rows. One that cannot be read is left out, and the others come in without it."""
        from matching import Matcher

        matcher = self.matchers.setdefault(kind, Matcher.fit([]))
        matcher.remove([row.public_id for row in rows if not row.is_live])
        try:
            matcher.add([document(row) for row in rows if row.is_live])
        except Exception as fault:
            if len(rows) == 1:
                matcher.remove([rows[0].public_id])
                self.versions.pop(rows[0].pk, None)
                self.unreadable[rows[0].pk] = fault
                return
            for part in halves(rows):
                self.take_up(kind, part)
            return
        for row in rows:
            self.versions[row.pk] = row.version
            self.unreadable.pop(row.pk, None)

    def forget(self) -> None:
        """Start again from the database at the next `catch_up`."""
        with self.lock:
            self.__init__()  # type: ignore[misc]


MARKET = Market()


def model_version() -> str:
    """Names the library's model and settings on each stored match."""
    from matching import VERSION

    weights = reranking.current()
    return f"{VERSION}+{weights.version}" if weights else VERSION


def save(market: Market = MARKET) -> list[str]:
    """Write both indexes to INDEX_DIR, for a worker's quick start."""
    settings.INDEX_DIR.mkdir(parents=True, exist_ok=True)
    paths = [settings.INDEX_DIR / f"{kind}.index" for kind in KINDS]
    for kind, path in zip(KINDS, paths, strict=True):
        market.matchers[kind].save(path)
    return [str(path) for path in paths]
