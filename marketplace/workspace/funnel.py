"""The funnel from match to cash: how many come from each step to the next, by technical field and by manager.

Deals are followed: of those opened in the span, how many ever came to an NDA, to talks, to agreed terms, to a signed
contract, to its first payment. A manager sees what they did themselves, an agency what its managers did, staff all.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage.models import Deal, Lead
from marketplace.contracts.models import Contract
from marketplace.core import charts
from marketplace.core.models import Entry
from marketplace.core.showing import percent
from marketplace.discovery.models import Judgement, Match
from marketplace.law.admin import name_of
from marketplace.parties import access
from marketplace.parties.models import User
from marketplace.settlement.models import Payment

from .pipeline import own_agencies

SPANS = {"90": _("last 90 days"), "365": _("last 12 months"), "all": _("since the beginning")}
STEPS = {
    "found": _("matches found"),
    "kept": _("kept, or brought together"),
    "deals": _("deals opened"),
    "nda": _("came to an NDA"),
    "talks": _("came to talks"),
    "agreed": _("terms agreed"),
    "signed": _("contract signed"),
    "cash": _("first payment"),
}
OF_DEALS = ("deals", "nda", "talks", "agreed", "signed", "cash")
LATER = {
    "nda": (Deal.State.UNDER_NDA, Deal.State.NEGOTIATING, Deal.State.AGREED),
    "talks": (Deal.State.NEGOTIATING, Deal.State.AGREED),
    "agreed": (Deal.State.AGREED,),
}


@dataclass(slots=True)
class Row:
    """The counts of one field, of one manager, or of all."""

    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*STEPS, "leads"), 0))

    def add(self, counts: dict[str, int]) -> None:
        for step, number in counts.items():
            self.counts[step] += number

    def cells(self) -> list[tuple[int, str]]:
        """Each step with its share of the step before; nothing where there is nothing to compare with."""
        numbers = [self.counts[step] for step in STEPS]
        return [(number, share(number, before)) for number, before in zip(numbers, [0, *numbers], strict=False)]


def share(number: int, of: int) -> str:
    return percent(Decimal(round(100 * number / of)) / 100) if of else ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose doings are counted, and since when. `managers` is None for everybody's."""

    managers: tuple[int, ...] | None
    since: Any

    def rows(self, rows: Any, column: str, moment: str) -> Any:
        if self.managers is not None:
            rows = rows.filter(**{f"{column}__in": self.managers})
        return rows.filter(**{f"{moment}__gte": self.since}) if self.since else rows


def urls(site: Any) -> list[URLPattern]:
    view = site.admin_view(lambda request: show(request, site))
    return [path("brokerage/deal/funnel/", view, name="brokerage_deal_funnel")]


def may_enter(user: Any) -> bool:
    return access.is_platform_staff(user) or access.is_technology_manager(user) or bool(own_agencies(user))


def managers_of(user: Any) -> tuple[int, ...] | None:
    """Ids of the managers whose doings this person sees; None for staff, who see everybody's."""
    if access.is_platform_staff(user):
        return None
    theirs = Q(technology_manager__agency__organisation_id__in=own_agencies(user))
    return tuple(User.objects.filter(theirs | Q(pk=user.pk)).order_by("pk").values_list("pk", flat=True))


def show(request: HttpRequest, site: Any) -> HttpResponse:
    if not may_enter(request.user):
        raise Http404
    span = request.GET.get("span", "")
    span = span if span in SPANS else "365"
    since = None if span == "all" else timezone.now() - timedelta(days=int(span))
    scope = Scope(managers_of(request.user), since)
    every, fields, managers = tables(scope)
    context = {
        "title": _("From match to cash"),
        "steps": list(STEPS.values()),
        "every": every,
        "tables": [
            (_("Per technical field"), _("technical field"), fields),
            (_("Per technology manager"), _("technology manager"), managers),
        ],
        "charts": pictures(every),
        "span": span,
        "spans": SPANS,
        "is_own": scope.managers is not None,
        **site.each_context(request),
    }
    return TemplateResponse(request, "workspace/funnel.html", context)


def tables(scope: Scope) -> tuple[Row, list[Row], list[Row]]:
    """All together, by field and by manager; four queries, however much there is."""
    every = Row(str(_("all")))
    fields: dict[str, Row] = defaultdict(lambda: Row(""))
    managers: dict[int, Row] = defaultdict(lambda: Row(""))
    for code, counts in [*matches(scope), *leads(scope)]:
        every.add(counts)
        fields[code].add(counts)
    for code, manager, name, unjudged, counts in deals(scope):
        every.add(counts)
        fields[code].add(counts)
        managers[manager].add(counts | {"found": unjudged, "kept": unjudged})
        managers[manager].name = name
    for manager, name, counts in judgements(scope):
        managers[manager].add(counts)
        managers[manager].name = name
    for code, row in fields.items():
        row.name = name_of("technical_field", code)
    return every, largest_first(fields.values()), largest_first(managers.values())


