"""What is true of people and organisations, and who can see it."""

from .organisation import Membership, Organisation
from .qualification import LANGUAGES, Agency, TechnologyManager
from .user import User

__all__ = ["LANGUAGES", "Agency", "Membership", "Organisation", "TechnologyManager", "User"]
