"""What is true about contracts: tables, who can see them, which state may follow which."""

from .clearance import Clearance, Decision, Valuation
from .contract import Contract
from .fact import Fact
from .guarantee import Guarantee, GuarantorStanding
from .progress import Audit, Milestone, Reminder, SalesReport
from .scope import LicenceScope
from .sheet import TermSheet
from .signing import Signature, ThirdParty

__all__ = [
    "Audit",
    "Clearance",
    "Contract",
    "Decision",
    "Fact",
    "Guarantee",
    "GuarantorStanding",
    "LicenceScope",
    "Milestone",
    "Reminder",
    "SalesReport",
    "Signature",
    "TermSheet",
    "ThirdParty",
    "Valuation",
]
