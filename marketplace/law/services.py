"""What happens to law: rules and codes are published, from a file or by an administrator. The only writer."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import record

from .book import forget_edition
from .errors import OverlappingRules, WrongReference
from .models import Code, CodeList, Edition, Rule
from .rules.periods import Period, closed
from .rules.places import chain
from .rules.values import parse

RULE_FIELDS = frozenset(f.name for f in Rule._meta.concrete_fields) - {"id", "origin"}
LIST_FIELDS = ("title_zh", "title_en", "confidence", "source", "note")
CODE_FIELDS = frozenset(("code", "zh", "en", "parent", "extra", "effective_from", "effective_to"))
Row = Mapping[str, Any]


@dataclass
class Report:
    """What a publication did, by public id. `kept`: published by a person, so not undone by a file."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.added and not self.changed

    def as_json(self) -> dict[str, list[str]]:
        return asdict(self)


def load_rules(path: Path, *, by: Any) -> Report:
    """Take in a file of rules; twice changes nothing. Raises WrongReference, OverlappingRules."""
    return _publish(_read(path, "rules", list), origin=Rule.Origin.REFERENCE, by=by)


def publish_rules(rows: Iterable[Row], *, by: Any) -> Report:
    """Publish rules; an open rule ends on the day before its successor begins.

    Rows have the fields of `Rule`, days as ISO text or date. Raises WrongReference, OverlappingRules.
    """
    return _publish(rows, origin=Rule.Origin.PUBLISHED, by=by)


@transaction.atomic
def _publish(rows: Iterable[Row], *, origin: Rule.Origin, by: Any) -> Report:
    require("law.publish", by)
    _lock_edition()
    report = Report()
    touched: dict[tuple[str, str], list[Rule]] = {}
    for row in rows:
        rule = _checked_rule(row)
        wanted = touched.setdefault((rule.key, rule.place), [])
        if any(other.effective_from == rule.effective_from for other in wanted):
            raise OverlappingRules(rule.key, rule.place)
        wanted.append(rule)
    for (key, place), wanted in touched.items():
        _publish_key(key, place, wanted, origin, report, by=by)
    _turn_edition(report)
    return report


def _publish_key(key: str, place: str, wanted: list[Rule], origin: Rule.Origin, report: Report, *, by: Any) -> None:
    """Bring one key of one place to its wanted state and end open rules where their successors begin."""
    present = {rule.effective_from: rule for rule in Rule.objects.filter(key=key, place=place)}
    before = {day: _facts(rule) for day, rule in present.items()}
    for rule in wanted:
        old = present.get(rule.effective_from)
        if old and origin == Rule.Origin.REFERENCE and old.origin == Rule.Origin.PUBLISHED:
            report.kept.append(old.public_id)
            continue
        rule.origin = origin
        present[rule.effective_from] = _overwritten(old, rule) if old else rule
    _close(key, place, present)
    for day in sorted(present):
        _write(present[day], before.get(day), report, by=by)


def _overwritten(old: Rule, new: Rule) -> Rule:
    for name in {*RULE_FIELDS, "origin"}:
        setattr(old, name, getattr(new, name))
    return old


def _close(key: str, place: str, by_day: Mapping[date, Rule]) -> None:
    in_force = [by_day[day] for day in sorted(by_day) if by_day[day].verification != Rule.Verification.DRAFT]
    try:
        periods = closed([Period(rule.effective_from, rule.effective_to) for rule in in_force])
    except ValueError as fault:
        raise OverlappingRules(key, place) from fault
    for rule, period in zip(in_force, periods, strict=True):
        rule.effective_to = period.last


def _write(row: Rule | CodeList, before: dict[str, Any] | None, report: Report, *, by: Any) -> None:
    """Save the row when it is new or different, with its line in the journal."""
    if before is not None and _facts(row) == before:
        report.unchanged.append(row.public_id)
        return
    _valid(row, row.public_id)
    row.save()
    record("law.publish", row, by=by, before=before)
    (report.changed if before else report.added).append(row.public_id)


def _checked_rule(row: Row) -> Rule:
    name = f"{row.get('key')}@{row.get('place')}"
    _refuse_unknown(name, row, RULE_FIELDS)
    try:
        days = {each: _day(row.get(each)) for each in ("effective_from", "effective_to")}
        chain(row.get("place", ""))
        parse(row.get("kind", ""), row.get("value"))
    except ValueError as fault:
        raise WrongReference(name, fault) from fault
    if days["effective_from"] is None:
        raise WrongReference(name, _("The first day is missing."))
    return Rule(**{**row, **days})


