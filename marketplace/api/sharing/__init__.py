"""The distribution of income: who is paid, by which plan, what of each receipt and why, and how it reaches the bank."""

from .distributions import Distributions
from .grounds import RewardCosts, RewardRules
from .holds import Holds
from .payees import Payees
from .payouts import ClawBacks, Payouts
from .plans import SharingPlans
from .rewards import MyRewards

__all__ = [
    "ClawBacks",
    "Distributions",
    "Holds",
    "MyRewards",
    "Payees",
    "Payouts",
    "RewardCosts",
    "RewardRules",
    "SharingPlans",
]
