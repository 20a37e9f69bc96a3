"""The panels of what stands around the price: guarantees, diligence, milestones and reports, papers and signatures."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.showing import countdown, percent
from marketplace.core.workspace import Button, buttons, page_url
from marketplace.core.workspace.stage import STATE_COLOURS
from marketplace.documents.models import Document
from marketplace.notices import wording as notice_wording
from marketplace.parties import access

from ..models import Clearance, Contract, Guarantee, GuarantorStanding, Milestone, SalesReport
from ..readiness import needed_clearances, needs_notice
from ..rules.sheet import Cover, Sheet
from ..services import exposure_of, limit_of
from ..wording import term_name, yuan
from ..wording.names import COVERS
from .page import SELLER, Page, page_of

State = Contract.State


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a panel: what it is, where it stands, its clock, and what the reader may press."""

    title: str
    url: str
    state: str
    colour: str
    notes: list[str]
    buttons: list[Button]


def item(request: HttpRequest, row: Any, notes: list[Any]) -> Item:
    return Item(
        title=str(row),
        url=page_url(row),
        state=row.get_state_display(),
        colour=STATE_COLOURS.get(row.state, ""),
        notes=[str(each) for each in notes if each],
        buttons=pressing(request.user, row),
    )


def pressing(user: Any, row: Any) -> list[Button]:
    """The usual buttons of a row; the rare ones are on its own page."""
    return [each for each in buttons(user, row) if each.look != "rare"]


# Guarantees


def guarantees(request: HttpRequest, contract: Contract) -> dict[str, Any] | None:
    page = page_of(request.user, contract)
    if not page.guarantees and not contract.guarantee_waiver:
        return None
    return {"items": [guaranteed(request, row) for row in page.guarantees], "waiver": contract.guarantee_waiver}


def guaranteed(request: HttpRequest, row: Guarantee) -> Item:
    found = item(request, row, [cover(row), row.get_liability_display(), exposure(request.user, row)])
    who = row.guarantor or _("deposit")
    return Item(f"{row.get_kind_display()} · {who}", found.url, found.state, found.colour, found.notes, found.buttons)


def cover(row: Guarantee | Cover) -> str:
    words = {"amount": yuan(row.cover_amount), "share": percent(row.cover_share)}
    return _("covers %(share)s of each loss, at most %(amount)s") % words


def agreed_covers(sheet: Sheet) -> list[str]:
    """The guarantees that a version of the terms asks for, in words."""
    return [
        _("Guarantee: %(kind)s, %(cover)s.") % {"kind": COVERS[each.kind], "cover": cover(each)}
        for each in sheet.guarantees
    ]


def exposure(user: Any, row: Guarantee) -> str:
    """What the guarantor stands in for in all, and its limit: for itself and staff."""
    if row.guarantor is None:
        return ""
    standing = GuarantorStanding.objects.visible_to(user).filter(organisation=row.guarantor).first()
    if standing is None:
        return ""
    taken, limit = exposure_of(row.guarantor, timezone.localdate()), limit_of(standing, row.contract.law_place)
    return _("The guarantor stands in for %(taken)s of at most %(limit)s.") % {
        "taken": yuan(taken),
        "limit": yuan(limit),
    }


# Diligence


def diligence(request: HttpRequest, contract: Contract) -> dict[str, Any] | None:
    """What is missing before the signatures, and the evidence that is there."""
    page = page_of(request.user, contract)
    clearances = list(Clearance.objects.visible_to(request.user).filter(contract=contract).order_by("id"))
    if contract.state in (State.APPLIED, State.SCREENING, State.DECLINED) and not clearances:
        return None
    found = evidence_of(request, contract, page, clearances)
    shown = ("gaps", "is_clear", "decisions", "valuations", "clearances", "notice")
    return found if not contract.is_signed or any(found[name] for name in shown) else None


