"""My rewards over the API: what one gets oneself of each receipt, why, and what became of it; nobody else's."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.settlement import computing
from marketplace.settlement.models import ClawBack, Distribution, PayoutLine, PlanLine, Share
from marketplace.settlement.rules import sharing
from marketplace.settlement.services.holds import is_held

from ..brokerage import PartyShape
from ..doors import Door, Listed, Retrieved, RowShape
from ..fields import Amount, CodeName, Currency
from ..filters import states_of
from .fields import DecidedUnder, TaxShape, WhyStepShape, id_of, tax_of


class OwnTransferShape(serializers.ModelSerializer[PayoutLine]):
    """One try to pay it, to the account of that day."""

    account_number = serializers.CharField(source="masked_number", help_text="Its last four digits.")
    outcome_display = CodeName(PayoutLine.Outcome, source="outcome")

    class Meta:
        model = PayoutLine
        fields = ["amount", "set_off", "bank", "account_number", "outcome", "outcome_display", "returned_reason"]
        read_only_fields = fields


class OwedBackShape(serializers.ModelSerializer[ClawBack]):
    """What is to be given back of it, because its distribution was reversed."""

    left = Amount()

    class Meta:
        model = ClawBack
        fields = ["amount", "settled", "left"]
        read_only_fields = fields


class RewardCard(RowShape):
    """`steps` say why: from what arrived down to one's own share."""

    payer = PartyShape(source="distribution.book", read_only=True)
    contract_title = serializers.CharField(source="distribution.contract.title", read_only=True)
    plan = id_of("line.plan")
    received_on = serializers.DateField(source="distribution.received_on", read_only=True)
    role_display = CodeName(PlanLine.Role, source="role")
    share = serializers.SerializerMethodField(help_text="Of the reward: what you signed.")
    currency = Currency(read_only=True)
    steps = serializers.SerializerMethodField(help_text="Why this number.")
    pay_by = serializers.DateField(source="distribution.pay_by", read_only=True, allow_null=True)
    tax_until = serializers.DateField(source="distribution.tax_until", read_only=True)
    distribution_state = serializers.ChoiceField(
        Distribution.State.choices, source="distribution.state", read_only=True
    )
    distribution_state_display = CodeName(Distribution.State, source="distribution.state")
    state_display = CodeName(Share.State, source="state")
    transfers = OwnTransferShape(source="payout_lines", many=True, read_only=True)
    owed_back = OwedBackShape(source="claw_back", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Share
        fields = [
            *("id", "payer", "contract_title", "plan", "received_on", "role", "role_display", "share", "amount"),
            *("currency", "steps", "pay_by", "tax_until", "paid_on", "reference", "transfers", "owed_back"),
            *("distribution_state", "distribution_state_display", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields

    def get_share(self, row: Share) -> str:
        return sharing.written(row.share)

    @extend_schema_field(WhyStepShape(many=True))
    def get_steps(self, row: Share) -> Any:
        return WhyStepShape(computing.steps_to(row), many=True, context=self.context).data


class RewardShape(RewardCard):
    """By itself also with the rules that were applied, the tax hint, and whether something blocks it."""

    is_held = serializers.SerializerMethodField(help_text="Something blocks the payment; see holds/ for your own.")
    law = DecidedUnder("distribution.law_references")
    tax = serializers.SerializerMethodField()

    class Meta(RewardCard.Meta):
        fields = [*RewardCard.Meta.fields, "is_held", "law", "tax"]
        read_only_fields = fields

    def get_is_held(self, row: Share) -> bool:
        return is_held(row)

    @extend_schema_field(TaxShape)
    def get_tax(self, row: Share) -> Any:
        return tax_of(row.distribution)


class RewardFilter(filters.FilterSet):
    state = states_of(Share)

    class Meta:
        model = Share
        fields: list[str] = []


class MyRewards(Listed, Retrieved, Door):
    """One's own shares of receipts, the latest first. A wrong one is disputed by `POST holds/`."""

    queryset = (
        Share.objects.select_related(
            "distribution__book",
            "distribution__contract__achievement",
            "distribution__notice",
            "line__plan",
            "claw_back",
        )
        .prefetch_related(Prefetch("payout_lines", PayoutLine.objects.order_by("id")))
        .order_by("-id")
    )
    filterset_class = RewardFilter

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return RewardCard if self.action == "list" else RewardShape

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(payee__user_id=self.request.user.pk)
