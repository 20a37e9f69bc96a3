"""Money in the workspace: what is owed, payments, invoices, claims, bank statements, the books, rewards."""

from .bank import BankLineAdmin, BankStatementAdmin
from .claim import ClaimAdmin
from .commission import CommissionAdmin, CommissionLineAdmin
from .credit import CreditNoticeAdmin
from .equity import AllotmentAdmin, HoldingAdmin, StakeAdmin
from .invoice import InvoiceAdmin
from .ledger import AccountAdmin, JournalAdmin
from .obligation import ObligationAdmin
from .payment import PaymentAdmin
from .recourse import RecourseAdmin, RecoveryAdmin
from .rewards import (
    ClawBackAdmin,
    CostAdmin,
    DistributionAdmin,
    HoldAdmin,
    PayeeAdmin,
    PayoutAdmin,
    RewardRuleAdmin,
    ShareAdmin,
    SharingPlanAdmin,
)

__all__ = [
    "AccountAdmin",
    "AllotmentAdmin",
    "BankLineAdmin",
    "BankStatementAdmin",
    "ClaimAdmin",
    "ClawBackAdmin",
    "CommissionAdmin",
    "CommissionLineAdmin",
    "CostAdmin",
    "CreditNoticeAdmin",
    "DistributionAdmin",
    "HoldAdmin",
    "HoldingAdmin",
    "InvoiceAdmin",
    "JournalAdmin",
    "ObligationAdmin",
    "PayeeAdmin",
    "PaymentAdmin",
    "PayoutAdmin",
    "RecourseAdmin",
    "RecoveryAdmin",
    "RewardRuleAdmin",
    "ShareAdmin",
    "SharingPlanAdmin",
    "StakeAdmin",
]
