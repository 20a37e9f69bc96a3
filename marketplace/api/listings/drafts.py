"""What an owner's working copy looks like, read and written."""

from typing import Any

from rest_framework import serializers

from marketplace.listings.models import Achievement, Demand, Listing, Offer
from marketplace.listings.rules import TIERS

from ..doors import RowShape, Shape
from ..fields import (
    IP_STATUSES,
    STAGES,
    Amount,
    CodeName,
    CodeNames,
    Currency,
    OrganisationReference,
    RightReference,
)

LARGEST = 32_767  # that the column holds on every database
MOST_WORDS, MOST_OFFERS, MOST_RIGHTS = 50, 20, 50  # of shape; the service says how many are too many


def words() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=200), max_length=MOST_WORDS, default=list)


def code_list() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=24), max_length=MOST_WORDS, default=list)


def readiness() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=9)


class ReturnShape(Shape):
    return_code = serializers.CharField(max_length=24, help_text="A code of the list return_reason.")
    return_note = serializers.CharField(max_length=2000)


class InterestSwitch(Shape):
    is_open = serializers.BooleanField()


class OfferShape(RowShape):
    """One licensing mode that the owner accepts."""

    mode = serializers.CharField(max_length=16, help_text="A code of the list licensing_mode.")
    mode_display = CodeName("licensing_mode", source="mode")
    price_low = Amount(required=False, allow_null=True)
    price_high = Amount(required=False, allow_null=True)
    currency = Currency(required=False)
    free_months = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LARGEST)

    class Meta:
        model = Offer
        fields = [
            *("mode", "mode_display", "price_low", "price_high", "currency"),
            *("royalty_percent", "free_months", "note"),
        ]

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        values.pop("currency", None)
        return values


class WorkingCopy(RowShape):
    """What both kinds share. Names of texts, tiers and limits are those of the web form."""

    owner = OrganisationReference()
    owner_name = serializers.CharField(source="owner.__str__", read_only=True)
    field_display = CodeName("technical_field", source="field")
    region_display = CodeName("province", source="region")
    state_display = CodeName(Listing.State, source="state")
    technology_keywords_zh = words()
    technology_keywords_en = words()
    market_keywords_zh = words()
    market_keywords_en = words()
    tiers = serializers.DictField(
        child=serializers.ChoiceField(TIERS), required=False, help_text="Field → public, registered or nda."
    )
    effective_tiers = serializers.DictField(
        child=serializers.ChoiceField(TIERS), read_only=True, help_text="What was chosen, raised where novelty asks."
    )
    currency = Currency(required=False)

    READ = (
        *("id", "owner_name", "field_display", "region_display", "state", "state_display", "effective_tiers"),
        *("version", "created_at", "changed_at", "submitted_at", "published_on", "expires_on", "has_been_renewed"),
        *("return_code", "return_note"),
    )
    WRITTEN = (
        *("owner", "title_zh", "title_en", "summary_zh", "summary_en", "description_zh", "description_en"),
        *("public_note_zh", "public_note_en", "field", "region", "technology_keywords_zh", "technology_keywords_en"),
        *("market_keywords_zh", "market_keywords_en", "tiers", "is_anonymous", "is_open_for_interest"),
        *("secrecy_level", "is_secrecy_checked", "source_id", "currency"),
    )

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        values.pop("currency", None)
        return values


class AchievementDraft(WorkingCopy):
    """科技成果."""

    trl = readiness()
    stage_display = CodeName(STAGES, source="stage")
    ip_status_display = CodeName(IP_STATUSES, source="ip_status")
    offers = OfferShape(many=True, required=False, max_length=MOST_OFFERS)  # type: ignore[call-arg]
    rights = serializers.ListField(child=RightReference(), required=False, max_length=MOST_RIGHTS, source="rights.all")

    class Meta:
        model = Achievement
        fields = [
            *WorkingCopy.READ,
            *WorkingCopy.WRITTEN,
            *("advantage_zh", "advantage_en", "economics_zh", "economics_en", "trl", "stage", "stage_display"),
            *("ip_status", "ip_status_display", "offers", "rights"),
        ]
        read_only_fields = WorkingCopy.READ


class AchievementChange(AchievementDraft):
    """The owner of a listing does not change."""

    owner = OrganisationReference(read_only=True)


class DemandDraft(WorkingCopy):
    """技术需求."""

    trl_min = readiness()
    regions_accepted = code_list()
    modes = code_list()
    modes_display = CodeNames("licensing_mode", source="modes")
    budget_low = Amount(required=False, allow_null=True)
    budget_high = Amount(required=False, allow_null=True)

    class Meta:
        model = Demand
        fields = [
            *WorkingCopy.READ,
            *WorkingCopy.WRITTEN,
            *("target_zh", "target_en", "acceptance_zh", "acceptance_en", "trl_min", "regions_accepted"),
            *("budget_low", "budget_high", "deadline", "modes", "modes_display"),
        ]
        read_only_fields = WorkingCopy.READ


class DemandChange(DemandDraft):
    """The owner of a listing does not change."""

    owner = OrganisationReference(read_only=True)
