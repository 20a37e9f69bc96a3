"""A wrong request, or one that guesses, learns nothing: no canary in an error, and what is foreign is like absent."""

import json
import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from pprint import pformat
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import NoReverseMatch, reverse
from rest_framework.throttling import SimpleRateThrottle

from marketplace.api.filters import PublicId
from marketplace.core.models import Notification
from marketplace.listings.models import Projection
from marketplace.parties.models import Organisation

from .columns import exists, request_of
from .walking import Route, Sight, browser, every_route, filled, look, parameters, routes, rows_of, steady

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
API = "api/v1/"
HEADERS = {"if-match": "*", "idempotency-key": "the-same-key"}
NOWHERE = "z" * 16
WRONG = {
    "null": None,
    "negative": -1,
    "object": {"a": {"b": [None]}},
    "nested lists": [[[["深"]]]],
    "endless": "长" * 20_000,
    "odd": "\x00{{7*7}}' OR 1=1 --",
}
"""What every field of a body is given in turn."""
BODIES = (None, [], "长", {"no_such_field": 1}, {})


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Thousands of requests are not too many here: else one is told to wait, and learns nothing anyway."""
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_given: True)


# Wrong bodies


def orders() -> Iterator[tuple[Route, str, list[str]]]:
    """Each address of the API that takes a body: its route, the method, and the fields that are known."""
    schema = yaml.load(SCHEMA.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    shapes = schema["components"]["schemas"]
    for route in every_route():
        if not route.text.startswith(API):
            continue
        for method in {"post", "patch", "put", "delete"} & set(getattr(route.view, "actions", ())):
            said = schema["paths"][path_of(route)][method]
            shape = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            name = shape.get("$ref", "").rpartition("/")[2]
            yield route, method, list(shapes.get(name, shape).get("properties", ()))


def path_of(route: Route) -> str:
    """As the schema writes it."""
    plain = re.sub(r"\(\?P<(\w+)>(?:\[[^\]]*\]|[^()])*\)", r"{\1}", route.text)
    return "/" + plain.replace("^", "").replace("$", "")


def bodies(names: list[str]) -> Iterator[Any]:
    yield from BODIES
    yield from (dict.fromkeys(names, value) for value in WRONG.values() if names)


@pytest.mark.parametrize("role", ["outsider", "officer"])
def test_no_error_about_a_wrong_body_tells_what_its_sender_may_not_read(whole_scene, role, log):
    person = whole_scene.world.people[role]
    client, found, sent = browser(person), {}, 0
    for route, method, names in orders():
        for address in list(filled(route))[:1]:
            for body in bodies(names):
                given = {"data": json.dumps(body), "content_type": "application/json", "headers": HEADERS}
                sight, sent = look(client, address, method, **given), sent + 1
                assert sight.status < 500, (method, address, str(body)[:200])
                if leaks := whole_scene.leaks(person, sight):
                    found[f"{method} {address}"] = leaks
    assert found == {}
    assert sent > 1000
    assert [line for line in log if "zqx" in line] == []


@pytest.mark.parametrize("role", ["visitor", "outsider", "officer"])
def test_no_address_tells_more_when_it_is_asked_what_it_takes(whole_scene, role):
    person = whole_scene.world.people[role]
    client, found = browser(person), {}
    for route in every_route():
        for address in filled(route) if route.text.startswith(API) else ():
            sight = look(client, address, "options")
            assert sight.status < 500, address
            if leaks := whole_scene.leaks(person, sight):
                found[address] = leaks
    assert found == {}


# Foreign and absent


def doubles(route: Route) -> Iterator[tuple[str, str, Any]]:
    """Addresses of rows, each with that of a row that does not exist."""
    absent = SimpleNamespace(pk=987654321, public_id=NOWHERE)
    for row in rows_of(route):
        given = list(parameters(route, row))
        for one, other in zip(given, [swapped(each, row, absent) for each in given], strict=True):
            try:
                yield reverse(route.name, kwargs=one), reverse(route.name, kwargs=other), row
            except NoReverseMatch:
                continue


def swapped(given: dict[str, Any], row: Any, absent: Any) -> dict[str, Any]:
    swaps = {getattr(row, name): getattr(absent, name) for name in ("pk", "public_id") if hasattr(row, name)}
    return {name: swaps.get(value, value) for name, value in given.items()}


def said(sight: Sight, address: str) -> tuple[int, str]:
    """Without the id itself, and without the length, for numbers have not always as many digits."""
    return sight.status, re.sub(r"Content-Length: \d+", "", steady(sight).replace(address, "…"))


@pytest.mark.parametrize("role", ["visitor", "outsider", "guarantor", "reader"])
def test_a_row_that_may_not_be_seen_is_like_one_that_does_not_exist(whole_scene, role):
    person = whole_scene.world.people[role]
    client, found, compared = browser(person), {}, 0
    for route in every_route():
        if not route.names or route.name.endswith("_delete"):
            continue
        actions = getattr(route.view, "actions", None) or {"get": ""}
        method = "get" if "get" in actions else "post"
        body = {} if method == "get" else {"data": "{}", "content_type": "application/json", "headers": HEADERS}
        for address, nowhere, row in doubles(route):
            if address == nowhere or is_seen(row, person):
                continue
            sight, other = (look(client, each, method, **body) for each in (address, nowhere))
            compared += 1
            if said(sight, address) != said(other, nowhere):
                found[f"{method} {address}"] = differing(said(sight, address), said(other, nowhere))
    assert found == {}, pformat(found, width=200)
    assert compared > 100


def differing(one: tuple[int, str], other: tuple[int, str]) -> list[str]:
    lines = unified_diff(one[1].splitlines(), other[1].splitlines(), f"{one[0]}", f"{other[0]}", lineterm="", n=0)
    return [each[:200] for each in lines][:8]


def asked(person: Any) -> Iterator[tuple[str, str, Any]]:
    """Each list of the API with a parameter that names another row, and that row's model."""
    for route in routes():
        kind = getattr(route.view, "cls", None)
        filters = getattr(kind, "filterset_class", None)
        if route.names or filters is None:
            continue
        rows = kind(request=request_of(person), kwargs={}, action="list", format_kwarg=None).get_queryset()
        if not isinstance(rows, models.QuerySet):
            continue
        for name, each in filters.base_filters.items():
            if isinstance(each, PublicId) and exists(rows.model, each.field_name):
                yield reverse(route.name), name, model_of(rows.model, each.field_name)


