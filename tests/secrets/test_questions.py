"""Nothing can be guessed by asking: no list is searched, narrowed or sorted by what its reader may not read."""

import pytest
from django.apps import apps
from django.db import models

from .columns import doors, held, narrowed, pages, request_of, searched, sorted_by
from .planting import TOKEN
from .registry import EVERYTHING, NOT_SECRET
from .walking import Sight
from .world import ROLES

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
COPIES = {
    *("listings.HistoricalAchievement", "listings.HistoricalDemand", "parties.HistoricalOrganisation"),
    *("core.Letter", "core.Notification", "notices.Notice"),
}
"""Copies that no page shows; and what names its subject to who may read it: letters, notices in the owner's house."""
KEPT = (models.CharField, models.TextField, models.JSONField)


@pytest.mark.parametrize("role", ROLES)
def test_no_list_is_searched_narrowed_or_sorted_by_what_its_reader_may_not_read(whole_scene, role):
    """Neither the pages of the workspace nor the parameters of the API, whatever row it is in."""
    person, found = whole_scene.world.people[role], {}
    request = request_of(person)
    for page in pages():
        if not page.has_view_permission(request):
            continue
        rows = page.get_queryset(request)
        for how, paths in (("search", searched(page)), ("filter", narrowed(page)), ("order", sorted_by(page, request))):
            if leaks := whole_scene.leaks(person, Sight("", 200, held(rows, paths))):
                found[f"{page.opts.label} {how}"] = leaks
    for name, rows, paths in doors(person):
        if leaks := whole_scene.leaks(person, Sight("", 200, held(rows, iter(paths)))):
            found[name] = leaks
    assert found == {}


def test_what_everybody_searches_holds_no_canary(whole_scene):
    """The projection, the matches and their reasons, the journal."""
    found = {}
    for model in apps.get_models():
        label = model._meta.label
        if NOT_SECRET.get(label) != EVERYTHING or label in COPIES:
            continue
        texts = [each.name for each in model._meta.concrete_fields if isinstance(each, KEPT)]
        if texts and TOKEN.search(held(model._base_manager.all(), iter(texts))):
            found[label] = texts
    assert found == {}
