"""What happens to registrations of contracts: the only writer."""

from .changing import ask_change, make_change, refuse_change
from .deciding import accept, ask, consult, refuse, register, retype
from .drafting import draft, edit, put_costs
from .ending import cancel, revoke
from .filing import contest, hand_in_paper, submit, supply, withdraw
from .printing import make_form
from .recording import record

__all__ = [
    "accept",
    "ask",
    "ask_change",
    "cancel",
    "consult",
    "contest",
    "draft",
    "edit",
    "hand_in_paper",
    "make_change",
    "make_form",
    "put_costs",
    "record",
    "refuse",
    "refuse_change",
    "register",
    "retype",
    "revoke",
    "submit",
    "supply",
    "withdraw",
]
