"""What is true about money: the ledger, what is owed, what arrived and what it paid, and the invoices for it."""

from .claim import Claim, ClaimLine, Loss
from .commission import Commission, CommissionLine
from .credit import CreditNotice
from .distribution import CostTaken, Distribution
from .hold import Hold
from .holding import Allotment, Departure, Holding
from .invoice import Invoice, InvoicePart
from .ledger import Account, Journal, LedgerLine
from .nominee import Nominee
from .obligation import Billing, Obligation
from .payee import Payee, RewardRule
from .payment import Allocation, BankLine, BankStatement, Payment
from .payout import Payout, PayoutLine, SetOff
from .plan import Cost, PlanLine, SharingPlan
from .recourse import Recourse, Recovery, RecoveryPart
from .share import ClawBack, Share
from .stake import Stake

__all__ = [
    "Account",
    "Allocation",
    "Allotment",
    "BankLine",
    "BankStatement",
    "Billing",
    "Claim",
    "ClaimLine",
    "ClawBack",
    "Commission",
    "CommissionLine",
    "Cost",
    "CostTaken",
    "CreditNotice",
    "Departure",
    "Distribution",
    "Hold",
    "Holding",
    "Invoice",
    "InvoicePart",
    "Journal",
    "LedgerLine",
    "Loss",
    "Nominee",
    "Obligation",
    "Payee",
    "Payment",
    "Payout",
    "PayoutLine",
    "PlanLine",
    "Recourse",
    "Recovery",
    "RecoveryPart",
    "RewardRule",
    "SetOff",
    "Share",
    "SharingPlan",
    "Stake",
]
