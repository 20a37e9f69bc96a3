"""The books over the API: bookings with their lines, accounts with their balances, receivables by age."""

from typing import Any

from django.db.models import Sum
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core.money import ZERO, to_fen
from marketplace.settlement import naming, receivables
from marketplace.settlement.models import Account, Journal, LedgerLine, Obligation
from marketplace.settlement.rules.ageing import Age

from .brokerage import PartyShape
from .doors import Door, Listed, Retrieved, RowShape, Shape
from .fields import CodeName, Currency, OrganisationReference

MOST_CONTRACTS = 500
"""Contracts that a list of receivables shows: the longest overdue ones where there are more. The sums are over all."""


class LedgerLineShape(serializers.ModelSerializer[LedgerLine]):
    """Debit is positive."""

    account = serializers.CharField(source="account.kind")
    account_display = CodeName(Account.Kind, source="account.kind")

    class Meta:
        model = LedgerLine
        fields = ["account", "account_display", "amount"]
        read_only_fields = fields


class JournalShape(RowShape):
    book = serializers.CharField(source="book.public_id", read_only=True)
    contract = serializers.CharField(source="contract.public_id", read_only=True, allow_null=True, default=None)
    reverses = serializers.CharField(source="reverses.public_id", read_only=True, allow_null=True, default=None)
    kind_display = CodeName(Journal.Kind, source="kind")
    currency = Currency(read_only=True)
    lines = LedgerLineShape(many=True, read_only=True)

    class Meta:
        model = Journal
        fields = [
            *("id", "book", "kind", "kind_display", "cause", "on", "contract", "reverses", "currency", "lines"),
            *("version", "created_at"),
        ]
        read_only_fields = fields


class Ledger(Listed, Retrieved, Door):
    """Bookings in the books of one's own organisations, the latest first; added and never edited."""

    queryset = (
        Journal.objects.select_related("book", "contract", "reverses")
        .prefetch_related("lines__account")
        .order_by("-id")
    )
    serializer_class = JournalShape


class AccountShape(RowShape):
    """Debit is positive; the balances of one book add up to zero."""

    book = serializers.CharField(source="book.public_id", read_only=True)
    kind_display = CodeName(Account.Kind, source="kind")
    balance = serializers.SerializerMethodField()

    class Meta:
        model = Account
        fields = ["id", "book", "kind", "kind_display", "currency", "balance", "version", "created_at"]
        read_only_fields = fields

    def get_balance(self, row: Any) -> str:
        """Yuan."""
        return f"{to_fen(row.total):.2f}"


class Accounts(Listed, Retrieved, Door):
    """The accounts of one's own organisations with their balances today."""

    queryset = (
        Account.objects.select_related("book")
        .annotate(total=Sum("lines__amount", default=ZERO))
        .order_by("book", "kind")
    )
    serializer_class = AccountShape


# Receivables


class AgeShape(Shape):
    """`age` is not_due, days_1_30, days_31_60, days_61_90 or over_90: days since the due day."""

    age = serializers.ChoiceField([each.value for each in Age])
    age_display = serializers.CharField()
    amount = serializers.DecimalField(18, 2, help_text="Principal; below zero what is carried forward.")


class OfContractShape(Shape):
    contract = serializers.CharField(source="contract.public_id")
    buyer = PartyShape(source="contract.buyer")
    ages = AgeShape(many=True)
    total = serializers.DecimalField(18, 2)
    interest = serializers.DecimalField(18, 2, help_text="Open beside the total.")


class ReceivablesShape(Shape):
    day = serializers.DateField()
    currency = Currency(source="day")
    contract_count = serializers.IntegerField()
    is_cut = serializers.BooleanField(help_text="Whether `rows` are the longest overdue alone; the sums are over all.")
    ages = AgeShape(many=True)
    total = serializers.DecimalField(18, 2)
    interest = serializers.DecimalField(18, 2)
    rows = OfContractShape(many=True)


class AskedReceivables(Shape):
    organisation = OrganisationReference(required=False)


class Receivables(Door):
    """What is open to one's organisations, by age and by contract; staff read all."""

    queryset = Obligation.objects.none()
    serializer_class = ReceivablesShape

    @extend_schema(
        parameters=[
            OpenApiParameter("organisation", str, description="The id of an organisation; else all of one's own.")
        ],
        responses={200: ReceivablesShape},
    )
    def show_ages(self, request: Request) -> Response:
        """What is still to be paid, by days since the due day, the longest overdue first. Written off is none of it."""
        self.refuse_unknown({"organisation"})
        asked = AskedReceivables(data=request.query_params.dict(), context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        rows, day = receivables.open_to(request.user), timezone.localdate()
        if organisation := asked.validated_data.get("organisation"):
            rows = rows.filter(contract__seller=organisation)
        found = receivables.by_contract(rows, day)
        sums = receivables.totals(found)
        answer = {
            "day": day,
            "contract_count": len(found),
            "is_cut": len(found) > MOST_CONTRACTS,
            "ages": ages(sums),
            "total": sum(sums.values(), ZERO),
            "interest": sum((each.interest for each in found), ZERO),
            "rows": [shown(each) for each in found[:MOST_CONTRACTS]],
        }
        return Response(self.get_serializer(answer).data)


def shown(row: receivables.OfContract) -> dict[str, Any]:
    return row._asdict() | {"ages": ages(row.ages), "total": row.total}


def ages(sums: Any) -> list[dict[str, Any]]:
    return [{"age": age.value, "age_display": str(name), "amount": sums[age]} for age, name in naming.AGES.items()]
