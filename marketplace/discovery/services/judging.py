"""What people think of matches: shortlisted, dismissed with a reason, taken back."""

from typing import Any

from django.db import transaction

from marketplace.core.access import require
from marketplace.core.acts import create, record
from marketplace.core.validation import validate
from marketplace.law import codes
from marketplace.parties.models import Organisation

from ..models import Judgement, Match


def shortlist(match: Match, *, by: Any, organisation: Organisation | None = None) -> Judgement:
    """Keep a match in sight, for an organisation or, without one, for a technology manager."""
    return judge(match, Judgement.Verdict.SHORTLISTED, by=by, organisation=organisation)


def dismiss(
    match: Match, reason_code: str, *, by: Any, organisation: Organisation | None = None, note: str = ""
) -> Judgement:
    """Put a match out of sight, with the reason by code of the list `match_dismissal`."""
    codes.check_reason("match_dismissal", reason_code, note, code_field="reason_code", text_field="note")
    return judge(
        match,
        Judgement.Verdict.DISMISSED,
        by=by,
        organisation=organisation,
        reason_code=reason_code,
        note=note,
    )


@transaction.atomic
def judge(
    match: Match,
    verdict: str,
    *,
    by: Any,
    organisation: Organisation | None,
    reason_code: str = "",
    note: str = "",
) -> Judgement:
    restore(match, by=by, organisation=organisation)
    judgement = Judgement(
        match=match,
        organisation=organisation,
        by_id=by.pk,
        verdict=verdict,
        reason_code=reason_code,
        note=note,
    )
    validate(judgement, exclude=["match", "by", "organisation"], constraints=False)
    return create(judgement, "discovery.judge", by=by, reason=reason_code)


@transaction.atomic
def restore(match: Match, *, by: Any, organisation: Organisation | None = None) -> None:
    """Take one's judgement back."""
    Match.objects.select_for_update().get(pk=match.pk)  # one judgement at a time
    own = Judgement.objects.filter(match=match, organisation=organisation)
    own = own if organisation else own.filter(by_id=by.pk)
    for judgement in own:
        require("discovery.judge", by, judgement)
        record("discovery.restore", judgement, by=by)
        judgement.delete()
