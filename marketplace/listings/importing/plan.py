"""What importing a sheet would do, row by row; and doing it: drafts through the services, all rows or none."""

from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.access import require
from marketplace.core.acts import lock
from marketplace.core.errors import DomainError
from marketplace.parties.models import Organisation

from .. import rules, services
from ..models import Achievement, Listing, Right
from .faults import RowsAtFault
from .rows import Draft, Fault, check, read_row
from .sheets import Sheet
from .terms import TERMS

SOURCE = "import"
GONE = (Listing.State.WITHDRAWN, Listing.State.ARCHIVED)


class Outcome(models.TextChoices):
    NEW = "new", gettext_lazy("new")
    CHANGED = "changed", gettext_lazy("changed draft")
    UNCHANGED = "unchanged", gettext_lazy("unchanged")
    DUPLICATE = "duplicate", gettext_lazy("duplicate")
    ERROR = "error", gettext_lazy("error")


@dataclass
class Planned:
    """One row, what becomes of it, and which fields change."""

    draft: Draft
    outcome: Outcome
    listing: Achievement | None = None
    changes: list[str] = field(default_factory=list)

    @property
    def public_id(self) -> str:
        return self.listing.public_id if self.listing and self.listing.pk else ""


@dataclass
class Plan:
    """Every row with its outcome. Committing it takes the new and the changed ones."""

    rows: list[Planned]
    notes: list[str]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(row.outcome for row in self.rows)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def has_errors(self) -> bool:
        return any(row.outcome == Outcome.ERROR for row in self.rows)

    @property
    def has_work(self) -> bool:
        return any(row.outcome in (Outcome.NEW, Outcome.CHANGED) for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": self.counts,
            "notes": self.notes,
            "rows": [
                {
                    "row": row.draft.number,
                    "title": row.draft.title,
                    "outcome": row.outcome.value,
                    "changes": row.changes,
                    "faults": [{"column": fault.column, "sentence": fault.sentence} for fault in row.draft.faults],
                    "warnings": [{"column": each.column, "sentence": each.sentence} for each in row.draft.warnings],
                    "achievement": row.public_id,
                }
                for row in self.rows
            ],
        }


class Shelf:
    """The owner's achievements, to be found by platform id, by own number, and by title."""

    def __init__(self, owner: Organisation) -> None:
        mine = list(Achievement.objects.filter(owner=owner).prefetch_related("offers", "rights"))
        self.by_id = {each.public_id: each for each in mine}
        self.by_number = {each.source_id: each for each in mine if each.source == SOURCE and each.source_id}
        self.by_title = {each.fingerprint: each for each in mine if each.state not in GONE}

    def find(self, draft: Draft) -> Achievement | None:
        if draft.platform_id:
            return self.by_id.get(draft.platform_id)
        number = draft.fields.get("source_id", "")
        return self.by_number.get(number) or self.by_title.get(rules.fingerprint(draft.title))


def preview(sheet: Sheet, *, owner: Organisation, by: Any) -> Plan:
    """Check every row at once and say what would become of it. Raises Forbidden. Writes nothing."""
    require("listings.draft", by, Achievement(owner=owner))
    shelf, seen = Shelf(owner), dict[str, int]()
    return Plan([planned(read_row(sheet, row), owner, shelf, seen) for row in sheet.rows], sheet.notes)


def planned(draft: Draft, owner: Organisation, shelf: Shelf, seen: dict[str, int]) -> Planned:
    """The row's outcome; `seen` holds the titles and numbers of the rows above."""
    earlier = repeated(draft, seen)
    if earlier:
        draft.warnings.append(Fault("", _("The same as row %(row)d.") % {"row": earlier}))
        return Planned(draft, Outcome.DUPLICATE)
    found = shelf.find(draft)
    if draft.platform_id and found is None:
        draft.fault("platform_id", _("You have no achievement with this id. Leave it empty for a new one."))
    adopt_tiers(draft, found)
    check(draft, copy(found) if found else Achievement(owner=owner, source=SOURCE))
    if draft.faults:
        return Planned(draft, Outcome.ERROR, found)
    if found is None:
        return new(draft, shelf)
    return known(draft, found, shelf)


def repeated(draft: Draft, seen: dict[str, int]) -> int:
    """Number of an earlier row with the same title or own number, else 0."""
    keys = [f"title {rules.fingerprint(draft.title)}"] if draft.title else []
    keys += [f"number {draft.fields['source_id']}"] if draft.fields.get("source_id") else []
    earlier = [seen[key] for key in keys if key in seen]
    seen.update(dict.fromkeys(keys, draft.number) if not earlier else {})
    return min(earlier, default=0)


