"""Money: what is owed and why, and payments recorded once under a key."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts.models import Contract
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.idempotency import once
from marketplace.settlement import services
from marketplace.settlement.models import Allocation, Obligation, Payment

from .doors import Door, Listed, Retrieved, RowShape, Shape
from .fields import Amount, CodeName, Currency

KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 255 characters, new for each act, kept for 30 days. Sent again with the same body, the same "
    "answer comes back and nothing happens twice; with another body: 409 idempotency_key_reused. Missing: 428.",
)
REASON = 300
OBLIGATION_KEY: dict[str, Any] = {
    "max_length": 100,
    "default": "",
    "allow_blank": True,
    "help_text": "The key of the line that it pays; else the oldest.",
}


class KeyRequired(DomainError):
    """Money is moved and rows are made under a key, so that a request that got no answer can be sent again."""

    code = "idempotency_key_required"
    status = 428
    sentence = _(
        "Send an Idempotency-Key header: any text that is new for each act, and the same when you send it again."
    )


class WhyShape(Shape):
    reason = serializers.CharField(max_length=REASON)


class WriteOffShape(WhyShape):
    """`gives_up_cover` is needed where a guarantee can still be asked for the payment."""

    gives_up_cover = serializers.BooleanField(default=False)


# What is owed


class ObligationStepShape(Shape):
    """One step to the amount, with what went into it."""

    name = serializers.CharField()
    value = serializers.CharField()
    inputs = serializers.DictField(child=serializers.CharField())


class ObligationShape(RowShape):
    contract = serializers.CharField(source="contract.public_id", read_only=True)
    currency = Currency(read_only=True)
    state_display = CodeName(Obligation.State, source="state")
    steps = ObligationStepShape(many=True, read_only=True, help_text="Why this number.")

    class Meta:
        model = Obligation
        fields = [
            *("id", "contract", "key", "kind", "cause", "arose_on", "due_on", "amount", "interest", "paid"),
            *("interest_paid", "currency", "state", "state_display", "write_off_reason", "steps"),
            *("version", "created_at"),
        ]
        read_only_fields = fields


class OfContract(Door):
    """Rows of one contract that the asking person may see; of a contract that they may not there is nothing."""

    def everything(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.all()
        return self.queryset.filter(contract=self.contract())

    def contract(self) -> Contract:
        row = Contract.objects.visible_to(self.request.user).filter(public_id=self.kwargs["contract"]).first()
        if row is None:
            raise NotFound
        return row


@extend_schema(parameters=[OpenApiParameter("contract", str, OpenApiParameter.PATH)])
class ContractObligations(Listed, OfContract):
    """What is owed under a contract, each amount with its steps."""

    queryset = Obligation.objects.select_related("contract").order_by("due_on", "id")
    serializer_class = ObligationShape


class Obligations(Listed, Retrieved, Door):
    """What is owed under all contracts that one may see, oldest first."""

    queryset = Obligation.objects.select_related("contract").order_by("due_on", "id")
    serializer_class = ObligationShape

    @extend_schema(request=WriteOffShape)
    @action(detail=True, methods=["post"], url_path="write-off")
    def write_off(self, request: Request, id: str) -> Response:
        """Give a claim up in the books by a decision; what still comes is booked as recovered.

        409 `covered` while a guarantee can still be asked for it: claim it first, or send `gives_up_cover`.
        """
        return self.show(services.write_off(self.get_object(), **self.body(WriteOffShape), by=request.user))


# Payments


class AllocationShape(serializers.ModelSerializer[Allocation]):
    """How much of an obligation the payment paid; a negative line takes it back."""

    obligation = serializers.CharField(source="obligation.public_id")
    key = serializers.CharField(source="obligation.key")

    class Meta:
        model = Allocation
        fields = ["obligation", "key", "principal", "interest", "at"]
        read_only_fields = fields


class PaymentShape(RowShape):
    contract = serializers.CharField(source="contract.public_id", read_only=True)
    currency = Currency(read_only=True)
    source_display = CodeName(Payment.Source, source="source")
    state_display = CodeName(Payment.State, source="state")
    allocations = AllocationShape(many=True, read_only=True)

    class Meta:
        model = Payment
        fields = [
            *("id", "contract", "on", "amount", "currency", "reference", "source", "source_display", "state"),
            *("state_display", "reversal_reason", "allocations", "version", "created_at"),
        ]
        read_only_fields = fields


class NewPaymentShape(Shape):
    amount = Amount()
    on = serializers.DateField(help_text="The day on which it arrived.")
    reference = serializers.CharField(max_length=200, help_text="Of the transfer, unique in the contract.")
    obligation = serializers.CharField(**OBLIGATION_KEY)


def payments() -> Any:
    return Payment.objects.select_related("contract").prefetch_related("allocations__obligation").order_by("-on", "-id")


@extend_schema(parameters=[OpenApiParameter("contract", str, OpenApiParameter.PATH)])
class ContractPayments(Listed, OfContract):
    """Money that arrived for a contract."""

    queryset = payments()
    serializer_class = PaymentShape

    @extend_schema(request=NewPaymentShape, responses={201: PaymentShape}, parameters=[KEY])
    def create(self, request: Request, contract: str) -> Response:
        """Record money that really arrived, once."""
        row = self.contract()
        key = request.headers.get("Idempotency-Key")
        if key is None:
            raise KeyRequired
        given = self.body(NewPaymentShape)

        def does() -> tuple[int, Any]:
            payment = services.record(row, source=Payment.Source.API, by=request.user, **given)
            return 201, self.get_serializer(payments().get(pk=payment.pk)).data

        status, body = once(f"payments:{row.public_id}", key, given, does, by=request.user)
        return Response(body, status=status)


class Payments(Listed, Retrieved, Door):
    """Money that arrived for all contracts that one may see."""

    queryset = payments()
    serializer_class = PaymentShape

    @extend_schema(request=WhyShape)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, id: str) -> Response:
        """It never arrived, or went back; what it had paid is open again."""
        return self.show(services.reverse_payment(self.get_object(), **self.body(WhyShape), by=request.user))
