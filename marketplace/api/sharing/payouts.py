"""Payouts over the API: one file for the bank, what the bank did with it, and what is to be given back."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core.downloads import attachment
from marketplace.settlement import services
from marketplace.settlement.models import ClawBack, Payout, PayoutLine
from marketplace.settlement.services.payouts import contracts_of, file_name

from ..brokerage import PartyShape
from ..contracts.acting import verb
from ..contracts.fields import Day
from ..documents import AnyType
from ..doors import Listed, Nothing, Retrieved, RowShape, Shape
from ..fields import Amount, CodeName, Currency, OrganisationReference
from ..filters import PublicId, states_of
from ..moving import MovingMoney, booking, making
from ..settlement import WhyShape
from .fields import NAME, DistributionReference, id_of

MOST_DISTRIBUTIONS = 100
CSV = "text/csv; charset=utf-8"


class TransferOfPayout(serializers.ModelSerializer[PayoutLine]):
    """One transfer, to the account as it was when the batch was made. The whole number stands in the file alone."""

    share = serializers.CharField(source="share.public_id")
    name = serializers.CharField(source="share.name")
    account_number = serializers.CharField(source="masked_number", help_text="Its last four digits.")
    outcome_display = CodeName(PayoutLine.Outcome, source="outcome")

    class Meta:
        model = PayoutLine
        fields = [
            *("share", "name", "holder", "bank", "account_number", "amount", "set_off", "purpose", "outcome"),
            *("outcome_display", "returned_reason"),
        ]
        read_only_fields = fields


class PayoutShape(RowShape):
    """`set_off` of a line is what its person owed from before: it is kept back, and only the rest is transferred."""

    book = PartyShape(read_only=True)
    currency = Currency(read_only=True)
    lines = TransferOfPayout(many=True, read_only=True)
    state_display = CodeName(Payout.State, source="state")

    class Meta:
        model = Payout
        fields = [
            *("id", "book", "line_count", "total", "currency", "sha256", "lines", "taken_at", "paid_on", "reference"),
            *("end_reason", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class NewPayoutShape(Shape):
    book = OrganisationReference()
    distributions = serializers.ListField(
        child=DistributionReference(), max_length=MOST_DISTRIBUTIONS, default=list,
        help_text="Else everything that is approved and that nothing blocks.",
    )  # fmt: skip


class CarriedOutShape(Shape):
    on = Day(help_text="The day on which the bank carried it out.")
    reference = serializers.CharField(max_length=NAME, help_text="Of the bank.")


class ReturnedTransfer(Shape):
    share = serializers.CharField(max_length=16, help_text="Of the line that came back.")
    reason = serializers.CharField(max_length=300)


class PayoutFilter(filters.FilterSet):
    book = PublicId("book")
    state = states_of(Payout)

    class Meta:
        model = Payout
        fields: list[str] = []


class Payouts(Listed, Retrieved, MovingMoney):
    """Batches of the organisations whose money one decides about, the latest first. Staff read none."""

    queryset = (
        Payout.objects.select_related("book")
        .prefetch_related(Prefetch("lines", PayoutLine.objects.select_related("share").order_by("id")))
        .order_by("-id")
    )
    serializer_class = PayoutShape
    filterset_class = PayoutFilter

    def locked_before(self, row: Payout) -> list[Any]:
        return list(contracts_of(row))

    @making(NewPayoutShape, PayoutShape)
    def create(self, request: Request) -> Response:
        """Make one batch of all that may be paid. Nothing waits: 409 nothing_to_pay; somebody's account: no_account."""
        return self.make(request, NewPayoutShape, services.make_payout)

    @extend_schema(request=Nothing, responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True, methods=["post"], url_path="take-file", renderer_classes=[AnyType])
    def take_file(self, request: Request, id: str) -> HttpResponse:
        """The file for the bank, whole account numbers and all: the same bytes every time. Each taking is noted."""
        self.body(Nothing)
        row = self.get_object()
        return attachment(services.take_file(row, by=request.user), name=file_name(row), media_type=CSV)

    @booking(CarriedOutShape)
    def mark_paid(self, row: Payout, **values: Any) -> None:
        """The bank has carried it out: every share in it is paid and booked. Nobody took the file: 409 not_taken."""
        services.mark_paid(row, **values)

    @booking(ReturnedTransfer)
    def return_transfer(self, row: Payout, **values: Any) -> None:
        """The bank gave one transfer back: its booking is reversed, and the share waits again."""
        line = row.lines.filter(share__public_id=values.pop("share")).first()
        if line is None:
            raise ValidationError({"share": [_("This batch has no such share.")]})
        services.return_transfer(line, **values)

    @verb(WhyShape)
    def withdraw(self, row: Payout, **values: Any) -> None:
        """It does not go to the bank: its shares wait again."""
        services.withdraw_payout(row, **values)


# What is to be given back


class ClawBackShape(RowShape):
    """Set off against the person's next shares by itself, or given back."""

    book = PartyShape(read_only=True)
    share = id_of("share")
    distribution = id_of("share.distribution")
    name = serializers.CharField(source="share.name", read_only=True)
    left = Amount(read_only=True, help_text="What is not given back.")
    currency = Currency(read_only=True)
    state_display = CodeName(ClawBack.State, source="state")

    class Meta:
        model = ClawBack
        fields = [
            *("id", "book", "share", "distribution", "name", "amount", "settled", "left", "currency"),
            *("state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class GivenBackShape(Shape):
    amount = Amount()
    on = Day(help_text="The day on which it arrived.")
    reference = serializers.CharField(max_length=NAME, help_text="Of the transfer; the same one is recorded once.")


class ClawBackFilter(filters.FilterSet):
    book = PublicId("book")
    state = states_of(ClawBack)

    class Meta:
        model = ClawBack
        fields: list[str] = []


class ClawBacks(Listed, Retrieved, MovingMoney):
    """What people were paid of distributions that do not count any more."""

    queryset = ClawBack.objects.select_related("book", "share__distribution").order_by("id")
    serializer_class = ClawBackShape
    filterset_class = ClawBackFilter

    def locked_before(self, row: ClawBack) -> list[Any]:
        return [row.share.distribution.contract]

    @booking(GivenBackShape)
    def give_back(self, row: ClawBack, **values: Any) -> None:
        """Record money that somebody gave back."""
        services.give_back(row, **values)
