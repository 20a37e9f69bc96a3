"""Invoices over the API: kept with their number and file, taken back by red letters. Nobody issues one here."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.settlement import services
from marketplace.settlement.models import Invoice, InvoicePart, Obligation, Payment
from marketplace.settlement.rules.invoicing import Facts
from marketplace.settlement.services.invoices import Paper

from .contracts.fields import Figure, paper_id
from .doors import Door, Listed, Retrieved, RowShape, etag
from .fields import CodeName, Currency, Reference
from .files import FileParser, FileShape
from .settlement import OfContract, WhyShape


class ObligationReference(Reference):
    model = Obligation


class PaymentReference(Reference):
    model = Payment


class InvoicePartShape(serializers.ModelSerializer[InvoicePart]):
    """How much of the invoice is for which obligation; a red letter takes it back."""

    obligation = serializers.CharField(source="obligation.public_id")
    key = serializers.CharField(source="obligation.key")

    class Meta:
        model = InvoicePart
        fields = ["obligation", "key", "amount"]
        read_only_fields = fields


class InvoiceShape(RowShape):
    contract = serializers.CharField(source="contract.public_id", read_only=True)
    issuer = serializers.CharField(source="issuer.public_id", read_only=True)
    payment = serializers.CharField(source="payment.public_id", read_only=True, allow_null=True, default=None)
    corrects = serializers.CharField(source="corrects.public_id", read_only=True, allow_null=True, default=None)
    paper = paper_id("paper")
    currency = Currency(read_only=True)
    kind_display = CodeName(Invoice.Kind, source="kind")
    state_display = CodeName(Invoice.State, source="state")
    parts = InvoicePartShape(many=True, read_only=True)

    class Meta:
        model = Invoice
        fields = [
            *("id", "contract", "issuer", "kind", "kind_display", "code", "number", "on", "net", "rate", "tax"),
            *("amount", "currency", "rate_rule", "paper", "payment", "corrects", "parts", "state", "state_display"),
            *("withdrawal_reason", "version", "created_at"),
        ]
        read_only_fields = fields


class RedInvoiceShape(FileShape):
    """What stands on the paper; amounts of a red letter are below zero."""

    kind = serializers.ChoiceField(Invoice.Kind.choices)
    number = serializers.CharField(max_length=20)
    code = serializers.CharField(max_length=12, default="", allow_blank=True, help_text="Of paper invoices alone.")
    on = serializers.DateField(help_text="The day on which it was issued.")
    net = Figure(help_text="Without tax.")
    rate = serializers.DecimalField(max_digits=6, decimal_places=4, help_text="A ratio: 0.06 is 6 %.")
    tax = Figure()


class NewInvoiceShape(RedInvoiceShape):
    obligation = ObligationReference(required=False, allow_null=True, help_text="Else what is owed, oldest first.")
    payment = PaymentReference(required=False, allow_null=True, help_text="The payment that it is for.")


def facts_and_paper(given: dict[str, Any]) -> tuple[Facts, Paper]:
    """What the body says, taken out of it."""
    paper = Paper(given.pop("filename"), given.pop("content"))
    names = ("kind", "number", "code", "on", "net", "rate", "tax")
    return Facts(**{name: given.pop(name) for name in names}), paper


def invoices() -> Any:
    rows = Invoice.objects.select_related("contract", "issuer", "payment", "corrects", "paper")
    return rows.prefetch_related("parts__obligation").order_by("-on", "-id")


@extend_schema(parameters=[OpenApiParameter("contract", str, OpenApiParameter.PATH)])
class ContractInvoices(Listed, OfContract):
    """Invoices of a contract, with their red letters."""

    queryset = invoices()
    serializer_class = InvoiceShape
    parser_classes = [FileParser]

    @extend_schema(request=NewInvoiceShape, responses={201: InvoiceShape})
    def create(self, request: Request, contract: str) -> Response:
        """Keep an invoice that was issued. The same one again is the first; another of its number: 409 number_used."""
        row = self.contract()
        given = self.body(NewInvoiceShape)
        facts, paper = facts_and_paper(given)
        invoice = services.record_invoice(row, facts, paper=paper, **given, by=request.user)
        shown = invoices().get(pk=invoice.pk)
        return Response(self.get_serializer(shown).data, status=201, headers=etag(shown))


class Invoices(Listed, Retrieved, Door):
    """Invoices of all contracts that one may see, the latest first."""

    queryset = invoices()
    serializer_class = InvoiceShape

    @extend_schema(request=RedInvoiceShape, responses={201: InvoiceShape})
    @action(detail=True, methods=["post"], parser_classes=[FileParser])
    def correct(self, request: Request, id: str) -> Response:
        """Keep a red-letter invoice that takes this one back, all of it or a part; amounts are below zero."""
        facts, paper = facts_and_paper(self.body(RedInvoiceShape))
        row = services.correct_invoice(self.get_object(), facts, paper=paper, by=request.user)
        return self.show(row, status=201)

    @extend_schema(request=WhyShape)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """It was copied wrongly: it counts no more, and its number is free."""
        return self.show(services.withdraw_invoice(self.get_object(), **self.body(WhyShape), by=request.user))
