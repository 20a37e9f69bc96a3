"""Matches in the workspace: the best first, why in words, and what each side thinks of them."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import is_public_id
from marketplace.core.showing import labelled
from marketplace.core.workspace import (
    Button,
    Call,
    DropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    add_panel,
    annotate,
    annotations_for,
    buttons,
    display,
    list_url,
    page_url,
    select,
    text,
)
from marketplace.law import codes
from marketplace.law.admin import name_of
from marketplace.listings.models import Achievement, Demand, Listing, Projection
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .. import services, wording
from ..models import Judgement, Match

SHORTLISTED, DISMISSED = Judgement.Verdict.SHORTLISTED, Judgement.Verdict.DISMISSED
NOT_DISMISSED = Q(verdict=None) | Q(verdict=SHORTLISTED)


def own_organisations(user: Any) -> dict[str, Organisation]:
    """The organisations for which this person decides, by the key that their public listings carry."""
    return {row.public_id: row for row in access.own(user) if access.may_decide_for(user, row.pk)}


def quick(offered: list[Button]) -> list[Button]:
    """What is pressed in a list; what is done once in a while stands on the page of the row."""
    return [each for each in offered if each.look != "rare"]


def member_keys(user: Any) -> set[str]:
    """The keys that the public listings of this person's organisations carry, whatever the role."""
    return {row.public_id for row in access.own(user)}


def side_of(user: Any, match: Match) -> Organisation | None:
    """The organisation on whose behalf this person judges; None for a technology manager's own judgement."""
    own = own_organisations(user)
    return next((own[row.owner_key] for row in (match.demand, match.achievement) if row.owner_key in own), None)


def may_judge(user: Any, match: Match) -> bool:
    return side_of(user, match) is not None or access.is_technology_manager(user)


def own_judgements(user: Any) -> Q:
    """Judgements that count as this person's: one's own, or one's organisation's."""
    return Q(by_id=user.pk, organisation=None) | Q(organisation_id__in=access.organisation_ids(user))


def verdicts(user: Any) -> dict[str, Any]:
    own = Judgement.objects.filter(own_judgements(user), match=OuterRef("pk"))
    return {"verdict": Subquery(own.values("verdict")[:1])}


annotate(Match, verdicts)


class DismissForm(MoveForm):
    reason_code = select(label=_("reason"), choices=codes.choices("match_dismissal"), asks=True)
    note = text(label=_("note"), rows=2, required=False, help_text=_("Helps to suggest better ones."))


def shortlist(call: Call) -> Judgement:
    return services.shortlist(call.row, by=call.by, organisation=side_of(call.by, call.row))


def dismiss(call: Call) -> Judgement:
    side, values = side_of(call.by, call.row), call.values
    return services.dismiss(call.row, values["reason_code"], by=call.by, organisation=side, note=values["note"])


add_move(
    Match,
    Move(
        name="shortlist",
        label=_("Shortlist"),
        may=may_judge,
        when=lambda match: getattr(match, "verdict", None) is None,
        does=shortlist,
        done=_("On your shortlist."),
    ),
    Move(
        name="dismiss",
        label=_("Dismiss"),
        may=may_judge,
        when=lambda match: getattr(match, "verdict", None) != DISMISSED,
        form=DismissForm,
        does=dismiss,
        done=_("Dismissed. It no longer appears among your matches."),
        look="quiet",
    ),
    Move(
        name="restore",
        label=_("Restore"),
        may=may_judge,
        when=lambda match: getattr(match, "verdict", None) is not None,
        does=lambda call: services.restore(call.row, by=call.by, organisation=side_of(call.by, call.row)),
        done=_("Your judgement is taken back."),
        look="quiet",
    ),
)


