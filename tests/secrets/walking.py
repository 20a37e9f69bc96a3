"""Every address of the site as the resolver knows it, filled with rows of this world; and a walk over them as somebody.

A new page, noun or verb is walked by itself. A new parameter that nothing here fills is a failure of test_registry.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

from django.apps import apps
from django.contrib import admin
from django.db import models, transaction
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from marketplace.core.workspace import moves_of
from marketplace.listings.models import Projection

from .planting import TOKEN, trimmed

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROWS = 2
"""So many rows of a noun are opened each by itself; lists show all of them."""
ELSEWHERE = re.compile(
    r"^(accounts/|identity/|\.well-known/|i18n/|healthz|readyz|metrics|workspace/(jsi18n|logout|r/))"
)
"""Login, tokens and health, of which no row of the market is asked."""
DRAWN = re.compile(r'nonce(-|=")[\w+/=-]{20,}|(csrfmiddlewaretoken" value=|X-CSRFTOKEN"\] = )"\w+')
"""Nonces and tokens against forged requests."""
ROWS_OF = {
    "portal:achievement": ("listings.Projection", {"kind": Projection.Kind.ACHIEVEMENT}),
    "portal:achievement_interest": ("listings.Projection", {"kind": Projection.Kind.ACHIEVEMENT}),
    "portal:demand": ("listings.Projection", {"kind": Projection.Kind.DEMAND}),
    "portal:demand_interest": ("listings.Projection", {"kind": Projection.Kind.DEMAND}),
    "portal:notice": ("notices.Notice", {}),
    "portal:manager": ("parties.TechnologyManager", {}),
    "portal:agency": ("parties.Agency", {}),
    "portal:search": ("discovery.SavedSearch", {}),
    "portal:notification": ("core.Notification", {}),
    "admin:notification": ("core.Notification", {}),
}


NAMED = {"contract": "contracts.Contract", "deal": "brokerage.Deal"}
SIDES = ("supplier", "seeker")


@dataclass(frozen=True)
class Route:
    """One pattern: its name, its text, the names of its parameters, its view."""

    name: str
    text: str
    names: tuple[str, ...]
    view: Any = field(compare=False)

    @property
    def model(self) -> type[models.Model] | None:
        """Whose rows fill it."""
        if self.name in ROWS_OF:
            return apps.get_model(ROWS_OF[self.name][0])
        queryset = getattr(getattr(self.view, "cls", None), "queryset", None)
        if queryset is not None:
            return queryset.model
        found = re.match(r"admin:([a-z]+)_([a-z]+)_", self.name)
        return apps.get_model(*found.groups()) if found else None


def routes() -> Iterator[Route]:
    """Those that can be read: verbs of the API only take orders, and nothing is deleted in the workspace."""
    for each in every_route():
        actions = getattr(each.view, "actions", None)
        if (actions is None or "get" in actions) and not each.name.endswith("_delete"):
            yield each


def every_route(resolver: Any = None, text: str = "", space: str = "") -> Iterator[Route]:
    for each in (resolver or get_resolver()).url_patterns:
        here = text + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from every_route(each, here, f"{space}{each.namespace}:" if each.namespace else space)
        elif each.name and not ELSEWHERE.match(here):
            names = (*each.pattern.converters, *getattr(each.pattern.regex, "groupindex", {}))
            yield Route(space + each.name, here, tuple(dict.fromkeys(names)), each.callback)


def addresses() -> list[str]:
    """Each route with a few rows of this world, each verb of a row, and the searches of autocomplete."""
    found = [address for route in routes() for address in filled(route)]
    return list(dict.fromkeys([*found, *autocompletes()]))


def filled(route: Route) -> Iterator[str]:
    if not route.names:
        yield reverse(route.name)
        return
    for row in rows_of(route):
        for given in parameters(route, row):
            try:
                yield reverse(route.name, kwargs=given)
            except NoReverseMatch:
                continue


def rows_of(route: Route) -> list[Any]:
    """The newest rows, and of others the oldest: those on which most has happened."""
    above = next((NAMED[name] for name in route.names if name in NAMED), None)
    if above is not None:
        rows = apps.get_model(above)._base_manager.order_by("pk")
    elif route.model is None:
        return [None]
    else:
        only = ROWS_OF.get(route.name, ("", {}))[1]
        rows = route.model._base_manager.filter(**only).order_by("pk")
    count = rows.count()
    return list(rows) if count <= ROWS else [*rows[: ROWS - 1], *rows[count - 1 :]]


def parameters(route: Route, row: Any) -> Iterator[dict[str, Any]]:
    if route.name.endswith("_move"):
        yield from ({"object_id": row.pk, "name": move.name} for move in moves_of(type(row)))
        return
    fills = {
        "object_id": lambda: row.pk,
        "public_id": lambda: row.public_id,
        "id": lambda: row.public_id,
        "contract": lambda: row.public_id,
        "deal": lambda: row.public_id,
        "token": lambda: "no-such-token",
        "app_label": lambda: "contracts",
        "key": lambda: {"code": "technical_field", "law": "reward.floor.equity"}[
            route.name.split(":")[1].split("-")[0]
        ],
        "name": lambda: "technical_field",
        "number": lambda: 1,  # the first version of a file
    }
    given = {name: fills[name]() for name in route.names if name in fills}
    yield from ([given | {"side": side} for side in SIDES] if "side" in route.names else [given])


def autocompletes(*, once: bool = False) -> Iterator[str]:
    """Every choice of rows in a form of the workspace that searches while one types; `once` for each kind of row."""
    found = set()
    for model in admin.site._registry:
        for each in model._meta.get_fields():
            if each.is_relation and each.concrete and not (once and each.related_model in found):
                found.add(each.related_model)
                asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                yield f"{reverse('admin:autocomplete')}?{urlencode(asked | {'field_name': each.name, 'term': ''})}"


def searches(term: str) -> Iterator[str]:
    """Every list of the site, asked for a word; and every choice that searches while one types."""
    for route in routes():
        if not route.names and re.search(
            r"(_changelist|-list|:achievements|:demands|:managers|:agencies)$", route.name
        ):
            yield f"{reverse(route.name)}?{urlencode({'q': term})}"
    yield from (each.removesuffix("term=") + urlencode({"term": term}) for each in autocompletes(once=True))


@dataclass
class Sight:
    """What somebody saw at an address."""

    address: str
    status: int
    text: str

    @property
    def canaries(self) -> set[str]:
        return {each.lower() for each in TOKEN.findall(self.text)}

    @property
    def numbers(self) -> set[str]:
        """Every number on it, without separators; and every word of letters and digits, for numbers of papers."""
        plain = re.sub(r"(?<=\d),(?=\d{3})", "", self.text)
        return {trimmed(each) for each in re.findall(r"\d+\.\d+|\d+", plain)} | set(re.findall(r"[\w.@-]{6,}", plain))


def steady(sight: Sight) -> str:
    """Status, headers and content, without what is drawn anew for each answer. Time stands still by itself."""
    return f"{sight.status}\n{DRAWN.sub('', sight.text)}"


def browser(person: Any, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language, "x-request-id": "the-same"}, raise_request_exception=False)
    if person is not None:
        client.force_login(person, backend=BACKEND)
    return client


def look(client: Client, address: str, method: str = "get", **body: Any) -> Sight:
    """Open an address, and undo what that did."""
    with transaction.atomic():
        answer = getattr(client, method)(address, **body)
        text = "\n".join([content_of(answer), *(f"{name}: {value}" for name, value in answer.headers.items())])
        transaction.set_rollback(True)
    return Sight(address, answer.status_code, text)


def content_of(answer: Any) -> str:
    """As a reader would find it: files unpacked, entities and escapes undone."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as pack:
            raw = b"\n".join(pack.read(name) for name in pack.namelist())
    text = raw.decode("utf-8", "replace")
    if "\\u" in text:
        text += re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return unquote(html.unescape(text)) if "&" in text or "%" in text else text


def walk(person: Any, where: list[str]) -> Iterator[Sight]:
    """All of them; the verbs of a row come last, and are left out where its page does not exist for this person."""
    client, missing = browser(person), set()
    for address in sorted(where, key=lambda each: "/do/" in each):
        if "/do/" in address and address.split("do/")[0] in missing:
            continue
        sight = look(client, address)
        if sight.status == 404 and address.endswith("/change/"):
            missing.add(address.removesuffix("change/"))
        yield sight
