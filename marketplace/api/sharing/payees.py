"""Payees over the API: who shares in rewards, their office, and the account that they are paid to, never in full."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.settlement import services
from marketplace.settlement.models import Payee

from ..brokerage import PartyShape
from ..contracts.acting import Acting, verb
from ..doors import IF_MATCH, Listed, Retrieved, RowShape, Shape
from ..fields import CodeName, OrganisationReference
from ..filters import PublicId
from ..moving import Making, making
from .fields import NAME, MembershipReference


class PayeeShape(RowShape):
    """The whole account number stands in the bank's file alone."""

    book = PartyShape(read_only=True)
    has_account_here = serializers.BooleanField(
        source="user_id", read_only=True, help_text="Signs and reads for themselves; else on paper."
    )
    office_display = CodeName(Payee.Office, source="office")
    account_number = serializers.CharField(
        source="masked_number", read_only=True, help_text="Its last four digits; empty: not known."
    )

    class Meta:
        model = Payee
        fields = [
            *("id", "book", "name", "has_account_here", "office", "office_display", "office_from", "office_to"),
            *("holder", "bank", "account_number", "version", "created_at"),
        ]
        read_only_fields = fields


class PersonOfRewards(Shape):
    member = MembershipReference(
        required=False, allow_null=True, help_text="A membership of the organisation; null: signs on paper."
    )
    name = serializers.CharField(max_length=60)
    office = serializers.ChoiceField(Payee.Office.choices, required=False)
    office_from = serializers.DateField(required=False, allow_null=True)
    office_to = serializers.DateField(required=False, allow_null=True)


class NewPayeeShape(PersonOfRewards):
    book = OrganisationReference(help_text="The owner that pays.")


class BankAccountShape(Shape):
    """All three, or all three empty."""

    holder = serializers.CharField(max_length=NAME, allow_blank=True)
    bank = serializers.CharField(max_length=NAME, allow_blank=True, help_text="With its branch.")
    account_number = serializers.CharField(max_length=60, allow_blank=True)


class PayeeFilter(filters.FilterSet):
    book = PublicId("book")

    class Meta:
        model = Payee
        fields: list[str] = []


def values_of(given: dict[str, Any]) -> dict[str, Any]:
    """What the service takes: the person of the membership."""
    if "member" in given:
        member = given.pop("member")
        given["user"] = member.user if member else None
    return given


class Payees(Listed, Retrieved, Making, Acting):
    """Oneself, and those of the organisations whose money one decides about. Staff read none: accounts are personal."""

    queryset = Payee.objects.select_related("book").order_by("book_id", "name", "id")
    serializer_class = PayeeShape
    filterset_class = PayeeFilter

    def locked_before(self, row: Payee) -> list[Any]:
        return []

    @making(NewPayeeShape, PayeeShape)
    def create(self, request: Request) -> Response:
        """Enter somebody who shares in rewards; a person of an account here once an organisation."""
        return self.make(
            request, NewPayeeShape,
            lambda book, by, **given: services.keep_payee(book, values_of(given), by=by),
        )  # fmt: skip

    @extend_schema(request=PersonOfRewards, parameters=[IF_MATCH])
    def partial_update(self, request: Request, id: str) -> Response:
        """Correct the person or the office."""
        row = self.get_object()
        self.version(row, required=True)
        given = values_of(self.body(PersonOfRewards, partial=True))
        with self.as_read(row) as locked:
            services.keep_payee(locked.book, given, payee=locked, by=request.user)
        return self.show(row)

    @verb(BankAccountShape)
    def keep_account(self, payee: Payee, **values: Any) -> None:
        """Keep the account: by the person, or by the owner's money people."""
        services.keep_account(payee, **values)