class VerdictFilter(DropdownFilter):
    title = _("verdict")
    parameter_name = "verdict"
    all_option = ["", _("without the dismissed ones")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("not judged yet")), *Judgement.Verdict.choices, ("all", _("all of them"))]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        if self.value() == "all":
            return rows
        if self.value() == "open":
            return rows.filter(verdict=None)
        if self.value() in Judgement.Verdict.values:
            return rows.filter(verdict=self.value())
        return rows.filter(NOT_DISMISSED)


class DayFilter(DropdownFilter):
    title = _("day found")
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("today")), ("7", _("last 7 days")), ("30", _("last 30 days"))]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        if self.value() not in ("1", "7", "30"):
            return rows
        return rows.filter(found_at__gte=midnight() - timedelta(days=int(self.value() or 1) - 1))


class ListingFilter(DropdownFilter):
    """Of one listing, by its public id; offered by the page of the listing alone."""

    title = _("listing")
    parameter_name = "listing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        row = Projection.objects.visible_to(request.user).filter(public_id=self.asked(request)).first()
        return [(row.public_id, row.title)] if row else []

    def asked(self, request: HttpRequest) -> str:
        wanted = request.GET.get("listing", "")
        return wanted if is_public_id(wanted) else ""

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        wanted = self.asked(request)
        return rows.filter(Q(achievement__public_id=wanted) | Q(demand__public_id=wanted)) if wanted else rows


def midnight() -> Any:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


class FieldFilter(DropdownFilter):
    title = _("technical field")
    parameter_name = "field"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(item.code, item.label) for item in codes.items("technical_field")]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.filter(demand__field=self.value()) if self.value() else rows


@admin.register(Match)
class MatchAdmin(StageAdmin):
    list_display = ("number_score", "pair", "why", "found_on")
    list_display_links = ("number_score", "pair")
    list_filter = (DayFilter, FieldFilter, VerdictFilter, ListingFilter)
    list_select_related = ("achievement", "demand")
    list_per_page = 25
    search_fields = ("achievement__title_zh", "achievement__title_en", "demand__title_zh", "demand__title_en")
    ordering = ("-score", "id")
    fieldsets = (
        (None, {"fields": (("demand_page", "achievement_page"), "number_score", "why_all", "parts")}),
        (_("The two sides"), {"fields": (("demand_text", "achievement_text"),)}),
        (None, {"fields": (("verdict_shown", "found_on"), "model_version")}),
    )
    empty_sentence = _("No match fits. Matches appear by themselves as soon as listings on both sides are published.")

    def visible(self, rows: Any, user: Any) -> Any:
        return rows.visible_to(user).current()

    def journal_rows(self, user: Any) -> Any:
        return Match.objects.all() if access.is_platform_staff(user) else Match.objects.none()

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        def actions(match: Match) -> Any:
            given = self.verdict_shown(match) if getattr(match, "verdict", None) else ""
            return drawn(quick(buttons(request.user, match)), request.get_full_path(), given)

        actions.short_description = _("what to do")  # type: ignore[attr-defined]
        return [*self.list_display, actions]

    def notices(self, request: HttpRequest, row: Match) -> list[tuple[str, Any]]:
        return [("warning", _("You dismissed this match."))] if getattr(row, "verdict", None) == DISMISSED else []

    @display(description=_("score"), ordering="score")
    def number_score(self, match: Match) -> Any:
        return score_bar(match)

    @display(description=_("demand and achievement"), ordering="demand__title_zh")
    def pair(self, match: Match) -> Any:
        return format_html('<span class="ws-pair">{}{}</span>', side(match.demand), side(match.achievement))

    @display(description=_("demand"))
    def demand_page(self, match: Match) -> Any:
        return link(match.demand)

    @display(description=_("achievement"))
    def achievement_page(self, match: Match) -> Any:
        return link(match.achievement)

    @display(description=_("why"))
    def why(self, match: Match) -> Any:
        return listed(wording.sentences(match.reasons, most=3))

    @display(description=_("why"))
    def why_all(self, match: Match) -> Any:
        return listed(wording.sentences(match.reasons))

    @display(description=_("parts of the score"))
    def parts(self, match: Match) -> Any:
        known = ((wording.component_name(name), value) for name, value in match.components.items() if value is not None)
        said = (labelled(name, f"{float(value):.2f}") for name, value in known)
        return format_html_join("", "<div>{}</div>", ((each,) for each in said))

    @display(description=_("demand"))
    def demand_text(self, match: Match) -> str:
        return match.demand.text("summary") or match.demand.text("public_note") or "–"

    @display(description=_("achievement"))
    def achievement_text(self, match: Match) -> str:
        return match.achievement.text("summary") or match.achievement.text("public_note") or "–"

    @display(description=_("found on"), ordering="found_at")
    def found_on(self, match: Match) -> Any:
        return timezone.localdate(match.found_at)

    @display(description=_("verdict"), ordering="verdict")
    def verdict_shown(self, match: Match) -> Any:
        given = getattr(match, "verdict", None)
        return Judgement.Verdict(given).label if given else "–"


