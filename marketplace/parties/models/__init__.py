"""What is true of people and organisations, and who can see it."""

from .organisation import Membership, Organisation
from .qualification import Agency, TechnologyManager
from .user import User

__all__ = ["Agency", "Membership", "Organisation", "TechnologyManager", "User"]
