"""Matches with their reasons; shortlisted, dismissed, restored, and opened as deals."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage import services as brokerage
from marketplace.discovery import services
from marketplace.discovery.models import Judgement, Match
from marketplace.listings.models import Projection
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .brokerage import DealShape, deals
from .doors import Door, Listed, RowShape, Shape
from .fields import CodeName, OrganisationReference
from .filters import PublicId

UNJUDGED = "open"
VERDICTS = [*Judgement.Verdict.choices, (UNJUDGED, _("not judged yet"))]


class SideShape(Shape):
    """One of the two listings, as anybody sees it."""

    id = serializers.CharField(source="public_id")
    title = serializers.CharField()
    owner_name = serializers.CharField(help_text="Empty while the owner stays anonymous.")
    field = serializers.CharField()
    field_display = CodeName("technical_field", source="field")
    region = serializers.CharField()
    region_display = CodeName("province", source="region")


class ReasonOfMatch(Shape):
    """Something that speaks for the match; it never holds a word that is not public."""

    kind = serializers.CharField(help_text="text, or the component: field, trl, mode, price.")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="The phrase as the found listing writes it, or the component's code."
    )
    terms = serializers.ListField(child=serializers.CharField())
    weight = serializers.FloatField()
    field = serializers.CharField(help_text="Where the words stand: title, keywords or text.")
    params = serializers.DictField()


class JudgementShape(RowShape):
    """What one's own side thinks of it."""

    organisation = OrganisationReference(read_only=True, allow_null=True)
    verdict_display = CodeName(Judgement.Verdict, source="verdict")
    reason_code_display = CodeName("match_dismissal", source="reason_code")

    class Meta:
        model = Judgement
        fields = [
            *("id", "organisation", "verdict", "verdict_display", "reason_code", "reason_code_display"),
            *("note", "created_at"),
        ]
        read_only_fields = fields


class MatchShape(RowShape):
    achievement = SideShape(read_only=True)
    demand = SideShape(read_only=True)
    components = serializers.DictField(child=serializers.FloatField(), read_only=True)
    reasons = ReasonOfMatch(many=True, read_only=True)
    judgements = serializers.SerializerMethodField(help_text="One's own and one's organisations'.")

    class Meta:
        model = Match
        fields = [
            *("id", "achievement", "demand", "score", "rank", "components", "reasons", "model_version"),
            *("found_at", "judgements"),
        ]
        read_only_fields = fields

    @extend_schema_field(JudgementShape(many=True))
    def get_judgements(self, match: Match) -> Any:
        return JudgementShape(match.judged, many=True, context=self.context).data  # type: ignore[attr-defined]


class ForSide(Shape):
    """In whose name; may be left out by who acts for one side only, and by technology managers."""

    organisation = OrganisationReference(required=False, allow_null=True)


class DismissalShape(ForSide):
    reason_code = serializers.CharField(max_length=24, help_text="A code of the list match_dismissal.")
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class IntroductionShape(Shape):
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class MatchFilter(filters.FilterSet):
    achievement = PublicId("achievement")
    demand = PublicId("demand")
    verdict = filters.ChoiceFilter(choices=VERDICTS, method="judged_as")

    class Meta:
        model = Match
        fields: list[str] = []

    def judged_as(self, rows: Any, name: str, verdict: str) -> Any:
        """By what one's own side said; other people's verdicts move nothing."""
        mine = own_judgements(self.request.user).filter(match=OuterRef("pk"))
        if verdict == UNJUDGED:
            return rows.exclude(Exists(mine))
        return rows.filter(Exists(mine.filter(verdict=verdict)))


class Matches(Listed, Door):
    """The machine's suggestions, best first: one's own, and for technology managers all."""

    queryset = Match.objects.select_related("achievement", "demand").order_by("-score", "id")
    serializer_class = MatchShape
    filterset_class = MatchFilter

    def everything(self) -> Any:
        mine = Prefetch("judgements", own_judgements(self.request.user), to_attr="judged")
        return super().everything().prefetch_related(mine)

    def get_queryset(self) -> Any:
        return super().get_queryset().current()

    @extend_schema(responses=MatchShape)
    def retrieve(self, request: Request, id: str) -> Response:
        """One match with its reasons."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=ForSide)
    @action(detail=True, methods=["post"])
    def shortlist(self, request: Request, id: str) -> Response:
        """Keep it in sight."""
        match, side = self.sided()
        services.shortlist(match, by=request.user, organisation=side)
        return self.shown(match)

    @extend_schema(request=DismissalShape)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, id: str) -> Response:
        """Put it out of sight, with the reason."""
        values = self.body(DismissalShape)
        match, side = self.sided(DismissalShape)
        note, code = values["note"], values["reason_code"]
        services.dismiss(match, code, by=request.user, organisation=side, note=note)
        return self.shown(match)

    @extend_schema(request=ForSide)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, id: str) -> Response:
        """Take one's verdict back."""
        match, side = self.sided()
        services.restore(match, by=request.user, organisation=side)
        return self.shown(match)

    @extend_schema(request=IntroductionShape, responses={201: DealShape})
    @action(detail=True, methods=["post"], url_path="open-deal", url_name="open-deal")
    def open_deal(self, request: Request, id: str) -> Response:
        """Technology managers: bring the two sides together."""
        match = self.get_object()
        deal = brokerage.open_deal(match, **self.body(IntroductionShape), by=request.user)
        fresh = deals().get(pk=deal.pk)
        return Response(DealShape(fresh, context=self.get_serializer_context()).data, status=201)

    def shown(self, match: Match) -> Response:
        return Response(self.get_serializer(self.everything().get(pk=match.pk)).data)

    def sided(self, shape: type[ForSide] = ForSide) -> tuple[Match, Organisation | None]:
        """The match, and in whose name the caller judges it."""
        match, given = self.get_object(), self.body(shape).get("organisation")
        return match, given or own_side(match, self.request.user)


def own_judgements(user: Any) -> Any:
    """Judgements of the person and their organisations; staff have none of their own to see here but all."""
    return Judgement.objects.visible_to(user).select_related("organisation").order_by("-id")


def own_side(match: Match, user: Any) -> Organisation | None:
    """The caller's organisation among the two owners; None for who is on neither side, such as a manager."""
    sides = Projection.objects.filter(pk__in=[match.achievement_id, match.demand_id])
    owners = {owner for pair in sides.values_list("achievement__owner_id", "demand__owner_id") for owner in pair}
    found = list(access.organisations(user).filter(pk__in=owners - {None}))
    if len(found) > 1:
        raise ValidationError({"organisation": [_("Both sides are yours: say for which one.")]})
    return found[0] if found else None
