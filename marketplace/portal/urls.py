"""Addresses of the public pages."""

from django.urls import path
from django.views.generic import RedirectView

from . import brokerage, home, joining, law, letters, listings, notices, notifications, parties, searches, terms

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("about/", home.about, name="about"),
    path("achievements/", listings.browse, {"kind": "achievement"}, name="achievements"),
    path("achievements/save/", searches.save, {"kind": "achievement"}, name="save_achievements"),
    path("achievements/<slug:public_id>/", listings.show, {"kind": "achievement"}, name="achievement"),
    path(
        "achievements/<slug:public_id>/interest/",
        brokerage.express_interest,
        {"kind": "achievement"},
        name="achievement_interest",
    ),
    path("demands/", listings.browse, {"kind": "demand"}, name="demands"),
    path("demands/save/", searches.save, {"kind": "demand"}, name="save_demands"),
    path("demands/<slug:public_id>/", listings.show, {"kind": "demand"}, name="demand"),
    path("demands/<slug:public_id>/interest/", brokerage.express_interest, {"kind": "demand"}, name="demand_interest"),
    path("technology-managers/", parties.managers, name="managers"),
    path("technology-managers/verify/", parties.verify, name="verify_portfolio"),
    path("technology-managers/<slug:public_id>/", parties.manager, name="manager"),
    path("agencies/", parties.agencies, name="agencies"),
    path("agencies/<slug:public_id>/", parties.agency, name="agency"),
    path("notices/", notices.browse, name="notices"),
    path("notices/<slug:public_id>/", notices.show, name="notice"),
    path("ways-to-pay/", terms.ways_to_pay, name="ways_to_pay"),
    path("ways-to-pay/chart.svg", terms.ways_chart, name="ways_chart"),
    path("law/", law.law_book, name="law"),
    path("start/", joining.start, name="start"),
    path("apply/", joining.apply, name="apply"),
    path("apply/technology-manager/", joining.apply_as_manager, name="apply_as_manager"),
    path("account/mail/", letters.mail, name="mail"),
    path("account/mail/kinds/", letters.kinds, name="mail_kinds"),
    path("account/searches/", searches.searches, name="searches"),
    path("account/searches/<slug:public_id>/", searches.change, name="search"),
    path("account/notifications/", notifications.told, name="notifications"),
    path("account/notifications/read/", notifications.read_all, name="notifications_read"),
    path("account/notifications/<slug:public_id>/", notifications.read, name="notification"),
    path("mail/off/<str:token>/", letters.off, name="mail_off"),
    path("robots.txt", home.robots, name="robots"),
    path("sitemap.xml", home.sitemap, name="sitemap"),
    path("favicon.ico", RedirectView.as_view(url="/static/portal/mark.svg"), name="favicon"),
]
