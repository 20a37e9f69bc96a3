"""Sharing plans over the API: drafted by the owner, signed by each inventor on its hash, in force with the last one."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.settlement import services
from marketplace.settlement.models import PlanLine, SharingPlan
from marketplace.settlement.rules import sharing
from marketplace.settlement.services.plans import MOST_LINES

from ..brokerage import PartyShape
from ..contracts.acting import Acting, verb
from ..contracts.fields import ContractReference, DocumentReference, paper_id, remark
from ..doors import Listed, Retrieved, RowShape, Shape
from ..fields import CodeName
from ..filters import PublicId, states_of
from ..moving import Making, making
from ..settlement import WhyShape
from .fields import NAME, DecidedUnder, PayeeReference, StakeReference, id_of


class PlanLineShape(RowShape):
    """People share in the reward; the owner and its units in what stays. Each part adds up to the whole."""

    payee = serializers.CharField(source="payee.public_id", read_only=True, allow_null=True, default=None)
    role_display = CodeName(PlanLine.Role, source="role")
    share = serializers.SerializerMethodField(help_text='Exactly: "1/3" or "29.9%".')
    must_sign = serializers.SerializerMethodField(help_text="An inventor who has not confirmed the hash yet.")
    paper = paper_id("paper")

    class Meta:
        model = PlanLine
        fields = ["id", "role", "role_display", "name", "payee", "share", "is_main", "must_sign", "signed_at", "paper"]
        read_only_fields = fields

    def get_share(self, line: PlanLine) -> str:
        return sharing.written(line.share)

    def get_must_sign(self, line: PlanLine) -> bool:
        return line.role == PlanLine.Role.INVENTOR and line.signed_at is None


class SharingPlanShape(RowShape):
    """`sha256` is what an inventor confirms: the contract, the version and every line in its order."""

    book = PartyShape(read_only=True)
    contract = serializers.CharField(source="contract.public_id", read_only=True)
    contract_title = serializers.CharField(source="contract.title", read_only=True)
    stake = id_of("stake")
    state_display = CodeName(SharingPlan.State, source="state")
    lines = PlanLineShape(many=True, read_only=True)
    law = DecidedUnder()

    class Meta:
        model = SharingPlan
        fields = [
            *("id", "book", "contract", "contract_title", "stake", "number", "note", "lines", "sha256", "law"),
            *("signed_on", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class GivenLineShape(Shape):
    role = serializers.ChoiceField(PlanLine.Role.choices)
    share = serializers.CharField(max_length=40, help_text='"1/3", "29.9%" or "0.299"; exact, never rounded.')
    payee = PayeeReference(required=False, allow_null=True, help_text="Of INVENTOR and STAFF; units have none.")
    name = serializers.CharField(max_length=NAME, allow_blank=True, default="", help_text="Of a unit.")
    is_main = serializers.BooleanField(default=False, help_text="A main contributor; the law gives them a minimum.")


class NewPlanShape(Shape):
    contract = ContractReference()
    stake = StakeReference(required=False, allow_null=True, help_text="For a plan of who holds shares, not money.")
    lines = serializers.ListField(child=GivenLineShape(), min_length=1, max_length=MOST_LINES)
    note = remark(max_length=500)


class ConfirmationShape(Shape):
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="Of the plan that you have read.")


class PaperSignatureShape(Shape):
    line = serializers.CharField(max_length=16, help_text="The inventor's line.")
    paper = DocumentReference(help_text="What they signed.")


class PlanFilter(filters.FilterSet):
    contract = PublicId("contract")
    stake = PublicId("stake")
    state = states_of(SharingPlan)

    class Meta:
        model = SharingPlan
        fields: list[str] = []


class SharingPlans(Listed, Retrieved, Making, Acting):
    """Plans in which one has a share, and those of the organisations whose money one decides about."""

    queryset = (
        SharingPlan.objects.select_related("book", "contract", "stake")
        .prefetch_related(Prefetch("lines", PlanLine.objects.select_related("payee", "paper").order_by("id")))
        .order_by("-id")
    )
    serializer_class = SharingPlanShape
    filterset_class = PlanFilter

    @making(NewPlanShape, SharingPlanShape)
    def create(self, request: Request) -> Response:
        """Draft a plan; so it is changed too. One that waits is withdrawn, a signed one holds until all have signed."""
        return self.make(
            request, NewPlanShape,
            lambda contract, lines, **given: services.draft_plan(
                contract, [services.Given(**line) for line in lines], **given
            ),
        )  # fmt: skip

    @verb(ConfirmationShape)
    def sign(self, plan: SharingPlan, **values: Any) -> None:
        """An inventor confirms the hash. With the last one the plan is in force, and an earlier one is replaced."""
        services.sign_plan(plan, **values)

    @verb(PaperSignatureShape)
    def sign_on_paper(self, plan: SharingPlan, **values: Any) -> None:
        """The owner records the signature of an inventor without an account here."""
        line = plan.lines.filter(public_id=values.pop("line")).first()
        if line is None:
            raise ValidationError({"line": [_("This plan has no such line.")]})
        services.sign_on_paper(line, **values)

    @verb(WhyShape)
    def withdraw(self, plan: SharingPlan, **values: Any) -> None:
        """Take back a plan that not everybody has signed."""
        services.withdraw_plan(plan, **values)
