"""Wording: findings and proposals in words, with what to do about each."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.law import codes

from .rules.proposing import Proposal, Why

SENTENCES: dict[str, str | Promise] = {
    "E_ORAL": gettext_lazy("There is no text of the contract. Only written contracts are registered."),
    "E_NOT_EFFECTIVE": gettext_lazy("The contract is not in force today. It is registered while it is."),
    "E_CONTRACT_EXPIRED": gettext_lazy("The contract is over. It is registered while it is in force."),
    "E_REGION_CODE": gettext_lazy("The region of a side is not known. Ask the platform to correct it."),
    "E_SUBTYPE_MISMATCH": gettext_lazy("This sub-type is not one of this type."),
    "E_IP_REQUIRED": gettext_lazy(
        "A transfer or a licence is of an existing right. Name its kind, or choose another type of contract."
    ),
    "E_PATENT_EXPIRED": gettext_lazy("Every patent behind it had run out when it was signed."),
    "E_TECH_GT_TOTAL": gettext_lazy("More is deducted than the whole contract amount."),
    "E_PRICE_UNCLEAR": gettext_lazy(
        "The price is not said. Write the amount, or tick that a part of it is not known yet."
    ),
    "E_EXPECTED_OUTPUT": gettext_lazy("Of a transfer, write the expected new investment and output value."),
    "E_REQUIRED": gettext_lazy("This is needed."),
    "W_LICENCE_LT_5Y": gettext_lazy("A licence of less than five years brings no relief of corporate income tax."),
    "W_CNIPA_3_MONTHS": gettext_lazy(
        "A patent licence is recorded at the patent office within three months of taking effect."
    ),
    "W_CNIPA_LATE": gettext_lazy(
        "The three months for recording the patent licence at the patent office have passed. Record it now."
    ),
    "W_AMOUNT_OPEN": gettext_lazy(
        "A part of the price is not known yet. Enter what came of it as a change before a relief is claimed."
    ),
}
REASONS: dict[Why, str | Promise] = {
    Why.MAIN_RIGHT: gettext_lazy("By the main right of the achievement: %(right)s."),
    Why.SHARES: gettext_lazy("Only shares are given for it, which counts as a transfer. Its main right: %(right)s."),
    Why.NO_RIGHT: gettext_lazy(
        "The achievement has no right on record. What is in the public domain is not licensed but a service."
    ),
    Why.KIND: gettext_lazy("By the type of the contract."),
}


def sentence_of(code: str) -> str:
    return str(SENTENCES[code])


def why(proposal: Proposal) -> str:
    """What is proposed, and why."""
    names = codes.label("contract_type", proposal.type), codes.label("contract_subtype", proposal.subtype)
    right = codes.label("ip_type", proposal.ip_type)
    reason = str(REASONS[proposal.why]) % {"right": right}
    return _("Proposed: %(type)s, %(subtype)s. %(reason)s") % {"type": names[0], "subtype": names[1], "reason": reason}
