"""What people thought of matches: rows to learn from, and how many of the judged suggestions were kept, and why not."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F

from .models import Judgement, Match, MatchQuerySet
from .reranking import FIXED

NOT_ABOUT_FIT = frozenset({"KNOWN", "SETTLED", "OTHER"})
"""Dismissals that say nothing of how well the two suit each other."""


@dataclass(frozen=True, slots=True)
class Row:
    """A match with people's verdict: `kept` when it was shortlisted or became a deal."""

    demand: int
    match: int
    fixed: float
    components: Mapping[str, float]
    kept: bool


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the judged suggestions on the market: how many were kept, and what the others were dismissed for."""

    judged: int
    kept: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float | None:
        """Share kept, 0..1; None before anybody judged."""
        return self.kept / self.judged if self.judged else None


def rows() -> list[Row]:
    """One row for each match that was judged or became a deal; a tie of verdicts says nothing."""
    votes: Counter[int] = Counter()
    told = Judgement.objects.exclude(reason_code__in=NOT_ABOUT_FIT).values_list("match_id", "verdict")
    for match, verdict in told:
        votes[match] += 1 if verdict == Judgement.Verdict.SHORTLISTED else -1
    deals = set(with_deal().values_list("pk", flat=True))
    found = Match.objects.filter(pk__in={match for match, vote in votes.items() if vote} | deals).order_by("pk")
    return [as_row(match, match.pk in deals or votes[match.pk] > 0) for match in found]


def with_deal() -> MatchQuerySet:
    """Matches whose two sides were brought together; a later loss of the deal does not unsay that they suited."""
    return Match.objects.filter(achievement__deals_as_achievement__demand=F("demand")).distinct()


def as_row(match: Match, kept: bool) -> Row:
    components = {name: float(value) for name, value in match.components.items() if name != FIXED}
    return Row(match.demand_id, match.pk, float(match.components.get(FIXED, match.score)), components, kept)


def precision() -> Precision:
    """Over the current matches: the last word of each side counts once."""
    told = Judgement.objects.filter(match__in=Match.objects.current())
    verdicts = list(told.values_list("verdict", "reason_code"))
    kept = sum(verdict == Judgement.Verdict.SHORTLISTED for verdict, _ in verdicts)
    reasons = Counter(code for verdict, code in verdicts if verdict == Judgement.Verdict.DISMISSED)
    return Precision(len(verdicts), kept, tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))))
