"""Equity in the workspace: stakes in companies, how each is divided, who holds what and earns it when."""

from . import of_contract
from .allotment import AllotmentAdmin
from .holding import HoldingAdmin
from .stake import StakeAdmin

__all__ = ["AllotmentAdmin", "HoldingAdmin", "StakeAdmin", "of_contract"]
