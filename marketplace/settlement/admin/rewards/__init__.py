"""Rewards in the workspace: who shares, by which plan and rule, what each receipt comes to, and how it is paid."""

from . import of_contract
from .distribution import DistributionAdmin
from .hold import HoldAdmin
from .payee import PayeeAdmin
from .payout import ClawBackAdmin, PayoutAdmin
from .plan import SharingPlanAdmin
from .rule import CostAdmin, RewardRuleAdmin
from .share import ShareAdmin

__all__ = [
    "ClawBackAdmin",
    "CostAdmin",
    "DistributionAdmin",
    "HoldAdmin",
    "PayeeAdmin",
    "PayoutAdmin",
    "RewardRuleAdmin",
    "ShareAdmin",
    "SharingPlanAdmin",
    "of_contract",
]
