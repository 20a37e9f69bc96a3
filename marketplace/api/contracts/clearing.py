"""From agreed terms to the signature: decision, value, clearances, notice, guarantee waived, text, signatures."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts import services
from marketplace.contracts.models import Clearance, Contract
from marketplace.contracts.services.dossier import make_dossier
from marketplace.contracts.services.printouts import make_term_sheet

from ..documents import DocumentShape
from ..doors import Listed, Retrieved, RowShape
from ..fields import CodeName
from ..filters import PublicId
from .acting import Acting, verb
from .bodies import (
    ClausesShape,
    ClearanceAnswer,
    DecisionShape,
    KnownAnswerShape,
    PriceNoticeShape,
    PrintoutShape,
    QuestionShape,
    SigningShape,
    UsedTextShape,
    ValuationShape,
)
from .fields import SpokenReason, paper_id


class Clearing(Acting):
    """What signing needs; `missing` of the contract says what is still wanting."""

    @verb(DecisionShape)
    def record_decision(self, contract: Contract, **values: Any) -> None:
        """The licensor records the collective decision on exactly these terms."""
        services.record_decision(contract, **values)

    @verb(ValuationShape)
    def record_valuation(self, contract: Contract, **values: Any) -> None:
        """The licensor records what somebody found it worth."""
        services.record_valuation(contract, **values)

    @verb(QuestionShape)
    def ask_clearance(self, contract: Contract, **values: Any) -> None:
        """Note that a co-owner, pledgee, inventor or authority is asked; see clearances/."""
        services.ask_clearance(contract, **values)

    @verb(KnownAnswerShape)
    def record_clearance(self, contract: Contract, **values: Any) -> None:
        """Ask and answer in one: what is known already."""
        services.record_clearance(contract, **values)

    @verb(PriceNoticeShape)
    def open_notice(self, contract: Contract, **values: Any) -> None:
        """Show the negotiated price of a public owner, for the days that the law of its place asks."""
        services.open_price_notice(contract, **values)

    @verb(SpokenReason)
    def waive_guarantee(self, contract: Contract, **values: Any) -> None:
        """The licensor asks for no guarantee, or for no more than is issued, and says why."""
        services.waive_guarantee(contract, **values)

    @verb()
    def clear(self, contract: Contract, **values: Any) -> None:
        """Look again whether it may be signed. A 409 names everything that is missing."""
        services.clear(contract, **values)

    @verb(ClausesShape)
    def make_text(self, contract: Contract, **values: Any) -> None:
        """Make the text from the template in use; earlier signatures count no more."""
        services.make_text(contract, **values)

    @extend_schema(request=PrintoutShape, responses={201: DocumentShape})
    @action(detail=True, methods=["post"], url_path="make-term-sheet", url_name="make-term-sheet")
    def make_term_sheet(self, request: Request, id: str) -> Response:
        """The agreed version of the terms, or the latest one, as a Word file that both sides may read."""
        return self.printed(make_term_sheet)

    @extend_schema(request=PrintoutShape, responses={201: DocumentShape})
    @action(detail=True, methods=["post"], url_path="make-dossier", url_name="make-dossier")
    def make_dossier(self, request: Request, id: str) -> Response:
        """The licensor compiles the evidence of its decision (尽职免责材料); only its own people may read it."""
        return self.printed(make_dossier)

    def printed(self, service: Any) -> Response:
        """What a printout says of a contract; it changes nothing, so no version need be read."""
        made = service(self.get_object(), **self.body(PrintoutShape), by=self.request.user)
        return Response(DocumentShape(made, context=self.get_serializer_context()).data, status=201)

    @verb(UsedTextShape)
    def use_text(self, contract: Contract, **values: Any) -> None:
        """Take a document that both sides may read as the text."""
        services.use_text(contract, **values)

    @verb(SigningShape)
    def sign(self, contract: Contract, **values: Any) -> None:
        """Confirm for one side the text of this hash; the second side's confirmation signs the contract."""
        services.sign(contract, **values)


class ClearanceShape(RowShape):
    """One answer that signing needs."""

    contract = serializers.CharField(source="contract.public_id", read_only=True)
    kind_display = CodeName(Clearance.Kind, source="kind")
    right = serializers.CharField(source="right.public_id", read_only=True, allow_null=True)
    answer_display = CodeName(Clearance.Answer, source="answer")
    document = paper_id("document")

    class Meta:
        model = Clearance
        fields = [
            *("id", "contract", "kind", "kind_display", "right", "party", "answer", "answer_display"),
            *("answered_on", "note", "document", "version", "created_at"),
        ]
        read_only_fields = fields


class ClearanceFilter(filters.FilterSet):
    contract = PublicId("contract")
    kind = filters.ChoiceFilter(choices=Clearance.Kind.choices)
    answer = filters.ChoiceFilter(choices=Clearance.Answer.choices)

    class Meta:
        model = Clearance
        fields: list[str] = []


class Clearances(Listed, Retrieved, Acting):
    """Who was asked before a signature, and what they answered."""

    queryset = Clearance.objects.select_related("contract", "right", "document").order_by("-id")
    serializer_class = ClearanceShape
    filterset_class = ClearanceFilter

    @verb(ClearanceAnswer)
    def answer(self, clearance: Clearance, **values: Any) -> None:
        """Record an answer, or a later one that takes its place."""
        services.answer_clearance(clearance, **values)
