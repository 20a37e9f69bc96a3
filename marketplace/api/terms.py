"""Licence terms for anybody: what they would cost and why, without saving; the modes with a sheet to start from."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.contracts import wording
from marketplace.contracts.preview import preview, told
from marketplace.contracts.rules.faults import Broken, Fault
from marketplace.contracts.rules.modes import DEMANDS, Figures, build
from marketplace.contracts.rules.sheet import Mode
from marketplace.contracts.rules.writing import write_sheet
from marketplace.core.errors import Invalid

from .doors import Shape
from .fields import Amount
from .parsing import StrictJSONParser
from .problems import MEDIA_TYPE, problem
from .terms_form import DOCUMENT, ModeShape, PreviewShape

MOST_FAULTS = 200  # that are said of one document
EXAMPLE = {
    "sheet": {
        "form": "term-sheet/1",
        "mode": "ZERO_UPFRONT",
        "term": {"months": 120},
        "trial": {"months": 12, "at_end": "STOP"},
        "total_cap": "500000.00",
        "terms": [
            {
                "id": "pilot",
                "kind": "FIXED",
                "amount": "30000.00",
                "trigger": {
                    "kind": "MILESTONE",
                    "milestone": "pilot",
                    "evidence": "Acceptance report signed by both sides",
                    "declared_by": "BUYER",
                    "confirmed_by": "SELLER",
                    "silent_days": 15,
                },
            },
            {
                "id": "royalty",
                "kind": "ROYALTY",
                "base": "NET_SALES",
                "tiers": [{"from": "0", "rate": "0.02"}],
                "period": "QUARTER",
            },
        ],
    },
    "events": [
        {"id": "signed", "kind": "SIGNED", "on": "2027-01-04"},
        {"id": "delivered", "kind": "DELIVERED", "on": "2027-01-04"},
    ],
    "as_of": "2027-06-30",
    "forecast": {
        "signed_on": "2027-01-04",
        "years": [{"year": 2, "net_sales": "2000000.00"}, {"year": 3, "net_sales": "5000000.00"}],
        "milestones": {"pilot": 14},
    },
}


class SmallJSONParser(StrictJSONParser):
    """A preview is open to everybody, so it reads less."""

    limit = 262_144


class Rate(serializers.DecimalField):
    """A ratio as text: 0.03 is 3 %."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=7, decimal_places=6, min_value=Decimal(0), max_value=Decimal(1), **options)


class FiguresShape(Shape):
    """The few numbers that a preset takes; each mode uses those it needs."""

    mode = serializers.ChoiceField([(each.value, each.value) for each in Mode], required=False)
    price = Amount(required=False, help_text="The whole price, where there is one.")
    upfront = Amount(required=False, help_text="The entry fee.")
    rate = Rate(required=False, help_text="The royalty as a ratio of net sales.")
    trial_months = serializers.IntegerField(required=False, min_value=0, max_value=60)
    deferral_months = serializers.IntegerField(required=False, min_value=6, max_value=120)
    instalments = serializers.IntegerField(required=False, min_value=2, max_value=24)
    equity_percent = Rate(required=False)
    equity_valuation = Amount(required=False)
    total_cap = Amount(required=False)
    term_months = serializers.IntegerField(required=False, min_value=96, max_value=600)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        low = [name for name, field in self.fields.items() if isinstance(field, Amount) and 0 <= attrs.get(name, 1) < 1]
        if low:
            raise serializers.ValidationError({name: [wording.refusal("E_AMOUNT", found=attrs[name])] for name in low})
        return attrs


class Terms(viewsets.ViewSet):
    """Licence terms as data: try them out before anybody signs."""

    permission_classes = [AllowAny]
    parser_classes = [SmallJSONParser]

    @extend_schema(
        request={"application/json": DOCUMENT},
        responses=PreviewShape,
        examples=[OpenApiExample("No entry fee, milestone and royalty", EXAMPLE, request_only=True)],
    )
    def preview(self, request: Request) -> Response:
        """What terms cost on a day and why, and year by year if a forecast comes true. Saves nothing.

        A document that is not of the form is a 400, with `faults` beside `errors`. Terms that break a rule are
        answered with `is_valid` false and every fault.
        """
        try:
            return Response(preview(request.data, today=timezone.localdate()))
        except Broken as refusal:
            return unreadable(refusal.faults[:MOST_FAULTS])

    @extend_schema(parameters=[FiguresShape], responses=ModeShape(many=True))
    def modes(self, request: Request) -> Response:
        """Every way to pay (or the one asked for), what it promises, and a valid sheet of it with these figures."""
        asked = FiguresShape(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        modes = [Mode(values.pop("mode"))] if "mode" in values else list(Mode)
        return Response([described(mode, Figures(**values)) for mode in modes])


def unreadable(faults: Iterable[Fault], *, code: str = Invalid.code, sentence: Any = Invalid.sentence) -> Response:
    """The problem document of a form that cannot be read, with the codes of its faults."""
    said = told(faults)
    errors = [{"pointer": f"#{each['pointer']}", "detail": each["sentence"]} for each in said]
    document = problem(400, code, sentence)
    return Response({**document, "errors": errors, "faults": said}, status=400, content_type=MEDIA_TYPE)


def described(mode: Mode, figures: Figures) -> dict[str, Any]:
    sheet = build(mode, figures)
    return {
        "mode": mode.value,
        "mode_display": wording.mode_name(mode),
        "explanation": wording.mode_explanation(mode),
        "rules": [{"rule": each.rule, "sentence": wording.mode_rule(each.rule)} for each in DEMANDS[mode]],
        "sentence": {language: wording.sentence(sheet, language) for language in ("zh", "en")},
        "sheet": write_sheet(sheet),
    }
