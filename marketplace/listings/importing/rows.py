"""One row of the sheet as the services take it: values, offers, rights; every fault with its column."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from marketplace.core.errors import Invalid
from marketplace.core.spreadsheets import CellFault

from .. import checks, numbers, rules
from ..models import Achievement, Offer
from ..services.drafting import checked_offer, fill
from . import columns, terms, values
from .columns import RIGHT_PARTS, RIGHTS_KNOWN, Column
from .sheets import Row, Sheet

TERM_OF = {
    "price_low": "price_low",
    "price_high": "price_high",
    "royalty_percent": "royalty_percent",
    "free_months": "free_months",
    "offer_note": "note",
}
APART = ("platform_id", "modes", *TERM_OF)  # columns that are no field of an achievement
EMPTY: dict[str, Any] = {columns.WORDS: [], columns.YES_NO: False, columns.LEVEL: None}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one column; the column is empty where the whole row is meant."""

    column: str
    sentence: str


@dataclass
class Draft:
    """A row as read. `offers` and `rights` are None where the sheet has no column for them."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    platform_id: str = ""
    tiers: dict[str, str] | None = None
    offers: tuple[dict[str, Any], ...] | None = None
    rights: list[dict[str, str]] | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.fields.get("title_zh") or "")

    def fault(self, name: str, sentence: object) -> None:
        """Note a fault of a field; one a column is enough, the first says what to mend."""
        column = columns.by_header().get(columns.key(name))
        title = column.title if column else ""
        if not title or title not in [fault.column for fault in self.faults]:
            self.faults.append(Fault(title, str(sentence)))


def read_row(sheet: Sheet, row: Row) -> Draft:
    """Every value of the row; a column that the sheet has and the row leaves empty empties its field."""
    draft = Draft(row.number)
    given: dict[str, Any] = {}
    for column in sheet.columns:
        given[column.name] = read_cell(draft, column, row)
    put_fields(draft, sheet, given)
    put_offers(draft, given)
    put_rights(draft, given)
    if not draft.title:
        draft.fault("title_zh", _("A title is needed."))
    return draft


def read_cell(draft: Draft, column: Column, row: Row) -> Any:
    cell = row.cells.get(column)
    if cell is None or cell.is_empty:
        return None
    try:
        value = values.parse(column, cell)
    except CellFault as fault:
        draft.fault(column.name, fault)
        return None
    if values.has_invisible(cell):
        draft.warnings.append(Fault(column.title, _("Invisible marks were left out.")))
    return value


def put_fields(draft: Draft, sheet: Sheet, given: dict[str, Any]) -> None:
    draft.platform_id = given.get("platform_id") or ""
    tiers = {name.removeprefix("tier_"): value for name, value in given.items() if name.startswith("tier_")}
    if tiers:
        draft.tiers = {name: value or rules.PUBLIC for name, value in tiers.items()}
    for column in sheet.columns:
        if column.name not in APART and not column.name.startswith(("tier_", "right")):
            value = given[column.name]
            draft.fields[column.name] = EMPTY.get(column.kind, "") if value is None else value


def put_offers(draft: Draft, given: dict[str, Any]) -> None:
    if "modes" not in given:
        return
    modes = given["modes"] or []
    figures = {term: given.get(column) for column, term in TERM_OF.items()}
    for column, term in TERM_OF.items():
        value = figures[term]
        if isinstance(value, list) and len(value) != len(modes):
            draft.fault(
                column,
                _("There are %(lines)d lines for %(modes)d licensing modes. Give one figure, or one a mode.")
                % {"lines": len(value), "modes": len(modes)},
            )
            figures[term] = None
    draft.offers = terms.offers(modes, figures)


def put_rights(draft: Draft, given: dict[str, Any]) -> None:
    if not any(name.startswith("right") for name in given):
        return
    draft.rights = []
    for place in range(1, RIGHTS_KNOWN + 1):
        kind, number, title = (given.get(f"right{place}_{part}") for part in RIGHT_PARTS)
        if not (kind or number or title):
            continue
        if not kind:
            draft.fault(f"right{place}_kind", _("Say what kind of right this is."))
            continue
        try:
            stored = numbers.check_right_number(kind, "" if number is None else number)
        except numbers.NumberError as fault:
            draft.fault(f"right{place}_number", fault)
            continue
        draft.rights.append({"kind": kind, "number": stored, "title_zh": (title or draft.title)[:200]})


def check(draft: Draft, listing: Achievement) -> None:
    """Fill an unsaved copy with the row and collect what the listing's own checks say."""
    try:
        fill(listing, draft.fields)
        checks.check_shape(listing)
    except Invalid as fault:
        for name, sentences in fault.fields.items():
            for sentence in sentences:
                draft.fault(name, sentence)
    terms_at_fault = {columns.by_header()[columns.key(name)].title for name in TERM_OF}
    if any(fault.column in terms_at_fault for fault in draft.faults):
        return
    for offer in draft.offers or ():
        try:
            checked_offer(Offer(**offer), stored=False)
        except Invalid as fault:
            for sentences in fault.fields.values():
                for sentence in sentences:
                    draft.fault("modes", sentence)
