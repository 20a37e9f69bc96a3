"""Who may open, answer and withdraw leads, and who opens deals."""

from typing import Any

import rules

from marketplace.parties import access

from . import room
from .models import (
    Deal,
    Disclosure,
    Interest,
    Introduction,
    Lead,
    Mandate,
    Meeting,
    MeetingNotes,
    Message,
    ServiceOrder,
    Task,
    Tick,
)
from .rules.deals import SIDES


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
def decides_for_side(user: Any, deal: Deal | None) -> bool:
    return deal is not None and any(access.may_decide_for(user, each) for each in (deal.supplier_id, deal.seeker_id))


@rules.predicate
def has_no_interest(user: Any, deal: Deal | None) -> bool:
    """A technology manager may not hold an undisclosed interest in either side (DOMAIN 7.3)."""
    return deal is not None and not {deal.supplier_id, deal.seeker_id} & set(access.roles(user))


rules.add_perm("brokerage.express_interest", decides_for_sender)
rules.add_perm("brokerage.answer", decides_for_receiver)
rules.add_perm("brokerage.withdraw_lead", decides_for_sender)
rules.add_perm("brokerage.lapse", rules.always_deny)
rules.add_perm("brokerage.open_deal", is_technology_manager & manages_deal & has_no_interest)
rules.add_perm("brokerage.lose", manages_deal | decides_for_side)
rules.add_perm("brokerage.take_up", (is_technology_manager & manages_deal & has_no_interest) | decides_for_side)
rules.add_perm("brokerage.join", decides_for_side)
rules.add_perm("brokerage.waive_nda", decides_for_side)
rules.add_perm("brokerage.give_time", manages_deal)
for verb in ("begin_talks", "follow_offer", "agree", "reopen_talks", "lose_contract"):
    rules.add_perm(f"brokerage.{verb}", rules.always_deny)


# Mandates, introductions, interests and disclosures


@rules.predicate
def decides_for_principal(user: Any, mandate: Mandate | None) -> bool:
    return mandate is not None and access.may_decide_for(user, mandate.principal_id)


@rules.predicate
def decides_for_broker(user: Any, mandate: Mandate | None) -> bool:
    """The agency's deciders, or the technology manager where no agency is named."""
    if mandate is None:
        return False
    if mandate.agency is not None:
        return access.may_decide_for(user, mandate.agency.organisation_id)
    return mandate.manager_id == user.pk


@rules.predicate
def is_named_manager(user: Any, mandate: Mandate | None) -> bool:
    return mandate is not None and mandate.manager_id == user.pk and access.is_technology_manager(user)


@rules.predicate
def logs_own_introduction(user: Any, row: Introduction | None) -> bool:
    return row is not None and row.manager_id == user.pk


@rules.predicate
def decides_for_introduced(user: Any, row: Introduction | None) -> bool:
    return row is not None and any(access.may_decide_for(user, each) for each in (row.supplier_id, row.seeker_id))


@rules.predicate
def holds_interest(user: Any, row: Interest | None) -> bool:
    """Whose interest it is: the technology manager, or the agency's deciders."""
    if row is None:
        return False
    if row.agency is not None:
        return access.may_decide_for(user, row.agency.organisation_id)
    return row.manager_id == user.pk and access.is_technology_manager(user)


@rules.predicate
def discloses(user: Any, row: Disclosure | None) -> bool:
    return row is not None and row.manager_id == user.pk and access.is_technology_manager(user)


@rules.predicate
def decides_for_party(user: Any, row: Disclosure | None) -> bool:
    return row is not None and access.may_decide_for(user, row.party_id)


@rules.predicate
def is_staff(user: Any) -> bool:
    return access.is_platform_staff(user)


either_side = decides_for_principal | decides_for_broker
rules.add_perm("brokerage.draft_mandate", either_side | is_named_manager)
rules.add_perm("brokerage.take_over_mandate", is_staff)
rules.add_perm("brokerage.edit_mandate", either_side | is_named_manager)
rules.add_perm("brokerage.withdraw_mandate", either_side | is_named_manager)
rules.add_perm("brokerage.sign_mandate", either_side)
rules.add_perm("brokerage.end_mandate", either_side)
rules.add_perm("brokerage.terminate_mandate", either_side)
rules.add_perm("brokerage.begin_mandate", rules.always_deny)
rules.add_perm("brokerage.expire_mandate", rules.always_deny)
rules.add_perm("brokerage.log_introduction", is_technology_manager & logs_own_introduction)
rules.add_perm("brokerage.answer_introduction", decides_for_introduced)
rules.add_perm("brokerage.stand_introduction", rules.always_deny)
rules.add_perm("brokerage.declare_interest", holds_interest)
rules.add_perm("brokerage.end_interest", holds_interest)
rules.add_perm("brokerage.disclose", discloses)
rules.add_perm("brokerage.answer_disclosure", decides_for_party)


