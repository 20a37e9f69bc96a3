"""Audits of the books: announced by the licensor, answered by the licensee."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts import services
from marketplace.contracts.models import Audit

from ..doors import Listed, Retrieved, Shape
from ..fields import CodeName, Currency
from ..filters import PublicId, states_of
from .acting import Acting, verb
from .fields import ContractReference, Day, Figure, NoteShape, SpokenReason, paper, paper_id, remark
from .shapes import OfContractShape


class AuditShape(OfContractShape):
    state_display = CodeName(Audit.State, source="state")
    currency = Currency(read_only=True)
    report = paper_id("report")

    class Meta:
        model = Audit
        fields = [
            *("id", "contract", "contract_title", "noticed_on", "starts_on", "reason", "state", "state_display"),
            *("reported_amount", "found_amount", "currency", "report", "note", "version"),
        ]
        read_only_fields = fields


class AnnouncementShape(Shape):
    contract = ContractReference()
    starts_on = Day()
    reason = remark(max_length=1000)


class FindingsShape(NoteShape):
    reported_amount = Figure(min_value=0)
    found_amount = Figure(min_value=0)
    report = paper()


class AuditFilter(filters.FilterSet):
    contract = PublicId("contract")
    state = states_of(Audit)

    class Meta:
        model = Audit
        fields: list[str] = []


class Audits(Listed, Retrieved, Acting):
    """Audits of the books under the contracts that one reads."""

    queryset = Audit.objects.select_related("contract", "report").order_by("-id")
    serializer_class = AuditShape
    filterset_class = AuditFilter

    @extend_schema(request=AnnouncementShape, responses={201: AuditShape})
    def create(self, request: Request) -> Response:
        """The licensor announces an audit, after the agreed days of notice and once a year."""
        values = self.body(AnnouncementShape)
        return self.show(services.announce_audit(values.pop("contract"), **values, by=request.user), status=201)

    @verb()
    def begin(self, audit: Audit, **values: Any) -> None:
        """The notice has run."""
        services.begin_audit(audit, **values)

    @verb(FindingsShape)
    def report_findings(self, audit: Audit, **values: Any) -> None:
        """Which royalties were reported and which were found."""
        services.report_findings(audit, **values)

    @verb()
    def agree(self, audit: Audit, **values: Any) -> None:
        """The licensee agrees, and sends corrections where too little was reported."""
        services.agree_audit(audit, **values)

    @verb(SpokenReason)
    def object(self, audit: Audit, **values: Any) -> None:
        """The licensee does not agree."""
        services.object_to_audit(audit, **values)

    @verb(NoteShape)
    def settle(self, audit: Audit, **values: Any) -> None:
        """Done with."""
        services.settle_audit(audit, **values)
