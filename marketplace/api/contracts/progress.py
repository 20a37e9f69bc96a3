"""What runs while a licence is paid: milestones and sales reports."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts import services
from marketplace.contracts.models import Milestone, SalesReport, Signature

from ..doors import Listed, Retrieved, Shape
from ..fields import Amount, CodeName, Currency
from ..filters import PublicId, states_of
from .acting import Acting, verb
from .fields import ContractReference, Day, Figure, NoteShape, SpokenReason, paper, paper_id, remark, words
from .shapes import OfContractShape

FIGURES = (
    *("gross", "units", "gross_margin", "third_party_royalties"),
    *("sublicence_upfront", "sublicence_royalty", "deductions"),
)


# Milestones


class MilestoneShape(OfContractShape):
    """A staged event: one side declares it reached, the other confirms; silence confirms in time."""

    state_display = CodeName(Milestone.State, source="state")
    declared_by_display = CodeName(Signature.Side, source="declared_by")
    confirmed_by_display = CodeName(Signature.Side, source="confirmed_by")
    evidence = paper_id("evidence")

    class Meta:
        model = Milestone
        fields = [
            *("id", "contract", "contract_title", "slug", "kind", "title_zh", "title_en", "evidence_wanted"),
            *("declared_by", "declared_by_display", "confirmed_by", "confirmed_by_display", "silent_days"),
            *("due_on", "state", "state_display", "reached_on", "claimed_at", "evidence_note", "evidence"),
            *("answer_by", "answered_at", "answer", "version"),
        ]
        read_only_fields = fields


class ClaimShape(NoteShape):
    reached_on = Day()
    evidence = paper()


class MilestoneFilter(filters.FilterSet):
    contract = PublicId("contract")
    state = states_of(Milestone)

    class Meta:
        model = Milestone
        fields: list[str] = []


class Milestones(Listed, Retrieved, Acting):
    """Milestones of the contracts that one reads."""

    queryset = Milestone.objects.select_related("contract", "evidence").order_by("-id")
    serializer_class = MilestoneShape
    filterset_class = MilestoneFilter

    @verb(ClaimShape)
    def claim(self, milestone: Milestone, **values: Any) -> None:
        """Declare it reached, with evidence in words or as a document."""
        services.claim(milestone, **values)

    @verb(NoteShape)
    def accept(self, milestone: Milestone, **values: Any) -> None:
        """The other side agrees; what hangs on it falls due from today."""
        services.accept(milestone, **values)

    @verb(SpokenReason)
    def reject(self, milestone: Milestone, **values: Any) -> None:
        """The other side does not agree and says why; it may be declared again."""
        services.reject(milestone, **values)

    @verb(SpokenReason)
    def waive(self, milestone: Milestone, **values: Any) -> None:
        """The licensor lets it go: what would have been paid is not."""
        services.waive(milestone, **values)


# Sales reports


class SalesReportShape(OfContractShape):
    """What was sold in a period. One that was accepted is never changed; a correction states the period anew."""

    corrects = serializers.CharField(source="corrects.public_id", read_only=True, allow_null=True)
    state_display = CodeName(SalesReport.State, source="state")
    deductions = serializers.DictField(child=serializers.CharField(), read_only=True)
    currency = Currency(read_only=True)
    evidence = paper_id("evidence")

    class Meta:
        model = SalesReport
        fields = [
            *("id", "contract", "contract_title", "royalty", "first", "last", "due_on", "corrects", "state"),
            *("state_display", *FIGURES, "currency", "note", "evidence", "submitted_at", "answer_by"),
            *("query", "accepted_at", "version"),
        ]
        read_only_fields = fields


class FiguresOfSales(Shape):
    """Amounts in yuan; what is left out is zero, and nothing sold is a report too."""

    gross = Figure(required=False, min_value=0)
    deductions = serializers.DictField(child=Amount(), required=False, help_text="RETURNS DISCOUNTS FREIGHT …")
    units = Figure(required=False, min_value=0, decimal_places=3)
    gross_margin = Figure(required=False, help_text="A loss is below zero.")
    third_party_royalties = Figure(required=False, min_value=0)
    sublicence_upfront = Figure(required=False, min_value=0)
    sublicence_royalty = Figure(required=False, min_value=0)
    note = remark()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The figures together, as the services take them."""
        return {"values": {name: attrs.pop(name) for name in FIGURES if name in attrs}, **attrs}


class SubmissionShape(FiguresOfSales):
    evidence = paper()


class CorrectionShape(SubmissionShape):
    note = words(help_text="Why it is corrected.")


class SalesShape(FiguresOfSales):
    """A report where no royalty asks for reports, for a payment at so much revenue or so many units."""

    contract = ContractReference()
    term = serializers.CharField(max_length=32, help_text="The id of the payment in the terms.")
    first = Day()
    last = Day()


class SalesReportFilter(filters.FilterSet):
    contract = PublicId("contract")
    state = states_of(SalesReport)

    class Meta:
        model = SalesReport
        fields: list[str] = []


class SalesReports(Listed, Retrieved, Acting):
    """Sales reports of the contracts that one reads; those of a royalty are opened when its period closes."""

    queryset = SalesReport.objects.select_related("contract", "corrects", "evidence").order_by("-id")
    serializer_class = SalesReportShape
    filterset_class = SalesReportFilter

    @extend_schema(request=SalesShape, responses={201: SalesReportShape})
    def create(self, request: Request) -> Response:
        """Report sales for a payment that waits for revenue or units, where no royalty asks for reports."""
        values = self.body(SalesShape)
        return self.show(services.report_sales(values.pop("contract"), **values, by=request.user), status=201)

    @verb(SubmissionShape)
    def submit(self, report: SalesReport, **values: Any) -> None:
        """Say what was sold in the period; asked back, say it anew."""
        services.submit_report(report, **values)

    @verb(SpokenReason)
    def ask(self, report: SalesReport, *, reason: str, by: Any) -> None:
        """The licensor asks back, and says what."""
        services.ask(report, reason, by=by)

    @verb()
    def accept(self, report: SalesReport, **values: Any) -> None:
        """The licensor agrees: what was reported becomes a fact, and its royalty is owed."""
        services.accept_report(report, **values)

    @verb(CorrectionShape, makes=SalesReportShape)
    def correct(self, report: SalesReport, **values: Any) -> SalesReport:
        """State the period of an accepted report anew, in a report of its own."""
        return services.correct(report, **values)
