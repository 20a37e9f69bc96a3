"""What is told once a day: listings that are new in a saved search, matches that an organisation's listings found.

The row is the queue: it says through which day was told. It moves on in the transaction that writes the letter, so a
day is told once, however often the task runs, and days that the task missed are told together.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, ngettext

from marketplace.core.access import SYSTEM
from marketplace.core.letters import link, post
from marketplace.core.notifying import add_kinds
from marketplace.listings.models import Projection
from marketplace.parties.telling import tell

from ..models import Match, MatchDigest, SavedSearch
from ..narrowing import narrow
from ..wording import WORTH_A_LOOK

DAY, LOOKED_BACK = timedelta(days=1), timedelta(days=7)
MOST_TITLES = 10
add_kinds(
    saved_search=gettext_lazy("something new is in a saved search"),
    matches=gettext_lazy("your listings found new matches"),
)


# Saved searches


def send_digests(today: date) -> int:
    """Write the letters that are due; return how many searches had something new."""
    return sum(send_digest(pk, today) for pk in SavedSearch.objects.due(today).values_list("pk", flat=True))


@transaction.atomic
def send_digest(pk: int, today: date) -> bool:
    """Tell what was published on the days that were not told yet. Another worker may have been here before."""
    search = SavedSearch.objects.due(today).select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if search is None:
        return False
    rows, count = new_in(search, today - DAY)
    if count:
        write(search, rows, count, today)
    SavedSearch.objects.filter(pk=pk).update(told_through=today - DAY)
    return bool(count)


def found_by(search: SavedSearch) -> Any:
    """Everything that the search finds now, as its owner sees the market."""
    rows = Projection.objects.visible_to(search.user).filter(kind=search.kind)
    return narrow(rows, search.kind, search.criteria)


def new_in(search: SavedSearch, last: date) -> tuple[list[Projection], int]:
    """The first listings published after what was told, through `last`, and how many there are."""
    rows = found_by(search).filter(published_on__gt=search.told_through, published_on__lte=last)
    rows = rows.order_by("-published_on", "-id")
    return list(rows[:MOST_TITLES]), rows.count()


def write(search: SavedSearch, rows: list[Projection], count: int, today: date) -> None:
    """Titles of the market and where they are; nothing that a visitor could not read."""

    def subject() -> str:
        words = {"name": search.name, "count": count}
        return ngettext("%(count)d new listing in “%(name)s”", "%(count)d new listings in “%(name)s”", count) % words

    def body() -> str:
        lines = [link(address(search)), *(f"· {row.title}" for row in rows), *(["…"] if count > len(rows) else [])]
        return "\n".join(lines)

    key = f"saved_search:{search.public_id}:{today.isoformat()}"
    post(
        key, subject=subject, body=body, user=search.user, language=settings.LANGUAGE_CODE, about=search.public_id
    )  # fmt: skip


def address(search: SavedSearch) -> str:
    """The public list, narrowed as the search says."""
    return f"{reverse(f'portal:{search.kind}s')}?{urlencode(search.criteria)}"


# Matches of one's own listings


def tell_matches(today: date) -> int:
    """Tell each organisation how many matches its listings found through yesterday; return how many were told."""
    recent = Match.objects.current().filter(found_at__date__gte=today - LOOKED_BACK, found_at__date__lt=today)
    sides = ("achievement__achievement__owner", "demand__demand__owner")
    pairs = recent.filter(score__gte=WORTH_A_LOOK).values_list(*sides)
    owners = {owner for pair in pairs.distinct() for owner in pair}
    return sum(tell_matches_of(owner, today) for owner in sorted(owners))


@transaction.atomic
def tell_matches_of(organisation_id: int, today: date) -> bool:
    MatchDigest.objects.get_or_create(organisation_id=organisation_id, defaults={"told_through": today - 2 * DAY})
    digest = MatchDigest.objects.select_for_update(no_key=True).get(organisation_id=organisation_id)
    if digest.told_through >= today - DAY:
        return False
    own = Q(achievement__achievement__owner=organisation_id) | Q(demand__demand__owner=organisation_id)
    new = Match.objects.current().filter(own, score__gte=WORTH_A_LOOK)
    count = new.filter(found_at__date__gt=digest.told_through, found_at__date__lt=today).count()
    if count:
        say_how_many(organisation_id, count, today)
    digest.told_through = today - DAY
    digest.save(update_fields=["told_through"])
    return bool(count)


def say_how_many(organisation_id: int, count: int, today: date) -> None:
    def subject() -> str:
        said = ngettext("Your listings found %(count)d new match", "Your listings found %(count)d new matches", count)
        return said % {"count": count}

    key, path = f"matches:{organisation_id}:{today.isoformat()}", f"{reverse('admin:discovery_match_judge')}"
    about = gettext_lazy("Keep what suits and dismiss the rest; the suggestions learn from it.")
    tell(organisation_id, key, subject=subject, about=about, path=path, by=SYSTEM)
