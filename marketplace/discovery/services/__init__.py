"""What happens to matches, found and refreshed (see `refreshing`), judged, told; and to searches. The only writer."""

from ..refreshing import refresh, refresh_all, sweep
from .digests import send_digests, tell_matches
from .judging import dismiss, restore, shortlist
from .searches import edit_search, remove_search, save_search, switch_search_off, switch_search_on

__all__ = [
    "dismiss",
    "edit_search",
    "refresh",
    "refresh_all",
    "remove_search",
    "restore",
    "save_search",
    "send_digests",
    "shortlist",
    "sweep",
    "switch_search_off",
    "switch_search_on",
    "tell_matches",
]
