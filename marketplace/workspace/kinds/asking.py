"""For whom the kinds of work ask: organisations for which a person decides, the lists where the rest of it is."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, CharField, F, TextField, When
from django.db.models.functions import Cast, Concat, TruncDate

from marketplace.core.workspace import list_url
from marketplace.parties import access


def deciding(user: Any) -> list[int]:
    """Ids of the organisations in whose name the person answers, signs and pays."""
    return [pk for pk in access.roles(user) if access.may_decide_for(user, pk)]


def listed(model: Any, query: str = "") -> Callable[[], str]:
    """The list on which the rest stands; its address is asked when the page is drawn."""
    return lambda: f"{list_url(model)}?{query}" if query else list_url(model)


def in_state(model: Any, state: str) -> Callable[[], str]:
    return listed(model, f"state__exact={state}")


def name_of(column: str) -> tuple[str, str]:
    """The name of an organisation in both languages."""
    return f"{column}__name_zh", f"{column}__name_en"


def other_side(mine: list[int], one: str, other: str) -> dict[str, Case]:
    """`other_zh` and `other_en`: the name of `other` where `one` is among my organisations, of `one` elsewhere."""
    is_one = {f"{one}__in": mine}
    return {
        "other_zh": Case(When(**is_one, then=F(f"{other}__name_zh")), default=F(f"{one}__name_zh")),
        "other_en": Case(When(**is_one, then=F(f"{other}__name_en")), default=F(f"{one}__name_en")),
    }


OTHER = ("other_zh", "other_en")


def title_of(column: str = "") -> tuple[str, str]:
    """The title of a listing in both languages."""
    before = f"{column}__" if column else ""
    return f"{before}title_zh", f"{before}title_en"


def day_at(column: str) -> TruncDate:
    """The day in Beijing of a moment."""
    return TruncDate(column)


def joined(*parts: Any) -> Concat:
    """Columns and values as one text; days as people write them."""
    return Concat(*(Cast(each, CharField()) for each in parts), output_field=TextField())
