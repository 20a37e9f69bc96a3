"""Achievements, demands and rights: the public projections for anybody, the working copies for their owners."""

from .market import Achievements, Demands
from .own import MyAchievements, MyDemands
from .rights import Rights

__all__ = ["Achievements", "Demands", "MyAchievements", "MyDemands", "Rights"]
