"""Listings: to review for staff; returned, drafted and expiring for their owners."""

from typing import Any

from django.db.models import Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import labelled
from marketplace.core.workspace import Waiting, Waits, Work, add_work
from marketplace.law.admin import name_of as code_name
from marketplace.listings import rules
from marketplace.listings.models import Achievement, Demand, Listing
from marketplace.parties import access

from .asking import day_at, in_state, joined, name_of, title_of

KINDS: tuple[type[Listing], ...] = (Achievement, Demand)
BREAK = "\n"  # between a reason and its note


def to_review(model: Any) -> Any:
    waiting = model.objects.filter(state=Listing.State.SUBMITTED)
    return lambda user: waiting.all() if access.is_platform_staff(user) else None


def unfinished(model: Any) -> Any:
    def rows(user: Any) -> Any:
        mine = access.organisation_ids(user)
        return model.objects.filter(owner_id__in=mine, state__in=("returned", "draft")) if mine else None

    return rows


def expiring(model: Any) -> Any:
    def rows(user: Any) -> Any:
        mine, today = access.organisation_ids(user), timezone.localdate()
        last = (today, today + rules.WARNING_BEFORE)
        own = model.objects.filter(owner_id__in=mine, state=Listing.State.PUBLISHED, expires_on__range=last)
        return own if mine else None

    return rows


def is_draft(row: Waiting) -> bool:
    """A returned listing comes before drafts."""
    return row.state != Listing.State.RETURNED


def what_to_mend(row: Waiting) -> str:
    """The reviewer's reason and note; of a draft, what it is."""
    if is_draft(row):
        return str(row.model._meta.verbose_name)
    code, _break, note = row.about.partition(BREAK)
    return labelled(code_name("return_reason", code), note)


def state_of(row: Waiting) -> Any:
    return Listing.State(row.state).label


def kind_of(row: Waiting) -> str:
    return str(row.model._meta.verbose_name)


def by_day(row: Waiting) -> Any:
    return row.day


def day_of(row: Waiting) -> str:
    return row.day.isoformat() if row.day else ""


def first_listing(user: Any) -> tuple[Any, str]:
    """A firm begins with a demand, the others with an achievement."""
    kinds = {row.kind for row in access.own(user)}
    return _("New listing"), reverse(
        "admin:listings_demand_add" if kinds == {"FIRM"} else "admin:listings_achievement_add"
    )


REASON = joined("return_code", Value(BREAK), "return_note")

add_work(
    *(
        Work(
            name=f"{model._meta.model_name}s-to-review",
            title=title,
            order=order,
            of=(
                Waits(
                    model, to_review(model), by=("submitted_at", "id"),
                    title=title_of(), about=name_of("owner"), day=day_at("submitted_at"),
                ),
            ),
            side=day_of,
            more=in_state(model, Listing.State.SUBMITTED),
            empty=_("Nothing waits for review."),
        )
        for model, title, order in (
            (Achievement, _("Achievements to review"), 80),
            (Demand, _("Demands to review"), 81),
        )
    ),
    Work(
        name="unfinished",
        title=_("Returned to you, and drafts"),
        order=60,
        of_trade=True,
        of=tuple(
            Waits(
                model, unfinished(model), by=("-state", "-changed_at"),
                title=title_of(), about=REASON, state="state",
            )
            for model in KINDS
        ),
        note=what_to_mend,
        side=state_of,
        sort=is_draft,
        more=in_state(Achievement, Listing.State.RETURNED),
        empty=_("Nothing to mend. Write down an achievement or a demand and matches come by themselves."),
        start=first_listing,
    ),
    Work(
        name="expiring",
        title=_("Expiring within 14 days"),
        order=61,
        of_trade=True,
        of=tuple(
            Waits(model, expiring(model), by=("expires_on", "id"), title=title_of(), day="expires_on")
            for model in KINDS
        ),
        note=kind_of,
        sort=by_day,
        empty=_("No listing of yours expires soon."),
    ),
)  # fmt: skip
