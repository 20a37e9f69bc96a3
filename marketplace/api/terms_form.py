"""How the schema describes the form `term-sheet/1` and the answer to a preview; docs/terms.md describes every member.

What is right and wrong in a sheet the pure engine says (`contracts.rules.reading`), not this description.
"""

from typing import Any

from rest_framework import serializers

from marketplace.contracts.rules.events import Kind
from marketplace.contracts.rules.forecast import CASES
from marketplace.contracts.rules.reading import FORM
from marketplace.contracts.rules.sheet import Mode, TriggerKind
from marketplace.contracts.rules.statement import LineState, Phase
from marketplace.contracts.rules.writing import KINDS

from .doors import Shape


def text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


AMOUNT = text("Yuan with at most two places.", example="30000.00")
DAY = {"type": "string", "format": "date"}


def some(description: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "description": description, "properties": properties}


TRIGGER = some(
    "What makes the amount fall due, how it is shown, who declares, who confirms, after how many days silence does.",
    kind={"type": "string", "enum": list(TriggerKind)},
    evidence={"type": "string"},
    declared_by={"type": "string", "enum": ["BUYER", "SELLER"]},
    confirmed_by={"type": "string", "enum": ["BUYER", "SELLER"]},
    silent_days={"type": "integer"},
)
TERM = {
    **some(
        "One promise to pay; each kind has members of its own (docs/terms.md).",
        id=text("Small letters, digits, _ and -."),
        kind={"type": "string", "enum": list(KINDS.values())},
        trigger=TRIGGER,
    ),
    "required": ["id", "kind"],
}
SHEET = {
    **some(
        "Licence terms of the form term-sheet/1.",
        form={"type": "string", "enum": [FORM]},
        mode={"type": "string", "enum": list(Mode)},
        currency={"type": "string", "enum": ["CNY"]},
        term=some("How long the licence runs.", months={"type": "integer"}, ends_on=DAY),
        trial=some("The free phase, and what holds at its end.", months={"type": "integer"}),
        late_interest=some("Null is the legal default.", yearly_rate={"type": "string"}),
        total_cap=AMOUNT,
        guarantees={"type": "array", "items": {"type": "object"}},
        terms={"type": "array", "items": TERM},
    ),
    "required": ["form", "mode", "terms"],
}
EVENT = {
    **some(
        "Something that happened; each kind has members of its own.",
        id={"type": "string"},
        kind={"type": "string", "enum": list(Kind)},
        on=DAY,
    ),
    "required": ["id", "kind", "on"],
}
PLAN = {
    **some(
        "What the buyer expects; months count from the signature.",
        signed_on=DAY,
        years={"type": "array", "items": some("One licence year.", year={"type": "integer"}, net_sales=AMOUNT)},
        first_sale_month={"type": "integer", "nullable": True},
        milestones={"type": "object", "additionalProperties": {"type": "integer"}},
        keep={"type": "boolean"},
    ),
    "required": ["signed_on"],
}
DOCUMENT = {
    **some("A preview document.", sheet=SHEET, events={"type": "array", "items": EVENT}, as_of=DAY, forecast=PLAN),
    "required": ["sheet"],
}


class FaultShape(Shape):
    """A broken rule. `code` is stable, `pointer` a JSON pointer into the document."""

    code = serializers.CharField()
    pointer = serializers.CharField()
    sentence = serializers.CharField(help_text="What is wrong and what to do, in the reader's language.")


class BothLanguages(Shape):
    """The price as one plain sentence."""

    zh = serializers.CharField()
    en = serializers.CharField()


class StepShape(Shape):
    """One step to a number."""

    name = serializers.CharField()
    value = serializers.CharField()
    inputs = serializers.DictField(child=serializers.CharField())
    explanation = serializers.CharField()


class LineShape(Shape):
    """A dated duty to pay, with the way that its amount was reached."""

    key = serializers.CharField(help_text="The same whenever it is computed anew.")
    name = serializers.CharField()
    term = serializers.CharField()
    kind = serializers.CharField()
    cause = serializers.CharField()
    cause_display = serializers.CharField()
    arose_on = serializers.DateField()
    due_on = serializers.DateField()
    amount = serializers.CharField()
    paid = serializers.CharField()
    unpaid = serializers.CharField()
    interest = serializers.CharField()
    interest_paid = serializers.CharField()
    state = serializers.ChoiceField([(each.value, each.value) for each in LineState])
    state_display = serializers.CharField()
    steps = StepShape(many=True)


class ReportDueShape(Shape):
    """A period that has ended without its sales report. `from` and `to` are its days."""

    royalty = serializers.CharField()
    due_on = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.DateField(), "to": serializers.DateField()}


class StatementShape(Shape):
    """What is owed on a day and why. Amounts are yuan."""

    as_of = serializers.DateField()
    phase = serializers.ChoiceField([(each.value, each.value) for each in Phase])
    phase_display = serializers.CharField()
    lines = LineShape(many=True)
    owed = serializers.CharField(help_text="Everything charged so far, paid or not.")
    paid = serializers.CharField()
    overdue = serializers.CharField()
    interest = serializers.CharField()
    credit = serializers.CharField()
    signed_on = serializers.DateField(allow_null=True)
    trial_ends_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    sell_off_until = serializers.DateField(allow_null=True)
    next_day = serializers.DateField(allow_null=True, help_text="When something changes by itself.")
    reports_due = ReportDueShape(many=True)


class AmountsShape(Shape):
    """Yuan by kind; the value of shares is in no total."""

    fixed = serializers.CharField()
    royalty = serializers.CharField()
    minimum = serializers.CharField()
    maintenance = serializers.CharField()
    buyout = serializers.CharField()
    equity = serializers.CharField()
    total = serializers.CharField()


class YearShape(AmountsShape):
    """One calendar year, by the days on which money is due."""

    year = serializers.IntegerField()
    cumulative = serializers.CharField()


class CaseShape(Shape):
    """What the buyer pays and the seller gets if things go so."""

    case = serializers.ChoiceField([(each, each) for each in CASES])
    phase = serializers.CharField(help_text="Where the licence then ends.")
    years = YearShape(many=True)
    totals = AmountsShape()


class ForecastShape(Shape):
    cases = CaseShape(many=True)


class PreviewShape(Shape):
    """The preview. Of a sheet that breaks a rule the statement and the forecast are null."""

    is_valid = serializers.BooleanField()  # type: ignore[assignment]
    faults = FaultShape(many=True)
    warnings = FaultShape(many=True)
    sentence = BothLanguages(allow_null=True)
    sheet = serializers.JSONField(allow_null=True, help_text="The sheet in its canonical form, defaults written out.")
    statement = StatementShape(allow_null=True)
    forecast = ForecastShape(allow_null=True)


class RuleShape(Shape):
    """What a mode promises; a sheet that breaks it is refused with E_MODE and this rule."""

    rule = serializers.CharField()
    sentence = serializers.CharField()


class ModeShape(Shape):
    """A way to pay, and a sheet of it to start from."""

    mode = serializers.ChoiceField([(each.value, each.value) for each in Mode])
    mode_display = serializers.CharField()
    explanation = serializers.CharField()
    rules = RuleShape(many=True)
    sentence = BothLanguages()
    sheet = serializers.JSONField()
