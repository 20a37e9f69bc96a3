"""The kinds of work on the front page, stage by stage. Each is found with all others by one query.

Smaller numbers stand earlier: 5 what is overdue, 10 answers, 20 deals, 30 contracts, 50 money, 54 matches, 60 one's own
listings, 80 the platform.
"""

from . import (
    brokerage,
    claims,
    contracts,
    listings,
    money,
    notices,
    orders,
    parties,
    register,
    registrations,
    rewards,
    room,
    shares,
)

__all__ = [
    "brokerage",
    "claims",
    "contracts",
    "listings",
    "money",
    "notices",
    "orders",
    "parties",
    "register",
    "registrations",
    "rewards",
    "room",
    "shares",
]
