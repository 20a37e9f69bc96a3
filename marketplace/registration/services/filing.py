"""Handing in: to the office of the seller's province, which then reads the text; supplying, withdrawing, contesting."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text
from marketplace.documents import services as documents
from marketplace.documents.models import Document

from .. import reading, telling
from ..models import Registration
from ..wording import sentence_of
from .drafting import check_with_seller, once

MOST_PAPERS = 20


@transaction.atomic
def submit(row: Registration, *, version: int | None = None, by: Any) -> Registration:
    """Hand it in: the office reads the form, the text and the papers from now on, and its clock begins.

    Raises Invalid by field with everything that the office would send back.
    """
    with act(row, "registration.submit", by=by, version=version) as row:
        row.submit()
        if row.office is None:
            sentence = str(_("Choose the office, or enter the number of a registration that was made elsewhere."))
            raise Invalid(fields={"office": [sentence]})
        hand_over(row)
    let_office_read(row, by=by)
    telling.handed_in(row, by=by)
    return row


@transaction.atomic
def supply(row: Registration, *, version: int | None = None, by: Any) -> Registration:
    """What was missing is there: the days of the office begin anew."""
    with act(row, "registration.supply", by=by, version=version) as row:
        row.supply()
        hand_over(row)
        row.missing, row.supply_by = "", None
    let_office_read(row, by=by)
    telling.handed_in(row, by=by)
    return row


def hand_over(row: Registration) -> None:
    refuse_faults(row)
    row.filed_on = row.filed_on or timezone.localdate()
    start_clock(row)


def start_clock(row: Registration) -> None:
    """The days of the office run from today."""
    due = reading.deadline(row, timezone.localdate())
    row.decide_by, row.rule = due.on, due.rule


def refuse_faults(row: Registration) -> None:
    """Raise Invalid with what the office would send back; its code is that of the first fault."""
    stopping = [each for each in reading.findings_of(row) if each.stops]
    if not stopping:
        return
    fields: dict[str, list[str]] = {}
    for each in stopping:
        fields.setdefault(each.field, []).append(sentence_of(each.code))
    raise Invalid(code=stopping[0].code, fields=fields)


def let_office_read(row: Registration, *, by: Any) -> None:
    assert row.office is not None
    for document in documents_of(row):
        documents.let_read(document, row.office, by=by)


def documents_of(row: Registration) -> Iterable[Document]:
    """The signed text and what was handed in with the form."""
    text = [row.contract.document] if row.contract.document is not None else []
    return [*text, *row.papers.all()]


@transaction.atomic
def hand_in_paper(row: Registration, content: bytes, *, filename: str, title: str, by: Any) -> Document:
    """Add a paper while the form is with the seller; the seller and the office read it."""
    with act(row, "registration.edit", by=by) as row:
        check_with_seller(row)
        if row.papers.count() >= MOST_PAPERS:
            raise Invalid(fields={"paper": [str(_("At most %(most)d papers.") % {"most": MOST_PAPERS})]})
        readers = [row.contract.seller, *([row.office] if row.state != Registration.State.DRAFT and row.office else [])]
        kept = documents.keep_document(content, filename=filename, title=title[:200], readers=readers, by=by)
        row.papers.add(kept)
    return kept


@transaction.atomic
def withdraw(row: Registration, *, version: int | None = None, by: Any) -> Registration:
    """Take it back: the office reads nothing of it any more, and the contract may be registered elsewhere."""
    was_handed_in = row.state != Registration.State.DRAFT
    with act(row, "registration.withdraw", by=by, version=version) as row:
        row.withdraw()
    if row.office is not None:
        for document in documents_of(row):
            documents.stop_reading(document, row.office, by=by)
    if was_handed_in:
        telling.withdrawn(row, by=by)
    return row


@transaction.atomic
def contest(row: Registration, objection: str, *, version: int | None = None, by: Any) -> Registration:
    """Ask that a refusal is checked by somebody else of the office."""
    said = check_text("objection", objection.strip())
    if not said:
        raise Invalid(fields={"objection": [str(_("Say what was judged wrongly."))]})
    try:
        with transaction.atomic(), act(row, "registration.contest", by=by, version=version) as row:
            if row.objection:
                raise Conflict(_("It was checked again already."), code="checked_again")
            row.contest()
            row.objection = said
            start_clock(row)
    except IntegrityError as fault:  # a new form was begun after the refusal
        raise once() from fault
    telling.handed_in(row, by=by)
    return row
