"""Addresses of the public pages."""

from django.urls import path
from django.views.generic import RedirectView

from . import brokerage, home, joining, law, listings, parties

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("about/", home.about, name="about"),
    path("achievements/", listings.browse, {"kind": "achievement"}, name="achievements"),
    path("achievements/<slug:public_id>/", listings.show, {"kind": "achievement"}, name="achievement"),
    path(
        "achievements/<slug:public_id>/interest/",
        brokerage.express_interest,
        {"kind": "achievement"},
        name="achievement_interest",
    ),
    path("demands/", listings.browse, {"kind": "demand"}, name="demands"),
    path("demands/<slug:public_id>/", listings.show, {"kind": "demand"}, name="demand"),
    path("demands/<slug:public_id>/interest/", brokerage.express_interest, {"kind": "demand"}, name="demand_interest"),
    path("technology-managers/", parties.managers, name="managers"),
    path("agencies/", parties.agencies, name="agencies"),
    path("law/", law.law_book, name="law"),
    path("start/", joining.start, name="start"),
    path("apply/", joining.apply, name="apply"),
    path("apply/technology-manager/", joining.apply_as_manager, name="apply_as_manager"),
    path("robots.txt", home.robots, name="robots"),
    path("sitemap.xml", home.sitemap, name="sitemap"),
    path("favicon.ico", RedirectView.as_view(url="/static/portal/mark.svg"), name="favicon"),
]