def load_codes(path: Path, *, by: Any) -> Report:
    """Take in a reference file of code lists; running it twice changes nothing. Raises WrongReference."""
    return publish_codes(_read(path, "lists", dict), by=by)


@transaction.atomic
def publish_codes(lists: Mapping[str, Row], *, by: Any) -> Report:
    """Publish code lists by name. A code that a list no longer names stays; retire it with `effective_to`.

    A list has a title in two languages, source and items; an item has code, zh, en and may have parent,
    extra, effective_from, effective_to. Raises WrongReference.
    """
    require("law.publish", by)
    _lock_edition()
    report = Report()
    for name, row in lists.items():
        _publish_list(name, row, report, by=by)
    _turn_edition(report)
    return report


def _publish_list(name: str, row: Row, report: Report, *, by: Any) -> None:
    _refuse_unknown(name, row, {*LIST_FIELDS, "parent_list", "items"})
    code_list = CodeList.objects.filter(name=name).first()
    before = _facts(code_list) if code_list else None
    code_list = code_list or CodeList(name=name)
    for each in LIST_FIELDS:
        setattr(code_list, each, row.get(each, ""))
    _write(code_list, before, report, by=by)
    present = {code.code: code for code in code_list.codes.all()}
    parents = {code.code: code for code in Code.objects.filter(list__name=row.get("parent_list", ""))}
    for order, item in enumerate(row["items"], 1):
        _write_code(code_list, present.get(item.get("code")), item, order, parents, report)


def _write_code(
    code_list: CodeList, code: Code | None, item: Row, order: int, parents: Mapping[str, Code], report: Report
) -> None:
    name = f"{code_list.name}:{item.get('code')}"
    _refuse_unknown(name, item, CODE_FIELDS)
    if item.get("parent") and item["parent"] not in parents:
        raise WrongReference(name, _("The code it belongs to is not in the list above it."))
    before = _facts(code) if code else None
    code = code or Code(list=code_list, code=item.get("code", ""))
    code.zh, code.en, code.order = item.get("zh", ""), item.get("en", ""), order
    code.parent, code.extra = parents.get(item.get("parent", "")), item.get("extra", {})
    code.effective_from, code.effective_to = _code_day(name, item, "from"), _code_day(name, item, "to")
    if before == _facts(code):
        report.unchanged.append(name)
        return
    _valid(code, name)
    code.save()
    (report.changed if before else report.added).append(name)


def _code_day(name: str, item: Row, end: str) -> date | None:
    try:
        return _day(item.get(f"effective_{end}"))
    except ValueError as fault:
        raise WrongReference(name, fault) from fault


def _day(value: Any) -> date | None:
    if value is None or type(value) is date:
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no day.")
    return date.fromisoformat(value)


def _facts(row: models.Model) -> dict[str, Any]:
    """Everything the row says, without its number."""
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name != "id"}


def _valid(row: models.Model, name: str) -> None:
    try:
        row.full_clean()
    except ValidationError as fault:
        raise WrongReference(name, "; ".join(fault.messages)) from fault


def _refuse_unknown(name: str, row: Row, known: Iterable[str]) -> None:
    strangers = sorted(set(row) - set(known))
    if strangers:
        raise WrongReference(name, _("Unknown field: %(fields)s") % {"fields": ", ".join(strangers)})


def _read(path: Path, key: str, shape: type) -> Any:
    try:
        content = json.loads(path.read_text("utf-8"))[key]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise WrongReference(path.name, fault) from fault
    if not isinstance(content, shape):
        raise WrongReference(path.name, _("The file does not hold what it should."))
    return content


def _lock_edition() -> None:
    """Publications come one after the other."""
    Edition.objects.get_or_create(pk=1)
    Edition.objects.select_for_update().get(pk=1)


def _turn_edition(report: Report) -> None:
    """A random token, not a counter: a rolled-back publication can never share its name with a later one."""
    if not report.is_empty:
        Edition.objects.filter(pk=1).update(token=secrets.token_hex(16))
        forget_edition()
        transaction.on_commit(forget_edition)
