"""Nominees: who became the head of a unit has the part held by another for a time, and gets it back.

Only a part got before the office began; a head gets no shares at all. DOMAIN 1.4; MECHANISMS A2 row 27.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.services.clearing import check_day, readable
from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text
from marketplace.documents.models import Document

from .. import equity
from ..models import Holding, Nominee
from .reasons import reason_of


@transaction.atomic
def entrust(row: Holding, *, name: str, begins_on: date, unwinds_on: date, paper: Document, by: Any) -> Nominee:
    """Record who holds the part from a day, and by when it is given back, as agreed in a paper.

    Raises Conflict: E_NOT_A_LATER_HEAD, E_NOMINEE_RUNS, not_held; Invalid by field.
    """
    require("settlement.entrust", by, row)
    lock(row.stake)
    row = lock(row)  # as it is now: the stake may have ended, or the holder left
    if not equity.is_held(row):
        raise Conflict(_("Nobody holds this now."), code="not_held")
    if not equity.became_head(row):
        sentence = _("Only the part of somebody who became head after getting it may be held by a nominee.")
        raise Conflict(sentence, code="E_NOT_A_LATER_HEAD")
    if row.nominees.running().exists():
        raise Conflict(_("A nominee holds this already: have it given back first."), code="E_NOMINEE_RUNS")
    said = check_text("name", name.strip(), most=200)
    if not said:
        raise Invalid(fields={"name": [str(_("Say who the nominee is."))]})
    check_day("begins_on", begins_on)
    last = max((each.ended_on for each in row.nominees.all() if each.ended_on), default=row.stake.agreed_on)
    if begins_on < last:
        raise Invalid(fields={"begins_on": [str(_("Another name stood there until %(day)s.") % {"day": last})]})
    if unwinds_on <= begins_on:
        raise Invalid(fields={"unwinds_on": [str(_("Name a later day than the first."))]})
    nominee = Nominee(holding=row, name=said, begins_on=begins_on, unwinds_on=unwinds_on, recorded_by_id=by.pk)
    nominee.paper = readable("paper", paper, by=by)  # type: ignore[assignment]
    return create(nominee, "settlement.entrust", by=by)


@transaction.atomic
def unwind(row: Holding, *, on: date, reason: str, by: Any) -> Nominee:
    """The nominee gave the part back to its holder. Raises Conflict where none holds it."""
    said = reason_of(reason)
    require("settlement.unwind", by, row)
    lock(row.stake)
    nominee = row.nominees.running().first()
    if nominee is None:
        raise Conflict(_("No nominee holds this."), code="no_nominee")
    check_day("on", on)
    if on < nominee.begins_on:
        raise Invalid(fields={"on": [str(_("This is before the nominee held it."))]})
    with act(nominee, "settlement.unwind", by=by, reason=said) as nominee:
        nominee.ended_on, nominee.end_reason = on, said
    return nominee
