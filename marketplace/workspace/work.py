"""The front page: what waits for this person, each line a link to where it is done; totals beneath.

Most kinds of work come out of one query (`core.workspace.work`, added to by `kinds` and by the stages); matches and
deals, whose lines need more than a row can say, take one each. However much waits, the page asks the same questions.
"""

from typing import Any

from django.db.models import Count, Q, Value, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage import names
from marketplace.brokerage.admin import TWO_SIDES
from marketplace.brokerage.models import Deal
from marketplace.contracts.models import Contract
from marketplace.core.workspace import annotations_for, buttons, list_url, page_url, waiting
from marketplace.discovery import feedback, wording
from marketplace.discovery.admin import midnight, quick, score_bar
from marketplace.discovery.models import Match
from marketplace.law.admin import name_of
from marketplace.listings.models import Projection
from marketplace.parties import access

from . import kinds  # noqa: F401  they add themselves
from .sections import MOST, Line, Section, section_of

MATCHES = 54  # what others wait for comes before what may become something
MOST_WHY = 4  # two words that both use, and what else speaks for it


def front_page(request: HttpRequest) -> dict[str, Any]:
    return {"sections": sections(request.user), "totals": totals(request.user)}


def sections(user: Any) -> list[Section]:
    """What waits for this person, by role; who has two roles sees both. What there is to do comes first.

    A kind that has nothing to say, or that is none of the person's business, is left out.
    """
    is_trader = access.trades(user)
    found = [section_of(each, user) for each in waiting(user) if each.rows or is_trader or not each.work.of_trade]
    if access.is_platform_staff(user):
        found.append(judged_matches())
    if access.is_technology_manager(user):
        found.append(best_matches(user))
    if access.roles(user) and is_trader:
        found.append(new_matches(user))
    if access.is_technology_manager(user) or is_trader:
        found.append(my_deals(user))
    shown = [each for each in found if each.lines or each.empty]
    return sorted(shown or [nothing()], key=lambda each: (not each.lines, each.order))


def nothing() -> Section:
    return Section(title=_("My work"), lines=[], order=0, empty=_("Nothing waits for you now."))


def judged_matches() -> Section:
    """Whether people keep what the matcher suggests, and why they do not."""
    found = feedback.precision()
    lines = [Line(_("Kept"), list_url(Match), percent(found.kept, found.judged))] if found.judged else []
    lines += [
        Line(name_of("match_dismissal", code), list_url(Match), percent(number, found.judged))
        for code, number in found.reasons[: MOST - 1]
    ]
    empty = _("Nobody has judged a current match yet.")
    return Section(title=_("Verdicts on current matches"), lines=lines, order=90, empty=empty)


def percent(number: int, of: int) -> str:
    return _("%(number)d of %(all)d (%(share)d %%)") % {"number": number, "all": of, "share": round(100 * number / of)}


# Matches


def best_matches(user: Any) -> Section:
    return matches_section(
        user,
        undecided(user).filter(found_at__gte=midnight()),
        title=_("Today's best matches"),
        order=MATCHES,
        empty=_("No new match today. Look through the earlier ones that you have not judged."),
        more=f"{list_url(Match)}?found=1",
        start=(_("Matches not judged yet"), reverse("admin:discovery_match_judge")),
        also=judge_today(),
    )


def new_matches(user: Any) -> Section:
    mine = access.organisation_ids(user)
    own = Q(achievement__achievement__owner_id__in=mine) | Q(demand__demand__owner_id__in=mine)
    return matches_section(
        user,
        undecided(user).filter(own, found_at__gte=midnight()),
        title=_("New matches today"),
        order=MATCHES,
        empty=_("No new match today. They come by themselves as others publish."),
        more=list_url(Match),
        start=(_("Earlier matches"), f"{list_url(Match)}?verdict=open"),
        also=judge_today() if may_judge(user) else None,
    )


def judge_today() -> tuple[Any, str]:
    return _("Judge one after another"), f"{reverse('admin:discovery_match_judge')}?found=1"


def may_judge(user: Any) -> bool:
    """Who decides about something for an organisation: the page of judging is for nobody else."""
    return access.is_technology_manager(user) or access.decides(user)


def undecided(user: Any) -> Any:
    rows: Any = Match.objects.visible_to(user).current().annotate(**annotations_for(Match, user))
    return (
        rows.filter(verdict=None, has_live_deal=False, score__gte=wording.WORTH_A_LOOK)
        .select_related("achievement", "demand")
        .order_by("-score", "id")
    )


def matches_section(user: Any, rows: Any, **said: Any) -> Section:
    """The best of these matches, and how many there are, in one query."""
    found = list(rows.annotate(in_all=Window(Count("*")))[:MOST])
    lines = [match_line(user, row) for row in found]
    return Section(lines=lines, count=found[0].in_all if found else 0, is_wide=True, **said)


def match_line(user: Any, match: Match) -> Line:
    fields = {name_of("technical_field", row.field): None for row in (match.demand, match.achievement)}
    return Line(
        f"{match.demand.title} ← {match.achievement.title}",
        page_url(match),
        " / ".join(fields),
        score=score_bar(match),
        why=wording.sentences(match.reasons, most=MOST_WHY),
        buttons=quick(buttons(user, match)),
    )


# Deals


def my_deals(user: Any) -> Section:
    rows = Deal.objects.visible_to(user).filter(state__in=Deal.LIVE).annotate(in_all=Window(Count("*")))
    found = list(rows.select_related(*TWO_SIDES, "supplier", "seeker").order_by("-id")[:MOST])
    return Section(
        title=_("My deals"),
        lines=[deal_line(user, row) for row in found],
        order=55,
        count=found[0].in_all if found else 0,
        empty=_("No deal is open. A technology manager opens one from a match."),
        more=list_url(Deal),
    )


def deal_line(user: Any, deal: Deal) -> Line:
    title = f"{deal.demand.title} ↔ {deal.achievement.title}"
    return Line(title, page_url(deal), sides_of(user, deal), deal.get_state_display())


def sides_of(user: Any, deal: Deal) -> str:
    """Who talks with whom, as far as this reader may know it."""
    known = names.known_sides(user, deal)
    return " · ".join(str(known[side] or _("anonymous owner")) for side in ("seeker", "supplier"))


# Totals


def totals(user: Any) -> list[tuple[Any, int, str]]:
    """Figures beneath the work: of the whole market, and of one's own part of it. One query."""
    market = f"{list_url(Projection)}?kind__exact="
    live = Projection.objects.live()
    wanted: dict[str, tuple[Any, Any, str]] = {
        "achievements": (_("achievements on the market"), live.filter(kind="achievement"), f"{market}achievement"),
        "demands": (_("demands on the market"), live.filter(kind="demand"), f"{market}demand"),
        "matches": (_("matches you see"), Match.objects.visible_to(user).current(), list_url(Match)),
        "contracts": (_("contracts you see"), Contract.objects.visible_to(user), list_url(Contract)),
        "deals": (_("open deals"), Deal.objects.visible_to(user).filter(state__in=Deal.LIVE), list_url(Deal)),
    }
    first, *others = [counted(name, rows) for name, (_label, rows, _url) in wanted.items()]
    counts = dict(first.union(*others, all=True))
    return [(label, counts.get(name, 0), url) for name, (label, _rows, url) in wanted.items()]


def counted(name: str, rows: Any) -> Any:
    """The name and how many rows there are, as one row of a union."""
    return rows.order_by().values(w_name=Value(name)).annotate(w_count=Count("pk")).values_list("w_name", "w_count")
