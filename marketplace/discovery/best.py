"""The best matches of a demand as commands print them: plain values for programs, lines with reasons for people."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.console import shortened
from marketplace.listings.models import Projection

from . import wording
from .models import Match

WIDTH = 110


def best(demand: Projection, most: int = 20) -> list[Match]:
    """The demand's current matches, the best first."""
    found = Match.objects.current().filter(demand=demand).select_related("achievement", "demand")
    return list(found.order_by("rank")[:most])


def as_values(demand: Projection, matches: list[Match]) -> dict[str, Any]:
    return {
        "demand": demand.public_id,
        "title": demand.title,
        "matches": [
            {
                "achievement": match.achievement.public_id,
                "title": match.achievement.title,
                "rank": match.rank,
                "score": round(match.score, 4),
                "components": {name: round(value, 4) for name, value in match.components.items()},
                "reasons": wording.sentences(match.reasons),
                "model_version": match.model_version,
            }
            for match in matches
        ],
    }


def as_lines(demand: Projection, matches: list[Match]) -> list[str]:
    lines = [_("Demand %(id)s  %(title)s") % {"id": demand.public_id, "title": demand.title}]
    if not matches:
        lines.append("   " + _("Nothing on the market suits it yet."))
    for match in matches:
        owner = match.achievement.owner_name or _("owner stays anonymous until contact")
        title = shortened(f"{match.achievement.title} · {owner}", WIDTH - 12)
        lines.append(f"  {match.rank:>2}. {match.score:.2f}  {title}")
        said = wording.sentences(match.reasons)
        lines += [f"            {shortened(sentence, WIDTH - 12)}" for sentence in said]
    return lines
