"""Who may act on listings and rights."""

from typing import Any

import rules

from marketplace.parties import access


@rules.predicate
def drafts_for_owner(user: Any, row: Any) -> bool:
    return row is not None and access.may_draft_for(user, row.owner_id)


@rules.predicate
def decides_for_owner(user: Any, row: Any) -> bool:
    return row is not None and access.may_decide_for(user, row.owner_id)


@rules.predicate
def is_reviewer(user: Any) -> bool:
    return access.is_platform_staff(user)


@rules.predicate
def is_not_own(user: Any, row: Any) -> bool:
    """Four eyes: nobody reviews a listing of an organisation they belong to."""
    return row is not None and row.owner_id not in access.roles(user)


@rules.predicate
def is_on_market(user: Any, row: Any) -> bool:
    return row is not None and row.state == row.State.PUBLISHED


rules.add_perm("listings.draft", drafts_for_owner)
rules.add_perm("listings.edit", drafts_for_owner)
rules.add_perm("listings.submit", decides_for_owner)
rules.add_perm("listings.revise", decides_for_owner | (drafts_for_owner & ~is_on_market))
rules.add_perm("listings.withdraw", decides_for_owner | is_reviewer)
rules.add_perm("listings.renew", decides_for_owner)
rules.add_perm("listings.set_interest", decides_for_owner)
rules.add_perm("listings.publish", is_reviewer & is_not_own)
rules.add_perm("listings.return", is_reviewer & is_not_own)
rules.add_perm("listings.expire", rules.always_deny)  # the nightly task alone
rules.add_perm("listings.archive", rules.always_deny)
rules.add_perm("listings.hide", rules.always_deny)
rules.add_perm("listings.take_over", rules.always_deny)  # collections come in by command alone
rules.add_perm("listings.offer", drafts_for_owner)
rules.add_perm("listings.add_right", drafts_for_owner)
rules.add_perm("listings.edit_right", drafts_for_owner)
