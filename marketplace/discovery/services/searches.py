"""Saved searches: kept under a name, changed, their letters switched off and on, removed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import act, create, lock, record
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text

from ..models import SavedSearch
from ..narrowing import checked

DAY = timedelta(days=1)


def save_search(name: str, kind: str, criteria: Mapping[str, Any], *, by: Any, is_on: bool = True) -> SavedSearch:
    """Keep a search. What is published from today on is new to it.

    Raises Invalid for criteria that are not understood, Conflict when the person has twenty already.
    """
    search = SavedSearch(
        user_id=by.pk,
        name=named(name),
        kind=kind,
        criteria=checked(kind, criteria),
        is_on=is_on,
        told_through=timezone.localdate() - DAY,
    )
    if SavedSearch.objects.visible_to(by).count() >= SavedSearch.MOST:
        raise Conflict(_("You keep 20 searches already. Remove one first."), code="too_many_searches")
    with unique_name():
        return create(search, "discovery.save_search", by=by)


def edit_search(
    search: SavedSearch, *, by: Any, name: str | None = None, criteria: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> SavedSearch:  # fmt: skip
    """Change the name or what is looked for; what was told stays told."""
    with unique_name(), act(search, "discovery.edit_search", by=by, version=version) as search:
        if name is not None:
            search.name = named(name)
        if criteria is not None:
            search.criteria = checked(search.kind, criteria)
    return search


def switch_search_off(search: SavedSearch, *, by: Any, version: int | None = None) -> SavedSearch:
    """No more letters; the search stays in the list."""
    with act(search, "discovery.switch_search_off", by=by, version=version) as search:
        search.is_on = False
    return search


def switch_search_on(search: SavedSearch, *, by: Any, version: int | None = None) -> SavedSearch:
    """Letters again, about what is published from today on."""
    with act(search, "discovery.switch_search_on", by=by, version=version) as search:
        if not search.is_on:
            search.is_on, search.told_through = True, timezone.localdate() - DAY
    return search


@transaction.atomic
def remove_search(search: SavedSearch, *, by: Any) -> None:
    """Forget a search."""
    search = lock(search)
    require("discovery.remove_search", by, search)
    record("discovery.remove_search", search, by=by)
    search.delete()


def named(name: str) -> str:
    cleaned = check_text("name", name.strip(), most=80)
    if not cleaned:
        raise Invalid(fields={"name": [str(_("Give the search a name."))]})
    return cleaned


@contextmanager
def unique_name() -> Iterator[None]:
    """A name that the person has given to another search already is a Conflict."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        raise Conflict(_("You have a search of this name already."), code="name_taken") from fault
