"""What happens in the register: the only writer."""

from ..counting import contracts_in
from .applying import Evidence, apply_again, apply_as_agency, apply_as_manager, renew, supplement, withdraw
from .consents import ask_consent, give_consent, refuse_consent, withdraw_consent
from .deciding import grant, refuse, send_back, take_over
from .filing import accept_filing, correct_filing, file_year, return_filing
from .portfolios import MOST_CASES, cases_of, find_portfolio, make_portfolio
from .reminding import remind
from .removing import announce_removal, ask_removal, drop, remove, reply

__all__ = [
    "MOST_CASES",
    "Evidence",
    "accept_filing",
    "announce_removal",
    "apply_again",
    "apply_as_agency",
    "apply_as_manager",
    "ask_consent",
    "ask_removal",
    "cases_of",
    "contracts_in",
    "correct_filing",
    "drop",
    "file_year",
    "find_portfolio",
    "give_consent",
    "grant",
    "make_portfolio",
    "refuse",
    "refuse_consent",
    "remind",
    "remove",
    "renew",
    "reply",
    "return_filing",
    "send_back",
    "supplement",
    "take_over",
    "withdraw",
    "withdraw_consent",
]
