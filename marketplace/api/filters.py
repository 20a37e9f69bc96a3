"""Which query parameters narrow a list. Each is declared here; what is not understood is a 400 that names it."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import F, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from marketplace.law import codes
from marketplace.listings.models import Projection

MOST_CODES = 40


class CodeOf:
    """Refuses what is not a code of the list today."""

    def __init__(self, list_name: str) -> None:
        self.list_name = list_name

    def __call__(self, value: str) -> None:
        if value not in codes.values(self.list_name):
            sentence = _("This is not a code of the list %(list)s; see codes/%(list)s/.")
            raise forms.ValidationError(sentence % {"list": self.list_name})


class Codes(filters.BaseInFilter, filters.CharFilter):
    """Codes of a list with commas between: any of them."""

    def __init__(self, list_name: str, **options: Any) -> None:
        super().__init__(validators=[CodeOf(list_name)], help_text=f"Codes of the list {list_name}, any of.", **options)


class PublicId(filters.CharFilter):
    """Another row by its public id."""

    def __init__(self, column: str, **options: Any) -> None:
        super().__init__(field_name=f"{column}__public_id", max_length=16, **options)


class Level(filters.NumberFilter):
    """A technology readiness level."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=9, decimal_places=0, **options)


class Yuan(filters.NumberFilter):
    """An amount in yuan."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_digits=14, decimal_places=2, **options)


def holding(rows: QuerySet[Any], column: str, wanted: list[str]) -> QuerySet[Any]:
    """Rows whose list of codes in a JSON column holds one of these; works on every database."""
    any_of = Q()
    for value in wanted:
        any_of |= Q(codes_text__contains=f'"{value}"')
    return rows.annotate(codes_text=Cast(column, TextField())).filter(any_of)


class ByPublication(filters.OrderingFilter):
    """Newest first unless told; nothing hidden can be sorted by."""

    def __init__(self) -> None:
        super().__init__(fields=["published_on"], help_text="published_on or -published_on")

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        oldest_first = bool(value) and value[0] == "published_on"
        return qs.order_by("published_on", "id") if oldest_first else qs.order_by(F("published_on").desc(), "-id")


class PublicListings(filters.FilterSet):
    """What both lists share. Every column is one of the public projection."""

    q = filters.CharFilter(method="search", max_length=100, help_text="Words of the public text, all of them.")
    field = Codes("technical_field")
    region = Codes("province")
    mode = Codes("licensing_mode", method="in_modes")
    is_open_for_interest = filters.BooleanFilter()
    ordering = ByPublication()

    class Meta:
        model = Projection
        fields: list[str] = []

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)

    def in_modes(self, rows: Any, name: str, wanted: list[str]) -> Any:
        found = rows.none()
        for mode in wanted[:MOST_CODES]:
            found |= rows.accepting(mode)
        return found


class PublicAchievements(PublicListings):
    """Filters of achievements."""

    stage = Codes("achievement_stage")
    trl_min = Level(field_name="trl", lookup_expr="gte", help_text="At least as ready as this.")
    price_min = Yuan(field_name="price_high", lookup_expr="gte", help_text="The public price band reaches this.")
    price_max = Yuan(field_name="price_low", lookup_expr="lte", help_text="The public price band begins by this.")


class PublicDemands(PublicListings):
    """Filters of demands."""

    trl_max = Level(method="reached_by", help_text="What is this ready is ready enough.")
    budget_min = Yuan(field_name="price_high", lookup_expr="gte", help_text="The public budget reaches this.")
    budget_max = Yuan(field_name="price_low", lookup_expr="lte", help_text="The public budget begins by this.")

    def reached_by(self, rows: Any, name: str, value: int) -> Any:
        return rows.filter(Q(trl__isnull=True) | Q(trl__lte=value))


def states_of(model: type[Model]) -> filters.ChoiceFilter:
    """The states of a model as a filter."""
    return filters.ChoiceFilter(field_name="state", choices=model._meta.get_field("state").choices)  # type: ignore[union-attr]
