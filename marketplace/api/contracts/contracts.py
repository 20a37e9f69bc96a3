"""Contracts of one's organisations, those that one manages, and those on which one's organisation stands beside."""

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.parties import access

from ..doors import Listed, Retrieved
from ..filters import Codes, PublicId, states_of
from .clearing import Clearing
from .entering import Entering
from .reading import Reading
from .running import Running
from .shapes import ContractCard, ContractShape

ROLES = [("seller", _("licensor")), ("buyer", _("licensee")), ("third", _("third party")), ("manager", _("manager"))]


class ContractFilter(filters.FilterSet):
    state = states_of(Contract)
    mode = Codes("licensing_mode", field_name="mode")
    role = filters.ChoiceFilter(choices=ROLES, method="acting_as", help_text="What one's own organisations are in it.")
    achievement = PublicId("achievement__projection")
    deal = PublicId("deal")
    changed_since = filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gte")

    class Meta:
        model = Contract
        fields: list[str] = []

    def acting_as(self, rows: Any, name: str, value: str) -> Any:
        mine = access.organisation_ids(self.request.user)
        return rows.filter(
            {
                "seller": Q(seller_id__in=mine),
                "buyer": Q(buyer_id__in=mine),
                "third": Q(pk__in=Contract.objects.filter(third_parties__organisation_id__in=mine).values("pk")),
                "manager": Q(manager=self.request.user),
            }[value]
        )


class Contracts(Listed, Retrieved, Entering, Clearing, Running, Reading):
    """Each verb is one service, on the version of If-Match; its answer is the contract as it is then."""

    queryset = (
        Contract.objects.select_related(
            *("achievement__projection", "deal", "seller", "buyer", "manager", "sheet", "document", "notice")
        )
        .prefetch_related("third_parties__organisation")
        .order_by("-id")
    )
    serializer_class = ContractShape
    filterset_class = ContractFilter

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return ContractCard if self.action == "list" else ContractShape

    def locked_before(self, row: Contract) -> list[Record]:
        """Whoever closes a notice comes from that end."""
        return [row.notice] if row.notice else []
