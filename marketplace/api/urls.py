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

from . import (
    bank,
    brokerage,
    cash_flow,
    claims,
    commissions,
    confidential,
    contracts,
    credit,
    deal_files,
    discovery,
    documents,
    exposure,
    introductions,
    invoices,
    law,
    ledger,
    listings,
    mandates,
    ndas,
    notices,
    notification_switches,
    notifications,
    parties,
    register,
    register_duties,
    register_record,
    registrations,
    room,
    room_meetings,
    room_tasks,
    saved_searches,
    service_orders,
    settlement,
    sharing,
    terms,
)
from .doors import PUBLIC_ID
from .problems import nothing_here

app_name = "api"
router = SimpleRouter()
router.register("achievements", listings.Achievements, "achievement")
router.register("demands", listings.Demands, "demand")
router.register("technology-managers", parties.TechnologyManagers, "technology-manager")
router.register("agencies", parties.Agencies, "agency")
router.register("register-applications", register.Applications, "register-application")
router.register("yearly-filings", register_duties.YearlyFilings, "yearly-filing")
router.register("removals", register_duties.Removals, "removal")
router.register("consents", register_record.Consents, "consent")
router.register("portfolios", register_record.Portfolios, "portfolio")
router.register("codes", law.Codes, "code")
router.register("law", law.Law, "law")
router.register("organisations", parties.Organisations, "organisation")
router.register("memberships", parties.Memberships, "membership")
router.register("my-achievements", listings.MyAchievements, "my-achievement")
router.register("my-demands", listings.MyDemands, "my-demand")
router.register("rights", listings.Rights, "right")
router.register("matches", discovery.Matches, "match")
router.register("saved-searches", saved_searches.SavedSearches, "saved-search")
router.register("service-orders", service_orders.ServiceOrders, "service-order")
router.register("notices", notices.Notices, "notice")
router.register("objections", notices.Objections, "objection")
router.register("documents", documents.Documents, "document")
router.register("notifications", notifications.Notifications, "notification")
router.register("leads", brokerage.Leads, "lead")
router.register("deals", brokerage.Deals, "deal")
router.register("ndas", ndas.Ndas, "nda")
router.register("deal-files", deal_files.DealFiles, "deal-file")
router.register("nda-showings", confidential.NdaShowings, "nda-showing")
router.register("messages", room.Messages, "message")
router.register("meetings", room_meetings.Meetings, "meeting")
router.register("tasks", room_tasks.Tasks, "task")
router.register("mandates", mandates.Mandates, "mandate")
router.register("introductions", introductions.Introductions, "introduction")
router.register("interests", introductions.Interests, "interest")
router.register("disclosures", introductions.Disclosures, "disclosure")
router.register("contracts", contracts.Contracts, "contract")
router.register("clearances", contracts.Clearances, "clearance")
router.register("guarantees", contracts.Guarantees, "guarantee")
router.register("milestones", contracts.Milestones, "milestone")
router.register("sales-reports", contracts.SalesReports, "sales-report")
router.register("audits", contracts.Audits, "audit")
router.register("commissions", commissions.Commissions, "commission")
router.register("commission-lines", commissions.CommissionLines, "commission-line")
router.register("obligations", settlement.Obligations, "obligation")
router.register("payments", settlement.Payments, "payment")
router.register("invoices", invoices.Invoices, "invoice")
router.register("claims", claims.Claims, "claim")
router.register("recourses", claims.Recourses, "recourse")
router.register("recoveries", claims.Recoveries, "recovery")
router.register("credit-notices", credit.CreditNotices, "credit-notice")
router.register("payees", sharing.Payees, "payee")
router.register("reward-rules", sharing.RewardRules, "reward-rule")
router.register("reward-costs", sharing.RewardCosts, "reward-cost")
router.register("sharing-plans", sharing.SharingPlans, "sharing-plan")
router.register("distributions", sharing.Distributions, "distribution")
router.register("my-rewards", sharing.MyRewards, "my-reward")
router.register("holds", sharing.Holds, "hold")
router.register("payouts", sharing.Payouts, "payout")
router.register("claw-backs", sharing.ClawBacks, "claw-back")
router.register("stakes", sharing.Stakes, "stake")
router.register("allotments", sharing.Allotments, "allotment")
router.register("holdings", sharing.Holdings, "holding")
router.register("registrations", registrations.Registrations, "registration")
router.register("registration-changes", registrations.RegistrationChanges, "registration-change")
router.register("ledger", ledger.Ledger, "booking")
router.register("accounts", ledger.Accounts, "account")
router.register("bank-lines", bank.BankLines, "bank-line")


