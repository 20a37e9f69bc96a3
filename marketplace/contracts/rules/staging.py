"""Rules of licence terms: which staged events a sheet waits for, each with who declares and who confirms it."""

from collections.abc import Iterator
from dataclasses import dataclass

from .origins import payments
from .sheet import Maintenance, MaintenanceEnd, Sheet, Side, Trigger, TriggerKind

STAGED = frozenset(
    {
        TriggerKind.MILESTONE,
        TriggerKind.FIRST_SALE,
        TriggerKind.FINANCING,
        TriggerKind.GRANT,
        TriggerKind.CHANGE_OF_CONTROL,
    }
)
SILENT_DAYS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One event to come. A milestone goes by its own short name, the others by their kind."""

    slug: str
    kind: TriggerKind
    label_zh: str = ""
    label_en: str = ""
    evidence: str = ""
    declared_by: Side = Side.BUYER
    confirmed_by: Side = Side.SELLER
    silent_days: int = SILENT_DAYS


def stages(sheet: Sheet) -> tuple[Stage, ...]:
    """Every staged event of a sheet once, as the first term that waits for it says."""
    found: dict[str, Stage] = {}
    for stage in _all(sheet):
        found.setdefault(stage.slug, stage)
    return tuple(found.values())


def _all(sheet: Sheet) -> Iterator[Stage]:
    for _, term in payments(sheet):
        if term.trigger is not None and (kind := _kind(term.trigger)) is not None:
            yield _stage(term.trigger, kind, term.label_zh, term.label_en)
    if any(isinstance(term, Maintenance) and term.until is MaintenanceEnd.FIRST_SALE for term in sheet.terms):
        yield Stage(slug=TriggerKind.FIRST_SALE.value, kind=TriggerKind.FIRST_SALE)


def _kind(trigger: Trigger) -> TriggerKind | None:
    """What the trigger itself waits for, or what it counts from."""
    name = trigger.event or trigger.kind
    return TriggerKind(name) if name in STAGED else None


def _stage(trigger: Trigger, kind: TriggerKind, zh: str, en: str) -> Stage:
    declared_by = trigger.declared_by or Side.BUYER
    is_milestone = kind is TriggerKind.MILESTONE
    return Stage(
        slug=trigger.milestone if is_milestone else kind.value,
        kind=kind,
        label_zh=zh if is_milestone else "",
        label_en=en if is_milestone else "",
        evidence=trigger.evidence,
        declared_by=declared_by,
        confirmed_by=Side.SELLER if declared_by is Side.BUYER else Side.BUYER,
        silent_days=SILENT_DAYS if trigger.silent_days is None else trigger.silent_days,
    )