def evidence_of(request: HttpRequest, contract: Contract, page: Page, clearances: list[Clearance]) -> dict[str, Any]:
    is_in_banner = contract.state == State.NOTICE_PENDING and SELLER in page.sides
    return {
        "gaps": [] if is_in_banner else page.gaps,
        "is_signed": contract.is_signed,
        "is_clear": contract.state == State.READY and not page.gaps,
        "decisions": contract.decisions.order_by("-id") if page.reads_evidence else contract.decisions.none(),
        "valuations": contract.valuations.order_by("-id") if page.reads_evidence else contract.valuations.none(),
        "clearances": [cleared(request, row) for row in clearances],
        "notice": notice(contract),
        "needs_notice": contract.sheet is not None and needs_notice(contract),
        "needed": [Clearance.Kind(kind).label for kind in needed_clearances(contract)],
    }


def cleared(request: HttpRequest, row: Any) -> tuple[Any, str, list[Button]]:
    return row, page_url(row), buttons(request.user, row)


def notice(contract: Contract) -> dict[str, Any] | None:
    if contract.notice is None:
        return None
    row = contract.notice
    return {
        "title": str(row),
        "url": page_url(row),
        "state": row.get_state_display(),
        "colour": STATE_COLOURS.get(row.state, ""),
        "clock": notice_wording.clock(row).sentence,
    }


# Milestones and sales reports


def stages(request: HttpRequest, contract: Contract) -> dict[str, Any] | None:
    page = page_of(request.user, contract)
    milestones = [item(request, row, milestone_notes(page, row)) for row in page.milestones]
    reports = [reported(request, page, row) for row in page.reports]
    return {"milestones": milestones, "reports": reports} if milestones or reports else None


def milestone_notes(page: Page, row: Milestone) -> list[Any]:
    if row.state == Milestone.State.CLAIMED and row.answer_by:
        return [_("silence confirms it %(when)s") % {"when": countdown(row.answer_by, page.today)}]
    if row.state == Milestone.State.ACHIEVED:
        return [row.reached_on]
    if row.due_on and row.state in (Milestone.State.PENDING, Milestone.State.REJECTED, Milestone.State.MISSED):
        return [_("due %(day)s, %(when)s") % {"day": row.due_on, "when": countdown(row.due_on, page.today)}]
    return [row.answer]


def reported(request: HttpRequest, page: Page, row: SalesReport) -> Item:
    found = item(request, row, report_notes(page, row))
    term = page.sheet.term(row.royalty) if page.sheet else None
    title = f"{term_name(term) if term else row.royalty} {row}"
    if row.corrects_id:
        title = _("%(report)s, correction") % {"report": title}
    return Item(title, found.url, found.state, found.colour, found.notes, found.buttons)


def report_notes(page: Page, row: SalesReport) -> list[Any]:
    if row.state == SalesReport.State.SUBMITTED and row.answer_by:
        return [_("silence accepts it %(when)s") % {"when": countdown(row.answer_by, page.today)}]
    if row.state in (SalesReport.State.DUE, SalesReport.State.QUERIED):
        return [_("due %(day)s, %(when)s") % {"day": row.due_on, "when": countdown(row.due_on, page.today)}]
    return []


# Papers


def papers(request: HttpRequest, contract: Contract) -> dict[str, Any] | None:
    page = page_of(request.user, contract)
    text = readable(request.user, contract.document)
    audits = [item(request, row, [row.starts_on]) for row in owned(contract, contract.audits.order_by("-id"))]
    third = list(contract.third_parties.select_related("organisation"))
    if not (contract.document or audits or third or contract.is_signed):
        return None
    return {
        "text": text,
        "text_url": file_url(text) if text else "",
        "signatures": page.signatures,
        "third": third,
        "audits": audits,
        "claim_url": claim_url(page),
    }


def owned(contract: Contract, rows: Any) -> list[Any]:
    found = list(rows)
    for row in found:
        row.contract = contract
    return found


def readable(user: Any, document: Document | None) -> Document | None:
    if document is None or not Document.objects.visible_to(user).filter(pk=document.pk).exists():
        return None
    return document


def file_url(document: Document) -> str:
    return reverse("admin:documents_document_file", args=[document.pk])


def claim_url(page: Page) -> str:
    """The evidence pack of a default, for who reads the contract."""
    contract = page.contract
    is_reader = page.belongs or page.guarantees or access.is_platform_staff(page.user)
    if not contract.is_in_default(page.today) or not is_reader:
        return ""
    return reverse("admin:contracts_contract_claim", args=[contract.pk])
