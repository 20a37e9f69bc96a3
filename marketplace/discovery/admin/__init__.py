"""Matches and saved searches in the workspace."""

from . import search
from .match import (
    MatchAdmin,
    drawn,
    member_keys,
    midnight,
    own_organisations,
    quick,
    score_bar,
    side_of,
)

__all__ = [
    "MatchAdmin",
    "drawn",
    "member_keys",
    "midnight",
    "own_organisations",
    "quick",
    "score_bar",
    "search",
    "side_of",
]
