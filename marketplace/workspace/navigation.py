"""The menu at the side: only what this person may use."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage.models import (
    Deal,
    DealFile,
    Disclosure,
    Interest,
    Introduction,
    Lead,
    Mandate,
    Nda,
    NdaShowing,
    ServiceOrder,
)
from marketplace.contracts.models import Contract, Guarantee, GuarantorStanding, Milestone, SalesReport
from marketplace.core.models import Entry, Letter, Seal
from marketplace.core.workspace import list_url
from marketplace.discovery.models import Match, SavedSearch
from marketplace.documents.models import Document, Template
from marketplace.law.models import CodeList, Rule
from marketplace.listings.models import Achievement, Demand, Projection, Right
from marketplace.notices.models import Notice, Objection
from marketplace.parties import access
from marketplace.parties.models import Agency, Membership, Organisation, TechnologyManager, User
from marketplace.register.models import Application, Consent, Portfolio, Removal, YearlyFiling
from marketplace.registration.models import Change, Registration
from marketplace.settlement.models import (
    Account,
    Allotment,
    BankLine,
    BankStatement,
    Claim,
    ClawBack,
    Commission,
    CommissionLine,
    Cost,
    CreditNotice,
    Distribution,
    Hold,
    Holding,
    Invoice,
    Journal,
    Obligation,
    Payee,
    Payment,
    Payout,
    Recourse,
    RewardRule,
    Share,
    SharingPlan,
    Stake,
)

from . import funnel
from .pipeline import own_agencies

Item = dict[str, Any]


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the menu for the person of this request."""
    user = request.user
    is_staff, is_member = access.is_platform_staff(user), bool(access.roles(user))
    has_sides = is_staff or access.trades(user)
    has_money = has_sides or access.stands_good(user)
    return [
        group("", [{"title": _("My work"), "icon": "home", "link": reverse("admin:index")}]),
        group(_("Listings"), own_listings(user) if has_sides else []),
        group(_("Market"), market(user, has_sides, is_staff or is_member)),
        group(_("Brokerage"), brokerage(user, is_staff, has_sides)),
        group(_("Contracts"), contracts(user, is_staff) if has_money or access.is_technology_manager(user) else []),
        group(_("Registration of contracts"), registrations(user, has_sides)),
        group(_("Money"), money(user) if has_money else []),
        group(_("Rewards"), rewards(user, is_staff, has_sides)),
        group(_("People"), people(user, is_staff, is_member)),
        group(_("Reference"), reference(is_staff), collapsible=True),
    ]


def group(title: Any, items: list[Item], **options: Any) -> dict[str, Any]:
    return {"title": title, "items": items, "separator": False} | options


def item(title: Any, icon: str, model: type[models.Model]) -> Item:
    return {"title": title, "icon": icon, "link": list_url(model)}


def own_listings(user: Any) -> list[Item]:
    achievements = item(_("Achievements"), "lightbulb", Achievement)
    imports = reverse("admin:listings_achievement_import")
    return [
        achievements | {"active": lambda request: is_within(request, achievements["link"], imports)},
        item(_("Demands"), "help_center", Demand),
        item(_("Rights"), "verified_user", Right),
        *import_link(user),
    ]


def import_link(user: Any) -> list[Item]:
    """The page that takes a spreadsheet, for those who may draft for an organisation."""
    if not access.drafts(user):
        return []
    link = reverse("admin:listings_achievement_import")
    return [{"title": _("Import from a spreadsheet"), "icon": "upload_file", "link": link}]


def is_within(request: HttpRequest, link: str, *others: str) -> bool:
    """Whether the page is one of the list at `link`, and not of `others` in it, which have items of their own."""
    return request.path.startswith(link) and not request.path.startswith(others)


