"""Statements of banks, and the queue of credits that a person must look at."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.settlement import naming, services
from marketplace.settlement.models import BankLine, BankStatement, Payment
from marketplace.settlement.services import bank

from .contracts.acting import verb
from .contracts.fields import ContractReference
from .doors import Door, Listed, Retrieved, RowShape, Shape
from .fields import CodeName, Currency, OrganisationReference
from .files import LONGEST, FileParser, FileShape
from .filters import PublicId, states_of
from .moving import MovingMoney, booking
from .settlement import OBLIGATION_KEY, WhyShape

# Statements


class BankStatementShape(FileShape):
    book = OrganisationReference()
    content = serializers.CharField(max_length=LONGEST, help_text="The .xlsx or .csv file in base64.")
    dry_run = serializers.BooleanField(default=False, help_text="Only say what would happen.")


class PlannedShape(Shape):
    row = serializers.IntegerField()
    on = serializers.DateField()
    amount = serializers.CharField()
    payer = serializers.CharField()
    reference = serializers.CharField()
    outcome = serializers.CharField(help_text="matched, queued or known.")
    contract = serializers.CharField()
    doubt = serializers.CharField(help_text="Why a person must look.")


class CellFaultShape(Shape):
    row = serializers.IntegerField()
    column = serializers.CharField()
    sentence = serializers.CharField()


class PlanShape(Shape):
    counts = serializers.DictField(child=serializers.IntegerField())
    notes = serializers.ListField(child=serializers.CharField())
    faults = CellFaultShape(many=True)
    rows = PlannedShape(many=True)


class BankStatements(Door):
    """Statements of banks: sure credits become payments, the others wait in a queue."""

    queryset = BankStatement.objects.order_by("-id")
    serializer_class = PlanShape
    parser_classes = [FileParser]

    @extend_schema(request=BankStatementShape, responses={200: PlanShape})
    def create(self, request: Request) -> Response:
        """Take up a statement of a bank, or say what taking it up would do. The same file or line is taken up once."""
        given = self.body(BankStatementShape)
        book, content = given["book"], given["content"]
        if given["dry_run"]:
            return Response(services.preview(book, content, by=request.user).as_json())
        return Response(services.import_statement(book, content, given["filename"], by=request.user).as_json())


# The queue


class BankLineShape(RowShape):
    """A credit. `doubt` says why it waits for a person; `payment` is what it has become."""

    book = serializers.CharField(source="book.public_id", read_only=True)
    currency = Currency(read_only=True)
    doubt = serializers.CharField(source="guess", read_only=True)
    doubt_display = serializers.SerializerMethodField()
    payment = serializers.SerializerMethodField()
    state_display = CodeName(BankLine.State, source="state")

    class Meta:
        model = BankLine
        fields = [
            *("id", "book", "on", "amount", "currency", "payer", "reference", "purpose", "doubt", "doubt_display"),
            *("ignored_reason", "payment", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields

    def get_doubt_display(self, row: BankLine) -> str:
        return str(naming.DOUBTS.get(row.guess, ""))

    def get_payment(self, row: BankLine) -> str | None:
        """The id of the payment that stands."""
        return next((each.public_id for each in row.payments.all() if each.state == Payment.State.BOOKED), None)


class BankMatchShape(Shape):
    contract = ContractReference()
    obligation = serializers.CharField(**OBLIGATION_KEY)


class LikelyShape(Shape):
    """A contract that the credit may pay."""

    contract = serializers.CharField(source="public_id")
    title = serializers.CharField()
    buyer = serializers.CharField(source="buyer.name_zh")


class BankLineFilter(filters.FilterSet):
    state = states_of(BankLine)
    book = PublicId("book")

    class Meta:
        model = BankLine
        fields: list[str] = []


class BankLines(Listed, Retrieved, MovingMoney):
    """Credits of bank statements; those in the state `new` wait for a person. For who decides about the money."""

    queryset = BankLine.objects.select_related("book").prefetch_related("payments").order_by("-on", "-id")
    serializer_class = BankLineShape
    filterset_class = BankLineFilter

    def locked_before(self, row: BankLine) -> list[Record]:
        """The contract first, as everywhere: the one that it shall pay, or the one that it has paid."""
        if self.action == "match":
            return [self.body(BankMatchShape)["contract"]]
        paid = Contract.objects.filter(payments__in=Payment.objects.standing().filter(bank_line=row))
        return list(paid.distinct())

    @booking(BankMatchShape)
    def match(self, row: Any, *, contract: Contract, obligation: str, by: Any) -> None:
        """It pays this contract: interest first, then what was due first, or the obligation that is named."""
        services.match_line(row, contract, obligation=obligation, by=by)

    @verb(WhyShape)
    def ignore(self, row: Any, *, reason: str, by: Any) -> None:
        """It has nothing to do with a contract here."""
        services.ignore_line(row, reason, by=by)

    @booking(WhyShape)
    def release(self, row: Any, *, reason: str, by: Any) -> None:
        """Matched or set aside by mistake: it waits again, and the payment that it had become is reversed."""
        services.release_line(row, reason, by=by)

    @extend_schema(responses=LikelyShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def likely(self, request: Request, id: str) -> Response:
        """The contracts that a person would look at first; empty where nothing points to one."""
        return Response(LikelyShape(bank.likely_contracts(self.get_object()), many=True).data)
