"""Guarantees: proposed by the table, issued or refused by the guarantor, released by the licensor."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts import services
from marketplace.contracts.models import Guarantee

from ..brokerage import PartyShape
from ..doors import Listed, Retrieved, Shape
from ..fields import Amount, CodeName, Currency
from ..filters import PublicId, states_of
from .acting import Acting, verb
from .bodies import count
from .fields import ContractReference, CreditCode, Day, Ratio, SpokenReason, paper, paper_id, remark
from .shapes import OfContractShape


class GuaranteeShape(OfContractShape):
    """Who stands in for the licensee, for how much, how, and how long after each due day."""

    guarantor = PartyShape(read_only=True, allow_null=True)
    kind_display = CodeName(Guarantee.Kind, source="kind")
    liability_display = CodeName(Guarantee.Liability, source="liability")
    state_display = CodeName(Guarantee.State, source="state")
    currency = Currency(read_only=True)
    document = paper_id("document")

    class Meta:
        model = Guarantee
        fields = [
            *("id", "contract", "contract_title", "guarantor", "kind", "kind_display", "cover_amount", "cover_share"),
            *("liability", "liability_display", "period_months", "waiting_days", "fee", "currency", "conditions"),
            *("number", "document", "issued_on", "released_on", "note", "state", "state_display", "version"),
        ]
        read_only_fields = fields


class GuaranteeProposal(Shape):
    contract = ContractReference()
    kind = serializers.ChoiceField(Guarantee.Kind.choices)
    guarantor_credit_code = CreditCode(source="guarantor", required=False, help_text="Left out for a deposit.")
    cover_amount = Amount()
    cover_share = Ratio(required=False)
    liability = serializers.ChoiceField(Guarantee.Liability.choices, required=False)
    period_months = count(required=False, allow_null=True)
    waiting_days = count(required=False)
    fee = Amount(required=False)
    conditions = remark(default=serializers.empty, required=False)


class IssueShape(Shape):
    number = remark(max_length=80)
    on = Day(required=False, allow_null=True, help_text="Today unless told.")
    document = paper()


class GuaranteeFilter(filters.FilterSet):
    contract = PublicId("contract")
    state = states_of(Guarantee)
    kind = filters.ChoiceFilter(choices=Guarantee.Kind.choices)

    class Meta:
        model = Guarantee
        fields: list[str] = []


class Guarantees(Listed, Retrieved, Acting):
    """Guarantees of the contracts that one reads, and those for which one's organisation is asked."""

    queryset = Guarantee.objects.select_related("contract", "guarantor", "document").order_by("-id")
    serializer_class = GuaranteeShape
    filterset_class = GuaranteeFilter

    @extend_schema(request=GuaranteeProposal, responses={201: GuaranteeShape})
    def create(self, request: Request) -> Response:
        """Ask a guarantor to stand in; it reads the contract from now on."""
        terms = self.body(GuaranteeProposal)
        contract, kind, guarantor = terms.pop("contract"), terms.pop("kind"), terms.pop("guarantor", None)
        made = services.propose_guarantee(contract, kind, guarantor, terms, by=request.user)
        return self.show(made, status=201)

    @verb(IssueShape)
    def issue(self, guarantee: Guarantee, **values: Any) -> None:
        """The guarantor stands in; a deposit is confirmed by the licensor."""
        services.issue(guarantee, **values)

    @verb(SpokenReason)
    def refuse(self, guarantee: Guarantee, **values: Any) -> None:
        """The guarantor does not, and says why."""
        services.refuse_guarantee(guarantee, **values)

    @verb()
    def release(self, guarantee: Guarantee, **values: Any) -> None:
        """The licensor lets the guarantor go."""
        services.release(guarantee, **values)