def market(user: Any, has_sides: bool, is_member: bool) -> list[Item]:
    """Everybody finds what is public; matches and deals are for those who have a side or bring sides together."""
    pages = pages_of_deals(user)
    others = [each["link"] for each in pages]
    listed = item(_("Deals"), "handshake", Deal)
    deals = [listed | {"active": lambda request: is_within(request, listed["link"], *others)}, *pages]
    leads = [item(_("Expressions of interest"), "mail", Lead)] if has_sides else []
    matched = [item(_("Matches"), "join_inner", Match), *leads, *deals]
    objections = [item(_("Objections"), "report", Objection)] if is_member else []
    notices = [item(_("Public notices"), "campaign", Notice), *objections]
    documents = [item(_("Documents"), "description", Document)] if is_member else []
    return [
        *(matched if has_sides or access.is_technology_manager(user) else []),
        *documents,
        *notices,
        item(_("Public listings"), "storefront", Projection),
        item(_("Saved searches"), "saved_search", SavedSearch),
    ]


def brokerage(user: Any, is_staff: bool, has_sides: bool) -> list[Item]:
    """Who acts for whom; interests are the brokers' own to declare. Whose term is over still has commissions."""
    commissions = [
        item(_("Commissions"), "percent", Commission),
        item(_("Commissions on receipts"), "savings", CommissionLine),
    ]
    is_broker = access.is_technology_manager(user) or bool(own_agencies(user))
    if not (has_sides or is_broker):
        return commissions if access.qualification(user) is not None else []
    interests = [item(_("Declared interests"), "balance", Interest)] if is_staff or is_broker else []
    return [
        item(_("Mandates"), "assignment_ind", Mandate),
        item(_("Introductions"), "diversity_3", Introduction),
        item(_("Non-disclosure agreements"), "lock", Nda),
        item(_("Files of deals"), "folder_shared", DealFile),
        *([item(_("Disclosure log"), "policy", NdaShowing)] if has_sides else []),
        item(_("Disclosures"), "visibility", Disclosure),
        *([item(_("Service orders"), "design_services", ServiceOrder)] if has_sides else []),
        *interests,
        *commissions,
    ]


def pages_of_deals(user: Any) -> list[Item]:
    """Deals by stage, and what becomes of matches: for whose doings these are."""
    pipeline = {"title": _("Pipeline"), "icon": "view_kanban", "link": reverse("admin:brokerage_deal_pipeline")}
    if not funnel.may_enter(user):
        return [pipeline]
    return [
        pipeline,
        {"title": _("From match to cash"), "icon": "filter_alt", "link": reverse("admin:brokerage_deal_funnel")},
    ]


def contracts(user: Any, is_staff: bool) -> list[Item]:
    """Everybody who enters may be a side, a manager or a guarantor of one."""
    to_answer = {"link": f"{list_url(Milestone)}?state__exact=claimed"}
    standings = is_staff or access.stands_good(user)
    return [
        item(_("Contracts"), "contract", Contract),
        item(_("Milestones to answer"), "flag", Milestone) | to_answer,
        item(_("Sales reports"), "receipt_long", SalesReport),
        item(_("Guarantees"), "shield", Guarantee),
        *([item(_("Standings of guarantors"), "account_balance_wallet", GuarantorStanding)] if standings else []),
    ]


def registrations(user: Any, has_sides: bool) -> list[Item]:
    """For both sides and the manager, and for the offices."""
    if not (has_sides or access.is_technology_manager(user) or access.is_office(user)):
        return []
    return [
        item(_("Registrations"), "approval", Registration),
        item(_("Changes of registrations"), "published_with_changes", Change),
    ]


def money(user: Any) -> list[Item]:
    """What is owed and paid, for both sides and guarantors; the books and the bank for those who keep them."""
    obligations, calendar = item(_("Obligations"), "request_quote", Obligation), cash_flow_link()
    owed = [
        obligations | {"active": lambda request: is_within(request, obligations["link"], calendar["link"])},
        item(_("Payments"), "payments", Payment),
        item(_("Invoices"), "receipt", Invoice),
        item(_("Claims on guarantees"), "gpp_maybe", Claim),
        item(_("Recourse"), "undo", Recourse),
        item(_("Credit notices"), "policy", CreditNotice),
        calendar,
    ]
    keeps = access.is_platform_staff(user) or access.decides(user)
    books = [
        item(_("Bank statements"), "account_balance_wallet", BankStatement),
        item(_("Bank lines"), "rule", BankLine),
        item(_("Bookings"), "menu_book", Journal),
        item(_("Accounts"), "calculate", Account),
    ]
    return [*owed, *(books if keeps else [])]


