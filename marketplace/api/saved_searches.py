"""Searches that a person saved: kept, changed, their letters switched off and on, removed."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.discovery import narrowing, services
from marketplace.discovery.models import SavedSearch
from marketplace.listings.models import Projection

from .doors import IF_MATCH, Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName


class CriteriaShape(Shape):
    """What is looked for, by the codes of the public lists; what is left out is not asked."""

    q = serializers.CharField(required=False, allow_blank=True, max_length=narrowing.LONGEST_WORDS)
    field = serializers.CharField(required=False, help_text="A code of the list technical_field.")
    region = serializers.CharField(required=False, help_text="A code of the list province.")
    mode = serializers.CharField(required=False, help_text="A code of the list licensing_mode.")
    stage = serializers.CharField(required=False, help_text="Achievements: a code of the list achievement_stage.")
    trl = serializers.CharField(required=False, help_text="1 to 9.")
    price = serializers.ChoiceField(required=False, choices=[(code, code) for code in narrowing.BANDS])


class SavedSearchShape(RowShape):
    kind_display = CodeName(Projection.Kind, source="kind")
    criteria = serializers.DictField(child=serializers.CharField(), read_only=True)
    in_words = serializers.SerializerMethodField()

    class Meta:
        model = SavedSearch
        fields = ["id", "name", "kind", "kind_display", "criteria", "in_words", "is_on", "told_through", "version"]
        read_only_fields = fields

    @extend_schema_field(str)
    def get_in_words(self, search: SavedSearch) -> str:
        return narrowing.in_words(search.kind, search.criteria)


class NewSearchShape(Shape):
    name = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField(choices=Projection.Kind.choices)
    criteria = CriteriaShape(default=dict)


class SearchChangeShape(Shape):
    name = serializers.CharField(max_length=80, required=False)
    criteria = CriteriaShape(required=False)


class SavedSearches(Listed, Retrieved, Door):
    """One's own saved searches; nobody else sees them."""

    queryset = SavedSearch.objects.all()
    serializer_class = SavedSearchShape

    @extend_schema(request=NewSearchShape, responses={201: SavedSearchShape})
    def create(self, request: Request) -> Response:
        """Save a search. A letter a day tells what is new in it."""
        return self.show(services.save_search(**self.body(NewSearchShape), by=request.user), 201)

    @extend_schema(request=SearchChangeShape, responses=SavedSearchShape, parameters=[IF_MATCH])
    def partial_update(self, request: Request, id: str) -> Response:
        """Another name, or other criteria in place of all earlier ones."""
        search = self.get_object()
        version = self.version(search, required=True)
        return self.show(services.edit_search(search, **self.body(SearchChangeShape), version=version, by=request.user))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"], url_path="switch-off", url_name="switch-off")
    def switch_off(self, request: Request, id: str) -> Response:
        """No more letters about it."""
        return self.switched(services.switch_search_off)

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"], url_path="switch-on", url_name="switch-on")
    def switch_on(self, request: Request, id: str) -> Response:
        """Letters again, about what is published from today on."""
        return self.switched(services.switch_search_on)

    @extend_schema(request=Nothing, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, id: str) -> Response:
        """Forget it."""
        self.body(Nothing)
        services.remove_search(self.get_object(), by=request.user)
        return Response(status=204)

    def switched(self, switch: Any) -> Response:
        search = self.get_object()
        self.body(Nothing)
        return self.show(switch(search, by=self.request.user, version=self.version(search)))
