"""The one place where a row is locked, changed and written to the journal.

    with act(achievement, "listings.publish", by=by, version=7) as achievement:
        achievement.publish()

The row is locked first and read again, so two people who press the same button come one after the other; the
permission is asked of the locked row; at the end the row is saved with a higher version and one journal line is
written in the same transaction. A move that the state machine does not allow is a Conflict.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from .access import require
from .errors import Conflict, NotFound, Stale
from .middleware import current_request_id
from .models import Entry, Record
from .validation import LONGEST_REMARK, check_text

R = TypeVar("R", bound=Record)


@contextmanager
def act(row: R, permission: str, *, by: Any, version: int | None = None, reason: str = "") -> Iterator[R]:
    """Lock `row`, check `permission`, yield the fresh row, then save it and write the journal line.

    `version` is what the caller last saw; another one raises Stale. Raises NotFound when the row is gone,
    Forbidden, or Conflict when the state machine refuses.
    """
    with transaction.atomic():
        locked = lock(row)
        require(permission, by, locked)
        if version is not None and version != locked.version:
            raise stale(locked)
        before = {field.attname: getattr(locked, field.attname) for field in locked._meta.concrete_fields}
        try:
            yield locked
        except TransitionNotAllowed as fault:
            raise Conflict from fault
        locked.version = before["version"] + 1
        locked.save()
        record(permission, locked, by=by, before=before, reason=reason)


def stale(row: Record) -> Stale:
    """The refusal of who read an older version, with what somebody else did last: names of fields, never a text."""
    last = Entry.objects.filter(subject_type=row._meta.label_lower, subject_id=row.pk).order_by("-id").first()
    if last is None:
        return Stale()
    names = [str(field.verbose_name) for field in row._meta.concrete_fields if field.attname in last.changed_fields]
    words = {"time": timezone.localtime(last.at).strftime("%H:%M"), "fields": ", ".join(names)}
    said = _("Meanwhile, at %(time)s, somebody changed: %(fields)s.") % words
    return Stale(f"{Stale.sentence} {said}" if names else None)


def lock(row: R) -> R:
    """Return the row as it is now, locked until the transaction ends (SQLite locks the whole file instead).

    The lock keeps out whoever changes the row, not whoever names it as a foreign key: that would be a deadlock. It is
    the lock of this row alone: an order of the model that looks at another one would lock that as well.
    """
    model: type[models.Model] = type(row)
    fresh = model._base_manager.select_for_update(no_key=True).filter(pk=row.pk).order_by("pk").first()
    if fresh is None:
        raise NotFound
    return fresh  # type: ignore[return-value]


def create(row: R, permission: str, *, by: Any, reason: str = "") -> R:
    """Save a new row and write its journal line; `permission` is asked of the unsaved row."""
    require(permission, by, row)
    with transaction.atomic():
        row.save(force_insert=True)
        record(permission, row, by=by, before={}, reason=reason)
    return row


def record(verb: str, row: Any, *, by: Any, before: dict[str, Any] | None = None, reason: str = "") -> Entry:
    """Add a journal line. It names the fields that changed and never their text, which may be confidential."""
    entry = line(verb, row, by=by, before=before, reason=reason)
    entry.save(force_insert=True)
    return entry


def line(verb: str, row: Any, *, by: Any, before: dict[str, Any] | None = None, reason: str = "") -> Entry:
    """A journal line that is not written yet, for acts that write many at once."""
    before = before or {}
    names = [f.attname for f in row._meta.concrete_fields if f.attname not in ("version", "changed_at")]
    return Entry(
        actor_id=by.pk,
        verb=verb,
        subject_type=row._meta.label_lower,
        subject_id=row.pk,
        subject_label=str(getattr(row, "public_id", ""))[:200],
        from_state=str(before.get("state", "")),
        to_state=str(getattr(row, "state", "")),
        reason=check_text("reason", reason, most=LONGEST_REMARK + 100),  # a code may stand before a remark
        changed_fields=[n for n in names if before and before.get(n) != getattr(row, n)],
        request_id=current_request_id(),
    )
