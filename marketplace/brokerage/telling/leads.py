"""Tells people of leads and deals. Titles are those of the market; who stays anonymous is not named."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.notifying import add_kinds
from marketplace.core.workspace import page_url
from marketplace.parties.telling import tell

from ..models import Deal, Lead

add_kinds(
    lead_opened=gettext_lazy("somebody is interested in a listing of yours"),
    lead_answered=gettext_lazy("an owner answered your interest, or let it lapse"),
    deal_opened=gettext_lazy("a technology manager opens a deal with you"),
)
ANSWERS = {
    Lead.State.ACCEPTED: gettext_lazy("The owner wants to talk with you"),
    Lead.State.DECLINED: gettext_lazy("The owner declined your interest and says why"),
    Lead.State.LAPSED: gettext_lazy("The owner did not answer in time; your interest has lapsed"),
}


def lead_opened(lead: Lead, *, by: Any) -> None:
    """The owner has a clock to answer."""

    def subject() -> str:
        words = {"who": lead.sender, "day": lead.answer_by.isoformat()}
        return _("%(who)s is interested in your listing; please answer by %(day)s") % words

    key = f"lead_opened:{lead.public_id}"
    tell(lead.receiver_id, key, subject=subject, about=lambda: lead.listing.title, path=page_url(lead), by=by)


def lead_answered(lead: Lead, *, by: Any) -> None:
    key, subject = f"lead_answered:{lead.public_id}", ANSWERS[Lead.State(lead.state)]
    tell(lead.sender_id, key, subject=subject, about=lambda: lead.listing.title, path=page_url(lead), by=by)


def deal_opened(deal: Deal, *, by: Any) -> None:
    """Both sides; an anonymous one is not named to the other."""

    def about() -> str:
        return f"{deal.demand.title} ↔ {deal.achievement.title}"

    subject, path = gettext_lazy("A technology manager brings you together with a partner"), page_url(deal)
    for organisation_id in (deal.supplier_id, deal.seeker_id):
        tell(organisation_id, f"deal_opened:{deal.public_id}", subject=subject, about=about, path=path, by=by)
