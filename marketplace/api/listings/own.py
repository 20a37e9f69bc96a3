"""The owner's working copies: written down, handed to review, published, kept up. Reviewers see all of them."""

from typing import Any

import django_filters as filters
from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.listings import services
from marketplace.listings.models import Achievement, Demand, Listing

from ..doors import IF_MATCH, Door, Listed, Nothing, Retrieved
from ..filters import PublicId
from ..parties import ReasonShape
from .drafts import AchievementChange, AchievementDraft, DemandChange, DemandDraft, InterestSwitch, ReturnShape


class WorkingCopyFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=Listing.State.choices)
    owner = PublicId("owner")


class WorkingCopies(Listed, Retrieved, Door):
    """Each verb is one service. If-Match is needed to change or publish; elsewhere it may be sent."""

    filterset_class = WorkingCopyFilter

    def moved(self, service: Any, **values: Any) -> Response:
        return self.show(service(self.get_object(), by=self.request.user, **values))

    def moved_as_read(self, service: Any, *, required: bool = False) -> Response:
        """A verb without values, upon the version of If-Match."""
        self.body(Nothing)
        listing = self.get_object()
        return self.show(service(listing, by=self.request.user, version=self.version(listing, required=required)))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, id: str) -> Response:
        """Hand it to review. A 400 names everything that is missing or harmful."""
        return self.moved_as_read(services.submit)

    @extend_schema(request=Nothing, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, id: str) -> Response:
        """Staff: put the version that you have read on the market for 365 days."""
        return self.moved_as_read(services.publish, required=True)

    @extend_schema(request=ReturnShape)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def return_for_correction(self, request: Request, id: str) -> Response:
        """Staff: give it back with a reason and a note that says what to mend."""
        listing, values = self.get_object(), self.body(ReturnShape)
        code, note = values["return_code"], values["return_note"]
        by, version = request.user, self.version(listing)
        return self.show(services.return_for_correction(listing, code, note, by=by, version=version))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, id: str) -> Response:
        """Take it back to draft; a published one leaves the market until it is reviewed again."""
        return self.moved_as_read(services.revise)

    @extend_schema(request=ReasonShape)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """Take it off the market."""
        return self.moved(services.withdraw, **self.body(ReasonShape))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, id: str) -> Response:
        """A second year: once, within the last 30 days."""
        self.body(Nothing)
        return self.moved(services.renew, today=timezone.localdate())

    @extend_schema(request=InterestSwitch)
    @action(detail=True, methods=["post"], url_path="set-interest")
    def set_interest(self, request: Request, id: str) -> Response:
        """Open or close it for expressions of interest; it stays published either way."""
        return self.moved(services.set_interest, **self.body(InterestSwitch))


class MyAchievements(WorkingCopies):
    """One's own achievements in every state."""

    queryset = (
        Achievement.objects.select_related("owner").prefetch_related("offers", "rights").order_by("-changed_at", "-id")
    )
    serializer_class = AchievementDraft

    @extend_schema(responses={201: AchievementDraft})
    def create(self, request: Request) -> Response:
        """Write down a new achievement as a draft."""
        values = self.body(AchievementDraft)
        parts = {"owner": values.pop("owner"), "offers": values.pop("offers", []), "rights": rights_in(values) or []}
        return self.show(services.draft(Achievement, values, by=request.user, **parts), status=201)

    @extend_schema(parameters=[IF_MATCH], request=AchievementChange, responses=AchievementDraft)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change a draft; offers and rights that are sent replace those that were there."""
        listing = self.get_object()
        version = self.version(listing, required=True)
        values = self.body(AchievementChange, partial=True)
        offers, rights = values.pop("offers", None), rights_in(values)
        with transaction.atomic():
            services.edit(listing, values, rights=rights, by=request.user, version=version)
            if offers is not None:
                services.set_offers(listing, offers, by=request.user)
        return self.show(listing)


class MyDemands(WorkingCopies):
    """One's own demands in every state."""

    queryset = Demand.objects.select_related("owner").order_by("-changed_at", "-id")
    serializer_class = DemandDraft

    @extend_schema(responses={201: DemandDraft})
    def create(self, request: Request) -> Response:
        """Write down a new demand as a draft."""
        values = self.body(DemandDraft)
        return self.show(services.draft(Demand, values, owner=values.pop("owner"), by=request.user), status=201)

    @extend_schema(parameters=[IF_MATCH], request=DemandChange, responses=DemandDraft)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change a draft."""
        listing = self.get_object()
        version = self.version(listing, required=True)
        values = self.body(DemandChange, partial=True)
        return self.show(services.edit(listing, values, by=request.user, version=version))


def rights_in(values: dict[str, Any]) -> Any:
    """Take the named rights out of the values; None when none were sent."""
    return values.pop("rights", {}).get("all")
