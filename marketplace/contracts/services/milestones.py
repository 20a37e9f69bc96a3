"""Milestones: one side declares with evidence, the other confirms or says why not; silence confirms in time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import news
from marketplace.core.acts import act, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import check_text, validate
from marketplace.documents.models import Document

from ..models import Contract, Milestone
from ..rules.events import Kind
from ..telling import tell
from . import ending, schedule
from .clearing import readable
from .facts import check_day, happen
from .following import catch_up
from .sides import needed

DAY = timedelta(days=1)
KINDS = {"FIRST_SALE": Kind.FIRST_SALE, "FINANCING": Kind.FINANCING, "GRANT": Kind.GRANTED}
KINDS |= {"CHANGE_OF_CONTROL": Kind.CHANGE_OF_CONTROL, "MILESTONE": Kind.MILESTONE}


@contextmanager
def handling(
    milestone: Milestone, permission: str, *, by: Any, reason: str = ""
) -> Iterator[tuple[Milestone, Contract]]:
    """Act on a milestone of a contract that runs; the contract is locked first and brought along afterwards."""
    with transaction.atomic():
        contract = lock(milestone.contract)
        with act(milestone, permission, by=by, reason=reason) as locked:
            ending.check_signed(contract, states=schedule.WATCHED)
            yield locked, contract
        catch_up(contract)


def claim(
    milestone: Milestone, *, reached_on: date, note: str = "", evidence: Document | None = None, by: Any
) -> Milestone:
    """Declare a milestone reached, with evidence in words or as a document; the other side has its days to answer.

    Raises Invalid: E_EVIDENCE_MISSING, or a day before the signature or still to come.
    """
    said = check_text("evidence_note", note.strip())
    if not (said or evidence):
        sentence = _("Describe the evidence, or attach a document.")
        raise Invalid(sentence, code="E_EVIDENCE_MISSING", fields={"evidence_note": [str(sentence)]})
    check_day(reached_on, "reached_on")
    with handling(milestone, "contracts.declare_milestone", by=by) as (milestone, contract):
        if contract.signed_on and reached_on < contract.signed_on:
            raise Invalid(fields={"reached_on": [str(_("This is before the signature."))]})
        if contract.ends_on and reached_on > contract.ends_on:
            raise Invalid(fields={"reached_on": [str(_("This is after the end of the licence."))]})
        milestone.claim()
        milestone.reached_on, milestone.evidence_note = reached_on, said
        milestone.evidence = readable("evidence", evidence, by=by)
        milestone.claimed_at, milestone.claimed_by_id = timezone.now(), by.pk
        milestone.answer_by = timezone.localdate() + milestone.silent_days * DAY
        milestone.answer, milestone.answered_at, milestone.answered_by = "", None, None
        validate(milestone, constraints=False)
        tell(contract, f"claimed:{milestone.slug}", on=timezone.localdate(), sides=(milestone.confirmed_by,))
    return milestone


def accept(milestone: Milestone, *, note: str = "", by: Any) -> Milestone:
    """The other side agrees; what hangs on the milestone falls due from today."""
    return confirm(milestone, "contracts.answer_milestone", day=timezone.localdate(), note=note, by=by)


def accept_by_silence(milestone: Milestone, *, by: Any) -> Milestone:
    """Nobody answered by the last day: on the day after it the milestone counts as accepted."""
    if milestone.answer_by is None:
        raise Conflict
    milestone = confirm(milestone, "contracts.tick", day=milestone.answer_by + DAY, note="", by=by)
    tell(milestone.contract, f"silence:{milestone.slug}", on=timezone.localdate())
    return milestone


@transaction.atomic
def confirm(milestone: Milestone, permission: str, *, day: date, note: str, by: Any) -> Milestone:
    with handling(milestone, permission, by=by) as (milestone, contract):
        milestone.accept()
        answer(milestone, note, by=by)
        key = f"{milestone.kind}-{milestone.slug}".lower().replace("_", "-")
        content = {"milestone": milestone.slug} if milestone.kind == Kind.MILESTONE else {}
        on = counts_on(contract, day)
        happen(contract, KINDS[milestone.kind], on=on, key=key, by=by, content=content)
    news.milestone_accepted.send(Milestone, milestone=milestone, by=by)
    return milestone


def counts_on(contract: Contract, day: date) -> date:
    """The day that counts is that of the answer; a slow answer does not carry it past the licence's last day."""
    return min(day, contract.ends_on) if contract.ends_on else day


def reject(milestone: Milestone, reason: str, *, by: Any) -> Milestone:
    """The other side does not agree, and says why; it may be declared again."""
    said = needed("answer", reason)
    with handling(milestone, "contracts.answer_milestone", by=by, reason=said) as (milestone, contract):
        check_in_time(milestone)
        milestone.reject()
        answer(milestone, said, by=by)
        tell(contract, f"rejected:{milestone.slug}", on=timezone.localdate(), sides=(milestone.declared_by,))
    return milestone


def check_in_time(milestone: Milestone) -> None:
    """After its last day silence has confirmed, also before the clock has said so."""
    if (
        milestone.state == Milestone.State.CLAIMED
        and milestone.answer_by
        and milestone.answer_by < timezone.localdate()
    ):
        raise Conflict(_("The time to answer is over; silence has confirmed it."), code="answer_over")


def answer(milestone: Milestone, note: str, *, by: Any) -> None:
    milestone.answer = check_text("answer", note.strip())
    milestone.answered_at, milestone.answered_by_id = timezone.now(), by.pk


def waive(milestone: Milestone, reason: str, *, by: Any) -> Milestone:
    """The licensor lets it go: what would have been paid is not."""
    said = needed("answer", reason)
    with handling(milestone, "contracts.waive_milestone", by=by, reason=said) as (milestone, contract):
        milestone.waive()
        answer(milestone, said, by=by)
        tell(contract, f"waived:{milestone.slug}", on=timezone.localdate())
    return milestone


def miss(milestone: Milestone, *, by: Any) -> Milestone:
    """Its day passed. It may still be reached; both sides hear of it."""
    with handling(milestone, "contracts.tick", by=by) as (milestone, contract):
        if milestone.due_on is None or milestone.due_on >= timezone.localdate():
            raise Conflict
        milestone.miss()
        tell(contract, f"missed:{milestone.slug}", on=milestone.due_on)
    return milestone
