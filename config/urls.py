"""Addresses: the public portal, the workspace (web admin), login, the API, health."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language

from marketplace.api import problems
from marketplace.core import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("", include("allauth.idp.urls")),
    path("api/v1/", include("marketplace.api.urls")),
    re_path(r"^api/", problems.nothing_here),
    path("workspace/", admin.site.urls),
    path("", include("marketplace.portal.urls")),
]

# Under /api/ a problem document, elsewhere the page.
handler400, handler403, handler404, handler500 = (
    problems.bad_request,
    problems.forbidden,
    problems.not_found,
    problems.failed,
)
