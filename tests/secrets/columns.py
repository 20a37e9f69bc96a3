"""By which columns a list of the site is searched, narrowed and sorted: what they hold could be guessed out of it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.test import RequestFactory

from .walking import routes


def request_of(person: Any) -> Any:
    """A request as this person, whose roles are asked anew."""
    request = RequestFactory().get("/")
    request.user = type(person)._default_manager.get(pk=person.pk)
    return request


def searched(page: Any) -> Iterator[str]:
    for path in page.search_fields:
        yield from columns(page.model, path.lstrip("^=@"))


def narrowed(page: Any) -> Iterator[str]:
    for each in page.list_filter:
        name = each[0] if isinstance(each, tuple) else each
        if isinstance(name, str):
            yield from columns(page.model, name)


def sorted_by(page: Any, request: Any) -> Iterator[str]:
    """Each column that can be clicked, and what the list is sorted by before anybody does."""
    shown = page.get_list_display(request)
    may_be_clicked = page.get_sortable_by(request)
    clicked = [order_of(page, name) for name in shown if name in may_be_clicked]
    for each in (*clicked, *page.get_ordering(request), *page.model._meta.ordering):
        if path := named(each):
            yield from columns(page.model, path)


def order_of(page: Any, name: Any) -> Any:
    try:
        return page.opts.get_field(name).name
    except (FieldDoesNotExist, TypeError, AttributeError):
        shown = name if callable(name) else getattr(page, name, None) or getattr(page.model, name, None)
        return getattr(shown, "admin_order_field", None)


def named(order: Any) -> str:
    """The path in `-title`, `F("title").desc()` and the like."""
    while order is not None and not isinstance(order, str):
        order = getattr(order, "expression", None) or getattr(order, "name", None)
    return (order or "").lstrip("-?")


def columns(model: Any, path: str) -> Iterator[str]:
    """The path itself; where it ends at another noun, by what rows of that are sorted."""
    here, field = model, None
    for step in path.split(LOOKUP_SEP):
        try:
            field = here._meta.pk if step == "pk" else here._meta.get_field(step)
        except FieldDoesNotExist:  # an annotation of the list
            field = None
            break
        here = field.related_model or here
    if field is None or not field.is_relation:
        yield path
        return
    for each in here._meta.ordering:
        for column in columns(here, named(each)):
            yield f"{path}{LOOKUP_SEP}{column}"


def held(rows: Any, paths: Iterator[str]) -> str:
    """All that these columns hold in these rows, as one text."""
    wanted = list(dict.fromkeys(paths))
    if not wanted:
        return ""
    return "\n".join(str(value) for row in rows.order_by().values_list(*wanted).distinct() for value in row)


def pages() -> list[Any]:
    return list(admin.site._registry.values())


def doors(person: Any) -> Iterator[tuple[str, Any, list[str]]]:
    """Each list of the API with its rows for this person, and the columns that its parameters narrow or sort by."""
    for route in routes():
        kind = getattr(route.view, "cls", None)
        filters = getattr(kind, "filterset_class", None)
        if route.names or filters is None:
            continue
        view = kind(request=request_of(person), kwargs={}, action="list", format_kwarg=None)
        rows = view.get_queryset()
        if isinstance(rows, models.QuerySet):
            paths = [each.field_name for each in filters.base_filters.values() if each.method is None]
            known = [path for path in paths if path and exists(rows.model, path)]
            yield route.name, rows, [column for path in known for column in columns(rows.model, path)]


def exists(model: Any, path: str) -> bool:
    try:
        for step in path.split(LOOKUP_SEP):
            field = model._meta.pk if step == "pk" else model._meta.get_field(step)
            model = field.related_model or model
    except FieldDoesNotExist:
        return False
    return True