def model_of(model: Any, path: str) -> Any:
    for step in path.split("__")[:-1]:
        model = model._meta.get_field(step).related_model
    return model


@pytest.mark.parametrize("role", ["outsider", "seeker"])
def test_a_list_that_is_narrowed_by_a_foreign_row_is_empty_like_by_none(whole_scene, role):
    """By one that the asker sees it may be narrowed; and by an organisation, whose id stands on public pages."""
    person = whole_scene.world.people[role]
    client, found, compared = browser(person), {}, 0
    for address, name, model in asked(person):
        for row in model._base_manager.order_by("pk")[:3]:
            if model is Organisation or is_seen(row, person):
                continue
            one, other = (look(client, f"{address}?{name}={key}") for key in (row.public_id, NOWHERE))
            compared += 1
            if (one.status, one.text) != (other.status, other.text):
                found[f"{address}?{name}"] = one.text[:200]
    assert found == {}
    assert compared


@pytest.mark.parametrize("role", ["outsider", "seeker"])
def test_a_body_that_names_a_foreign_row_is_refused_like_one_that_names_none(whole_scene, role):
    person = whole_scene.world.people[role]
    client, found, compared = browser(person), {}, 0
    hidden = [row for model in records() if (row := hidden_from(model, person)) is not None]
    for route, method, names in orders():
        if route.names or not names or method != "post":
            continue
        for row in hidden:
            one, other = (
                look(client, reverse(route.name), method, data=json.dumps(dict.fromkeys(names, key)),
                     content_type="application/json", headers=HEADERS)
                for key in (row.public_id, NOWHERE)
            )  # fmt: skip
            compared += 1
            if said(one, row.public_id) != said(other, NOWHERE):
                found[f"{route.name} {row._meta.label}"] = (one.text[:400], other.text[:400])
    assert found == {}
    assert compared > 100


def records() -> list[Any]:
    ours = [model for model in apps.get_models() if model.__module__.startswith("marketplace.")]
    return [each for each in ours if hasattr(each, "public_id") and hasattr(each._default_manager.all(), "visible_to")]


def hidden_from(model: Any, person: Any) -> Any:
    """A row that this person may not see, nor what of it is public under the same id."""
    seen = model._default_manager.all().visible_to(request_of(person).user)
    shown = Projection.objects.filter(is_live=True).values("public_id")
    return model._base_manager.exclude(pk__in=seen.values("pk")).exclude(public_id__in=shown).order_by("pk").first()


def is_seen(row: Any, person: Any) -> bool:
    if isinstance(row, Notification):
        return row.user_id == getattr(person, "pk", None)
    rows = type(row)._default_manager.all()
    user = request_of(person).user if person else AnonymousUser()
    return not hasattr(rows, "visible_to") or rows.visible_to(user).filter(pk=row.pk).exists()
