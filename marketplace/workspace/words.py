"""What the journal's verbs and states are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.brokerage.models import Deal, Lead
from marketplace.core.models import Entry
from marketplace.listings.models import Achievement, Demand
from marketplace.parties.models import Agency, Organisation, TechnologyManager

ACTS = {
    "parties.apply": _("applied"),
    "parties.edit": _("changed the particulars"),
    "parties.verify": _("verified"),
    "parties.suspend": _("suspended"),
    "parties.admit": _("admitted a member"),
    "parties.end_membership": _("ended a role"),
    "parties.apply_qualification": _("applied for registration"),
    "parties.register_qualification": _("registered"),
    "parties.remove_qualification": _("struck from the register"),
    "listings.draft": _("drafted"),
    "listings.edit": _("changed"),
    "listings.offer": _("changed the licensing offers"),
    "listings.submit": _("submitted for review"),
    "listings.publish": _("published"),
    "listings.return": _("returned for correction"),
    "listings.revise": _("took back to draft"),
    "listings.withdraw": _("withdrew"),
    "listings.renew": _("renewed"),
    "listings.set_interest": _("opened or closed for interest"),
    "listings.expire": _("expired"),
    "listings.archive": _("archived"),
    "listings.hide": _("hidden with its organisation"),
    "listings.take_over": _("took over from another collection"),
    "listings.add_right": _("entered a right"),
    "listings.edit_right": _("corrected a right"),
    "discovery.judge": _("judged a match"),
    "discovery.restore": _("took a judgement back"),
    "brokerage.express_interest": _("expressed interest"),
    "brokerage.answer": _("answered"),
    "brokerage.withdraw_lead": _("withdrew the interest"),
    "brokerage.lapse": _("lapsed without an answer"),
    "brokerage.open_deal": _("opened a deal"),
    "brokerage.lose": _("closed as lost"),
}
STATED = (Achievement, Demand, Lead, Deal, Organisation, TechnologyManager, Agency)
STATES: dict[tuple[str, str], Any] = {
    (model._meta.label_lower, value): label for model in STATED for value, label in model.State.choices
}


def act(entry: Entry) -> Any:
    return ACTS.get(entry.verb, entry.verb)


def moved(entry: Entry) -> str:
    """The state it moved to, and from which when it moved."""
    before, after = (STATES.get((entry.subject_type, each), each) for each in (entry.from_state, entry.to_state))
    if not entry.from_state or entry.from_state == entry.to_state:
        return str(after)
    return f"{before} → {after}"


def actor(entry: Entry, named: set[int] | None) -> Any:
    """Who did it, by name where the reader may know."""
    if entry.actor_id is None:
        return _("system")
    if named is None or entry.actor_id in named:
        return entry.actor
    return _("somebody of another side")
