"""Tells people what concerns them of leads, deals and their rooms, agreements, mandates, introductions, orders."""

from .deals import deal_agreed, deal_joined, deal_lost, deal_moved, deal_taken_up, deal_waits
from .leads import deal_opened, lead_answered, lead_opened
from .mandates import broker_removed, deciders, page_of, people_of, tell
from .ndas import file_added, nda_drafted, nda_ended, nda_ending, nda_signed, nda_withdrawn, person_bound
from .room import message_posted, notes_written, room_path, task_closed, task_given, task_waits
from .service_orders import service_answered, service_delivered, service_judged, service_ordered

__all__ = [
    "broker_removed",
    "deal_agreed",
    "deal_joined",
    "deal_lost",
    "deal_moved",
    "deal_opened",
    "deal_taken_up",
    "deal_waits",
    "deciders",
    "file_added",
    "lead_answered",
    "lead_opened",
    "message_posted",
    "nda_drafted",
    "nda_ended",
    "nda_ending",
    "nda_signed",
    "nda_withdrawn",
    "notes_written",
    "page_of",
    "people_of",
    "person_bound",
    "room_path",
    "service_answered",
    "service_delivered",
    "service_judged",
    "service_ordered",
    "task_closed",
    "task_given",
    "task_waits",
    "tell",
]