def adopt_tiers(draft: Draft, found: Achievement | None) -> None:
    """Tiers that the sheet does not name stay as they are; public is what is not named."""
    if draft.tiers is not None:
        every = (found.tiers if found else {}) | draft.tiers
        draft.fields["tiers"] = {name: value for name, value in every.items() if value != rules.PUBLIC}


def new(draft: Draft, shelf: Shelf) -> Planned:
    unfilled = [name for name in Achievement.REQUIRED if draft.fields.get(name) in ("", None, [])]
    if unfilled or not draft.offers:
        draft.warnings.append(Fault("", _("A draft; some fields are still needed before review.")))
    return Planned(draft, Outcome.NEW)


def known(draft: Draft, found: Achievement, shelf: Shelf) -> Planned:
    changes = differences(draft, found)
    if not changes:
        return Planned(draft, Outcome.UNCHANGED, found)
    if found.is_editable and (draft.platform_id or found.source == SOURCE):
        return Planned(draft, Outcome.CHANGED, found, changes)
    why = _("You have it already, and it is no draft any more. Take it back to draft to change it.")
    if found.is_editable:
        why = _("You already have a listing with this title. Edit that one, or change the title.")
    draft.warnings.append(Fault("", why))
    return Planned(draft, Outcome.DUPLICATE, found, changes)


def differences(draft: Draft, found: Achievement) -> list[str]:
    """Names of what the row would change."""
    changed = [name for name, value in draft.fields.items() if getattr(found, name) != value]
    if draft.offers is not None and list(draft.offers) != stored_offers(found):
        changed.append("offers")
    if draft.rights is not None and sorted(map(identity, draft.rights)) != sorted(
        identity({"kind": each.kind, "number": each.number, "title_zh": each.title_zh}) for each in found.rights.all()
    ):
        changed.append("rights")
    return changed


def stored_offers(found: Achievement) -> list[dict[str, Any]]:
    offers = sorted(found.offers.all(), key=lambda offer: offer.pk)
    return [{name: getattr(offer, name) for name in ("mode", *TERMS)} for offer in offers]


def identity(right: dict[str, str]) -> tuple[str, str]:
    """A right is known by its number, or by its title while it has none."""
    return right["kind"], right["number"] or f"title {rules.fold(right['title_zh'])}"


@transaction.atomic
def commit(sheet: Sheet, *, owner: Organisation, by: Any, skip_errors: bool = False) -> Plan:
    """Write new and changed rows as drafts. Raises RowsAtFault, and then nothing was written.

    Imports of one organisation come one after the other and plan anew, so each row has its effect once.
    """
    plan = preview(sheet, owner=lock(owner), by=by)
    for row in plan.rows:
        if row.outcome in (Outcome.NEW, Outcome.CHANGED):
            write(row, owner, by=by)
    if plan.has_errors and not skip_errors:
        raise RowsAtFault
    return plan


def write(row: Planned, owner: Organisation, *, by: Any) -> None:
    """Draft or edit one row within its own savepoint; what a service refuses is the row's fault."""
    try:
        with transaction.atomic():
            row.listing = drafted(row.draft, owner, by=by) if row.listing is None else edited(row, by=by)
    except DomainError as refusal:
        row.outcome = Outcome.ERROR
        for name, sentences in (refusal.fields or {"": [str(refusal)]}).items():
            for sentence in sentences:
                row.draft.fault(name, sentence)


def drafted(draft: Draft, owner: Organisation, *, by: Any) -> Achievement:
    rights = own_rights(draft.rights or (), owner, by=by)
    offers = draft.offers or ()
    return services.draft(Achievement, draft.fields, owner=owner, by=by, offers=offers, rights=rights, source=SOURCE)


def edited(row: Planned, *, by: Any) -> Achievement:
    assert row.listing is not None
    draft, found = row.draft, row.listing
    rights = None if draft.rights is None else own_rights(draft.rights, found.owner, by=by)
    listing = services.edit(found, draft.fields, by=by, version=found.version, rights=rights)
    if "offers" in row.changes:
        services.set_offers(listing, draft.offers or (), by=by)
    return listing


def own_rights(wanted: Iterable[dict[str, str]], owner: Organisation, *, by: Any) -> list[Right]:
    """The owner's rights with these numbers, entered now where they are new."""
    found = []
    for values in wanted:
        same = Right.objects.filter(owner=owner, kind=values["kind"], number=values["number"])
        if not values["number"]:
            same = same.filter(title_zh=values["title_zh"])
        found.append(same.first() or services.add_right(values, owner=owner, by=by))
    return found
