"""Acts that must not happen twice: what books money, and what makes a row, is done once under its Idempotency-Key."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core.idempotency import once

from .contracts.acting import Acting
from .doors import IF_MATCH, Door, Shape
from .settlement import KEY, KeyRequired


class Making(Door):
    """Rows that are made once under a key: sent again, the request is answered alike and nothing is made twice."""

    def make(self, request: Request, shape: type[Shape], does: Callable[..., Any]) -> Response:
        """Make a row of the values of the body."""
        key, given = key_of(request), self.body(shape)
        route = f"{self.basename}:create"
        return self.answer_once(route, key, request.data, lambda: does(by=request.user, **given), 201)

    def answer_once(self, route: str, key: str, content: Any, does: Callable[[], Any], status: int = 200) -> Response:
        """Do it once under the key; the answer is the row that `does` returns, as it is then."""

        def act() -> tuple[int, Any]:
            shown = self.everything().get(pk=does().pk)
            return status, {"version": shown.version, "row": self.get_serializer(shown).data}

        answered, kept = once(route, key, content, act, by=self.request.user)
        return Response(kept["row"], status=answered, headers={"ETag": f'"{kept["version"]}"'})


class MovingMoney(Making, Acting):
    """Verbs that book money: sent again under their key, they answer alike and nothing happens twice."""

    def book(self, request: Request, id: str, shape: type[Shape], does: Callable[..., Any]) -> Response:
        """Do it once under the Idempotency-Key, in the version of If-Match; the answer is the row as it is then."""
        row, key = self.get_object(), key_of(request)
        given = self.body(shape)

        def act() -> Any:
            with self.as_read(row) as locked:
                does(locked, by=request.user, **given)
            return row

        return self.answer_once(f"{self.basename}:{self.action}:{row.public_id}", key, request.data, act)


def key_of(request: Request) -> str:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise KeyRequired
    return key


def making(shape: type[Shape], makes: type[Shape]) -> Callable[[Callable[..., Any]], Any]:
    """Says in the schema what a `create` takes and makes, and that it needs an Idempotency-Key."""
    return extend_schema(request=shape, responses={201: makes}, parameters=[KEY])


def booking(shape: type[Shape]) -> Callable[[Callable[..., Any]], Any]:
    """Makes `POST …/{id}/name-of-the-method/` of a method that books money: If-Match and Idempotency-Key."""

    def as_address(does: Callable[..., Any]) -> Any:
        def answer(self: MovingMoney, request: Request, id: str) -> Response:
            return self.book(request, id, shape, lambda row, **values: does(self, row, **values))

        answer.__name__, answer.__doc__ = does.__name__, does.__doc__
        path = does.__name__.replace("_", "-")
        address = action(detail=True, methods=["post"], url_path=path, url_name=path)(answer)
        return extend_schema(request=shape, parameters=[IF_MATCH, KEY])(address)

    return as_address
