"""What is true of listings, and who can see it."""

from .achievement import Achievement, Offer
from .demand import Demand
from .listing import Listing
from .projection import MOST_ATTEMPTS, Projection, ProjectionQuerySet
from .right import Right

__all__ = [
    "MOST_ATTEMPTS",
    "Achievement",
    "Demand",
    "Listing",
    "Offer",
    "Projection",
    "ProjectionQuerySet",
    "Right",
]
