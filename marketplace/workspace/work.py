"""The front page: what waits for this person, each line a link to where it is done; totals beneath."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage import names
from marketplace.brokerage.admin import TWO_SIDES, clock_of
from marketplace.brokerage.models import Deal, Lead
from marketplace.core.workspace import Button, annotations_for, buttons, list_url, page_url
from marketplace.discovery import feedback, wording
from marketplace.discovery.admin import midnight, score_bar
from marketplace.discovery.models import Match
from marketplace.law.admin import name_of
from marketplace.listings import rules
from marketplace.listings.models import Achievement, Demand, Listing, Projection
from marketplace.parties import access
from marketplace.parties.models import Agency, Organisation, TechnologyManager

MOST = 8
MOST_WHY = 4  # two words that both use, and what else speaks for it
WORTH_A_LOOK = 0.05  # less is a word shared by chance; the list of matches has those too


@dataclass(slots=True)
class Line:
    """One thing to do, and where."""

    title: Any
    url: str
    note: Any = ""
    side: Any = ""
    score: Any = ""
    why: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """Things of one kind that wait. `empty` says what to do when nothing does."""

    title: Any
    lines: list[Line]
    empty: Any
    more: str = ""
    is_wide: bool = False
    start: tuple[Any, str] | None = None


def front_page(request: HttpRequest) -> dict[str, Any]:
    return {"sections": sections(request), "totals": totals(request.user)}


def sections(request: HttpRequest) -> list[Section]:
    """What waits for this person, by role; who has two roles sees both."""
    user, found = request.user, []
    if access.is_platform_staff(user):
        found += [to_review(Achievement), to_review(Demand), to_verify(), to_register(), judged_matches()]
    if access.is_technology_manager(user):
        found += [best_matches(user), my_deals(user)]
    if access.roles(user):
        found += [unanswered(user), returned(user), new_matches(user), expiring(user)]
        if not access.is_technology_manager(user):
            found.append(my_deals(user))
    return found


# Platform staff


def to_review(model: type[Listing]) -> Section:
    waiting = model._default_manager.filter(state=Listing.State.SUBMITTED)
    rows = waiting.select_related("owner").order_by("submitted_at")[:MOST]
    lines = [Line(row.title, page_url(row), row.owner, day(row.submitted_at)) for row in rows]
    title = _("Achievements to review") if model is Achievement else _("Demands to review")
    more = f"{list_url(model)}?state__exact=submitted"
    return Section(title, lines, _("Nothing waits for review."), more)


def to_verify() -> Section:
    rows = Organisation.objects.filter(state=Organisation.State.APPLIED).order_by("created_at")[:MOST]
    lines = [
        Line(row, page_url(row), f"{row.get_kind_display()} · {row.credit_code}", day(row.created_at)) for row in rows
    ]
    more = f"{list_url(Organisation)}?state__exact=applied"
    return Section(_("Organisations to verify"), lines, _("No organisation waits for verification."), more)


def to_register() -> Section:
    managers = TechnologyManager.objects.filter(state="applied").select_related("user").order_by("created_at")[:MOST]
    agencies = Agency.objects.filter(state="applied").select_related("organisation").order_by("created_at")[:MOST]
    rows = [*managers, *agencies][:MOST]
    lines = [Line(row, page_url(row), row._meta.verbose_name, day(row.created_at)) for row in rows]
    more = f"{list_url(TechnologyManager)}?state__exact=applied"
    return Section(_("Qualifications to register"), lines, _("No qualification waits for registration."), more)


# Technology managers


def judged_matches() -> Section:
    """Whether people keep what the matcher suggests, and why they do not."""
    found = feedback.precision()
    lines = [Line(_("Kept"), list_url(Match), percent(found.kept, found.judged))] if found.judged else []
    lines += [
        Line(name_of("match_dismissal", code), list_url(Match), percent(number, found.judged))
        for code, number in found.reasons[: MOST - 1]
    ]
    return Section(_("Verdicts on current matches"), lines, _("Nobody has judged a current match yet."))


def percent(number: int, of: int) -> str:
    return _("%(number)d of %(all)d (%(share)d %%)") % {"number": number, "all": of, "share": round(100 * number / of)}


def best_matches(user: Any) -> Section:
    rows = undecided(user).filter(found_at__gte=midnight())
    return Section(
        _("Today's best matches"),
        [match_line(user, row, f"{row.demand.title} ← {row.achievement.title}") for row in rows[:MOST]],
        _("No new match today. Look through the earlier ones that you have not judged."),
        f"{list_url(Match)}?found=1",
        is_wide=True,
        start=(_("Matches not judged yet"), f"{list_url(Match)}?verdict=open"),
    )


def undecided(user: Any) -> Any:
    rows: Any = Match.objects.visible_to(user).current().annotate(**annotations_for(Match, user))
    return (
        rows.filter(verdict=None, has_live_deal=False, score__gte=WORTH_A_LOOK)
        .select_related("achievement", "demand")
        .order_by("-score", "id")
    )


def match_line(user: Any, match: Match, title: str) -> Line:
    fields = {name_of("technical_field", row.field): None for row in (match.demand, match.achievement)}
    return Line(
        title,
        page_url(match),
        " / ".join(fields),
        score=score_bar(match),
        why=wording.sentences(match.reasons, most=MOST_WHY),
        buttons=buttons(user, match),
    )


def my_deals(user: Any) -> Section:
    rows = Deal.objects.visible_to(user).filter(state__in=Deal.LIVE)
    rows = rows.select_related(*TWO_SIDES, "supplier", "seeker").order_by("-id")[:MOST]
    lines = [
        Line(
            f"{row.demand.title} ↔ {row.achievement.title}",
            page_url(row),
            sides_of(user, row),
            row.get_state_display(),
        )
        for row in rows
    ]
    return Section(
        _("My deals"), lines, _("No deal is open. A technology manager opens one from a match."), list_url(Deal)
    )


def sides_of(user: Any, deal: Deal) -> str:
    """Who talks with whom, as far as this reader may know it."""
    known = names.known_sides(user, deal)
    return " · ".join(str(known[side] or _("anonymous owner")) for side in ("seeker", "supplier"))


# Members of organisations


def unanswered(user: Any) -> Section:
    rows = Lead.objects.filter(receiver_id__in=access.organisation_ids(user), state=Lead.State.OPENED)
    rows = rows.select_related("listing", "sender").order_by("answer_by", "-id")[:MOST]
    lines = [
        Line(row.listing.title, page_url(row), _("from %(who)s") % {"who": row.sender}, clock_of(row)) for row in rows
    ]
    more = f"{list_url(Lead)}?direction=received&state__exact=opened"
    return Section(_("Waiting for your answer"), lines, _("Nobody waits for an answer."), more)


def returned(user: Any) -> Section:
    rows = [
        row
        for model in (Achievement, Demand)
        for row in model.objects.filter(owner_id__in=access.organisation_ids(user), state__in=("returned", "draft"))
        .order_by("-state", "-changed_at")[:MOST]
    ]  # fmt: skip
    rows.sort(key=lambda row: row.state != Listing.State.RETURNED)
    lines = [Line(row.title, page_url(row), returned_note(row), row.get_state_display()) for row in rows[:MOST]]
    return Section(
        _("Returned to you, and drafts"),
        lines,
        _("Nothing to mend. Write down an achievement or a demand and matches come by themselves."),
        f"{list_url(Achievement)}?state__exact=returned",
        start=(_("New listing"), new_listing_url(user)),
    )


def returned_note(row: Listing) -> str:
    if row.state != Listing.State.RETURNED:
        return str(row._meta.verbose_name)
    return f"{name_of('return_reason', row.return_code)}: {row.return_note}"


def new_listing_url(user: Any) -> str:
    """A firm begins with a demand, the others with an achievement."""
    kinds = {row.kind for row in access.organisations(user)}
    return reverse("admin:listings_demand_add" if kinds == {"FIRM"} else "admin:listings_achievement_add")


def new_matches(user: Any) -> Section:
    mine = access.organisation_ids(user)
    own = Q(achievement__achievement__owner_id__in=mine) | Q(demand__demand__owner_id__in=mine)
    rows = undecided(user).filter(own, found_at__gte=midnight())[:MOST]
    return Section(
        _("New matches today"),
        [match_line(user, row, f"{row.demand.title} ← {row.achievement.title}") for row in rows],
        _("No new match today. They come by themselves as others publish."),
        list_url(Match),
        is_wide=True,
        start=(_("Earlier matches"), f"{list_url(Match)}?verdict=open"),
    )


def expiring(user: Any) -> Section:
    today = timezone.localdate()
    rows = [
        row
        for model in (Achievement, Demand)
        for row in model.objects.filter(owner_id__in=access.organisation_ids(user))
        .filter(state=Listing.State.PUBLISHED, expires_on__range=(today, today + rules.WARNING_BEFORE))
        .order_by("expires_on")[:MOST]
    ]
    rows.sort(key=lambda row: row.expires_on or today)
    lines = [
        Line(row.title, page_url(row), row._meta.verbose_name, days_left(row.expires_on, today)) for row in rows[:MOST]
    ]
    return Section(_("Expiring within 14 days"), lines, _("No listing of yours expires soon."))


def days_left(end: Any, today: Any) -> Any:
    left = (end - today) // timedelta(days=1)
    return _("%(day)s, %(left)d days left") % {"day": end.isoformat(), "left": left}


def day(moment: Any) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


# Totals


def totals(user: Any) -> list[tuple[Any, int, str]]:
    """Figures beneath the work: of the whole market, and of one's own part of it."""
    live = Projection.objects.live()
    market = f"{list_url(Projection)}?kind__exact="
    return [
        (_("achievements on the market"), live.filter(kind="achievement").count(), f"{market}achievement"),
        (_("demands on the market"), live.filter(kind="demand").count(), f"{market}demand"),
        (_("matches you see"), Match.objects.visible_to(user).current().count(), list_url(Match)),
        (_("open deals"), Deal.objects.visible_to(user).filter(state__in=Deal.LIVE).count(), list_url(Deal)),
    ]
