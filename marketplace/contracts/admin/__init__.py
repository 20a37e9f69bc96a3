"""Contracts in the workspace: the contract with its moves and panels, and the pages of its rows."""

from . import offers
from .audit import AuditAdmin
from .clearance import ClearanceAdmin, DecisionAdmin, TermSheetAdmin, ValuationAdmin
from .contract import ContractAdmin
from .guarantee import GuaranteeAdmin, StandingAdmin
from .milestone import MilestoneAdmin
from .report import SalesReportAdmin

__all__ = [
    "AuditAdmin",
    "ClearanceAdmin",
    "ContractAdmin",
    "DecisionAdmin",
    "GuaranteeAdmin",
    "MilestoneAdmin",
    "SalesReportAdmin",
    "StandingAdmin",
    "TermSheetAdmin",
    "ValuationAdmin",
    "offers",
]
