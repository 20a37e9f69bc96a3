"""What a distribution rests on, over the API: the owner's own rules of rewarding, and what is taken off receipts."""

from typing import Any

import django_filters as filters
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.settlement import services
from marketplace.settlement.models import Cost, RewardRule
from marketplace.settlement.services.rewarding import left_of

from ..brokerage import PartyShape
from ..contracts.acting import Acting, verb
from ..contracts.fields import ContractReference, Day, DocumentReference, Ratio, paper_id
from ..doors import Listed, Retrieved, RowShape, Shape
from ..fields import Amount, CodeName, Currency, FileHash, OrganisationReference
from ..filters import PublicId
from ..moving import Making, making
from ..settlement import WhyShape
from .fields import DecidedUnder

# The owner's rules


class RewardRuleShape(RowShape):
    """What an owner has laid down, from a day; a later rule takes the place of an earlier one."""

    book = PartyShape(read_only=True)
    method_display = CodeName(RewardRule.Method, source="method")
    document = paper_id("document")
    sha256 = FileHash(source="document", help_text="Null for who may not open the document.")
    law = DecidedUnder()

    class Meta:
        model = RewardRule
        fields = [
            *("id", "book", "method", "method_display", "rate", "pay_within_months", "effective_from", "effective_to"),
            *("title", "document", "sha256", "law", "version", "created_at"),
        ]
        read_only_fields = fields


class NewRewardRule(Shape):
    book = OrganisationReference()
    method = serializers.ChoiceField(RewardRule.Method.choices)
    rate = Ratio(help_text="Of one: 0.7 for 70 %.")
    pay_within_months = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=120)
    effective_from = Day()
    effective_to = Day(required=False, allow_null=True)
    title = serializers.CharField(max_length=200)
    document = DocumentReference()


class RewardRuleFilter(filters.FilterSet):
    book = PublicId("book")
    method = filters.ChoiceFilter(choices=RewardRule.Method.choices)

    class Meta:
        model = RewardRule
        fields: list[str] = []


class RewardRules(Listed, Retrieved, Making):
    """The rules of rewarding of the organisations whose money one decides about."""

    queryset = RewardRule.objects.select_related("book", "document").order_by("book_id", "method", "-effective_from")
    serializer_class = RewardRuleShape
    filterset_class = RewardRuleFilter

    @making(NewRewardRule, RewardRuleShape)
    def create(self, request: Request) -> Response:
        """Record a rule with its document. Less than a public owner must give: 409 E_REWARD_BELOW_FLOOR."""
        return self.make(request, NewRewardRule, services.record_rule)


# Costs


class CostCard(RowShape):
    contract = serializers.CharField(source="contract.public_id", read_only=True)
    document = paper_id("document")
    currency = Currency(read_only=True)
    kind_display = CodeName(Cost.Kind, source="kind")

    class Meta:
        model = Cost
        fields = [
            *("id", "contract", "kind", "kind_display", "amount", "currency", "on", "note", "document"),
            *("withdrawn_reason", "version", "created_at"),
        ]
        read_only_fields = fields


class CostShape(CostCard):
    left = serializers.SerializerMethodField(help_text="What no distribution has taken off yet.")

    class Meta(CostCard.Meta):
        fields = [*CostCard.Meta.fields, "left"]
        read_only_fields = fields

    def get_left(self, cost: Cost) -> str:
        return f"{left_of(cost):.2f}"


class NewCostShape(Shape):
    contract = ContractReference()
    kind = serializers.ChoiceField(Cost.Kind.choices)
    amount = Amount()
    on = Day(help_text="The day of the cost.")
    note = serializers.CharField(max_length=300, help_text="What for.")
    document = DocumentReference()


class CostFilter(filters.FilterSet):
    contract = PublicId("contract")
    kind = filters.ChoiceFilter(choices=Cost.Kind.choices)

    class Meta:
        model = Cost
        fields: list[str] = []


class RewardCosts(Listed, Retrieved, Making, Acting):
    """What is taken off receipts before they are shared, the oldest first. The licensee reads none of it."""

    queryset = Cost.objects.select_related("contract", "document").order_by("on", "id")
    filterset_class = CostFilter

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return CostCard if self.action == "list" else CostShape

    @making(NewCostShape, CostShape)
    def create(self, request: Request) -> Response:
        """Record a cost with its document. What the place does not take off: 400 E_COST_NOT_ALLOWED."""
        return self.make(request, NewCostShape, services.record_cost)

    @verb(WhyShape)
    def withdraw(self, cost: Cost, **values: Any) -> None:
        """It counts no more; what a distribution has taken off stays: 409 cost_taken."""
        services.withdraw_cost(cost, **values)
