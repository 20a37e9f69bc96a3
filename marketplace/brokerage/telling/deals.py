"""Tells people how a deal moves and who waits for them: no amount, no text, no name of an anonymous side."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.access import SYSTEM
from marketplace.core.letters import link, post
from marketplace.core.notifying import add_kinds
from marketplace.core.workspace import page_url
from marketplace.parties.telling import tell

from ..models import Deal

add_kinds(deal=gettext_lazy("a deal of yours moves, or waits for you"))
JOINED = gettext_lazy("The other side of a deal wants to talk")
MOVED = gettext_lazy("A deal waits for you until %(day)s")
AGREED = gettext_lazy("Both sides of a deal agreed on the terms")
LOST = gettext_lazy("A deal was closed without an agreement")
TAKEN_UP = gettext_lazy("A deal that was closed is taken up again")
WAITS = {
    "coming": gettext_lazy("A deal waits for your answer until %(day)s"),
    "passed": gettext_lazy("A deal has waited for your answer since %(day)s"),
}
LATE = gettext_lazy("In a deal of yours nobody answered by %(day)s")


def about(deal: Deal) -> Any:
    return lambda: f"{deal.demand.title} ↔ {deal.achievement.title}"


def awaited_organisations(deal: Deal) -> list[int]:
    sides = {"supplier": [deal.supplier_id], "seeker": [deal.seeker_id], "both": [deal.supplier_id, deal.seeker_id]}
    return sides.get(deal.awaited, [])


def to_manager(deal: Deal, key: str, subject: Any, *, by: Any) -> None:
    if deal.manager_id == by.pk:
        return

    def body() -> str:
        return f"{about(deal)()}\n{link(page_url(deal))}"

    full = f"deal:{deal.public_id}:{key}:{deal.manager_id}"
    post(full, subject=subject, body=body, user=deal.manager, language=settings.LANGUAGE_CODE)


def to_sides(deal: Deal, organisations: list[int], key: str, subject: Any, *, by: Any) -> None:
    full, path = f"deal:{deal.public_id}:{key}", page_url(deal)
    for organisation_id in organisations:
        tell(organisation_id, full, subject=subject, about=about(deal), path=path, by=by)


def deal_joined(deal: Deal, side: str, *, by: Any) -> None:
    """The manager, and the side that has not said so yet."""
    other = [deal.seeker_id] if side == "supplier" else [deal.supplier_id]
    key = f"joined:{side}:{deal.taken_up_on or ''}"  # once more after a new beginning
    to_sides(deal, other, key, JOINED, by=by)
    to_manager(deal, key, JOINED, by=by)


def deal_moved(deal: Deal, *, by: Any) -> None:
    """Whoever must act next."""

    def subject() -> str:
        return _("A deal waits for you until %(day)s") % {"day": deal.answer_by}

    key = f"moved:{deal.version}"
    to_sides(deal, awaited_organisations(deal), key, subject, by=by)
    if deal.awaited == Deal.Awaited.MANAGER:
        to_manager(deal, key, subject, by=by)


def deal_agreed(deal: Deal, *, by: Any) -> None:
    to_sides(deal, [deal.supplier_id, deal.seeker_id], f"agreed:{deal.version}", AGREED, by=by)
    to_manager(deal, f"agreed:{deal.version}", AGREED, by=by)


def deal_lost(deal: Deal, *, by: Any) -> None:
    key = f"lost:{deal.version}"
    to_sides(deal, [deal.supplier_id, deal.seeker_id], key, LOST, by=by)
    to_manager(deal, key, LOST, by=by)


def deal_taken_up(deal: Deal, *, by: Any) -> None:
    """Both sides and the manager; the reason is on the page, not in the letter."""
    key = f"taken_up:{deal.version}"
    to_sides(deal, [deal.supplier_id, deal.seeker_id], key, TAKEN_UP, by=by)
    to_manager(deal, key, TAKEN_UP, by=by)


def deal_waits(deal: Deal, said: str) -> None:
    """Once before the day and once after it; after it the manager hears that nobody answered."""

    def words(text: Any) -> Any:
        return lambda: str(text) % {"day": deal.answer_by}

    key = f"{said}:{deal.answer_by}"
    to_sides(deal, awaited_organisations(deal), key, words(WAITS[said]), by=SYSTEM)
    if deal.awaited == Deal.Awaited.MANAGER:
        to_manager(deal, key, words(WAITS[said]), by=SYSTEM)
    elif said == "passed":
        to_manager(deal, key, words(LATE), by=SYSTEM)
