"""Who may open, answer and withdraw leads, and who opens deals."""

from typing import Any

import rules

from marketplace.parties import access

from .models import Deal, Lead


@rules.predicate
def decides_for_sender(user: Any, lead: Lead | None) -> bool:
    return lead is not None and access.may_decide_for(user, lead.sender_id)


@rules.predicate
def decides_for_receiver(user: Any, lead: Lead | None) -> bool:
    return lead is not None and access.may_decide_for(user, lead.receiver_id)


@rules.predicate
def is_technology_manager(user: Any) -> bool:
    return access.is_technology_manager(user)


@rules.predicate
def manages_deal(user: Any, deal: Deal | None) -> bool:
    return deal is not None and deal.manager_id == user.pk


@rules.predicate
def has_no_interest(user: Any, deal: Deal | None) -> bool:
    """A technology manager may not hold an undisclosed interest in either side (DOMAIN 7.3)."""
    return deal is not None and not {deal.supplier_id, deal.seeker_id} & set(access.roles(user))


rules.add_perm("brokerage.express_interest", decides_for_sender)
rules.add_perm("brokerage.answer", decides_for_receiver)
rules.add_perm("brokerage.withdraw_lead", decides_for_sender)
rules.add_perm("brokerage.lapse", rules.always_deny)
rules.add_perm("brokerage.open_deal", is_technology_manager & manages_deal & has_no_interest)
rules.add_perm("brokerage.lose", manages_deal)
