"""What is true of listings, and who can see it."""

from .achievement import Achievement, Offer
from .demand import Demand
from .listing import Listing
from .projection import Projection
from .right import Right

__all__ = ["Achievement", "Demand", "Listing", "Offer", "Projection", "Right"]
