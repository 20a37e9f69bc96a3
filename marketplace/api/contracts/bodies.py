"""What the verbs of a contract take."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.contracts.models import Clearance, Contract, ThirdParty
from marketplace.documents.models import Language
from marketplace.listings.models import Projection

from ..doors import RowShape, Shape
from ..fields import Amount, ListingReference, OrganisationReference, RightReference
from ..terms_form import SHEET
from .fields import (
    CreditCode,
    Day,
    DealReference,
    DocumentReference,
    NoteShape,
    OwnAchievement,
    paper,
    remark,
    side,
    words,
)

MOST_PEOPLE = 60
MOST_CODES = 100
LARGEST = 32_767  # that the column holds on every database
MODE_HELP = "A code of the list licensing_mode."


def mode(**options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=16, help_text=MODE_HELP, **options)


def count(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=LARGEST, **options)


def code_list() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=24), max_length=MOST_CODES, required=False)


def people(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=100), max_length=MOST_PEOPLE, **options)


# How it begins


class ApplicationShape(Shape):
    achievement = ListingReference(help_text="The public listing, as in achievements/.")
    buyer = OrganisationReference()
    mode = mode()
    message = words(help_text="What you want to do with it.")

    def validate_achievement(self, row: Projection) -> Projection:
        if row.achievement_id is None:
            raise serializers.ValidationError(_("This is a demand. Apply for an achievement."))
        return row


class ParticularsShape(RowShape):
    """What a contract says beside its price."""

    territory = code_list()
    fields_of_use = code_list()
    audit_notice_days = count(required=False)

    class Meta:
        model = Contract
        fields = [
            *("title", "type", "subtype", "licence_kind", "territory", "fields_of_use", "use_note", "sublicence"),
            *("pricing_route", "export", "export_licence", "is_publicly_funded", "is_related_party"),
            "audit_notice_days",
        ]
        extra_kwargs = {"title": {"required": False}}


class DealDraftShape(Shape):
    deal = DealReference()
    mode = mode()
    particulars = ParticularsShape(partial=True, required=False)


class DraftShape(Shape):
    seller = OrganisationReference()
    buyer_credit_code = CreditCode(source="buyer", help_text="Of a verified organisation.")
    achievement = OwnAchievement(required=False, allow_null=True, help_text="The owner's own, as in my-achievements/.")
    mode = mode(required=False, allow_blank=True, default="")
    particulars = ParticularsShape(partial=True, required=False)


class DeclineApplicationShape(NoteShape):
    code = serializers.CharField(max_length=24, help_text="A code of the list lead_decline.")


class PartyOfContract(Shape):
    credit_code = CreditCode(source="organisation")
    role = serializers.ChoiceField(ThirdParty.Role.choices)


# Terms


@extend_schema_field(SHEET)
class SheetField(serializers.JSONField):
    """A document of the form term-sheet/1; the engine says what is wrong in it."""


class ProposalShape(NoteShape):
    sheet = SheetField()
    side = side()


class AcceptanceOfTerms(Shape):
    number = serializers.IntegerField(min_value=1, max_value=LARGEST, help_text="The version that you have read.")
    side = side(required=False)


# Evidence


class DecisionShape(Shape):
    meeting = words(max_length=200)
    held_on = Day()
    attendees = people()
    recused = people(required=False)
    votes_for = count()
    votes_against = count(default=0)
    abstentions = count(default=0)
    resolution = words()
    minutes = paper()


class ValuationShape(Shape):
    appraiser = words(max_length=200)
    method = words(max_length=200)
    low = Amount()
    high = Amount()
    valued_on = Day()
    report = paper()


class QuestionShape(Shape):
    kind = serializers.ChoiceField(Clearance.Kind.choices)
    party = words(max_length=200, help_text="The person, organisation or authority.")
    right = RightReference(required=False, allow_null=True)
    note = remark(max_length=1000)


class KnownAnswerShape(Shape):
    kind = serializers.ChoiceField(Clearance.Kind.choices)
    party = words(max_length=200, help_text="The person, organisation or authority.")
    answer = serializers.ChoiceField(Clearance.Answer.choices)
    note = remark(max_length=1000)


class ClearanceAnswer(Shape):
    answer = serializers.ChoiceField(Clearance.Answer.choices)
    answered_on = Day(required=False, allow_null=True, help_text="Today unless told.")
    note = remark(max_length=1000)
    document = paper()


class PriceNoticeShape(Shape):
    content = serializers.DictField(child=words(), required=False, help_text="Adds to what the contract says.")
    days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=365)
    is_on_market = serializers.BooleanField(default=False)


# Text and signature


class PrintoutShape(Shape):
    language = serializers.ChoiceField(Language.choices, default=Language.ZH.value)


class ClausesShape(PrintoutShape):
    clauses = serializers.DictField(child=serializers.CharField(max_length=5000), required=False)


class UsedTextShape(Shape):
    document = DocumentReference(help_text="A document that both sides may read.")


class SigningShape(Shape):
    side = side()
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="Of the text that you have read.")


# While it runs


class DeliveryShape(Shape):
    on = Day(required=False, allow_null=True, help_text="Today unless told.")


class ExtensionShape(Shape):
    months = serializers.IntegerField(min_value=1, max_value=120)


class LossOfRightShape(DeliveryShape):
    reason = words()


class SettlementShape(Shape):
    note = words()


class EndShape(Shape):
    note = words(help_text="Why it ends; both sides send the same words.")
    side = side(required=False)
