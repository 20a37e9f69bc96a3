"""What happens to templates and documents: the only writer."""

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path, PurePath
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import act, create, record
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.validation import UNFIT, check_text, validate
from marketplace.parties.models import Organisation, User

from . import archives, filling, values
from .models import Document, DocumentContent, Kind, Showing, Template
from .variables import VARIABLES

LARGEST = 10 * 2**20
LONGEST_STEM = 80
UNSAFE_IN_NAMES = '\\/:*?"<>|'


# Templates


@transaction.atomic
def upload_template(kind: str, language: str, content: bytes, *, by: Any) -> Template:
    """Make a Word file the template in use for a kind and a language; a file that is in use already stays as it is.

    Raises Invalid with what the template may not hold.
    """
    require("documents.upload_template", by)
    if kind not in VARIABLES:
        raise Invalid(fields={"kind": [str(_("There are no templates of this kind."))]})
    content, sha256 = bytes(content), sha256_of(content)
    present = Template.objects.select_for_update().filter(kind=kind, language=language).order_by("edition").last()
    if present is not None and present.is_current and present.sha256 == sha256:
        return present
    filling.check(content, VARIABLES[kind].known())
    edition = present.edition + 1 if present else 1
    template = Template(kind=kind, language=language, edition=edition, content=content, sha256=sha256)
    template.uploaded_by_id = by.pk
    validate(template, constraints=False)
    Template.objects.filter(kind=kind, language=language, is_current=True).update(is_current=False)
    try:
        with transaction.atomic():
            return create(template, "documents.upload_template", by=by)
    except IntegrityError as fault:
        raise Conflict(_("Somebody uploaded another template at the same moment. Look at it first.")) from fault


def current_template(kind: str, language: str) -> Template:
    """The template in use; Conflict when there is none."""
    found = Template.objects.filter(kind=kind, language=language, is_current=True).first()
    if found is None:
        raise Conflict(_("There is no template of this kind in this language yet."), code="no_template")
    return found


def load_templates(folder: Path, *, by: Any) -> dict[str, list[str]]:
    """Take up the files of a folder, named KIND.language.docx. A template that a person uploaded is not replaced."""
    report: dict[str, list[str]] = {"added": [], "unchanged": [], "kept": []}
    for file in sorted(folder.glob("*.docx")):
        kind, _dot, language = file.stem.partition(".")
        content = file.read_bytes()
        present = Template.objects.filter(kind=kind, language=language, is_current=True).first()
        if present is not None and present.sha256 == sha256_of(content):
            report["unchanged"].append(file.stem)
        elif present is not None and present.uploaded_by_id is not None:
            report["kept"].append(file.stem)
        else:
            upload_template(kind, language, content, by=by)
            report["added"].append(file.stem)
    return report


# Documents


@transaction.atomic
def make_document(
    kind: str,
    language: str,
    given: Mapping[str, Any],
    *,
    title: str,
    readers: Collection[Organisation],
    people: Collection[User] = (),
    tier: str = Document.Tier.INTERNAL,
    by: Any,
) -> Document:
    """Fill the template in use. The same template, values and title give the same bytes, so the same sha256.

    `given` maps variables to text, and tables to rows of text (variables.py, docs/templates.md). Raises Invalid by
    variable; Conflict without a template.
    """
    require("documents.make", by, [*readers, *people])
    template = current_template(kind, language)
    filled = values.checked(given, VARIABLES[kind])
    title = check_text("title", title.strip(), most=200)
    content = filling.fill(bytes(template.content), filled, title=title)
    document = Document(kind=kind, title=title, tier=tier, template=template, scan_state=Document.Scan.MADE)
    document.filename, document.media_type = file_name(title, archives.DOCX), archives.DOCX.media_type
    return keep(document, content, readers, "documents.make", people=people, by=by)


@transaction.atomic
def keep_document(
    content: bytes,
    *,
    filename: str,
    title: str,
    readers: Collection[Organisation] = (),
    people: Collection[User] = (),
    kind: str = Kind.EVIDENCE,
    tier: str = Document.Tier.INTERNAL,
    by: Any,
) -> Document:
    """Keep a file that somebody hands in: PDF, PNG, JPEG, Word or Excel, known by its content.

    The members of `readers` may open it, and the persons of `people`.
    """
    require("documents.keep", by, [*readers, *people])
    if not content:
        raise Invalid(code="empty", fields={"file": [str(_("The file is empty."))]})
    if len(content) > LARGEST:
        raise Invalid(code="too_large", fields={"file": [str(_("The file is larger than 10 MB."))]})
    found = archives.file_type(content)
    document = Document(kind=kind, title=title.strip(), media_type=found.media_type, tier=tier)
    document.filename = file_name(PurePath(filename.replace("\\", "/")).stem, found)
    return keep(document, bytes(content), readers, "documents.keep", people=people, by=by)


