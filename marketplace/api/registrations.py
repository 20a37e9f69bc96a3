"""Registrations of contracts: the form, the office's decision, and changes of what is registered."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.core.models import Record
from marketplace.registration import reading, services, wording
from marketplace.registration.models import Change, DeductedCost, Registration
from marketplace.registration.services.deciding import LONG, SHORT
from marketplace.registration.services.drafting import CODED

from .brokerage import PartyShape
from .contracts.acting import Acting, verb
from .contracts.fields import ContractReference, CreditCode, Day, DocumentReference, Figure, words
from .doors import Listed, Nothing, Retrieved, RowShape, Shape
from .fields import CodeName, Currency, Reference
from .files import FileShape
from .filters import PublicId, states_of
from .moving import Making, making
from .sharing.fields import id_of


class DeductedCostShape(Shape):
    """What is not paid for technology."""

    kind = serializers.ChoiceField(DeductedCost.Kind.choices)
    what = words(max_length=200)
    amount = Figure(min_value=0)


class FindingShape(Shape):
    """What an office would send back, or what is worth knowing where it does not stop."""

    code = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    stops = serializers.BooleanField()
    sentence = serializers.SerializerMethodField()

    def get_sentence(self, found: Any) -> str:
        return wording.sentence_of(found.code)


class RegistrationShape(RowShape):
    """Amounts are yuan. `technical_amount` is what is paid for technology: the total less what is deducted."""

    contract = id_of("contract")
    seller = PartyShape(source="contract.seller", read_only=True)
    buyer = PartyShape(source="contract.buyer", read_only=True)
    office = PartyShape(read_only=True, allow_null=True)
    type_display = CodeName("contract_type", source="type")
    subtype_display = CodeName("contract_subtype", source="subtype")
    costs = DeductedCostShape(many=True, read_only=True)
    technical_amount = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True)
    currency = Currency(read_only=True)
    certificate = id_of("certificate")
    state_display = CodeName(Registration.State, source="state")

    class Meta:
        model = Registration
        fields = [
            *("id", "contract", "seller", "buyer", "office", "office_name", "name", "type", "type_display", "subtype"),
            *("subtype_display", "type_reason", "signed_on", "starts_on", "ends_on", "seller_region", "seller_nature"),
            *("buyer_region", "buyer_nature", "ip_type", "field", "objective", "industry", "plan_category"),
            *("payment_method", "payment_note", "total_amount", "costs", "deducted_amount", "technical_amount"),
            *("currency", "is_open_priced", "expected_investment", "expected_output", "contact", "phone", "leader"),
            *("filed_on", "decide_by", "rule", "missing", "supply_by", "review_reason", "objection", "decision"),
            *("decided_on", "number", "registered_on", "ended_on", "end_reason", "had_relief", "certificate"),
            *("state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


def code(name: str) -> serializers.CharField:
    return serializers.CharField(max_length=16, required=False, allow_blank=True, help_text=f"Of codes/{CODED[name]}/.")


class FormShape(Shape):
    """What is left out stays as the contract, or the form, says it."""

    office = CreditCode(
        required=False, allow_null=True, help_text="By its credit code; see offices/. Null: one that is not here."
    )
    name = serializers.CharField(max_length=200, required=False)
    type = code("type")
    subtype = code("subtype")
    starts_on = Day(required=False)
    ends_on = Day(required=False)
    seller_nature = code("seller_nature")
    buyer_nature = code("buyer_nature")
    ip_type = code("ip_type")
    field = code("field")
    objective = code("objective")
    industry = code("industry")
    plan_category = code("plan_category")
    payment_method = code("payment_method")
    payment_note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    total_amount = Figure(min_value=0, required=False)
    is_open_priced = serializers.BooleanField(required=False)
    expected_investment = Figure(min_value=0, required=False, allow_null=True)
    expected_output = Figure(min_value=0, required=False, allow_null=True)
    contact = serializers.CharField(max_length=60, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    leader = serializers.CharField(max_length=60, required=False, allow_blank=True)


class NewRegistrationShape(FormShape):
    contract = ContractReference()


class CostsShape(Shape):
    costs = DeductedCostShape(many=True, help_text="The whole list; an empty one deducts nothing.")


class RegistrationPaperShape(FileShape):
    title = words(max_length=100)


class MissingPartShape(Shape):
    missing = words(max_length=LONG)
    days = serializers.IntegerField(min_value=1, max_value=180, default=15, help_text="To supply it.")


class NewTypeShape(Shape):
    type = serializers.CharField(max_length=1)
    subtype = serializers.CharField(max_length=2)
    reason = words(max_length=SHORT)


class OfficeReasonShape(Shape):
    reason = words(max_length=SHORT)


class RefusalShape(Shape):
    reason = words(max_length=LONG)


class ObjectionToRefusalShape(Shape):
    objection = words(max_length=LONG)


class GivenNumberShape(Shape):
    number = serializers.CharField(max_length=20, help_text="16 digits.")
    reason = serializers.CharField(max_length=LONG, default="", allow_blank=True)
    certificate = DocumentReference(required=False)


class ElsewhereShape(Shape):
    number = serializers.CharField(max_length=20, help_text="16 digits.")
    on = Day()
    office_name = words(max_length=200)
    certificate = DocumentReference()


class EndOfRegistrationShape(Shape):
    reason = words(max_length=SHORT)
    had_relief = serializers.BooleanField(default=False, help_text="Taxes were saved by it.")


class RegistrationReference(Reference):
    model = Registration


class NewChangeShape(Shape):
    registration = RegistrationReference()
    total_amount = Figure(min_value=0, required=False)
    deducted_amount = Figure(min_value=0, required=False)
    ends_on = Day(required=False)
    reason = words(max_length=SHORT)
    paper = DocumentReference(required=False)


class RegistrationChangeShape(RowShape):
    registration = id_of("registration")
    kind_display = CodeName(Change.Kind, source="kind")
    paper = id_of("paper")
    currency = Currency(read_only=True)
    state_display = CodeName(Change.State, source="state")

    class Meta:
        model = Change
        fields = [
            *("id", "registration", "kind", "kind_display", "total_before", "total_amount", "deducted_before"),
            *("deducted_amount", "currency", "ends_before", "ends_on", "reason", "paper", "asked_on", "decision"),
            *("decided_on", "state", "state_display", "version", "created_at"),
        ]
        read_only_fields = fields


class OfficeShape(Shape):
    name = serializers.CharField(source="__str__")
    credit_code = serializers.CharField()


class RegistrationFilter(filters.FilterSet):
    contract = PublicId("contract")
    state = states_of(Registration)

    class Meta:
        model = Registration
        fields: list[str] = []


class Registrations(Listed, Retrieved, Making, Acting):
    """Registrations of one's contracts, and those that were handed in to one's office, the latest first."""

    queryset = (
        Registration.objects.select_related("contract__seller", "contract__buyer", "office", "certificate")
        .prefetch_related("costs")
        .order_by("-id")
    )
    serializer_class = RegistrationShape
    filterset_class = RegistrationFilter

    @making(NewRegistrationShape, RegistrationShape)
    def create(self, request: Request) -> Response:
        """Begin the form with what the contract says; once a contract (E_DUPLICATE_REG)."""
        return self.make(request, NewRegistrationShape, services.draft)

    @extend_schema(responses=FindingShape(many=True))
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def findings(self, request: Request, id: str) -> Response:
        """What an office would send back as the form stands now, and what is worth knowing."""
        return Response(FindingShape(reading.findings_of(self.get_object()), many=True).data)

    @extend_schema(responses=OfficeShape(many=True))
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def offices(self, request: Request, id: str) -> Response:
        """The offices of the seller's province on this platform."""
        return Response(OfficeShape(reading.offices(self.get_object().contract), many=True).data)

    @verb(FormShape)
    def edit(self, row: Registration, **values: Any) -> None:
        """Change the form while the seller has it."""
        services.edit(row, **values)

    @verb(CostsShape)
    def put_costs(self, row: Registration, costs: Any, by: Any) -> None:
        """Say what is not paid for technology; E_TECH_GT_TOTAL where it is more than the whole."""
        services.put_costs(row, costs, by=by)

    @verb(RegistrationPaperShape)
    def add_paper(self, row: Registration, content: bytes, **values: Any) -> None:
        """Add a paper, which the seller and the office read."""
        services.hand_in_paper(row, content, **values)

    @verb()
    def make_form(self, row: Registration, by: Any) -> None:
        """Print the form as a Word file; it stands among the documents."""
        services.make_form(row, by=by)

    @verb()
    def submit(self, row: Registration, by: Any) -> None:
        """Hand it in: the office reads form, text and papers, and its clock begins."""
        services.submit(row, by=by)

    @verb()
    def supply(self, row: Registration, by: Any) -> None:
        """Hand it in again with what was missing."""
        services.supply(row, by=by)

    @verb()
    def withdraw(self, row: Registration, by: Any) -> None:
        """Take it back: the office reads nothing of it any more."""
        services.withdraw(row, by=by)

    @verb(ObjectionToRefusalShape)
    def contest(self, row: Registration, **values: Any) -> None:
        """Have a refusal checked by somebody else of the office, once."""
        services.contest(row, **values)

    @verb(ElsewhereShape)
    def record(self, row: Registration, **values: Any) -> None:
        """Enter a registration that an office elsewhere made, with its certificate."""
        services.record(row, **values)

    @verb(Nothing)
    def accept(self, row: Registration, by: Any) -> None:
        """The office takes it up."""
        services.accept(row, by=by)

    @verb(MissingPartShape)
    def ask(self, row: Registration, **values: Any) -> None:
        """The office asks for a supplement."""
        services.ask(row, **values)

    @verb(NewTypeShape)
    def retype(self, row: Registration, **values: Any) -> None:
        """The office gives it another type."""
        services.retype(row, **values)

    @verb(OfficeReasonShape)
    def consult(self, row: Registration, **values: Any) -> None:
        """The office has experts look at it."""
        services.consult(row, **values)

    @verb(GivenNumberShape)
    def register(self, row: Registration, **values: Any) -> None:
        """The office recognises it under its number."""
        services.register(row, **values)

    @verb(RefusalShape)
    def refuse(self, row: Registration, **values: Any) -> None:
        """The office does not recognise it, and says why."""
        services.refuse(row, **values)

    @verb(EndOfRegistrationShape)
    def cancel(self, row: Registration, **values: Any) -> None:
        """The contract ended before its term."""
        services.cancel(row, **values)

    @verb(EndOfRegistrationShape)
    def revoke(self, row: Registration, **values: Any) -> None:
        """It was obtained by false statements."""
        services.revoke(row, **values)


def asked(*, registration: Registration, **values: Any) -> Change:
    return services.ask_change(registration, **values)


class RegistrationChangeFilter(filters.FilterSet):
    registration = PublicId("registration")
    state = states_of(Change)

    class Meta:
        model = Change
        fields: list[str] = []


class RegistrationChanges(Listed, Retrieved, Making, Acting):
    """Changes of what is registered, the latest first."""

    queryset = Change.objects.select_related("registration__contract", "paper").order_by("-id")
    serializer_class = RegistrationChangeShape
    filterset_class = RegistrationChangeFilter

    def locked_before(self, row: Any) -> list[Record]:
        return [row.registration.contract, row.registration]

    @making(NewChangeShape, RegistrationChangeShape)
    def create(self, request: Request) -> Response:
        """Ask for another amount or another last day, such as what a royalty came to."""
        return self.make(request, NewChangeShape, asked)

    @verb()
    def enter(self, row: Change, by: Any) -> None:
        """The office enters it: from today these are the registered figures."""
        services.make_change(row, by=by)

    @verb(OfficeReasonShape)
    def refuse(self, row: Change, **values: Any) -> None:
        """The office leaves what is registered as it is, and says why."""
        services.refuse_change(row, **values)
