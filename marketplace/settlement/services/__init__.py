"""What happens with money: the only writer. Billing, payments, invoices, claims, the ledger, bank statements."""

from .allotments import (
    allot,
    approve_allotment,
    leave,
    set_vesting,
    show_leaders,
    what_blocks_shares,
    withdraw_allotment,
)
from .bank import ignore_line, import_statement, match_line, preview, release_line
from .billing import bill, bill_all
from .claims import FAULTS as CLAIM_FAULTS
from .claims import Pursuit, accept_claim, ask_about_claim, file_claim, refuse_claim, supply_claim, withdraw_claim
from .commissions import bill_commission, claim_commission, dispute_commission, pay_commission, settle_commission
from .compensating import compensate, reverse_compensation
from .credit import (
    announce_credit,
    answer_credit,
    contest_credit,
    correct_credit,
    push_credit,
    uphold_credit,
    withdraw_credit,
)
from .distributions import approve, propose, show_reward, what_blocks, withdraw
from .holds import dispute, hold, resolve_hold
from .invoices import correct_invoice, record_invoice, withdraw_invoice
from .ledger import balances, post, reverse, trial_balance
from .losses import borne_by_licensor
from .nominees import entrust, unwind
from .payments import record, reverse_payment, write_off
from .payouts import make_payout, mark_paid, return_transfer, take_file, withdraw_payout
from .plans import Given, draft_plan, sign_on_paper, sign_plan, withdraw_plan
from .recovering import (
    answer_recourse,
    forgo,
    is_recoverable,
    pass_on,
    record_recovery,
    return_part,
    reverse_recovery,
)
from .reminding import remind_claims
from .reversing import give_back, reverse_distribution
from .rewarding import keep_account, keep_payee, record_cost, record_rule, withdraw_cost
from .stakes import end_stake, keep_stake_paper, record_stake, register_stake
from .watching import watch_rewards

__all__ = [
    "CLAIM_FAULTS",
    "Given",
    "Pursuit",
    "accept_claim",
    "allot",
    "announce_credit",
    "answer_credit",
    "answer_recourse",
    "approve",
    "approve_allotment",
    "ask_about_claim",
    "balances",
    "bill",
    "bill_all",
    "bill_commission",
    "borne_by_licensor",
    "claim_commission",
    "compensate",
    "contest_credit",
    "correct_credit",
    "correct_invoice",
    "dispute",
    "dispute_commission",
    "draft_plan",
    "end_stake",
    "entrust",
    "file_claim",
    "forgo",
    "give_back",
    "hold",
    "ignore_line",
    "import_statement",
    "is_recoverable",
    "keep_account",
    "keep_payee",
    "keep_stake_paper",
    "leave",
    "make_payout",
    "mark_paid",
    "match_line",
    "pass_on",
    "pay_commission",
    "post",
    "preview",
    "propose",
    "push_credit",
    "record",
    "record_cost",
    "record_invoice",
    "record_recovery",
    "record_rule",
    "record_stake",
    "refuse_claim",
    "register_stake",
    "release_line",
    "remind_claims",
    "resolve_hold",
    "return_part",
    "return_transfer",
    "reverse",
    "reverse_compensation",
    "reverse_distribution",
    "reverse_payment",
    "reverse_recovery",
    "set_vesting",
    "settle_commission",
    "show_leaders",
    "show_reward",
    "sign_on_paper",
    "sign_plan",
    "supply_claim",
    "take_file",
    "trial_balance",
    "unwind",
    "uphold_credit",
    "watch_rewards",
    "what_blocks",
    "what_blocks_shares",
    "withdraw",
    "withdraw_allotment",
    "withdraw_claim",
    "withdraw_cost",
    "withdraw_credit",
    "withdraw_invoice",
    "withdraw_payout",
    "withdraw_plan",
    "write_off",
]
