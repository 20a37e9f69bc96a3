"""What a public listing looks like: a card in a list, the whole of it by itself."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.listings import reading
from marketplace.listings.models import Projection, Right
from marketplace.listings.rules import TIERS
from marketplace.parties.models import Organisation

from ..doors import RowShape, Shape
from ..fields import IP_STATUSES, STAGES, Amount, CodeName, CodeNames, Currency

LOCALISED = "In the reader's language, or in the other one where it is missing."


class OwnerShape(Shape):
    """Who offers it. The name of an anonymous owner is not said."""

    name = serializers.CharField(source="owner_name")
    name_zh = serializers.CharField(source="owner_name_zh")
    name_en = serializers.CharField(source="owner_name_en")
    kind = serializers.CharField(source="owner_kind")
    kind_display = CodeName(Organisation.Kind, source="owner_kind")


class CardShape(RowShape):
    """What both kinds of listings show in a list: public facts only, the same for every reader."""

    title = serializers.CharField(read_only=True, help_text=LOCALISED)
    summary = serializers.SerializerMethodField(help_text=LOCALISED)
    owner = serializers.SerializerMethodField(help_text="null while the owner stays anonymous.")
    field_display = CodeName("technical_field", source="field")
    region_display = CodeName("province", source="region")
    modes = serializers.ListField(child=serializers.CharField(), read_only=True)
    modes_display = CodeNames("licensing_mode", source="modes")
    currency = Currency(read_only=True)

    COMMON = (
        *("id", "title", "title_zh", "title_en", "summary", "owner", "field", "field_display"),
        *("region", "region_display", "modes", "modes_display", "currency"),
        *("is_open_for_interest", "published_on", "expires_on"),
    )

    def get_summary(self, row: Projection) -> str:
        return row.text("summary")

    @extend_schema_field(OwnerShape(allow_null=True))
    def get_owner(self, row: Projection) -> dict[str, Any] | None:
        return OwnerShape(row, context=self.context).data if row.owner_name_zh else None


class AchievementCard(CardShape):
    stage_display = CodeName(STAGES, source="stage")
    ip_status_display = CodeName(IP_STATUSES, source="ip_status")
    price_low = Amount(read_only=True, allow_null=True)
    price_high = Amount(read_only=True, allow_null=True)

    class Meta:
        model = Projection
        fields = [
            *CardShape.COMMON,
            *("trl", "stage", "stage_display", "ip_status", "ip_status_display", "price_low", "price_high"),
        ]
        read_only_fields = fields


class DemandCard(CardShape):
    trl_min = serializers.IntegerField(source="trl", read_only=True, allow_null=True)
    regions_accepted = serializers.ListField(child=serializers.CharField(), read_only=True)
    budget_low = Amount(source="price_low", read_only=True, allow_null=True)
    budget_high = Amount(source="price_high", read_only=True, allow_null=True)

    class Meta:
        model = Projection
        fields = [
            *CardShape.COMMON,
            *("trl_min", "regions_accepted", "budget_low", "budget_high", "deadline"),
        ]
        read_only_fields = fields


class HiddenShape(Shape):
    """A field that is written but not shown to this reader, and to whom it would be."""

    name = serializers.CharField()
    tier = serializers.ChoiceField(TIERS)


class PublicOfferShape(Shape):
    """One licensing mode that the owner accepts, with indicative terms."""

    mode = serializers.CharField()
    mode_display = CodeName("licensing_mode", source="mode")
    price_low = Amount(allow_null=True)
    price_high = Amount(allow_null=True)
    currency = Currency()
    royalty_percent = serializers.CharField(allow_null=True, help_text="Of net sales.")
    free_months = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()


class PublicRightShape(Shape):
    """A right behind the achievement; of an application that is not published yet the kind only."""

    kind = serializers.CharField()
    kind_display = CodeName(Right.Kind, source="kind")
    number = serializers.CharField(default="")
    title_zh = serializers.CharField(default="")
    title_en = serializers.CharField(default="")


WHOLE = ("texts", "keywords_zh", "keywords_en", "hidden")


class Whole(serializers.Serializer[Any]):
    """One listing as this reader may see it: members of verified organisations see the registered tier too."""

    texts = serializers.SerializerMethodField(help_text="By name and language, such as description_zh.")
    keywords_zh = serializers.SerializerMethodField()
    keywords_en = serializers.SerializerMethodField()
    hidden = serializers.SerializerMethodField()

    def to_representation(self, row: Projection) -> Any:
        self.seen = reading.read(row, self.context["request"].user)
        for name in ("texts", "price_low", "price_high", "offers"):  # the card's fields read them from the row
            setattr(row, name, getattr(self.seen, name))
        return super().to_representation(row)

    def get_texts(self, row: Projection) -> dict[str, str]:
        return self.seen.texts

    def get_keywords_zh(self, row: Projection) -> list[str]:
        return self.seen.keywords_zh

    def get_keywords_en(self, row: Projection) -> list[str]:
        return self.seen.keywords_en

    @extend_schema_field(HiddenShape(many=True))
    def get_hidden(self, row: Projection) -> list[dict[str, str]]:
        return [{"name": name, "tier": tier} for name, tier in sorted(self.seen.hidden.items())]


class AchievementShape(Whole, AchievementCard):
    offers = PublicOfferShape(many=True, read_only=True)
    rights = PublicRightShape(many=True, read_only=True)

    class Meta(AchievementCard.Meta):
        fields = [*AchievementCard.Meta.fields, *WHOLE, "offers", "rights"]
        read_only_fields = fields


class DemandShape(Whole, DemandCard):
    class Meta(DemandCard.Meta):
        fields = [*DemandCard.Meta.fields, *WHOLE]
        read_only_fields = fields