# Services on a listing


@rules.predicate
def decides_for_customer(user: Any, order: ServiceOrder | None) -> bool:
    return order is not None and access.may_decide_for(user, order.customer_id)


@rules.predicate
def decides_for_provider(user: Any, order: ServiceOrder | None) -> bool:
    return order is not None and access.may_decide_for(user, order.provider.organisation_id)


rules.add_perm("brokerage.order_service", decides_for_customer)
rules.add_perm("brokerage.withdraw_order", decides_for_customer)
rules.add_perm("brokerage.take_order", decides_for_provider)
rules.add_perm("brokerage.decline_order", decides_for_provider)
rules.add_perm("brokerage.deliver_order", decides_for_provider)
rules.add_perm("brokerage.complain", decides_for_customer)
rules.add_perm("brokerage.approve_order", decides_for_customer)
rules.add_perm("brokerage.close_order", decides_for_customer | decides_for_provider)


# Non-disclosure agreements


def deal_of(row: Any) -> Deal | None:
    """The deal that a row belongs to: itself, or the one that it or its agreement names."""
    if row is None or isinstance(row, Deal):
        return row
    return getattr(getattr(row, "nda", row), "deal", None)


@rules.predicate
def runs_deal_of(user: Any, row: Any) -> bool:
    """The deal's technology manager, while registered."""
    deal = deal_of(row)
    return deal is not None and deal.manager_id == user.pk and access.is_technology_manager(user)


@rules.predicate
def decides_for_side_of(user: Any, row: Any) -> bool:
    return decides_for_side(user, deal_of(row))


rules.add_perm("brokerage.draft_nda", runs_deal_of | decides_for_side_of)
rules.add_perm("brokerage.withdraw_nda", runs_deal_of | decides_for_side_of)
rules.add_perm("brokerage.sign_nda", decides_for_side_of)
rules.add_perm("brokerage.bind", decides_for_side_of)
rules.add_perm("brokerage.release", decides_for_side_of)
rules.add_perm("brokerage.terminate_nda", decides_for_side_of)
rules.add_perm("brokerage.end_nda", rules.always_deny)  # its last day, or the end of the deal
rules.add_perm("brokerage.follow_nda", rules.always_deny)
rules.add_perm("brokerage.add_file", decides_for_side_of)
rules.add_perm("brokerage.withdraw_file", decides_for_side_of)


# The room of a deal


@rules.predicate
def writes_to_readers(user: Any, row: Meeting | Message | Task | None) -> bool:
    """In the room, and among those whom the row is for."""
    return row is not None and bool(room.seat_for(user, row.deal, row.audience))


@rules.predicate
def is_author(user: Any, row: Meeting | Message | Task | None) -> bool:
    return row is not None and row.author_id == user.pk


rules.add_perm("brokerage.post_message", writes_to_readers)
rules.add_perm("brokerage.correct_message", writes_to_readers & is_author)
rules.add_perm("brokerage.withdraw_message", writes_to_readers & is_author)


@rules.predicate
def does_task(user: Any, task: Task | None) -> bool:
    return task is not None and user.pk in (task.assignee_id, task.deal.manager_id)


@rules.predicate
def writes_in_room(user: Any, tick: Tick | None) -> bool:
    return tick is not None and bool(room.seats(user, tick.deal))


rules.add_perm("brokerage.add_task", writes_to_readers)
for verb in ("change_task", "finish_task", "drop_task", "reopen_task"):
    rules.add_perm(f"brokerage.{verb}", writes_to_readers & (is_author | does_task))
rules.add_perm("brokerage.tick", writes_in_room)
rules.add_perm("brokerage.untick", writes_in_room)


def meeting_of(row: Any) -> Meeting | None:
    """The meeting that a row belongs to: itself, its notes' one, or that of the notes that were acknowledged."""
    if row is None or isinstance(row, Meeting):
        return row
    found: Meeting = row.meeting if isinstance(row, MeetingNotes) else row.notes.meeting
    return found


@rules.predicate
def writes_notes(user: Any, row: Any) -> bool:
    """Who wrote the meeting down, and the deal's manager, while in the room."""
    meeting = meeting_of(row)
    if meeting is None or not room.seat_for(user, meeting.deal, meeting.audience):
        return False
    return user.pk in (meeting.author_id, meeting.deal.manager_id)


@rules.predicate
def decides_for_reading_side(user: Any, row: Any) -> bool:
    meeting = meeting_of(row)
    return meeting is not None and any(
        meeting.audience in ("all", side) and access.may_decide_for(user, room.side_id(meeting.deal, side))
        for side in SIDES
    )


rules.add_perm("brokerage.write_meeting", writes_to_readers)
rules.add_perm("brokerage.edit_meeting", writes_notes)
rules.add_perm("brokerage.keep_notes", writes_notes)
rules.add_perm("brokerage.acknowledge_notes", decides_for_reading_side)