def score_bar(match: Match) -> Any:
    """How good the match is: a bar, full at twice what counts as likely; the word for it; the number as a tip."""
    percent = round(min(match.score / (2 * wording.LIKELY), 1) * 100)
    return format_html(
        '<span class="ws-score" title="{}"><span class="ws-score-bar"><span style="width:{}%"></span></span>{}</span>',
        f"{match.score:.2f}",
        percent,
        wording.strength(match),
    )


def side(row: Projection) -> Any:
    """One of the two listings in a column: title, owner, field."""
    owner = row.owner_name or _("anonymous owner")
    return format_html(
        '<span class="ws-side">{}<small>{} · {}</small></span>', row.title, owner, name_of("technical_field", row.field)
    )


def link(row: Projection) -> Any:
    return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row), side(row))


def listed(said: list[str]) -> Any:
    return format_html(
        '<ul class="ws-why">{}</ul>', format_html_join("", "<li>{}</li>", ((sentence,) for sentence in said))
    )


LINK = '<a class="ws-button ws-{look}" href="{url}?version={version}&amp;next={back}">{label}</a>'
POST = (
    '<button class="ws-button ws-{look}" type="submit" form="ws-move" formaction="{url}" name="version"'
    ' value="{version}">{label}</button>'
)


def drawn(offered: list[Any], back: str, given: Any = "") -> Any:
    """Buttons in a row of a list: a link where something is asked, else a button of the list's own form."""
    parts = (
        format_html(
            LINK if b.asks else POST, look=b.look, url=b.url, version=b.version, back=quote(back), label=b.label
        )
        for b in offered
    )
    said = format_html('<span class="ws-verdict">{}</span>', given) if given else ""
    return format_html('<span class="ws-buttons">{}{}</span>', said, format_html_join("", "{}", ((p,) for p in parts)))


def match_panel(request: HttpRequest, listing: Listing) -> dict[str, Any] | None:
    """The best matches of one listing, for its own page."""
    row = Projection.objects.filter(**{listing.kind: listing}).first()
    if row is None or not row.is_live:
        return None
    other = "demand" if row.kind == Projection.Kind.ACHIEVEMENT else "achievement"
    found = Match.objects.visible_to(request.user).current().filter(**{row.kind: row})
    found = found.annotate(**annotations_for(Match, request.user)).filter(NOT_DISMISSED)
    rows = list(found.select_related("achievement", "demand").order_by("-score", "id")[:10])
    matches = [
        {
            "match": match,
            "url": page_url(match),
            "score": score_bar(match),
            "other": side(getattr(match, other)),
            "why": wording.sentences(match.reasons, most=5),
            "buttons": buttons(request.user, match),
        }
        for match in rows
    ]
    return {
        "matches": matches,
        "all_url": f"{list_url(Match)}?listing={row.public_id}",
        "next": request.path,
        "is_indexed": row.indexed_at,
    }


add_panel(Achievement, "admin/stage/matches.html", match_panel)
add_panel(Demand, "admin/stage/matches.html", match_panel)
