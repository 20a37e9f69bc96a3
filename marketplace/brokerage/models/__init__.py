"""What is true of leads, mandates, introductions, deals and their agreements, and who can see it."""

from .deal import Deal, DealQuerySet
from .deal_file import DealFile, DealFileVersion
from .interest import Disclosure, Interest
from .introduction import Introduction
from .lead import Lead, LeadQuerySet
from .mandate import Mandate, MandateScope
from .meeting import LONGEST_NOTES, Acknowledgement, Meeting, MeetingNotes
from .message import LONGEST_MESSAGE, Mention, Message, ReadingMark
from .nda import BoundPerson, Nda, NdaSignature, Side
from .nda_showing import NdaShowing
from .room import Audience, Seat
from .service_order import ServiceOrder
from .task import Task, Tick

__all__ = [
    "LONGEST_MESSAGE",
    "LONGEST_NOTES",
    "Acknowledgement",
    "Audience",
    "BoundPerson",
    "Deal",
    "DealFile",
    "DealFileVersion",
    "DealQuerySet",
    "Disclosure",
    "Interest",
    "Introduction",
    "Lead",
    "LeadQuerySet",
    "Mandate",
    "MandateScope",
    "Meeting",
    "MeetingNotes",
    "Mention",
    "Message",
    "Nda",
    "NdaShowing",
    "NdaSignature",
    "ReadingMark",
    "Seat",
    "ServiceOrder",
    "Side",
    "Task",
    "Tick",
]
