"""Addresses of the API, version 1: plural nouns, opaque public ids, a verb after its noun."""

from django.urls import URLPattern, URLResolver, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from . import brokerage, discovery, law, listings, parties
from .problems import nothing_here

app_name = "api"
router = SimpleRouter()
router.register("achievements", listings.Achievements, "achievement")
router.register("demands", listings.Demands, "demand")
router.register("technology-managers", parties.TechnologyManagers, "technology-manager")
router.register("agencies", parties.Agencies, "agency")
router.register("codes", law.Codes, "code")
router.register("law", law.Law, "law")
router.register("organisations", parties.Organisations, "organisation")
router.register("memberships", parties.Memberships, "membership")
router.register("my-achievements", listings.MyAchievements, "my-achievement")
router.register("my-demands", listings.MyDemands, "my-demand")
router.register("rights", listings.Rights, "right")
router.register("matches", discovery.Matches, "match")
router.register("leads", brokerage.Leads, "lead")
router.register("deals", brokerage.Deals, "deal")


class Nouns(APIView):
    """Where everything is."""

    permission_classes = [AllowAny]

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}})
    def get(self, request: Request) -> Response:
        found = {prefix: reverse(f"api:{name}-list", request=request) for prefix, _, name in router.registry}
        return Response({"docs": reverse("api:docs", request=request), **found})


urlpatterns: list[URLPattern | URLResolver] = [
    path("", Nouns.as_view(), name="nouns"),
    *router.urls,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"", nothing_here),
]
