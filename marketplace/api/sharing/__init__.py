"""The distribution of income: who is paid, by which plan, what of each receipt and why, and how it reaches the bank."""

from .distributions import Distributions
from .grounds import RewardCosts, RewardRules
from .holdings import Allotments, Holdings
from .holds import Holds
from .payees import Payees
from .payouts import ClawBacks, Payouts
from .plans import SharingPlans
from .rewards import MyRewards
from .stakes import Stakes

__all__ = [
    "Allotments",
    "ClawBacks",
    "Distributions",
    "Holdings",
    "Holds",
    "MyRewards",
    "Payees",
    "Payouts",
    "RewardCosts",
    "RewardRules",
    "SharingPlans",
    "Stakes",
]
