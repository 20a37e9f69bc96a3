"""Claims on guarantees over the API: filed, reviewed, paid, recovered; recourse and its recoveries."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts.models import Guarantee
from marketplace.settlement import services
from marketplace.settlement.models import Claim, ClaimLine, Recourse, Recovery, RecoveryPart

from .brokerage import PartyShape
from .contracts.acting import verb
from .contracts.fields import Day, paper, paper_id, remark, words
from .doors import Listed, Retrieved, RowShape, Shape, etag
from .fields import Amount, CodeName, Currency, FileHash, Reference
from .filters import PublicId, states_of
from .moving import MovingMoney, booking
from .settlement import WhyShape

REFERENCE = 150


class GuaranteeReference(Reference):
    model = Guarantee


# Claims


class ClaimLineShape(serializers.ModelSerializer[ClaimLine]):
    """Which loss, what is claimed and accepted of it, and the payment that it became."""

    obligation = serializers.CharField(source="loss.obligation.public_id")
    key = serializers.CharField(source="loss.obligation.key")
    due_on = serializers.DateField(source="loss.obligation.due_on")
    payment = serializers.CharField(source="payment.public_id", allow_null=True, default=None)

    class Meta:
        model = ClaimLine
        fields = ["obligation", "key", "due_on", "covered_until", "lost", "amount", "accepted", "payment", "stands"]
        read_only_fields = fields


class GuaranteeClaimShape(RowShape):
    """Amounts are in yuan. `review_by`, `supply_by` and `pay_by` say whom it waits for, and until when."""

    contract = serializers.CharField(source="contract.public_id", read_only=True)
    guarantee = serializers.CharField(source="guarantee.public_id", read_only=True)
    guarantor = PartyShape(source="guarantee.guarantor", read_only=True, allow_null=True)
    evidence = paper_id("evidence")
    evidence_sha256 = FileHash(source="evidence", help_text="Null for who may not open it.")
    pursuit_proof = paper_id("pursuit_proof")
    supplied_proof = paper_id("supplied_proof")
    currency = Currency(read_only=True)
    refusal_display = CodeName(Claim.Refusal, source="refusal")
    state_display = CodeName(Claim.State, source="state")
    lines = ClaimLineShape(many=True, read_only=True)

    class Meta:
        model = Claim
        fields = [
            *("id", "contract", "guarantee", "guarantor", "filed_on", "demanded_on", "cure_until", "amount", "cover"),
            *("accepted", "paid", "currency", "note", "evidence", "evidence_sha256", "pursuit", "pursued_on"),
            *("pursuit_proof", "review_by", "review_rule", "question", "supply_by", "supplied", "supplied_proof"),
            *("decided_on", "refusal", "refusal_display", "reasons", "withdrawn_on", "pay_by", "paid_on", "reference"),
            *("lines", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class NewClaimShape(Shape):
    guarantee = GuaranteeReference()
    obligations = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=200, default=list,
        help_text="Keys of what is claimed; else all that is overdue and covered.",
    )  # fmt: skip
    note = remark()
    pursuit = serializers.ChoiceField(
        Claim.Pursuit.choices, required=False, help_text="Before a general guarantor: how the debtor was pursued."
    )
    pursued_on = Day(required=False, allow_null=True, help_text="The day of the suit, or of the arbitration.")
    pursuit_proof = paper()


class QuestionOfClaim(Shape):
    question = words(help_text="Everything at once.")


class SuppliedShape(Shape):
    answer = words()
    proof = paper()


class ClaimAcceptance(Shape):
    amount = Amount(required=False, allow_null=True, help_text="Else all of it.")
    reasons = remark(help_text="Needed when it is less than claimed.")


class RefusedClaim(Shape):
    code = serializers.ChoiceField(Claim.Refusal.choices)
    reasons = words()


class TransferShape(Shape):
    on = Day(help_text="The day on which it arrived.")
    reference = serializers.CharField(max_length=REFERENCE, help_text="Of the transfer.")


class CompensationShape(TransferShape):
    amount = Amount(help_text="As it arrived; it must be what is due.")


class ClaimFilter(filters.FilterSet):
    contract = PublicId("contract")
    guarantee = PublicId("guarantee")
    state = states_of(Claim)

    class Meta:
        model = Claim
        fields: list[str] = []


class Claims(Listed, Retrieved, MovingMoney):
    """Claims under the contracts and guarantees of one's own organisations, the latest first."""

    queryset = (
        Claim.objects.select_related("contract", "guarantee__guarantor", "evidence", "pursuit_proof", "supplied_proof")
        .prefetch_related("lines__loss__obligation", "lines__payment")
        .order_by("-id")
    )
    serializer_class = GuaranteeClaimShape
    filterset_class = ClaimFilter

    @extend_schema(request=NewClaimShape, responses={201: GuaranteeClaimShape})
    def create(self, request: Request) -> Response:
        """Ask a guarantor to pay what is overdue. The same loss twice: 409 E_DUPLICATE_CLAIM."""
        given = self.body(NewClaimShape)
        pursuit = services.Pursuit(
            given.pop("pursuit", ""), given.pop("pursued_on", None), given.pop("pursuit_proof", None)
        )
        made = services.file_claim(given.pop("guarantee"), pursuit=pursuit, by=request.user, **given)
        shown = self.everything().get(pk=made.pk)
        return Response(self.get_serializer(shown).data, status=201, headers=etag(shown))

    @verb(QuestionOfClaim)
    def ask(self, claim: Claim, **values: Any) -> None:
        """The guarantor asks for more; its own days wait."""
        services.ask_about_claim(claim, **values)

    @verb(SuppliedShape)
    def supply(self, claim: Claim, **values: Any) -> None:
        """The licensor supplies what was asked for; the days of the review begin anew."""
        services.supply_claim(claim, **values)

    @verb(ClaimAcceptance)
    def accept(self, claim: Claim, **values: Any) -> None:
        """The guarantor will pay all of it, or a part with reasons."""
        services.accept_claim(claim, **values)

    @verb(RefusedClaim)
    def refuse(self, claim: Claim, **values: Any) -> None:
        """The guarantor will not, with a reason of the list and in words."""
        services.refuse_claim(claim, **values)

    @verb(WhyShape)
    def withdraw(self, claim: Claim, **values: Any) -> None:
        """The licensor takes the claim back before anything is paid."""
        services.withdraw_claim(claim, **values)

    @booking(CompensationShape)
    def compensate(self, claim: Claim, **values: Any) -> None:
        """The guarantor's money has arrived: it pays what it covers, and recourse begins."""
        services.compensate(claim, **values)

    @booking(WhyShape)
    def reverse_compensation(self, claim: Claim, **values: Any) -> None:
        """It never arrived, or went back: what it had paid is open again, and recourse ends."""
        services.reverse_compensation(claim, **values)