def largest_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.counts["deals"], -row.counts["found"], row.name))


# Counted in the database


def matches(scope: Scope) -> list[tuple[str, dict[str, int]]]:
    """Matches found, and those that somebody keeps, by the demand's field; a manager's are those they looked at."""
    judged = Judgement.objects.filter(match=OuterRef("pk"))
    if scope.managers is not None:
        judged = judged.filter(by_id__in=scope.managers)
    kept = Exists(judged.filter(verdict=Judgement.Verdict.SHORTLISTED))
    rows = Match.objects.filter(found_at__gte=scope.since) if scope.since else Match.objects.all()
    if scope.managers is not None:
        rows = rows.filter(Exists(judged) | Exists(brought_together(scope)))
    kept_or_deal = Q(kept) | Q(Exists(brought_together(scope)))
    fields = rows.order_by().values_list("demand__demand__field")
    counted = fields.annotate(found=Count("pk"), kept=Count("pk", filter=kept_or_deal))
    return [(code, {"found": found, "kept": kept}) for code, found, kept in counted]


def brought_together(scope: Scope) -> Any:
    rows = Deal.objects.filter(achievement=OuterRef("achievement"), demand=OuterRef("demand"))
    return rows if scope.managers is None else rows.filter(manager_id__in=scope.managers)


def leads(scope: Scope) -> list[tuple[str, dict[str, int]]]:
    """Expressions of interest by field; they are people's own and no manager's, so staff alone count them."""
    if scope.managers is not None:
        return []
    rows = Lead.objects.filter(created_at__gte=scope.since) if scope.since else Lead.objects.all()
    columns = ("listing__achievement__field", "listing__demand__field")
    counted = rows.order_by().values_list(*columns).annotate(number=Count("pk"))
    return [(one or other or "", {"leads": number}) for one, other, number in counted]


def deals(scope: Scope) -> list[tuple[str, int, str, int, dict[str, int]]]:
    """Deals by field and manager, with how many of them ever came to each later step.

    Whoever brings two sides together has found and kept the match, also without having judged it before: the fourth
    value counts these.
    """
    pair = {"match__achievement": OuterRef("achievement"), "match__demand": OuterRef("demand")}
    judged = Judgement.objects.filter(by_id=OuterRef("manager_id"), organisation=None, **pair)
    contracts = Contract.objects.filter(deal=OuterRef("pk"), signed_on__isnull=False)
    paid = Payment.objects.standing().filter(contract__deal=OuterRef("pk"))
    steps = {
        "deals": Count("pk"),
        **{step: Count("pk", filter=came_to(states)) for step, states in LATER.items()},
        "signed": Count("pk", filter=Q(Exists(contracts))),
        "cash": Count("pk", filter=Q(Exists(paid))),
        "unjudged": Count("pk", filter=~Q(Exists(judged))),
    }
    groups = {"code": F("demand__demand__field"), "who": F("manager_id"), "name": F("manager__name")}
    rows = scope.rows(Deal.objects.all(), "manager_id", "created_at").order_by().values(**groups).annotate(**steps)
    return [
        (row["code"], row["who"], row["name"], row["unjudged"], {step: row[step] for step in OF_DEALS}) for row in rows
    ]


def came_to(states: tuple[str, ...]) -> Q:
    """Deals that are in one of the states, or were before they were lost."""
    been = Entry.objects.filter(subject_type=Deal._meta.label_lower, subject_id=OuterRef("pk"), to_state__in=states)
    return Q(state__in=states) | Q(Exists(been))


def judgements(scope: Scope) -> list[tuple[int, str, dict[str, int]]]:
    """What each manager looked at, and kept, for themselves."""
    own = scope.rows(Judgement.objects.filter(organisation=None), "by_id", "created_at")
    kept = Count("match", filter=Q(verdict=Judgement.Verdict.SHORTLISTED))
    rows = own.order_by().values(who=F("by_id"), name=F("by__name")).annotate(found=Count("match"), kept=kept)
    return [(row["who"], row["name"], {"found": row["found"], "kept": row["kept"]}) for row in rows]


# Pictures


def pictures(every: Row) -> list[str]:
    """Two, since matches are many and deals few: each with its own axis."""
    parts = (("found", "kept", "deals"), OF_DEALS)
    return [charts.as_address(picture(every, part)) for part in parts]


def picture(every: Row, steps: tuple[str, ...]) -> str:
    unit = str(_("how many"))
    points = [charts.Point(str(STEPS[step]), float(every.counts[step]), unit) for step in steps]
    frame = charts.Frame(x_title="", y_title=unit, width=130 * len(steps), height=170, shows_legend=False, least_tick=1)
    return charts.bars(points, frame)
