"""The menu at the side: only what this person may use."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage.models import Deal, Lead
from marketplace.core.models import Entry
from marketplace.core.workspace import list_url
from marketplace.discovery.models import Match
from marketplace.law.models import CodeList, Rule
from marketplace.listings.models import Achievement, Demand, Projection, Right
from marketplace.parties import access
from marketplace.parties.models import Agency, Membership, Organisation, TechnologyManager, User

from .importing import owners

Item = dict[str, Any]


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the menu for the person of this request."""
    user = request.user
    is_staff, is_member = access.is_platform_staff(user), bool(access.roles(user))
    return [
        group("", [{"title": _("My work"), "icon": "home", "link": reverse("admin:index")}]),
        group(_("Listings"), own_listings(user) if is_staff or is_member else []),
        group(_("Market"), market(is_staff or is_member)),
        group(_("People"), people(is_staff, is_member)),
        group(_("Reference"), reference(), collapsible=True),
    ]


def group(title: Any, items: list[Item], **options: Any) -> dict[str, Any]:
    return {"title": title, "items": items, "separator": False} | options


def item(title: Any, icon: str, model: type[models.Model]) -> Item:
    return {"title": title, "icon": icon, "link": list_url(model)}


def own_listings(user: Any) -> list[Item]:
    achievements = item(_("Achievements"), "lightbulb", Achievement)
    return [
        achievements | {"active": lambda request: is_within(request, achievements["link"])},
        item(_("Demands"), "help_center", Demand),
        item(_("Rights"), "verified_user", Right),
        *import_link(user),
    ]


def import_link(user: Any) -> list[Item]:
    """The page that takes a spreadsheet, for those who may draft for an organisation."""
    if not owners(user).exists():
        return []
    link = reverse("admin:listings_achievement_import")
    return [{"title": _("Import from a spreadsheet"), "icon": "upload_file", "link": link}]


def is_within(request: HttpRequest, link: str) -> bool:
    """Whether the page is one of the list at `link`, and not the import, which has an item of its own."""
    return request.path.startswith(link) and not request.path.startswith(reverse("admin:listings_achievement_import"))


def market(has_sides: bool) -> list[Item]:
    matches = item(_("Matches"), "join_inner", Match)
    deals = item(_("Deals"), "handshake", Deal)
    leads = [item(_("Expressions of interest"), "mail", Lead)] if has_sides else []
    return [matches, *leads, deals, item(_("Public listings"), "storefront", Projection)]


def people(is_staff: bool, is_member: bool) -> list[Item]:
    own = [item(_("Organisations") if is_staff else _("My organisation"), "account_balance", Organisation)]
    members = [item(_("Members"), "group", Membership)]
    return [
        *(own + members if is_staff or is_member else []),
        item(_("Technology managers"), "badge", TechnologyManager),
        item(_("Transfer agencies"), "apartment", Agency),
        *([item(_("Users"), "person", User)] if is_staff else []),
    ]


def reference() -> list[Item]:
    return [
        item(_("Legal values"), "gavel", Rule),
        item(_("Code lists"), "list", CodeList),
        item(_("Journal"), "history", Entry),
    ]