# Recourse


class RecourseShape(RowShape):
    contract = serializers.CharField(source="contract.public_id", read_only=True)
    claim = serializers.CharField(source="claim.public_id", read_only=True)
    creditor = PartyShape(read_only=True)
    debtor = PartyShape(source="contract.buyer", read_only=True)
    left = Amount(read_only=True, help_text="What is not recovered.")
    currency = Currency(read_only=True)
    state_display = CodeName(Recourse.State, source="state")

    class Meta:
        model = Recourse
        fields = [
            *("id", "contract", "claim", "creditor", "debtor", "since", "amount", "paid", "left", "currency", "reply"),
            *("replied_on", "forgone_reason", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class RecoveryPartShape(serializers.ModelSerializer[RecoveryPart]):
    """What of the licensor's part pays which obligation."""

    obligation = serializers.CharField(source="loss.obligation.public_id")
    payment = serializers.CharField(source="payment.public_id", allow_null=True, default=None)

    class Meta:
        model = RecoveryPart
        fields = ["obligation", "amount", "payment"]
        read_only_fields = fields


class RecoveryShape(RowShape):
    """After costs it is shared in the proportion of what each had borne; nobody gets more than is owed to it."""

    recourse = serializers.CharField(source="recourse.public_id", read_only=True)
    currency = Currency(read_only=True)
    state_display = CodeName(Recovery.State, source="state")
    parts = RecoveryPartShape(many=True, read_only=True)

    class Meta:
        model = Recovery
        fields = [
            *("id", "recourse", "on", "amount", "costs", "reference", "guarantor_bore", "licensor_bore"),
            *("guarantor_part", "licensor_part", "currency", "passed_on", "passing_reference", "parts"),
            *("reversal_reason", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class NewRecoveryShape(TransferShape):
    amount = Amount(help_text="As it arrived.")
    costs = Amount(required=False, help_text="Of the recovery; they come first.")


class ReplyShape(Shape):
    reply = words()


class Recourses(Listed, Retrieved, MovingMoney):
    """What licensees owe the guarantors that paid for them."""

    queryset = Recourse.objects.select_related("contract__buyer", "claim", "creditor").order_by("-id")
    serializer_class = RecourseShape

    @booking(NewRecoveryShape)
    def recover(self, recourse: Recourse, **values: Any) -> None:
        """The licensee has paid the guarantor; `recoveries/` says who gets which part."""
        services.record_recovery(recourse, **values)

    @verb(ReplyShape)
    def answer(self, recourse: Recourse, **values: Any) -> None:
        """The licensee says how it will pay, or why it does not owe this."""
        services.answer_recourse(recourse, **values)

    @booking(WhyShape)
    def forgo(self, recourse: Recourse, **values: Any) -> None:
        """The guarantor gives the rest up by a decision."""
        services.forgo(recourse, **values)


class Recoveries(Listed, Retrieved, MovingMoney):
    """What was recovered, and how it was shared."""

    queryset = (
        Recovery.objects.select_related("recourse__contract", "recourse__creditor")
        .prefetch_related("parts__loss__obligation", "parts__payment")
        .order_by("-on", "-id")
    )
    serializer_class = RecoveryShape

    @booking(TransferShape)
    def pass_on(self, recovery: Recovery, **values: Any) -> None:
        """The licensor has received its part: it pays the licensee's debts from the day on which the licensee paid."""
        services.pass_on(recovery, **values)

    @booking(WhyShape)
    def return_part(self, recovery: Recovery, **values: Any) -> None:
        """The licensor's part was recorded by mistake."""
        services.return_part(recovery, **values)

    @booking(WhyShape)
    def reverse(self, recovery: Recovery, **values: Any) -> None:
        """It never arrived, or went back."""
        services.reverse_recovery(recovery, **values)
