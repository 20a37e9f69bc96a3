"""What is computed or kept under a contract: statement, forecast, versions of the terms, facts, days, evidence."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts import services
from marketplace.contracts.models import Contract, Fact, Signature, TermSheet
from marketplace.contracts.preview import planned, refuse_too_much, told, write_named, write_outlook
from marketplace.contracts.reading import late_rates, parsed, sheet_of, statement_of
from marketplace.contracts.rules.events import Kind
from marketplace.contracts.rules.faults import Broken, Fault
from marketplace.contracts.rules.forecast import forecast
from marketplace.contracts.rules.reading.document import Document, read_plan
from marketplace.contracts.wording import EVENTS
from marketplace.contracts.wording.changes import changed
from marketplace.core.errors import Conflict

from ..doors import RowShape, Shape
from ..fields import CURRENCY, CodeName
from ..terms import MOST_FAULTS, unreadable
from ..terms_form import PLAN, BothLanguages, FaultShape, ForecastShape, StatementShape
from . import standing
from .acting import Acting
from .fields import Day
from .shapes import MatterShape, both

TONES = [(each, each) for each in ("past", "ahead", "late")]


class AsOfShape(Shape):
    as_of = Day(required=False, help_text="The day; today unless told.")


class ContractStatementShape(StatementShape):
    """What is owed under a contract on a day, each line with the steps to its number."""

    phase_display = serializers.CharField()
    currency = serializers.CharField()


class ContractForecastShape(ForecastShape):
    """What the terms will cost if it comes as expected, worse, or better. `number` is their version."""

    number = serializers.IntegerField()
    currency = serializers.CharField()
    faults = FaultShape(many=True, help_text="What the terms do not allow of what is expected.")


class SheetShape(RowShape):
    """One version of the terms; it is never changed."""

    mode_display = CodeName("licensing_mode", source="mode")
    proposed_by_display = CodeName(Signature.Side, source="proposed_by")
    content = serializers.JSONField(read_only=True, help_text="The form term-sheet/1, see docs/terms.md.")
    sentence = serializers.SerializerMethodField()
    is_agreed = serializers.BooleanField(read_only=True)
    changes = serializers.SerializerMethodField(help_text="What changed since the version before, in words.")

    class Meta:
        model = TermSheet
        fields = [
            *("id", "number", "mode", "mode_display", "proposed_by", "proposed_by_display", "note", "created_at"),
            *("seller_accepted_at", "buyer_accepted_at", "is_agreed", "fingerprint", "sentence", "changes", "content"),
        ]
        read_only_fields = fields

    @extend_schema_field(BothLanguages)
    def get_sentence(self, row: TermSheet) -> dict[str, str]:
        return both(row)

    def get_changes(self, row: TermSheet) -> list[str]:
        old = self.context["versions"].get(row.number - 1)
        return changed(services.difference(old, row), parsed(old), parsed(row)) if old else []


class FactShape(RowShape):
    """One thing that happened. A mistaken one is revoked, never changed."""

    kind_display = serializers.SerializerMethodField()
    content = serializers.DictField(read_only=True, help_text="What its kind says beyond the day.")
    recorded_at = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = Fact
        fields = [
            *("id", "key", "kind", "kind_display", "on", "content", "recorded_at", "revoked_at", "revoked_reason"),
        ]
        read_only_fields = fields

    def get_kind_display(self, fact: Fact) -> str:
        return str(EVENTS[Kind(fact.kind)])


class MomentShape(MatterShape):
    """One day: something that happened, or that waits."""

    tone = serializers.ChoiceField(TONES, help_text="late: its day has passed, and it is not done.")


class Reading(Acting):
    """Everybody who reads the contract reads these."""

    @extend_schema(parameters=[AsOfShape], responses=ContractStatementShape)
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def statement(self, request: Request, id: str) -> Response:
        """What is owed on a day, line by line, and why each number is what it is."""
        contract = self.get_object()
        asked = AsOfShape(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        check_agreed(contract)
        statement = statement_of(contract, asked.validated_data.get("as_of", timezone.localdate()))
        return Response({**write_named(statement, sheet_of(contract)), "currency": CURRENCY})

    @extend_schema(request={"application/json": PLAN}, responses=ContractForecastShape)
    @action(detail=True, methods=["post"])
    def forecast(self, request: Request, id: str) -> Response:
        """What the agreed terms, else the latest version, will cost year by year. Saves nothing."""
        contract = self.get_object()
        try:
            return Response(foreseen(latest(contract, request.user), contract, request.data))
        except Broken as refusal:
            return unreadable(refusal.faults[:MOST_FAULTS])

    @extend_schema(responses=SheetShape(many=True))
    @action(detail=True, methods=["get"], filter_backends=[])
    def sheets(self, request: Request, id: str) -> Response:
        """Every version of the terms, the latest first, with what changed since the one before it.

        A third party, such as a guarantor, reads the agreed one alone.
        """
        contract = self.get_object()
        rows = TermSheet.objects.visible_to(request.user).filter(contract=contract)
        page = self.page_of(rows.order_by("-number"))
        numbers = {each.number for each in page}
        before = rows.filter(number__in={number - 1 for number in numbers} - numbers)
        versions = {each.number: each for each in [*page, *before]}
        context = {**self.get_serializer_context(), "versions": versions}
        return self.get_paginated_response(SheetShape(page, many=True, context=context).data)

    @extend_schema(responses=FactShape(many=True))
    @action(detail=True, methods=["get"], filter_backends=[])
    def facts(self, request: Request, id: str) -> Response:
        """What happened, in the order of the days that count; what is owed is computed from these alone."""
        page = self.page_of(self.get_object().facts.order_by("on", "id"))
        return self.get_paginated_response(FactShape(page, many=True, context=self.get_serializer_context()).data)

    @extend_schema(responses=MomentShape(many=True))
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def timeline(self, request: Request, id: str) -> Response:
        """What has happened and what waits, the earliest day first."""
        contract = self.get_object()
        self.refuse_unknown(set())
        return Response(MomentShape(standing.timeline(contract), many=True).data)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"], url_path="claim-file", url_name="claim-file", filter_backends=[])
    def claim_file(self, request: Request, id: str) -> Response:
        """After a default: all that a claim on a guarantee, or a court, will ask for."""
        contract = self.get_object()
        self.refuse_unknown(set())
        return Response(services.claim_file(contract, by=request.user))

    def page_of(self, rows: Any) -> list[Any]:
        self.refuse_unknown({"page", "page_size"})
        return self.paginate_queryset(rows) or []


def latest(contract: Contract, user: Any) -> TermSheet:
    """The agreed version of the terms, else the latest that this reader sees. Raises Conflict while there is none."""
    row = TermSheet.objects.visible_to(user).current(contract)
    if row is None:
        raise Conflict(_("Nobody has proposed terms yet."), code="no_terms")
    return row


def check_agreed(contract: Contract) -> None:
    if contract.sheet is None:
        sentence = _("The terms are not agreed. Both sides accept the same version first.")
        raise Conflict(sentence, code="E_NOT_AGREED")


def foreseen(row: TermSheet, contract: Contract, document: Any) -> dict[str, Any]:
    """The forecast of one version. Raises Broken with every fault of what is expected."""
    plan, sheet, today = read_plan(document), parsed(row), timezone.localdate()
    refuse_too_much(Document(sheet=sheet, forecast=plan), today)
    outlook = forecast(sheet, plan, legal_late_rate=late_rates(contract.law_place))
    faults = (Fault(each.code, each.pointer.removeprefix("/forecast"), each.inputs) for each in planned(outlook))
    return {"number": row.number, "currency": CURRENCY, **write_outlook(outlook), "faults": told(faults)}
