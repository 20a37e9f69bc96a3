"""Commissions of brokers: what each receipt earned and why; invoiced, paid, disputed, claimed when gone around."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.brokerage.models import Introduction, Mandate
from marketplace.settlement import services
from marketplace.settlement.models import Commission, CommissionLine

from .brokerage import PartyShape
from .doors import Door, Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName, Currency, Reference
from .filters import states_of
from .mandates import GroundShape
from .settlement import ObligationStepShape


class IntroductionReference(Reference):
    model = Introduction


class CommissionLineShape(RowShape):
    commission = serializers.CharField(source="commission.public_id", read_only=True)
    received_on = serializers.DateField(source="payment.on", read_only=True)
    currency = Currency(read_only=True)
    steps = ObligationStepShape(many=True, read_only=True, help_text="Why this number.")
    state_display = CodeName(CommissionLine.State, source="state")

    class Meta:
        model = CommissionLine
        fields = [
            *("id", "commission", "received_on", "counted", "amount", "agency_amount", "manager_amount", "currency"),
            *("steps", "invoice", "paid_on", "reference", "dispute_note", "state", "state_display"),
            *("version", "created_at"),
        ]
        read_only_fields = fields


class CommissionShape(RowShape):
    """Seen by the principal, the agency and the technology manager; the contract by its title alone."""

    contract_title = serializers.CharField(source="contract.title", read_only=True)
    mandate = serializers.CharField(source="mandate.public_id", read_only=True)
    introduction = serializers.CharField(source="introduction.public_id", read_only=True)
    principal = PartyShape(read_only=True)
    kind_display = CodeName(Commission.Kind, source="kind")

    class Meta:
        model = Commission
        fields = [
            *("id", "contract_title", "mandate", "introduction", "principal", "kind", "kind_display"),
            *("version", "created_at"),
        ]
        read_only_fields = fields


class CommissionClaimShape(Shape):
    introduction = IntroductionReference()
    side = serializers.ChoiceField(Mandate.Side.choices, help_text="Whose mandate it was made under.")


class InvoiceNumberShape(Shape):
    number = serializers.CharField(max_length=80)


class CommissionPaymentShape(Shape):
    on = serializers.DateField()
    reference = serializers.CharField(max_length=200, help_text="Of the transfer.")


class Commissions(Listed, Retrieved, Door):
    """Contracts that a broker is owed a commission for: as principal, as agency, as technology manager."""

    queryset = Commission.objects.select_related("contract", "mandate", "introduction", "principal").order_by("-id")
    serializer_class = CommissionShape

    @extend_schema(request=CommissionClaimShape, responses={201: CommissionShape})
    def create(self, request: Request) -> Response:
        """Brokers: claim what is owed for a contract between two whom one introduced."""
        given = self.body(CommissionClaimShape)
        row = services.claim_commission(given["introduction"], given["side"], by=request.user)
        return self.show(row, status=201)


class LineFilter(filters.FilterSet):
    state = states_of(CommissionLine)

    class Meta:
        model = CommissionLine
        fields: list[str] = []


class CommissionLines(Listed, Retrieved, Door):
    """What each receipt earned, the latest first; below zero it is to be given back."""

    queryset = CommissionLine.objects.select_related("commission", "payment").order_by("-id")
    serializer_class = CommissionLineShape
    filterset_class = LineFilter

    @extend_schema(request=InvoiceNumberShape)
    @action(detail=True, methods=["post"])
    def bill(self, request: Request, id: str) -> Response:
        """The broker has invoiced it."""
        given: dict[str, Any] = self.body(InvoiceNumberShape)
        return self.show(services.bill_commission(self.get_object(), given["number"], by=request.user))

    @extend_schema(request=CommissionPaymentShape)
    @action(detail=True, methods=["post"])
    def pay(self, request: Request, id: str) -> Response:
        """The principal has paid it."""
        row, given = self.get_object(), self.body(CommissionPaymentShape)
        return self.show(services.pay_commission(row, **given, by=request.user))

    @extend_schema(request=GroundShape)
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, id: str) -> Response:
        """The principal says why it is not owed."""
        return self.show(services.dispute_commission(self.get_object(), **self.body(GroundShape), by=request.user))

    @extend_schema(request=Nothing)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, id: str) -> Response:
        """It is owed after all."""
        self.body(Nothing)
        return self.show(services.settle_commission(self.get_object(), by=request.user))
