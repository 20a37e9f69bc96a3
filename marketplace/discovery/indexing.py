"""The matcher's view of the market: which public rows it has read, and how it keeps up with them.

Each process holds one `Market`: an index of the live achievements and one of the live demands. `catch_up` reads the
projections whose version it does not hold and adds or forgets them. Nothing but projections is ever read, so no
secret text can move a score.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings

from marketplace.listings.models import Projection

from . import reranking, shelving

if TYPE_CHECKING:
    from matching import Document, Match, Matcher
    from matching.glossary import Glossary
    from matching.watching import Watch

ACHIEVEMENT, DEMAND = KINDS = (Projection.Kind.ACHIEVEMENT, Projection.Kind.DEMAND)
PUBLISHED_AFTER = 1000  # rows, or a fiftieth of the market: what a fresh worker reads again in a moment


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


def parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


class Market:
    """Both indexes of this process, and which version of each row they hold. Threads take turns.

    What other workers have built is opened from the shelf; what this one has read since is in its own memory until
    it publishes. A watch on the achievements knows whose list a new one may enter; it begins when first asked.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.matchers: dict[str, Matcher] = {}
        self.versions: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}  # by public id
        self.unreadable: dict[int, Exception] = {}
        self.watch: Watch | None = None
        self.unpublished = 0

    def best(self, rows: Sequence[Projection], k: int, on: date) -> list[list["Match"]]:
        """For each demand its best k achievements with scores and reasons, as of the last `catch_up`."""
        with self.lock:
            found = self.matchers[ACHIEVEMENT].match_many(map(asked, rows), k, as_of=on)
            self.note(rows, [[(match.id, match.score) for match in matches] for matches in found], k)
        weights = reranking.current()
        return [reranking.reordered(matches, weights) for matches in found]

    def nearest(self, rows: Sequence[Projection], k: int, on: date) -> list[list[str]]:
        """For each demand the ids of its best k achievements: much cheaper, as it gives no reasons."""
        with self.lock:
            ranked = self.matchers[ACHIEVEMENT].rank_many(map(asked, rows), k, as_of=on)
            self.note(rows, ranked, k)
        return [[found for found, _ in each] for each in ranked]

    def reached(self, achievements: Sequence[Projection], k: int, on: date) -> list[str]:
        """Ids of the demands whose best k may hold one of these achievements: all that do, and few more."""
        with self.lock:
            return self.watching(k).reached(map(document, achievements), on)

    def watching(self, k: int) -> "Watch":
        """The watch over the demands' lists of the best k."""
        from matching.watching import Watch

        if self.watch is None or self.watch.k != k:
            self.watch = Watch(self.matchers[ACHIEVEMENT], k)
            self.watch.keep(map(glossary().asked, self.matchers[DEMAND].index.documents))
        return self.watch

    def prepare(self, k: int, on: date) -> None:
        """Read what has changed, and know the best k of every demand. A fresh process needs long for it in a large
        market, so it is done before any row is claimed."""
        with self.lock:
            self.catch_up()
            watch, index = self.watching(k), self.matchers[DEMAND].index
            for ids in parts(watch.reached([], on), 256):
                questions = [glossary().asked(index.document(index.row(id))) for id in ids]
                with suppress(Exception):  # whoever takes the demand up will learn which one it is, and why
                    lists = self.matchers[ACHIEVEMENT].rank_many(questions, k, as_of=on)
                    for id, found in zip(ids, lists, strict=True):
                        watch.note(id, found)

    def note(self, rows: Sequence[Projection], lists: Sequence[list[tuple[str, float]]], k: int) -> None:
        """Tell the watch which lists these demands have now, where they are still as it knows them."""
        for row, found in zip(rows, lists, strict=True):
            known = self.versions[DEMAND].get(row.public_id) == row.version
            if self.watch and self.watch.k == k and known and row.public_id in self.watch:
                self.watch.note(row.public_id, found)

    def catch_up(self) -> int:
        """Take up every projection whose version is not the one held; return how many.

        Versions are compared, not times: a slow transaction or a clock that is behind hides nothing.
        """
        with self.lock:
            if not self.matchers:
                self.open()
            return sum(self.read(kind, self.changed(kind)) for kind in KINDS)

    def changed(self, kind: str) -> list[int]:
        """Keys of the rows of one kind that are not held as they are."""
        held = self.versions[kind]
        rows = Projection.objects.filter(kind=kind).values_list("pk", "public_id", "version")
        return [pk for pk, id, version in rows.iterator() if held.get(id) != version]

    def open(self) -> None:
        """Begin with what lies on the shelf, without rows that this database does not know."""
        for kind in KINDS:
            self.matchers[kind], self.versions[kind] = shelving.take_down(kind) or (blank(), {})
            here = set(Projection.objects.filter(kind=kind).values_list("public_id", flat=True))
            self.matchers[kind].remove(self.versions[kind].keys() - here)

    def publish(self) -> list[str]:
        """Put both indexes on the shelf for the next worker; return the folders that were written."""
        with self.lock:
            self.unpublished = 0
            written = [kind for kind in KINDS if shelving.put_up(kind, self.matchers[kind], self.versions[kind])]
        return [str(shelving.folder(kind)) for kind in written]

    def publish_when_due(self) -> None:
        """Publish once a fresh worker would have much to read again."""
        if self.unpublished > max(PUBLISHED_AFTER, sum(map(len, self.matchers.values())) // 50):
            self.publish()

    def renew(self) -> None:
        """Share memory with the other workers again: go over to what lies on the shelf, and read what it lacks."""
        with self.lock:
            for kind in KINDS:
                if opened := shelving.take_down(kind):
                    held = self.versions[kind]
                    self.matchers[kind] = opened[0]
                    self.versions[kind] = {id: version for id, version in opened[1].items() if held.get(id) == version}
            if self.watch:
                self.watch.matcher = self.matchers[ACHIEVEMENT]
            self.catch_up()

    def read(self, kind: str, keys: Sequence[int]) -> int:
        """Take up the rows of one kind among these."""
        rows: list[Projection] = []
        for start in range(0, len(keys), 2000):
            rows += Projection.objects.filter(kind=kind, pk__in=keys[start : start + 2000])
        self.take_up(kind, rows)
        self.unpublished += len(rows)
        return len(rows)

    def check(self, row: Projection) -> None:
        """Raise what happened when this row was read, if it could not be read."""
        if row.pk in self.unreadable:
            raise self.unreadable[row.pk]

    def take_up(self, kind: str, rows: Sequence[Projection]) -> None:
        """Add or forget these rows. One that cannot be read is left out, and the others come in without it."""
        try:
            self.replace(kind, [row.public_id for row in rows], [document(row) for row in rows if row.is_live])
        except Exception as fault:
            if len(rows) == 1:
                self.replace(kind, [rows[0].public_id], [])
                self.versions[kind].pop(rows[0].public_id, None)
                self.unreadable[rows[0].pk] = fault
                return
            for part in halves(rows):
                self.take_up(kind, part)
            return
        for row in rows:
            self.versions[kind][row.public_id] = row.version
            self.unreadable.pop(row.pk, None)

    def replace(self, kind: str, ids: Sequence[str], documents: Sequence["Document"]) -> None:
        """Let these documents in, in the place of what was known under these ids."""
        matcher, watch = self.matchers[kind], self.watch
        if watch and kind == ACHIEVEMENT:
            watch.left(ids)
        matcher.remove(ids)
        matcher.add(documents)
        if watch and kind == ACHIEVEMENT:
            watch.arrived(documents)
        if watch and kind == DEMAND:
            watch.forget(ids)
            watch.keep(map(glossary().asked, documents))

    def forget(self) -> None:
        """Start again from the database at the next `catch_up`, and not from the shelf."""
        with self.lock:
            self.__init__()  # type: ignore[misc]
            self.matchers = {kind: blank() for kind in KINDS}


MARKET = Market()


def blank() -> "Matcher":
    from matching import Matcher

    return Matcher(shelving.chosen())


def model_version() -> str:
    """Names the library's model and settings on each stored match."""
    from matching import VERSION

    weights = reranking.current()
    return f"{VERSION}+{weights.version}" if weights else VERSION
