"""Fields of sharing: its rows by their ids, and why a number is what it is."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace import law
from marketplace.parties.models import Membership
from marketplace.settlement import computing
from marketplace.settlement.models import Distribution, Payee, Payment, Share, Stake
from marketplace.settlement.rules.reward_days import Condition

from ..doors import Shape
from ..fields import Reference
from ..notices import LegalBasisShape
from ..settlement import ObligationStepShape

NAME = 100


class DistributionReference(Reference):
    model = Distribution


class PayeeReference(Reference):
    model = Payee


class PaymentReference(Reference):
    model = Payment


class ShareReference(Reference):
    model = Share


class StakeReference(Reference):
    model = Stake


class MembershipReference(Reference):
    model = Membership


class WhyStepShape(ObligationStepShape):
    """One step to the amount, with what went into it and the text of law that it rests on."""

    reference = serializers.CharField(help_text="The rule of the law, or empty; see law/.")
    law = serializers.SerializerMethodField(help_text="Null where no law is the reason, as of a sum.")

    @extend_schema_field(LegalBasisShape(allow_null=True))
    def get_law(self, step: dict[str, Any]) -> Any:
        entry = law.cited(step["reference"])
        return LegalBasisShape(entry, context=self.context).data if entry else None


@extend_schema_field(LegalBasisShape(many=True))
class DecidedUnder(serializers.Field[Any, Any, Any, Any]):
    """The rules of the law that a row names."""

    def __init__(self, source: str = "law_references") -> None:
        super().__init__(source=source, read_only=True)

    def to_representation(self, value: Any) -> Any:
        found = [entry for each in value if (entry := law.cited(each)) is not None]
        return LegalBasisShape(found, many=True, context=self.context).data


class ConditionShape(Shape):
    """One thing that the relief asks, and whether it is so."""

    code = serializers.ChoiceField([(each.value, each.value) for each in Condition])
    holds = serializers.BooleanField()


class TaxShape(Shape):
    """A hint and no advice: what part of the reward would count as wages if it were paid on the day."""

    on = serializers.DateField()
    part = serializers.DecimalField(7, 6, help_text="Of one: 0.5 is half of it.")
    is_relieved = serializers.BooleanField()
    conditions = ConditionShape(many=True)
    law = LegalBasisShape()


def id_of(source: str) -> serializers.CharField:
    """The id of another row, where there is one."""
    return serializers.CharField(source=f"{source}.public_id", read_only=True, allow_null=True, default=None)


def tax_of(row: Distribution) -> Any:
    """The tax hint of the day on which a distribution was paid, or as if it were paid today."""
    day = row.paid_on or timezone.localdate()
    hint = computing.tax_hint(row, day)
    conditions = [{"code": code.value, "holds": holds} for code, holds in hint.conditions]
    entry = law.on(day, row.law_place).entry(computing.RELIEF)
    told = {"on": day, "part": hint.part, "is_relieved": hint.is_relieved, "law": entry}
    return TaxShape({**told, "conditions": conditions}).data
