"""Listings in the workspace: the owner's working copies, rights, and the public market to read."""

from .listing import AchievementAdmin, DemandAdmin
from .market import ProjectionAdmin
from .right import RightAdmin

__all__ = ["AchievementAdmin", "DemandAdmin", "ProjectionAdmin", "RightAdmin"]
