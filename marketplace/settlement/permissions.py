"""Who may do what with money: who decides for the licensor whose books they are. Nobody bills by hand."""

from typing import Any

import rules

from marketplace.contracts.models import Contract
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .models import Commission


def book_of(row: Any) -> int | None:
    """The organisation in whose books a row stands: of a contract, an obligation, a payment, a bank line."""
    if isinstance(row, Organisation):
        return row.pk
    if isinstance(row, Contract):
        return row.seller_id
    contract = getattr(row, "contract", None)
    return contract.seller_id if contract is not None else getattr(row, "book_id", None)


@rules.predicate
def decides_for_book(user: Any, row: Any) -> bool:
    return access.may_decide_for(user, book_of(row))


rules.add_perm("settlement.bill", rules.always_deny)
rules.add_perm("settlement.record", decides_for_book)
rules.add_perm("settlement.reverse", decides_for_book)
rules.add_perm("settlement.write_off", decides_for_book)
rules.add_perm("settlement.import_bank", decides_for_book)
rules.add_perm("settlement.match_line", decides_for_book)
rules.add_perm("settlement.ignore_line", decides_for_book)
rules.add_perm("settlement.release_line", decides_for_book)
rules.add_perm("settlement.record_invoice", decides_for_book)
rules.add_perm("settlement.correct_invoice", decides_for_book)
rules.add_perm("settlement.withdraw_invoice", decides_for_book)

# Commissions of brokers


def commission_of(row: Any) -> Any:
    return row if isinstance(row, Commission) else getattr(row, "commission", None)


@rules.predicate
def decides_for_principal(user: Any, row: Any) -> bool:
    commission = commission_of(row)
    return commission is not None and access.may_decide_for(user, commission.principal_id)


@rules.predicate
def decides_for_broker(user: Any, row: Any) -> bool:
    """The agency's deciders, and the technology manager who has a part of it."""
    commission = commission_of(row)
    if commission is None:
        return False
    mandate = commission.mandate
    is_agencys = mandate.agency is not None and access.may_decide_for(user, mandate.agency.organisation_id)
    return is_agencys or mandate.manager_id == user.pk


# Claims on guarantees: who has the money records it, who is asked answers


@rules.predicate
def decides_for_guarantor(user: Any, row: Any) -> bool:
    """The guarantor of a claim; a deposit has none."""
    guarantee = getattr(row, "guarantee", None)
    return guarantee is not None and access.may_decide_for(user, guarantee.guarantor_id)


@rules.predicate
def decides_for_creditor(user: Any, row: Any) -> bool:
    """The guarantor that paid: of a recourse, or of a recovery under one."""
    return access.may_decide_for(user, getattr(getattr(row, "recourse", row), "creditor_id", None))


@rules.predicate
def decides_for_licensee(user: Any, row: Any) -> bool:
    contract = getattr(row, "contract", None)
    return contract is not None and access.may_decide_for(user, contract.buyer_id)


rules.add_perm("settlement.file_claim", decides_for_book)
rules.add_perm("settlement.supply_claim", decides_for_book)
rules.add_perm("settlement.withdraw_claim", decides_for_book)
rules.add_perm("settlement.compensate", decides_for_book)
rules.add_perm("settlement.reverse_compensation", decides_for_book)
rules.add_perm("settlement.pass_on", decides_for_book)
rules.add_perm("settlement.return_part", decides_for_book)
rules.add_perm("settlement.ask_about_claim", decides_for_guarantor)
rules.add_perm("settlement.accept_claim", decides_for_guarantor)
rules.add_perm("settlement.refuse_claim", decides_for_guarantor)
rules.add_perm("settlement.record_recovery", decides_for_creditor)
rules.add_perm("settlement.reverse_recovery", decides_for_creditor)
rules.add_perm("settlement.forgo", decides_for_creditor)
rules.add_perm("settlement.answer_recourse", decides_for_licensee)
rules.add_perm("settlement.close_claim", rules.always_deny)


# Credit notices: who gives one answers for it; staff may correct what was contested


@rules.predicate
def decides_for_issuer(user: Any, row: Any) -> bool:
    return access.may_decide_for(user, getattr(row, "issuer_id", None))


@rules.predicate
def decides_for_subject(user: Any, row: Any) -> bool:
    return access.may_decide_for(user, getattr(row, "subject_id", None))


