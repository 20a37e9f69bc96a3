"""Who may do what with a contract: always one of its sides, its technology manager, or the guarantor asked."""

from typing import Any

import rules

from marketplace.parties import access

from .models import Contract, Guarantee


def contract_of(row: Any) -> Contract | None:
    """The contract that a row belongs to: itself, or the one it names."""
    return row if isinstance(row, Contract) else getattr(row, "contract", None)


@rules.predicate
def decides_for_seller(user: Any, row: Any) -> bool:
    contract = contract_of(row)
    return contract is not None and access.may_decide_for(user, contract.seller_id)


@rules.predicate
def decides_for_buyer(user: Any, row: Any) -> bool:
    contract = contract_of(row)
    return contract is not None and access.may_decide_for(user, contract.buyer_id)


@rules.predicate
def manages(user: Any, row: Any) -> bool:
    """The contract's technology manager, while registered."""
    contract = contract_of(row)
    return (
        contract is not None
        and contract.manager_id is not None
        and contract.manager_id == user.pk
        and access.is_technology_manager(user)
    )


def decides_for(user: Any, row: Any, role: str) -> bool:
    """Whether the person decides for the side that the row names in that role; on nothing nobody does."""
    side = getattr(row, role, "")
    return bool(side) and (decides_for_seller if side == "SELLER" else decides_for_buyer)(user, row)


@rules.predicate
def decides_for_guarantor(user: Any, row: Any) -> bool:
    return isinstance(row, Guarantee) and access.may_decide_for(user, row.guarantor_id)


@rules.predicate
def decides_for_declarer(user: Any, row: Any) -> bool:
    """The side that the terms name as the one who declares."""
    return decides_for(user, row, "declared_by")


@rules.predicate
def decides_for_confirmer(user: Any, row: Any) -> bool:
    """The side that the terms name as the one who confirms."""
    return decides_for(user, row, "confirmed_by")


@rules.predicate
def is_staff(user: Any, row: Any) -> bool:
    return access.is_platform_staff(user)


either_side = decides_for_seller | decides_for_buyer
table = either_side | manages

# Towards a signature
rules.add_perm("contracts.apply", decides_for_buyer)
rules.add_perm("contracts.submit", decides_for_buyer)
rules.add_perm("contracts.answer_application", decides_for_seller)
rules.add_perm("contracts.draft", decides_for_seller | manages)
rules.add_perm("contracts.take_over", is_staff)
rules.add_perm("contracts.edit", table)
rules.add_perm("contracts.propose", table)
rules.add_perm("contracts.accept_terms", either_side)
rules.add_perm("contracts.reopen", either_side)
rules.add_perm("contracts.withdraw", either_side)
rules.add_perm("contracts.record_decision", decides_for_seller)
rules.add_perm("contracts.record_clearance", decides_for_seller)
rules.add_perm("contracts.open_notice", decides_for_seller)
rules.add_perm("contracts.make_text", table)
rules.add_perm("contracts.make_dossier", decides_for_seller)
rules.add_perm("contracts.sign", either_side)
rules.add_perm("contracts.clear", table)
rules.add_perm("contracts.lapse_application", rules.always_deny)

# The guarantee
rules.add_perm("contracts.propose_guarantee", table)
rules.add_perm("contracts.answer_guarantee", decides_for_guarantor)
rules.add_perm("contracts.record_deposit", decides_for_seller)
rules.add_perm("contracts.waive_guarantee", decides_for_seller)
rules.add_perm("contracts.release_guarantee", decides_for_seller)
rules.add_perm("contracts.restore_guarantee", rules.always_deny)
rules.add_perm("contracts.keep_standing", is_staff)
rules.add_perm("contracts.ask_cover", rules.always_deny)
rules.add_perm("contracts.use_cover", rules.always_deny)

# While it runs
rules.add_perm("contracts.deliver", decides_for_buyer)
rules.add_perm("contracts.extend_trial", decides_for_seller)
rules.add_perm("contracts.elect", decides_for_buyer)
rules.add_perm("contracts.confirm_return", decides_for_seller)
rules.add_perm("contracts.declare_milestone", decides_for_declarer)
rules.add_perm("contracts.answer_milestone", decides_for_confirmer)
rules.add_perm("contracts.waive_milestone", decides_for_seller)
rules.add_perm("contracts.submit_report", decides_for_buyer)
rules.add_perm("contracts.answer_report", decides_for_seller)
rules.add_perm("contracts.audit", decides_for_seller)
rules.add_perm("contracts.answer_audit", decides_for_buyer)
rules.add_perm("contracts.record_payment", decides_for_seller)
rules.add_perm("contracts.revoke_fact", decides_for_seller)
rules.add_perm("contracts.write_off", rules.always_deny)
rules.add_perm("contracts.demand", decides_for_seller)
rules.add_perm("contracts.terminate", decides_for_seller)
rules.add_perm("contracts.end_by_agreement", either_side)
rules.add_perm("contracts.complete", decides_for_seller)
rules.add_perm("contracts.buy_out", decides_for_buyer)
rules.add_perm("contracts.lose_right", decides_for_seller | is_staff)
rules.add_perm("contracts.dispute", either_side)
rules.add_perm("contracts.settle", either_side)
rules.add_perm("contracts.tick", rules.always_deny)
rules.add_perm("contracts.follow", rules.always_deny)
