"""What changed from one version of the terms to the next, in words: “Royalty, rate: 3 % → 2.5 %”."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.core.showing import percent

from ..rules.difference import Change, ChangeKind
from ..rules.sheet import Sheet
from ..rules.writing import KINDS, plain
from .names import (
    ANCHORS,
    BASES,
    COUNTED,
    COVERS,
    DEDUCTIONS,
    PERIODS,
    SIDES,
    TERM_KINDS,
    TIERINGS,
    TRIGGERS,
    mode_name,
    term_name,
    yuan,
)

FIELDS = {
    "mode": gettext_lazy("licensing mode"),
    "term_months": gettext_lazy("months of the licence"),
    "ends_on": gettext_lazy("last day"),
    "sell_off_months": gettext_lazy("months to sell off stock"),
    "trial.months": gettext_lazy("free months"),
    "trial.at_end": gettext_lazy("if nobody says anything at the end of the trial"),
    "trial.extensions": gettext_lazy("extensions of the trial"),
    "trial.extension_months": gettext_lazy("months of an extension"),
    "late_interest.yearly_rate": gettext_lazy("late interest a year"),
    "late_interest.grace_days": gettext_lazy("days of grace"),
    "total_cap": gettext_lazy("cap of everything"),
    "currency": gettext_lazy("currency"),
    "label_zh": gettext_lazy("name in Chinese"),
    "label_en": gettext_lazy("name in English"),
    "amount": gettext_lazy("amount"),
    "pay_days": gettext_lazy("days to pay"),
    "creditable": gettext_lazy("may be set off"),
    "kind": gettext_lazy("kind"),
    "day": gettext_lazy("day"),
    "term": gettext_lazy("payment"),
    "event": gettext_lazy("event"),
    "days": gettext_lazy("days"),
    "months": gettext_lazy("months"),
    "at_least": gettext_lazy("at least"),
    "milestone": gettext_lazy("milestone"),
    "due_after": gettext_lazy("due day counts from"),
    "due_months": gettext_lazy("due after months"),
    "due_days": gettext_lazy("due after days"),
    "every": gettext_lazy("every"),
    "evidence": gettext_lazy("evidence"),
    "declared_by": gettext_lazy("declared by"),
    "confirmed_by": gettext_lazy("confirmed by"),
    "silent_days": gettext_lazy("silence confirms after days"),
    "base": pgettext_lazy("number", "base"),
    "period": pgettext_lazy("number", "period"),
    "tiering": gettext_lazy("how the rates apply"),
    "counted": gettext_lazy("what the steps count"),
    "start": gettext_lazy("from"),
    "rate": gettext_lazy("rate"),
    "deductions": gettext_lazy("what may be taken off"),
    "deduction_cap": gettext_lazy("at most this part taken off"),
    "combination_factor": gettext_lazy("part of the product that counts"),
    "share": gettext_lazy("share"),
    "floor_rate": gettext_lazy("lowest rate"),
    "cap": pgettext_lazy("number", "cap"),
    "minimum_yearly": gettext_lazy("yearly minimum"),
    "minimum_from_year": gettext_lazy("minimum from licence year"),
    "period_cap": gettext_lazy("cap of a period"),
    "lifetime_cap": gettext_lazy("cap of all royalties"),
    "credits": gettext_lazy("payments that are set off"),
    "upfront_rate": gettext_lazy("share of sub-licence fees"),
    "royalty_rate": gettext_lazy("share of sub-licence royalties"),
    "report_days": gettext_lazy("days to report"),
    "answer_days": gettext_lazy("silence accepts a report after days"),
    "until": gettext_lazy("until"),
    "price": gettext_lazy("price"),
    "until_months": gettext_lazy("months of the option"),
    "until_day": gettext_lazy("last day of the option"),
    "credit_paid": gettext_lazy("part of what was paid that is set off"),
    "percent": gettext_lazy("share of the firm"),
    "valuation": gettext_lazy("value of the shares"),
    "cover_amount": gettext_lazy("cover at most"),
    "cover_share": gettext_lazy("share of each loss"),
    "liability": gettext_lazy("liability"),
    "period_months": gettext_lazy("months after each due day"),
    "waiting_days": gettext_lazy("waiting period, days"),
    "fee": gettext_lazy("fee"),
}
GROUPS = {"trigger": gettext_lazy("falls due"), "guarantees": gettext_lazy("guarantee"), "tiers": gettext_lazy("step")}
GROUPS |= {"stacking": gettext_lazy("royalties to others"), "sublicence": gettext_lazy("sub-licences")}
RATES = {
    *("rate", "deduction_cap", "combination_factor", "share", "floor_rate", "cap", "upfront_rate", "royalty_rate"),
    *("credit_paid", "percent", "cover_share", "yearly_rate"),
}
COUNTED_IN_UNITS = {"at_least", "start"}
WORDS: dict[str, Any] = {
    "KEEP": gettext_lazy("the licence is kept"),
    "STOP": gettext_lazy("the licence ends"),
    "JOINT": gettext_lazy("joint: may be claimed at once"),
    "GENERAL": gettext_lazy("general: the debtor is pursued first"),
    "FIRST_SALE": gettext_lazy("the first sale"),
    "END": gettext_lazy("the end of the licence"),
    **COVERS,
}
ENUMS: tuple[Any, ...] = (ANCHORS, BASES, COUNTED, DEDUCTIONS, PERIODS, SIDES, TIERINGS, TRIGGERS)


def changed(changes: Iterable[Change], old: Sheet, new: Sheet) -> list[str]:
    """One sentence a change, in the order of the sheet."""
    return [_sentence(each, old, new) for each in changes]


def _sentence(change: Change, old: Sheet, new: Sheet) -> str:
    if change.kind is ChangeKind.MOVED:
        return _("The payments stand in another order.")
    term = new.term(change.term) or old.term(change.term)
    name = term_name(term) if term else ""
    if not change.field:
        return _whole(change, name)
    what = _(", ").join(part for part in (name, field_name(place_in(change, old, new))) if part)
    return _values(change, what)


def place_in(change: Change, old: Sheet, new: Sheet) -> str:
    """The path of a field; the only step of a royalty is not counted."""
    terms = [sheet.term(change.term) for sheet in (old, new)]
    has_steps = any(len(getattr(term, "tiers", ())) > 1 for term in terms)
    return change.field if has_steps else change.field.removeprefix("tiers.0.")


def _whole(change: Change, name: str) -> str:
    if change.kind is ChangeKind.ADDED:
        return _("New: %(name)s") % {"name": name}
    if change.kind is ChangeKind.REMOVED:
        return _("Gone: %(name)s") % {"name": name}
    before, after = (str(TERM_KINDS[KINDS[type(each)]]) for each in (change.old, change.new))
    return _("%(name)s: %(before)s → %(after)s") % {"name": name, "before": before, "after": after}


def _values(change: Change, what: str) -> str:
    before, after = (in_words(change.field, each) for each in (change.old, change.new))
    if change.kind is ChangeKind.ADDED:
        return _("%(name)s: %(after)s (new)") % {"name": what, "after": after}
    if change.kind is ChangeKind.REMOVED:
        return _("%(name)s: %(before)s (gone)") % {"name": what, "before": before}
    return _("%(name)s: %(before)s → %(after)s") % {"name": what, "before": before, "after": after}


def field_name(path: str) -> str:
    """What people call a field of the sheet: "tiers.1.rate" is "step 2, rate"."""
    if path in FIELDS:
        return str(FIELDS[path])
    *outer, last = path.split(".")
    said = [str(GROUPS[part]) for part in outer if part in GROUPS]
    numbers = [f"{int(part) + 1}" for part in outer if part.isdigit()]
    return _(", ").join([" ".join([*said, *numbers]), str(FIELDS.get(last, last))]) if said else str(FIELDS[last])


def in_words(path: str, value: Any) -> str:
    """A value of the sheet with its unit."""
    last = path.rsplit(".", 1)[-1]
    if isinstance(value, tuple):
        return _(", ").join(in_words(path, each) for each in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _number(last, value)
    return _word(last, value)


def _number(name: str, value: Decimal) -> str:
    if name in RATES and value <= 1:
        return percent(value)
    return f"{plain(value)}" if name in COUNTED_IN_UNITS else yuan(value)


def _word(name: str, value: Any) -> str:
    if name == "mode":
        return mode_name(value)
    if isinstance(value, Enum):
        found = next((names[value] for names in ENUMS if value in names), None)
        return str(found or WORDS.get(value.value, value.value))
    return str(WORDS.get(value, value)) if isinstance(value, str) else str(value)