@transaction.atomic
def freeze(
    pack: Mapping[str, Any],
    *,
    title: str,
    readers: Collection[Organisation],
    tier: str = Document.Tier.INTERNAL,
    by: Any,
) -> Document:
    """Keep facts as they are now, as JSON with its hash. The same facts give the same bytes, so the same sha256."""
    require("documents.make", by, readers)
    content = json.dumps(pack, ensure_ascii=False, indent=2, sort_keys=True).encode()
    document = Document(kind=Kind.CLAIM_FILE, title=title, tier=tier, scan_state=Document.Scan.MADE)
    document.filename, document.media_type = file_name(title, archives.JSON), archives.JSON.media_type
    return keep(document, content, readers, "documents.make", by=by)


def keep(
    document: Document,
    content: bytes,
    readers: Collection[Organisation],
    verb: str,
    *,
    people: Collection[User] = (),
    by: Any,
) -> Document:
    """Write the row, its bytes, its readers and the journal line."""
    document.size, document.sha256 = len(content), sha256_of(content)
    validate(document)
    document.save(force_insert=True)
    DocumentContent.objects.create(document=document, content=content)
    document.readers.set(readers)
    document.people.set(people)
    record(verb, document, by=by)
    return document


def let_read(document: Document, organisation: Organisation, *, by: Any) -> None:
    """Let the members of an organisation read it; the stage that asks has checked that they may."""
    if not document.readers.filter(pk=organisation.pk).exists():
        document.readers.add(organisation)
        record("documents.let_read", document, by=by)


def stop_reading(document: Document, organisation: Organisation, *, by: Any) -> None:
    """The members of an organisation read it no more."""
    if document.readers.filter(pk=organisation.pk).exists():
        document.readers.remove(organisation)
        record("documents.stop_reading", document, by=by)


@transaction.atomic
def open_document(document: Document, *, how: str = "page", by: Any) -> bytes:
    """The bytes, for somebody who may read them; each opening is noted. Who may not see it gets NotFound."""
    seen = Document.objects.visible_to(by).filter(pk=document.pk).first()
    if seen is None:
        raise NotFound
    return show_document(seen, how=how, by=by)


@transaction.atomic
def show_document(document: Document, *, how: str, by: Any) -> bytes:
    """The bytes, for somebody who may read them by a rule of the stage that asks; each opening is noted."""
    seen = Document.objects.get(pk=document.pk)
    if seen.scan_state == Document.Scan.QUARANTINED:
        raise Conflict(_("This file is in quarantine. Ask the platform."), code="quarantined")
    content = content_of(seen)
    if sha256_of(content) != seen.sha256:
        raise Conflict(_("This file is no longer what it was. Ask the platform."), code="altered")
    Showing.objects.create(document=seen, user=by, how=how)
    return content


def content_of(document: Document) -> bytes:
    """The bytes for the house itself. What goes out to a person goes through `open_document`."""
    return bytes(DocumentContent.objects.get(document_id=document.pk).content)


def verify(document: Document) -> bool:
    """Whether the bytes are still those that the hash was taken of."""
    return sha256_of(content_of(document)) == document.sha256


def clear(document: Document, *, by: Any) -> Document:
    """A scanner found nothing in a file that was handed in."""
    with act(document, "documents.clear", by=by) as document:
        document.clear()
    return document


def quarantine(document: Document, *, reason: str, by: Any) -> Document:
    """Nobody opens the file any more; it is not deleted, for it may be evidence."""
    if not reason.strip():
        raise Invalid(fields={"reason": [str(_("Say why."))]})
    with act(document, "documents.quarantine", by=by, reason=reason) as document:
        document.quarantine()
    return document


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_name(stem: str, found: archives.FileType) -> str:
    """A name that every system can store, its ending that of the content."""
    return clean_name(stem, found.ending)


def clean_name(stem: str, ending: str) -> str:
    plain = UNFIT.sub("", stem).translate(dict.fromkeys(map(ord, UNSAFE_IN_NAMES), " "))
    return (" ".join(plain.split())[:LONGEST_STEM].strip(". ") or "document") + ending