class Nouns(APIView):
    """Where everything is."""

    permission_classes = [AllowAny]

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}})
    def get(self, request: Request) -> Response:
        found = {prefix: reverse(f"api:{name}-list", request=request) for prefix, _, name in router.registry}
        others = {name: reverse(f"api:{name}", request=request) for name in ("docs", "terms-preview", "terms-modes")}
        return Response({**others, **found})


urlpatterns: list[URLPattern | URLResolver] = [
    path("", Nouns.as_view(), name="nouns"),
    *router.urls,
    re_path(rf"^deals/(?P<deal>{PUBLIC_ID})/people/$", room.DealPeople.as_view({"get": "list"}), name="deal-people"),
    re_path(
        rf"^deals/(?P<deal>{PUBLIC_ID})/messages/$",
        room.DealMessages.as_view({"get": "list", "post": "create"}),
        name="deal-messages",
    ),
    re_path(
        rf"^deals/(?P<deal>{PUBLIC_ID})/messages/read/$",
        room.DealMessages.as_view({"post": "read"}),
        name="deal-messages-read",
    ),
    re_path(
        rf"^deals/(?P<deal>{PUBLIC_ID})/meetings/$",
        room_meetings.DealMeetings.as_view({"get": "list", "post": "create"}),
        name="deal-meetings",
    ),
    re_path(
        rf"^deals/(?P<deal>{PUBLIC_ID})/tasks/$",
        room_tasks.DealTasks.as_view({"get": "list", "post": "create"}),
        name="deal-tasks",
    ),
    re_path(
        rf"^deals/(?P<deal>{PUBLIC_ID})/checklists/$",
        room_tasks.Checklists.as_view({"get": "list"}),
        name="deal-checklists",
    ),
    re_path(
        rf"^deals/(?P<deal>{PUBLIC_ID})/checklists/tick/$",
        room_tasks.Checklists.as_view({"post": "tick"}),
        name="deal-checklists-tick",
    ),
    re_path(
        rf"^deals/(?P<deal>{PUBLIC_ID})/checklists/untick/$",
        room_tasks.Checklists.as_view({"post": "untick"}),
        name="deal-checklists-untick",
    ),
    re_path(
        rf"^contracts/(?P<contract>{PUBLIC_ID})/obligations/$",
        settlement.ContractObligations.as_view({"get": "list"}),
        name="contract-obligations",
    ),
    re_path(
        rf"^contracts/(?P<contract>{PUBLIC_ID})/payments/$",
        settlement.ContractPayments.as_view({"get": "list", "post": "create"}),
        name="contract-payments",
    ),
    re_path(
        rf"^contracts/(?P<contract>{PUBLIC_ID})/invoices/$",
        invoices.ContractInvoices.as_view({"get": "list", "post": "create"}),
        name="contract-invoices",
    ),
    re_path(
        rf"^deals/(?P<id>{PUBLIC_ID})/confidential/(?P<side>supplier|seeker)/$",
        confidential.Confidential.as_view({"get": "show_side"}),
        name="deal-confidential",
    ),
    path(
        "notification-switches/",
        notification_switches.NotificationSwitches.as_view({"get": "show_switches", "patch": "turn"}),
        name="notification-switches",
    ),
    path("cash-flow/", cash_flow.CashFlow.as_view({"get": "show_months"}), name="cash-flow"),
    path("receivables/", ledger.Receivables.as_view({"get": "show_ages"}), name="receivables"),
    path("exposure/", exposure.Exposures.as_view({"get": "show_exposure"}), name="exposure"),
    path("bank-statements/", bank.BankStatements.as_view({"post": "create"}), name="bank-statements"),
    path("terms/preview/", terms.Terms.as_view({"post": "preview"}), name="terms-preview"),
    path("terms/modes/", terms.Terms.as_view({"get": "modes"}), name="terms-modes"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema", template_name="api/docs.html"), name="docs"),
    re_path(r"", nothing_here),
]
