"""Rules of exclusivity: what a licence takes, as boxes of numbers that can be compared by overlap alone."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from marketplace.law.rules.spans import Span, field_span, outermost, region_span


class Box(NamedTuple):
    """One combination of a region and a field of use."""

    region: Span
    field: Span


def boxes(territory: Sequence[str], fields: Sequence[str]) -> list[Box]:
    """Every region with every field. Spans that lie inside another of the list are left out."""
    regions = outermost([region_span(code) for code in territory])
    uses = outermost([field_span(code) for code in fields])
    return [Box(region, field) for region, field in product(regions, uses)]
