"""Loads a demonstration market and holds what is to be said of it: counts, seconds, matches, quality, what next."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from marketplace.core.console import progress, table
from marketplace.core.errors import Conflict
from marketplace.discovery import tasks
from marketplace.discovery.best import as_lines, as_values, best
from marketplace.discovery.evaluation import METRIC, Quality, quality
from marketplace.listings.models import Projection
from marketplace.listings.services import Takeover

from . import cast, claims, deals, fiction, register, registrations, rewards, shares, world
from .brokers import give_mandates, settle_commissions
from .contracts import Contracts
from .folder import Folder

SHOWN = 3
SHOWN_DEMANDS = ("d-01-01", "d-05-02", "d-09-01")
PATIENCE = 3600  # seconds for a worker to take up the rows


class Report:
    """Loads, matches, and holds what is to be said of it."""

    def __init__(self, folder: Path | None, limit: int | None) -> None:
        self.seconds: dict[str, float] = {}
        self.quality: list[Quality] = []
        self.folder = folder or Path(settings.FIXTURE_ROOT) / "benchmark"
        self.too_long: list[str] = []
        self.is_own = folder is None
        build = self.build_own if folder is None else lambda: self.build_folder(folder, limit)
        self.takeover: Takeover = self.timed("load", build)
        self.timed("match", match)
        if self.is_own:
            world.start_talks(self.world)
            give_mandates(self.world.organisations, self.world.people)
            self.timed("contracts", Contracts(self.world.organisations, self.world.people).make)
            self.timed("claims", lambda: claims.make(self.world.organisations, self.world.people))
            settle_commissions(self.world.people)
            register.show_record(self.world.people)
            registrations.make(self.world.organisations, self.world.people)
            self.timed("rewards", lambda: rewards.make(self.world.organisations, self.world.people))
            shares.make(self.world.organisations, self.world.people)
            deals.make(self.world.organisations, self.world.people)
        self.demands = self.shown()

    def timed(self, name: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        done = work()
        self.seconds[name] = round(time.perf_counter() - started, 1)
        return done

    def build_own(self) -> Takeover:
        self.world = world.build(lambda batches: progress(batches, "loading", total=len(batches)))
        return self.world.takeover

    def build_folder(self, path: Path, limit: int | None) -> Takeover:
        folder = Folder(path, limit)
        by_key = cast.organisations({})
        cast.people(by_key)
        newcomers = folder.newcomers()
        self.too_long = folder.too_long
        return world.take_over(
            newcomers, folder.source, lambda batches: progress(batches, "loading", total=len(batches))
        )

    def measure(self) -> None:
        if (self.folder / "qrels.tsv").exists():
            self.quality = self.timed("measure", lambda: quality(self.folder))

    def shown(self) -> Sequence[Projection]:
        demands = Projection.objects.live().filter(kind=Projection.Kind.DEMAND)
        if self.is_own:
            return list(
                demands.filter(demand__source=fiction.SOURCE, demand__source_id__in=SHOWN_DEMANDS).order_by("pk")
            )
        return list(demands.filter(demand__source__startswith="folder:").order_by("pk")[:SHOWN])

    def counts(self) -> dict[str, int]:
        live = Projection.objects.live()
        return {
            "achievements": live.filter(kind=Projection.Kind.ACHIEVEMENT).count(),
            "demands": live.filter(kind=Projection.Kind.DEMAND).count(),
            "published": len(self.takeover.published),
            "unchanged": len(self.takeover.unchanged),
            "refused": len(self.takeover.refused),
            "too_long": len(self.too_long),
        }

    def as_json(self) -> dict[str, Any]:
        return {
            **self.counts(),
            "faults": dict(list(self.takeover.refused.items())[:20]),
            "seconds": self.seconds,
            "database": connection.vendor,
            "demands_shown": [as_values(row, best(row, SHOWN)) for row in self.demands],
            "quality": {each.model: {METRIC: each.value, "ci95": [each.low, each.high]} for each in self.quality},
        }

    def as_text(self) -> str:
        parts = [self.loaded(), *("\n".join(as_lines(row, best(row, SHOWN))) for row in self.demands)]
        if self.quality:
            parts.append(self.measured())
        return "\n\n".join([*parts, self.what_next()])

    def loaded(self) -> str:
        said = _(
            "On the market: %(achievements)d achievements and %(demands)d demands. This run published %(published)d, "
            "left %(unchanged)d as they were, refused %(refused)d; %(too_long)d texts were too long for a listing."
        )
        lines = [said % self.counts()]
        lines += [f"  {number}: {faults}" for number, faults in list(self.takeover.refused.items())[:5]]
        took = _("Loading took %(load)s s, matching through the task %(match)s s.")
        return "\n".join([*lines, took % self.seconds])

    def measured(self) -> str:
        first = self.quality[0]
        title = _(
            "Quality on %(queries)d judged demands and %(documents)d achievements, measured just now (nDCG@10):"
        ) % {
            "queries": first.queries,
            "documents": first.documents,
        }
        names = {"matcher": _("this matcher"), "tfidf": _("plain TF-IDF (scikit-learn's defaults)")}
        rows = [(f"  {e.value:.3f}", f"[{e.low:.3f}, {e.high:.3f}]", names[e.model]) for e in self.quality]
        return f"{title}\n{table(rows)}"

    def what_next(self) -> str:
        address = settings.SITE_URL
        pages = [
            (f"  {address}/", _("the market, open to everybody")),
            (f"  {address}/workspace/", _("the workspace: my work, review, matches, deals")),
            (f"  {address}/api/v1/docs/", _("the API")),
        ]
        title = _("Start the server with “make run”, then open:")
        return f"{title}\n{table(pages)}\n\n{accounts()}"


def accounts() -> str:
    """The demonstration accounts, what each shows, and the password."""
    rows = [(f"  {each.email}", each.name, _(each.shows)) for each in cast.ACCOUNTS]
    people = _("Log in with one of these accounts; the password of each is %(password)s") % {"password": cast.PASSWORD}
    return f"{people}\n{table(rows)}"


def match() -> None:
    """Wake the sweeper; a worker elsewhere gets the time it needs, with a bar on a terminal."""
    tasks.sweep_matches.delay()
    waiting = Projection.objects.unindexed()
    total, left, deadline = waiting.count(), waiting.count(), time.monotonic() + PATIENCE
    bar = progress(range(total), "matching", total=total)
    while left:
        if time.monotonic() > deadline:
            raise Conflict(_("%(left)d listings still wait. Is a worker running? (make worker)") % {"left": left})
        time.sleep(0.5)
        now = waiting.count()
        for _step in range(left - now):
            next(bar, None)
        left = now
    bar.close()
