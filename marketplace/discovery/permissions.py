"""Who may judge a match: a technology manager for herself, an officer for one of its two sides. Whose a search is."""

from typing import Any

import rules

from marketplace.parties import access

from .models import Judgement, SavedSearch


@rules.predicate
def judges_own_side(user: Any, judgement: Judgement | None) -> bool:
    if judgement is None:
        return False
    if judgement.organisation_id is None:
        return judgement.by_id == user.pk and access.is_technology_manager(user)
    match = judgement.match
    sides = {row.listing.owner_id for row in (match.achievement, match.demand)}
    return judgement.organisation_id in sides and access.may_decide_for(user, judgement.organisation_id)


@rules.predicate
def is_own_search(user: Any, search: SavedSearch | None) -> bool:
    return search is not None and search.user_id == user.pk


rules.add_perm("discovery.judge", judges_own_side)
rules.add_perm("discovery.save_search", is_own_search)
rules.add_perm("discovery.edit_search", is_own_search)
rules.add_perm("discovery.switch_search_off", is_own_search)
rules.add_perm("discovery.switch_search_on", is_own_search)
rules.add_perm("discovery.remove_search", is_own_search)