def rewards(user: Any, is_staff: bool, has_part: bool) -> list[Item]:
    """Everybody who may share reads the own part; what it rests on is for those who keep the books."""
    decides = has_part and access.decides(user)
    keeps = is_staff or decides
    mine = item(_("Rewards of people") if keeps else _("My rewards"), "redeem", Share)
    payees = item(_("Payees") if decides else _("My account"), "person_pin", Payee)
    return [
        *([mine, item(_("Sharing plans"), "groups", SharingPlan)] if has_part else []),
        *([item(_("Distributions"), "account_tree", Distribution)] if keeps else []),
        *([item(_("Payouts"), "send_money", Payout)] if decides else []),
        *([item(_("Holds"), "front_hand", Hold), item(_("Claw-backs"), "undo", ClawBack)] if keeps else []),
        *([payees] if has_part and access.roles(user) else []),
        *([item(_("Rules of rewarding"), "rule_folder", RewardRule)] if keeps else []),
        *([item(_("Costs of deals"), "shopping_cart", Cost)] if keeps else []),
        *shares(keeps, has_part),
    ]


def shares(keeps: bool, has_part: bool) -> list[Item]:
    """Parts of companies: stakes to both sides, divisions to who keeps the books, the own part to its holder."""
    mine = item(_("Holders") if keeps else _("My parts of companies"), "pie_chart", Holding)
    return [
        *([item(_("Stakes in companies"), "domain_add", Stake)] if keeps or has_part else []),
        *([item(_("Divisions of stakes"), "call_split", Allotment)] if keeps else []),
        *([mine] if keeps or has_part else []),
    ]


def cash_flow_link() -> Item:
    link = reverse("admin:settlement_obligation_cash_flow")
    return {"title": _("Cash-flow calendar"), "icon": "bar_chart", "link": link}


def people(user: Any, is_staff: bool, is_member: bool) -> list[Item]:
    own = [item(_("Organisations") if is_staff else _("My organisation"), "account_balance", Organisation)]
    members = [item(_("Members"), "group", Membership)]
    return [
        *(own + members if is_staff or is_member else []),
        item(_("Technology managers"), "badge", TechnologyManager),
        item(_("Transfer agencies"), "apartment", Agency),
        *register(user),
        *([item(_("Users"), "person", User)] if is_staff else []),
    ]


def register(user: Any) -> list[Item]:
    """For those who keep the register, and those who are in it or want to be."""
    is_inside = access.keeps_register(user) or access.qualification(user) is not None or access.administers(user)
    consents = [item(_("Consents"), "task_alt", Consent)] if is_inside or access.roles(user) else []
    if not is_inside:
        return consents
    own = access.is_platform_staff(user) or access.qualification(user) is not None
    return [
        *consents,
        *([item(_("Case portfolios"), "work_history", Portfolio)] if own else []),
        item(_("Applications for registration"), "how_to_reg", Application),
        item(_("Yearly data"), "calendar_month", YearlyFiling),
        item(_("Removals"), "person_remove", Removal),
    ]


def reference(is_staff: bool) -> list[Item]:
    return [
        *([item(_("Templates"), "draft", Template), item(_("Letters"), "outgoing_mail", Letter)] if is_staff else []),
        item(_("Legal values"), "gavel", Rule),
        item(_("Code lists"), "list", CodeList),
        item(_("Journal"), "history", Entry),
        *([item(_("Seals"), "verified", Seal)] if is_staff else []),
    ]
