"""What happens to listings: the only writer. Drafting, review, and the clock of a listing's life."""

from .bulk import Newcomer, Takeover, take_over
from .drafting import add_right, draft, edit, edit_right, set_offers
from .life import age_listings, hide_all_of, project_all_of, renew, set_interest, withdraw
from .review import publish, return_for_correction, revise, submit

__all__ = [
    "Newcomer",
    "Takeover",
    "add_right",
    "age_listings",
    "draft",
    "edit",
    "edit_right",
    "hide_all_of",
    "project_all_of",
    "publish",
    "renew",
    "return_for_correction",
    "revise",
    "set_interest",
    "set_offers",
    "submit",
    "take_over",
    "withdraw",
]
