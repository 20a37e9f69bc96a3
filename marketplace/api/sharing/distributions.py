"""Distributions over the API: each receipt, from what arrived to what each one gets, and why."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.settlement import services
from marketplace.settlement.models import CostTaken, Distribution, Payee, PlanLine, Share
from marketplace.settlement.rules import sharing

from ..brokerage import PartyShape
from ..contracts.acting import verb
from ..contracts.shapes import GapShape
from ..doors import Listed, Nothing, Retrieved, RowShape, Shape
from ..fields import CodeName, Currency
from ..filters import PublicId, states_of
from ..moving import MovingMoney, booking, making
from ..settlement import WhyShape
from .fields import DecidedUnder, PaymentReference, TaxShape, WhyStepShape, id_of, tax_of


class ShareShape(RowShape):
    """What one person or unit gets; amounts are shared to the fen by largest remainder."""

    payee = id_of("payee")
    role_display = CodeName(PlanLine.Role, source="role")
    office_display = CodeName(Payee.Office, source="office")
    share = serializers.SerializerMethodField(help_text="Of the reward, or of what stays.")
    currency = Currency(read_only=True)
    state_display = CodeName(Share.State, source="state")

    class Meta:
        model = Share
        fields = [
            *("id", "payee", "name", "role", "role_display", "office", "office_display", "share", "amount", "currency"),
            *("paid_on", "reference", "state", "state_display"),
        ]
        read_only_fields = fields

    def get_share(self, share: Share) -> str:
        return sharing.written(share.share)


class CostTakenShape(serializers.ModelSerializer[CostTaken]):
    cost = serializers.CharField(source="cost.public_id")

    class Meta:
        model = CostTaken
        fields = ["cost", "amount"]
        read_only_fields = fields


class DistributionCard(RowShape):
    """`steps` say why: each with what went into it and the text of law that it rests on."""

    book = PartyShape(read_only=True)
    contract = id_of("contract")
    payment = id_of("payment")
    plan = id_of("plan")
    rule = id_of("rule")
    notice = id_of("notice")
    leader_notice = id_of("leader_notice")
    currency = Currency(read_only=True)
    steps = WhyStepShape(many=True, read_only=True, help_text="Why these numbers.")
    shares = ShareShape(many=True, read_only=True)
    costs_taken = CostTakenShape(many=True, read_only=True)
    state_display = CodeName(Distribution.State, source="state")

    class Meta:
        model = Distribution
        fields = [
            *("id", "book", "contract", "payment", "plan", "rule", "law_place", "received_on", "received", "costs"),
            *("net", "rate", "pool", "retained", "currency", "steps", "shares", "costs_taken", "registration"),
            *("pay_by", "tax_until", "notice", "leader_notice", "fingerprint", "approved_on", "paid_on", "end_reason"),
            *("state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class DistributionShape(DistributionCard):
    """By itself also with what stands before its approval, the rules that were applied and the tax hint."""

    missing = serializers.SerializerMethodField(help_text="What stands between it and its approval; empty: nothing.")
    law = DecidedUnder()
    tax = serializers.SerializerMethodField()

    class Meta(DistributionCard.Meta):
        fields = [*DistributionCard.Meta.fields, "missing", "law", "tax"]
        read_only_fields = fields

    @extend_schema_field(GapShape(many=True))
    def get_missing(self, row: Distribution) -> Any:
        return GapShape(services.what_blocks(row), many=True).data

    @extend_schema_field(TaxShape)
    def get_tax(self, row: Distribution) -> Any:
        return tax_of(row)


class NewDistributionShape(Shape):
    payment = PaymentReference(help_text="The receipt that is shared.")
    registration = serializers.CharField(
        max_length=60, allow_blank=True, default="", help_text="Of the contract; the tax relief asks for it."
    )


class DistributionFilter(filters.FilterSet):
    contract = PublicId("contract")
    payment = PublicId("payment")
    book = PublicId("book")
    state = states_of(Distribution)

    class Meta:
        model = Distribution
        fields: list[str] = []


class Distributions(Listed, Retrieved, MovingMoney):
    """Those of the organisations whose money one decides about, the latest first; one's own share: my-rewards/."""

    queryset = (
        Distribution.objects.select_related("book", "contract", "payment", "plan", "rule", "notice", "leader_notice")
        .prefetch_related(
            Prefetch("shares", Share.objects.select_related("line", "payee").order_by("id")),
            Prefetch("costs_taken", CostTaken.objects.select_related("cost").order_by("id")),
        )
        .order_by("-id")
    )
    filterset_class = DistributionFilter

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return DistributionCard if self.action == "list" else DistributionShape

    @making(NewDistributionShape, DistributionShape)
    def create(self, request: Request) -> Response:
        """Compute who gets what of a receipt. The 409 names what is missing: E_NO_SIGNED_PLAN, nothing_to_share, …"""
        return self.make(request, NewDistributionShape, services.propose)

    @verb()
    def show_reward(self, row: Distribution, **values: Any) -> None:
        """Open the public notices that are due: of the reward, and of what leaders get."""
        services.show_reward(row, **values)

    @booking(Nothing)
    def approve(self, row: Distribution, **values: Any) -> None:
        """A second person, who has no share in it, decides; it is booked. A 409 names what blocks, as in `missing`."""
        services.approve(row, **values)

    @verb(WhyShape)
    def withdraw(self, row: Distribution, **values: Any) -> None:
        """Take a proposal back before it is approved; its notices become void."""
        services.withdraw(row, **values)

    @booking(WhyShape)
    def reverse(self, row: Distribution, **values: Any) -> None:
        """Book it back. Who was paid owes it: see claw-backs/."""
        services.reverse_distribution(row, **values)
