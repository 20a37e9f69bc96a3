"""What a contract looks like: a card in a list; by itself with its price in words, what is owed and what is missing."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.contracts.models import Contract, Signature, TermSheet, ThirdParty
from marketplace.contracts.names import known_seller
from marketplace.contracts.reading import parsed
from marketplace.contracts.rules.statement import Phase
from marketplace.contracts.services import what_is_missing
from marketplace.contracts.services.sides import sides_of
from marketplace.contracts.wording import sentence

from ..brokerage import PartyShape
from ..doors import RowShape, Shape
from ..fields import CodeName, Currency, FileHash
from ..terms_form import BothLanguages
from . import standing

State = Contract.State
WITHOUT_TERMS = (State.APPLIED, State.SCREENING, *Contract.CLOSED)


class ThirdPartyShape(Shape):
    organisation = PartyShape()
    role = serializers.ChoiceField(ThirdParty.Role.choices)
    role_display = CodeName(ThirdParty.Role, source="role")


class ContractCard(RowShape):
    """An owner that lists without its name is null to the applicant until it accepts the application."""

    achievement = serializers.SerializerMethodField(help_text="Id of the public listing, as in achievements/.")
    deal = serializers.CharField(source="deal.public_id", read_only=True, allow_null=True)
    seller = serializers.SerializerMethodField()
    buyer = PartyShape(read_only=True)
    manager = serializers.CharField(source="manager.name", read_only=True, allow_null=True)
    third_parties = ThirdPartyShape(many=True, read_only=True)
    type_display = CodeName("contract_type", source="type")
    subtype_display = CodeName("contract_subtype", source="subtype")
    licence_kind_display = CodeName(Contract.LicenceKind, source="licence_kind")
    mode_display = CodeName("licensing_mode", source="mode")
    state_display = CodeName(State, source="state")

    class Meta:
        model = Contract
        fields = [
            *("id", "title", "achievement", "deal", "seller", "buyer", "manager", "third_parties"),
            *("type", "type_display", "subtype", "subtype_display", "licence_kind", "licence_kind_display"),
            *("mode", "mode_display", "state", "state_display", "answer_by", "signed_on", "delivered_on"),
            *("trial_ends_on", "ends_on", "cure_until", "ended_on", "version", "created_at", "changed_at"),
        ]
        read_only_fields = fields

    def get_achievement(self, contract: Contract) -> str | None:
        row = getattr(contract.achievement, "projection", None)
        return row.public_id if row else None

    @extend_schema_field(PartyShape(allow_null=True))
    def get_seller(self, contract: Contract) -> dict[str, Any] | None:
        seller = known_seller(self.context["request"].user, contract)
        return PartyShape(seller, context=self.context).data if seller else None


class TermsShape(Shape):
    """The agreed version of the terms, else the latest one."""

    number = serializers.IntegerField()
    is_agreed = serializers.BooleanField()
    seller_accepted_at = serializers.DateTimeField(allow_null=True)
    buyer_accepted_at = serializers.DateTimeField(allow_null=True)
    sentence = BothLanguages()


class MatterShape(Shape):
    """A day on which something is to be done or happens by itself."""

    on = serializers.DateField()
    matter = serializers.CharField(help_text="Code, such as pay, report, milestone, election, answer.")
    about = serializers.CharField(help_text="Which one: the key of a line, the short name of a milestone.")
    text = serializers.CharField()
    sides = serializers.ListField(child=serializers.ChoiceField(Signature.Side.choices), help_text="Whom it waits for.")


class StandingShape(Shape):
    """What is owed today. Null before the signature, but for the day."""

    as_of = serializers.DateField()
    phase = serializers.ChoiceField([(each.value, each.value) for each in Phase], allow_null=True)
    owed = serializers.CharField(allow_null=True, help_text="Everything charged so far, paid or not.")
    paid = serializers.CharField(allow_null=True)
    overdue = serializers.CharField(allow_null=True)
    interest = serializers.CharField(allow_null=True)
    credit = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    next_day = MatterShape(allow_null=True)


class GapShape(Shape):
    """One thing that stands before the signature."""

    code = serializers.CharField()
    sentence = serializers.CharField()


class TextShape(Shape):
    """The text to be signed; `documents/` has the file."""

    id = serializers.CharField(source="public_id")
    title = serializers.CharField()
    sha256 = FileHash(source="*", help_text="Null for who may not open it.")


class SignatureShape(Shape):
    side = serializers.ChoiceField(Signature.Side.choices)
    signer = serializers.CharField(source="signer.name")
    sha256 = FileHash(source="contract.document", help_text="Of the text; null for who may not open it.")
    signed_at = serializers.DateTimeField()


class NoticeOfContract(Shape):
    id = serializers.CharField(source="public_id")
    state = serializers.CharField()
    ends_on = serializers.DateField()


class ContractShape(ContractCard):
    """The whole contract, as this reader may know it, today."""

    my_sides = serializers.SerializerMethodField(help_text="The sides that the reader decides for.")
    sublicence_display = CodeName(Contract.Sublicence, source="sublicence")
    pricing_route_display = CodeName("pricing_route", source="pricing_route")
    export_display = CodeName(Contract.Export, source="export")
    territory = serializers.ListField(child=serializers.CharField(), read_only=True)
    fields_of_use = serializers.ListField(child=serializers.CharField(), read_only=True)
    decline_code_display = CodeName("lead_decline", source="decline_code")
    terms = serializers.SerializerMethodField(help_text="Null while nobody has proposed terms.")
    standing = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField(help_text="What stands between it and a signature; empty: nothing.")
    document = TextShape(read_only=True, allow_null=True)
    signatures = serializers.SerializerMethodField(help_text="Those of the text as it stands.")
    notice = NoticeOfContract(read_only=True, allow_null=True)
    currency = Currency(read_only=True)

    class Meta(ContractCard.Meta):
        fields = [
            *ContractCard.Meta.fields,
            *("my_sides", "territory", "fields_of_use", "use_note", "sublicence", "sublicence_display"),
            *("pricing_route", "pricing_route_display", "export", "export_display", "export_licence"),
            *("is_publicly_funded", "is_related_party", "audit_notice_days", "message", "decline_code"),
            *("decline_code_display", "terms", "standing", "missing", "document", "signatures", "notice"),
            *("guarantee_waiver", "law_place", "law_on", "demanded_on", "end_note", "currency"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Signature.Side.choices)))
    def get_my_sides(self, contract: Contract) -> list[str]:
        return [str(each) for each in sides_of(contract, self.context["request"].user)]

    @extend_schema_field(TermsShape(allow_null=True))
    def get_terms(self, contract: Contract) -> dict[str, Any] | None:
        row = TermSheet.objects.visible_to(self.context["request"].user).current(contract)
        return TermsShape(terms_of(row, contract)).data if row else None

    @extend_schema_field(StandingShape)
    def get_standing(self, contract: Contract) -> dict[str, Any]:
        return StandingShape(standing.of(contract)).data

    @extend_schema_field(GapShape(many=True))
    def get_missing(self, contract: Contract) -> Any:
        is_asked = not contract.is_signed and contract.state not in WITHOUT_TERMS
        return GapShape(what_is_missing(contract) if is_asked else [], many=True).data

    @extend_schema_field(SignatureShape(many=True))
    def get_signatures(self, contract: Contract) -> Any:
        text = contract.document
        rows = contract.signatures.filter(sha256=text.sha256).select_related("signer") if text else []
        return SignatureShape(rows, many=True, context=self.context).data


def terms_of(row: TermSheet, contract: Contract) -> dict[str, Any]:
    return {
        "number": row.number,
        "is_agreed": row.pk == contract.sheet_id,
        "seller_accepted_at": row.seller_accepted_at,
        "buyer_accepted_at": row.buyer_accepted_at,
        "sentence": both(row),
    }


def both(row: TermSheet) -> dict[str, str]:
    """The price as one plain sentence in both languages."""
    return {language: sentence(parsed(row), language) for language in ("zh", "en")}


class OfContractShape(RowShape):
    """What every row of a contract says of it."""

    contract = serializers.CharField(source="contract.public_id", read_only=True)
    contract_title = serializers.CharField(source="contract.title", read_only=True)
