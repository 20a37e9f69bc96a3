"""Verbs: each is one address, one service, and the version that its caller has read.

The row is locked and its version compared before the service is called, so that of two verbs sent from one reading
only the first one happens.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.fields import empty
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core.acts import lock
from marketplace.core.models import Record

from ..doors import IF_MATCH, Door, Nothing, Shape


class Acting(Door):
    """Rows on which people act."""

    @contextmanager
    def as_read(self, row: Any) -> Iterator[Any]:
        """The row, locked, in the version of If-Match. Raises PreconditionRequired or Stale."""
        self.version(row, required=True)
        with transaction.atomic():
            for each in self.locked_before(row):
                lock(each)
            locked = lock(row)
            self.version(locked, required=True)
            yield locked

    def locked_before(self, row: Any) -> list[Record]:
        """What the services lock before this row: the same order everywhere, or two verbs wait for each other."""
        return [row.contract]


def verb(shape: type[Shape] = Nothing, *, makes: type[Shape] | None = None) -> Callable[[Callable[..., Any]], Any]:
    """Makes `POST …/{id}/name-of-the-method/` of a method that takes the locked row and the values of the body.

    The answer is the row of the address as it is now, or the row of the shape `makes` that the method returns.
    """

    def as_address(does: Callable[..., Any]) -> Any:
        @wraps(does)
        def answer(self: Acting, request: Request, id: str) -> Response:
            row = self.get_object()
            self.version(row, required=True)
            values = self.body(shape)
            with self.as_read(row) as locked:
                made = does(self, locked, by=request.user, **values)
            return self.show(made, 201) if makes else self.show(locked)

        path = does.__name__.replace("_", "-")
        address = action(detail=True, methods=["post"], url_path=path, url_name=path)(answer)
        responses = {201: makes} if makes else empty
        return extend_schema(request=shape, parameters=[IF_MATCH], responses=responses)(address)

    return as_address
