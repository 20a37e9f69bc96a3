"""Panels of a registration: how the technical amount comes about, the papers, the changes; what still stops it."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.nouns import paper
from marketplace.core.showing import exact
from marketplace.core.workspace import add_panel
from marketplace.core.workspace.forms import field_label
from marketplace.documents.models import Document

from .. import reading, wording
from ..models import Registration
from ..services.drafting import OPEN_TO_EDIT


def amounts(request: HttpRequest, row: Registration) -> dict[str, Any]:
    return {
        "total": exact(row.total_amount),
        "costs": [(each, exact(each.amount)) for each in row.costs.all()],
        "technical": exact(row.technical_amount),
        "proposed": wording.why(reading.proposal_of(row.contract)) if row.state in OPEN_TO_EDIT else "",
    }


def papers(request: HttpRequest, row: Registration) -> dict[str, Any]:
    """The signed text, what was handed in, the certificate. Who may not open what was handed in does not see it."""
    handed_in = Document.objects.visible_to(request.user).filter(registrations=row).order_by("id")
    found = [(_("contract text"), row.contract.document), *((_("paper"), each) for each in handed_in)]
    found += [(_("certificate"), row.certificate)] if row.certificate else []
    return {"papers": [(label, paper(request.user, each)) for label, each in found]}


def changes(request: HttpRequest, row: Registration) -> dict[str, Any] | None:
    rows = [(each, exact(each.total_before), exact(each.total_amount)) for each in row.changes.order_by("-id")]
    return {"changes": rows} if rows else None


add_panel(Registration, "registration/amounts.html", amounts)
add_panel(Registration, "contracts/paper_list.html", papers)
add_panel(Registration, "registration/changes.html", changes)


def to_do(row: Registration) -> list[tuple[str, Any]]:
    """What still stands between the form and the office, and what is worth knowing."""
    found = reading.findings_of(row)
    stopping = [each for each in found if each.stops]
    lines = ((field_label(row, each.field), wording.sentence_of(each.code)) for each in stopping)
    items = format_html_join("", "<li><b>{}</b> {}</li>", lines)
    said: list[tuple[str, Any]] = [("success", _("Complete. It can be handed in."))]
    if stopping:
        said = [
            ("info", format_html("{}<ul class='ws-faults'>{}</ul>", _("Still to do before it is handed in:"), items))
        ]
    return [*said, *(("info", wording.sentence_of(each.code)) for each in found if not each.stops)]
