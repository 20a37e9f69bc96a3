"""Leads, mandates, introductions, deals, agreements in the workspace; their buttons on matches and on the market."""

from . import market, match, moving, standing
from .confidential import NdaShowingAdmin
from .deal import TWO_SIDES, DealAdmin
from .deal_file import DealFileAdmin
from .interest import DisclosureAdmin, InterestAdmin
from .introduction import IntroductionAdmin
from .lead import LeadAdmin, clock_of
from .mandate import MandateAdmin
from .meeting import MeetingAdmin
from .message import MessageAdmin
from .nda import NdaAdmin
from .service_order import ServiceOrderAdmin
from .task import TaskAdmin

__all__ = [
    "TWO_SIDES",
    "DealAdmin",
    "DealFileAdmin",
    "DisclosureAdmin",
    "InterestAdmin",
    "IntroductionAdmin",
    "LeadAdmin",
    "MandateAdmin",
    "MeetingAdmin",
    "MessageAdmin",
    "NdaAdmin",
    "NdaShowingAdmin",
    "ServiceOrderAdmin",
    "TaskAdmin",
    "clock_of",
    "market",
    "match",
    "moving",
    "standing",
]