@rules.predicate
def is_staff(user: Any, row: Any) -> bool:
    return access.is_platform_staff(user)


rules.add_perm("settlement.open_commission", rules.always_deny)
rules.add_perm("settlement.follow_commission", rules.always_deny)
rules.add_perm("settlement.claim_commission", decides_for_broker)
rules.add_perm("settlement.bill_commission", decides_for_broker)
rules.add_perm("settlement.pay_commission", decides_for_principal)
rules.add_perm("settlement.dispute_commission", decides_for_principal)
rules.add_perm("settlement.settle_commission", decides_for_principal | is_staff)
rules.add_perm("settlement.announce_credit", decides_for_issuer)
rules.add_perm("settlement.push_credit", decides_for_issuer)
rules.add_perm("settlement.withdraw_credit", decides_for_issuer)
rules.add_perm("settlement.answer_credit", decides_for_subject)
rules.add_perm("settlement.contest_credit", decides_for_subject)
rules.add_perm("settlement.uphold_credit", decides_for_issuer)
rules.add_perm("settlement.correct_credit", decides_for_issuer | is_staff)

# Sharing


def is_payee_of(user: Any, distribution: Any) -> bool:
    return distribution.shares.filter(payee__user_id=user.pk).exists()


@rules.predicate
def approves_for_others(user: Any, row: Any) -> bool:
    """A second person, who has no share in it: nobody approves what they proposed or receive."""
    return decides_for_book(user, row) and row.proposed_by_id != user.pk and not is_payee_of(user, row)


@rules.predicate
def resolves_for_others(user: Any, row: Any) -> bool:
    """Neither who raised it, nor somebody who has a share in what it blocks."""
    return decides_for_book(user, row) and row.raised_by_id != user.pk and not is_payee_of(user, row.distribution)


@rules.predicate
def is_own_payee(user: Any, row: Any) -> bool:
    payee = getattr(row, "payee", row)
    return payee is not None and getattr(payee, "user_id", None) == user.pk and user.pk is not None


rules.add_perm("settlement.keep_payee", decides_for_book)
rules.add_perm("settlement.keep_account", decides_for_book | is_own_payee)
rules.add_perm("settlement.record_rule", decides_for_book)
rules.add_perm("settlement.record_cost", decides_for_book)
rules.add_perm("settlement.draft_plan", decides_for_book)
rules.add_perm("settlement.withdraw_plan", decides_for_book)
rules.add_perm("settlement.sign_plan", is_own_payee)
rules.add_perm("settlement.sign_on_paper", decides_for_book)
rules.add_perm("settlement.propose", decides_for_book)
rules.add_perm("settlement.show_reward", decides_for_book)
rules.add_perm("settlement.approve", approves_for_others)
rules.add_perm("settlement.withdraw", decides_for_book)
rules.add_perm("settlement.reverse_distribution", decides_for_book)
rules.add_perm("settlement.hold", decides_for_book | is_own_payee)
rules.add_perm("settlement.resolve_hold", resolves_for_others)
rules.add_perm("settlement.pay_out", decides_for_book)
rules.add_perm("settlement.give_back", decides_for_book)

# Equity: a stake in a company, and who holds which part of it


@rules.predicate
def approves_for_holders(user: Any, row: Any) -> bool:
    """A second person, who holds nothing of it."""
    decides = decides_for_book(user, row) and row.proposed_by_id != user.pk
    return decides and not row.holdings.filter(payee__user_id=user.pk).exists()


rules.add_perm("settlement.record_stake", decides_for_book)
rules.add_perm("settlement.keep_stake_paper", decides_for_book)
rules.add_perm("settlement.register_stake", decides_for_book)
rules.add_perm("settlement.end_stake", decides_for_book)
rules.add_perm("settlement.allot", decides_for_book)
rules.add_perm("settlement.set_vesting", decides_for_book)
rules.add_perm("settlement.show_leaders", decides_for_book)
rules.add_perm("settlement.approve_allotment", approves_for_holders)
rules.add_perm("settlement.withdraw_allotment", decides_for_book)
rules.add_perm("settlement.leave", decides_for_book)
rules.add_perm("settlement.entrust", decides_for_book)
rules.add_perm("settlement.unwind", decides_for_book)
rules.add_perm("settlement.follow_reward", rules.always_deny)  # what follows from a notice or a payment
