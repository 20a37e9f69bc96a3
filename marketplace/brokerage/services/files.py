"""Files of a deal: handed in and replaced by a side, shown with the reader's name on them, withdrawn.

Who else than the owner's people opens one gets a copy without the names of those who wrote it, marked with the reader
and the time; under an agreement each opening is a line of the disclosure log.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.validation import validate
from marketplace.documents import services as documents
from marketplace.documents import stamping
from marketplace.documents.models import Document, Kind
from marketplace.listings.rules import names_owner
from marketplace.parties import access

from .. import names, telling
from ..confidential import nda_for
from ..models import Deal, DealFile, DealFileVersion, Nda, NdaShowing
from .talks import side_of

Audience = DealFile.Audience


@dataclass(frozen=True, slots=True)
class Copy:
    """What one reader gets of a version."""

    content: bytes
    name: str
    media_type: str


@transaction.atomic
def add_file(
    deal: Deal, content: bytes, *, filename: str, title: str, audience: str, side: str = "", by: Any
) -> DealFile:
    """A side hands in a paper: for its own people, for both sides under the agreement, or for both at once.

    PDF, PNG, JPEG, Word or Excel of at most 10 MB. Raises Invalid by field: among others when a PDF cannot be marked,
    or when the title names an owner who is still anonymous.
    """
    deal = lock(deal)
    require("brokerage.add_file", by, deal)
    file = DealFile(deal=deal, title=title.strip(), audience=audience)
    file.side = side_of(deal, side, by=by)
    check_running(deal)
    validate(file)
    check_names(file)
    create(file, "brokerage.add_file", by=by)
    keep_version(file, content, filename, number=1, by=by)
    telling.file_added(file, by=by)
    return file


@transaction.atomic
def add_version(file: DealFile, content: bytes, *, filename: str, version: int | None = None, by: Any) -> DealFile:
    """A newer version for the same readers; the earlier ones stay as they were."""
    deal = lock(file.deal)
    with act(file, "brokerage.add_file", by=by, version=version) as file:
        side_of(deal, file.side, by=by)
        check_running(deal)
        check_there(file)
        keep_version(file, content, filename, number=file.latest.number + 1, by=by)
    telling.file_added(file, by=by)
    return file


@transaction.atomic
def withdraw_file(file: DealFile, *, version: int | None = None, by: Any) -> DealFile:
    """From this moment nobody but the side's own people opens it."""
    deal = lock(file.deal)
    with act(file, "brokerage.withdraw_file", by=by, version=version) as file:
        side_of(deal, file.side, by=by)
        check_there(file)
        file.withdrawn_at = timezone.now()
    return file


def check_running(deal: Deal) -> None:
    if deal.state == Deal.State.LOST:
        raise Conflict(gettext_lazy("This deal was lost. Take it up again first."), code="deal_over")


def check_there(file: DealFile) -> None:
    if file.withdrawn_at is not None:
        raise Conflict(gettext_lazy("This file has been withdrawn."), code="withdrawn")


def check_names(file: DealFile) -> None:
    """Raise Invalid when the title tells the name of an owner whom the other side does not know yet."""
    organisation = getattr(file.deal, file.side)
    is_known = names.have_met(file.deal) or not names.is_anonymous(getattr(file.deal, names.SIDES[file.side]))
    if file.audience == Audience.OWN or is_known:
        return
    if names_owner([file.title], [organisation.name_zh, organisation.name_en]):
        sentence = _("You are anonymous to the other side: the title must not name your organisation.")
        raise Invalid(fields={"title": [sentence]})


def keep_version(file: DealFile, content: bytes, filename: str, *, number: int, by: Any) -> DealFileVersion:
    """Keep the bytes; what others shall read must be of a kind that a copy can be made of."""
    tier = Document.Tier.INTERNAL if file.audience == Audience.BOTH else Document.Tier.CONFIDENTIAL
    owner = getattr(file.deal, file.side)
    title = f"{file.title} · {number}"
    document = documents.keep_document(
        content, filename=filename, title=title, readers=[owner], tier=tier, kind=Kind.DEAL_FILE, by=by
    )
    if file.audience != Audience.OWN:
        stamping.check(content, document.media_type)
    row = DealFileVersion(file=file, number=number, document=document, uploaded_by_id=by.pk)
    row.save(force_insert=True)
    return row


# Opening


@transaction.atomic
def open_file(version: DealFileVersion, *, how: str, by: Any) -> Copy:
    """The version for this reader: the side's own people get it as it is, others a marked copy; else NotFound."""
    file = DealFile.objects.visible_to(by).filter(pk=version.file_id).select_related("deal").first()
    if file is None:
        raise NotFound
    document = version.document
    if opens_original(file, by):
        return Copy(documents.show_document(document, how=how, by=by), document.filename, document.media_type)
    record = write_down(file, version, how=how, by=by) if file.audience == Audience.NDA else None
    content = documents.show_document(document, how=how, by=by)
    marked = stamping.stamped(content, document.media_type, mark_for(by, record))
    return Copy(marked, name_for(file, version, by), document.media_type)


def opens_original(file: DealFile, by: Any) -> bool:
    """Whether this reader gets the bytes as they were handed in, instead of a marked copy."""
    return access.is_platform_staff(by) or getattr(file.deal, f"{file.side}_id") in access.roles(by)


def write_down(file: DealFile, version: DealFileVersion, *, how: str, by: Any) -> NdaShowing:
    """The line of the disclosure log; NotFound if the agreement has just closed."""
    nda: Nda | None = nda_for(by, file.deal, file.side)
    if nda is None:
        raise NotFound
    document = version.document
    return NdaShowing.objects.create(
        nda=nda, side=file.side, user_id=by.pk, document=document, shown_version=version.number,
        sha256=document.sha256, how=how,
    )  # fmt: skip


def mark_for(by: Any, record: NdaShowing | None) -> str:
    """Who reads it and when; under an agreement also the line of the log that says so."""
    firms = ", ".join(str(each) for each in access.own(by))
    who = f"{by} ({firms})" if firms else str(by)
    words = {"who": who, "when": timezone.localtime().strftime("%Y-%m-%d %H:%M:%S")}
    if record is None:
        return _("Shown to %(who)s at %(when)s") % words
    words |= {"record": record.public_id}
    return _("Confidential · shown to %(who)s at %(when)s · record %(record)s") % words


def name_for(file: DealFile, version: DealFileVersion, by: Any) -> str:
    """The title, or a name that says nothing while its owner is anonymous to this reader."""
    ending = "." + version.document.filename.rpartition(".")[2]
    stem = file.title if names.knows_side(by, file.deal, file.side) else file.public_id
    return documents.clean_name(f"{stem} v{version.number}", ending)
