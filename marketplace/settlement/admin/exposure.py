"""The exposure page: what a guarantor stands in for on a day, by contract and due day, against its limit."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import exact, fen
from marketplace.core.workspace import page_url

from .. import exposure
from ..exposure import Exposure, OfGuarantee

MOST = 20
"""Guarantors on one page: staff read all of them, the largest registers page by page through the API."""


def view(request: HttpRequest, shared: dict[str, Any]) -> HttpResponse:
    """The day that is asked for, today unless told, for each guarantor that the reader may read."""
    day = asked(request.GET.get("on", "")) or timezone.localdate()
    rows = list(exposure.guarantors_of(request.user)[: MOST + 1])
    found = [in_words(exposure.exposure_on(each, day)) for each in rows[:MOST]]
    most = MOST if len(rows) > MOST else None
    context = {**shared, "title": _("Exposure of guarantors"), "day": day, "guarantors": found, "most": most}
    return TemplateResponse(request, "settlement/exposure.html", context)


def asked(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def in_words(found: Exposure) -> dict[str, Any]:
    return {
        "guarantor": found.guarantor,
        "total": exact(found.total),
        "limit": exact(found.limit) if found.limit is not None else "",
        "room": exact(found.room) if found.room is not None else "",
        "is_beyond": found.room is not None and found.room < 0,
        "cut": {"shown": len(found.rows), "number": found.guarantee_count} if found.is_cut else None,
        "rows": [row_in_words(each) for each in found.rows],
    }


def row_in_words(row: OfGuarantee) -> dict[str, Any]:
    guarantee = row.guarantee
    return {
        "url": page_url(guarantee),
        "title": guarantee.contract.title,
        "kind": guarantee.get_kind_display(),
        "cover": fen(guarantee.cover_amount),
        "compensated": fen(row.compensated) if row.compensated else "–",
        "left": fen(row.left),
        "ends_on": row.ends_on,
        "dues": [(due.due_on, fen(due.open), fen(due.covered), due.until) for due in row.dues],
        "called": fen(row.called),
    }
