"""Clearing: the evidence of a careful decision (尽职免责), the public notice, and whether the contract may be signed.

What the system cannot know is asked and the answer kept with its day and paper: whether a right has co-owners, is
pledged, who is related to the buyer. Whether an offer's own notice is enough for later contracts on identical terms
(DOMAIN 3.4) is not decided here: every contract gets its own notice.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import SYSTEM
from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import validate
from marketplace.documents.models import Document
from marketplace.listings.models import Right
from marketplace.notices import services as notices
from marketplace.notices.models import Notice

from ..models import Clearance, Contract, Decision, Valuation
from ..readiness import decided, needs_notice, of_the_decision, place_of, what_is_missing
from ..reading import sheet_of
from ..rules import plain_zh
from ..rules.clearances import ASSIGNMENT
from ..rules.sheet import Mode
from .sides import check_state, needed
from .terms import undo_agreement

State = Contract.State
AGREED = (State.GUARANTEE_PENDING, State.NOTICE_PENDING, State.READY)
OPEN = (State.NEGOTIATING, *AGREED)
MOST_PEOPLE = 60


# The decision and the value


@transaction.atomic
def record_decision(
    contract: Contract,
    *,
    meeting: str,
    held_on: date,
    attendees: Sequence[str],
    votes_for: int,
    votes_against: int = 0,
    abstentions: int = 0,
    recused: Sequence[str] = (),
    resolution: str,
    minutes: Document | None = None,
    by: Any,
) -> Decision:
    """Record the collective decision on exactly the agreed terms; other terms will need another one."""
    with act(contract, "contracts.record_decision", by=by) as contract:
        check_state(contract, *AGREED)
        present, aside = people("attendees", attendees), people("recused", recused)
        check_day("held_on", held_on)
        check_votes(present, aside, (votes_for, votes_against, abstentions))
        paper = readable("minutes", minutes, by=by)
        row = Decision(
            contract=contract, meeting=meeting.strip(), held_on=held_on, attendees=present, recused=aside,
            votes_for=votes_for, votes_against=votes_against, abstentions=abstentions, resolution=resolution.strip(),
            minutes=paper, minutes_sha256=paper.sha256 if paper else "", terms_fingerprint=decided(contract),
            recorded_by_id=by.pk,
        )  # fmt: skip
        validate(row, exclude=("terms_fingerprint", "recused"))
        create(row, "contracts.record_decision", by=by)
        settle_readiness(contract)
    return row


def people(name: str, names: Sequence[str]) -> list[str]:
    """Names of persons, each once."""
    if isinstance(names, str) or not all(isinstance(each, str) for each in names) or len(names) > MOST_PEOPLE:
        raise Invalid(fields={name: [str(_("Give a list of names."))]})
    return list(dict.fromkeys(each.strip() for each in names if each.strip()))


def check_day(name: str, day: date) -> None:
    if day > timezone.localdate():
        raise Invalid(fields={name: [str(_("This day has not come yet."))]})


def check_votes(present: list[str], aside: list[str], votes: Sequence[int]) -> None:
    """Nobody votes who stood aside, and no more vote than were there (DOMAIN 1.7: related members recused)."""
    voters = [each for each in present if each not in aside]
    if min(votes) < 0 or sum(votes) > len(voters):
        sentence = _("There are more votes than people who were present and did not stand aside.")
        raise Invalid(fields={"votes_for": [str(sentence)]})
    if votes[0] <= votes[1]:
        raise Invalid(fields={"votes_for": [str(_("This decision has no majority, so nothing was decided."))]})


def readable(name: str, document: Document | None, *, by: Any) -> Document | None:
    """The document, if the person may read it."""
    if document is not None and not Document.objects.visible_to(by).filter(pk=document.pk).exists():
        raise Invalid(fields={name: [str(_("Choose a document that you may read."))]})
    return document


@transaction.atomic
def record_valuation(
    contract: Contract,
    *,
    appraiser: str,
    method: str,
    low: Decimal,
    high: Decimal,
    valued_on: date,
    report: Document | None = None,
    by: Any,
) -> Valuation:
    """Record what somebody found it worth: a ground for the price beside the decision."""
    with act(contract, "contracts.record_decision", by=by) as contract:
        check_state(contract, *OPEN)
        check_day("valued_on", valued_on)
        row = Valuation(
            contract=contract, appraiser=appraiser.strip(), method=method.strip(), low=low, high=high,
            valued_on=valued_on, report=readable("report", report, by=by),
        )  # fmt: skip
        validate(row)
        return create(row, "contracts.record_decision", by=by)


# Clearances


@transaction.atomic
def ask_clearance(
    contract: Contract, kind: str, *, party: str, right: Right | None = None, note: str = "", by: Any
) -> Clearance:
    """Note that somebody is asked: a co-owner, a pledgee, an inventor, an authority."""
    with act(contract, "contracts.record_clearance", by=by) as contract:
        check_state(contract, *OPEN)
        check_right(contract, right)
        row = Clearance(contract=contract, kind=kind, party=needed("party", party, most=200), right=right)
        row.note, row.recorded_by_id = note.strip(), by.pk
        validate(row, constraints=False)
        try:
            with transaction.atomic():
                create(row, "contracts.record_clearance", by=by)
        except IntegrityError as fault:
            raise Conflict(_("They were asked this already. Answer that question."), code="clearance_exists") from fault
        settle_readiness(contract)
    return row


def check_right(contract: Contract, right: Right | None) -> None:
    rights = contract.achievement.rights if contract.achievement else Right.objects.none()
    if right is not None and not rights.filter(pk=right.pk).exists():
        raise Invalid(fields={"right": [str(_("Choose one of the rights of this contract."))]})


@transaction.atomic
def answer_clearance(
    clearance: Clearance,
    answer: str,
    *,
    answered_on: date | None = None,
    note: str = "",
    document: Document | None = None,
    by: Any,
) -> Clearance:
    """Record an answer, or a later one that takes its place. "Not needed" and a refusal say why."""
    with act(clearance.contract, "contracts.record_clearance", by=by) as contract:
        check_state(contract, *OPEN)
        with act(clearance, "contracts.record_clearance", by=by, reason=answer) as clearance:
            if answer not in set(Clearance.Answer.values) - {Clearance.Answer.ASKED}:
                raise Invalid(fields={"answer": [str(_("Choose an answer."))]})
            clearance.answer, clearance.answered_on = answer, answered_on or timezone.localdate()
            check_day("answered_on", clearance.answered_on)
            needs_words = answer in (Clearance.Answer.NOT_NEEDED, Clearance.Answer.REFUSED)
            clearance.note = needed("note", note or clearance.note) if needs_words else note.strip() or clearance.note
            clearance.document = readable("document", document, by=by) or clearance.document
            clearance.recorded_by_id = by.pk
            validate(clearance, constraints=False)
        settle_readiness(contract)
    return clearance


@transaction.atomic
def record_clearance(contract: Contract, kind: str, answer: str, *, party: str, note: str = "", by: Any) -> Clearance:
    """Ask and answer in one: what is known already."""
    return answer_clearance(ask_clearance(contract, kind, party=party, by=by), answer, note=note, by=by)


@transaction.atomic
def record_clearances(contract: Contract, answers: Mapping[str, Mapping[str, str]], *, by: Any) -> None:
    """Record several at once, all or none: kind → answer, party, note. Raises Invalid by `kind-field`."""
    for kind, said in answers.items():
        try:
            record_clearance(contract, kind, said["answer"], party=said["party"], note=said["note"], by=by)
        except Invalid as fault:
            fields = {f"{kind}-{name}": sentences for name, sentences in fault.fields.items()}
            raise Invalid(fault.sentence, code=fault.code, fields=fields) from fault


# The notice


@transaction.atomic
def open_price_notice(
    contract: Contract,
    *,
    content: Mapping[str, Any] | None = None,
    days: int | None = None,
    is_on_market: bool = False,
    by: Any,
) -> Notice:
    """Show the negotiated price of a public owner, for the days and with the fields that the law of its place asks.

    Name, abstract, method, price and relation come from the contract; `content` adds to them or says them otherwise.
    The buyer is named only if `content` names it or the law asks for it. Raises Conflict where no notice is due,
    none is decided on yet, or one runs; Invalid as `notices.open_notice`.
    """
    with act(contract, "contracts.open_notice", by=by) as contract:
        check_state(contract, State.NOTICE_PENDING)
        check_due(contract)
        contract.notice = notices.open_notice(
            contract.seller, content={**usual_content(contract), **(content or {})}, place=place_of(contract.seller),
            fingerprint=decided(contract), title_zh=contract.title, days=days, is_on_market=is_on_market, by=by,
        )  # fmt: skip
    return contract.notice


def check_due(contract: Contract) -> None:
    if not needs_notice(contract):
        raise Conflict(_("No notice is due: only a negotiated price of a public owner is shown."), code="no_notice_due")
    if contract.notice is not None and contract.notice.state != Notice.State.VOID:
        raise Conflict(_("The price is shown in a notice already."), code="notice_open")
    for gap in of_the_decision(contract):
        raise Conflict(gap.sentence, code=gap.code)


def usual_content(contract: Contract) -> dict[str, Any]:
    """What a notice says of a contract unless told otherwise; nothing in it is secret."""
    projection = getattr(contract.achievement, "projection", None)
    abstract = projection.texts.get("summary_zh", "") if projection is not None else ""
    sheet = sheet_of(contract)
    method = "EQUITY" if sheet.mode == Mode.EQUITY else "TRANSFER" if contract.type == ASSIGNMENT else "LICENSE"
    content = {
        "name": contract.title, "abstract": abstract, "method": method, "price": plain_zh.sentence(sheet),
        "related_party": "RELATED" if contract.is_related_party else "NONE",
    }  # fmt: skip
    return {name: value for name, value in content.items() if value}


# Whether it may be signed


def clear(contract: Contract, *, by: Any) -> Contract:
    """Look again whether anything is missing; raise Conflict with all that is, or let the contract be ready."""
    with act(contract, "contracts.clear", by=by) as contract:
        check_state(contract, State.NOTICE_PENDING, State.READY)
        settle_readiness(contract)
        refuse(contract)
    return contract


def refuse(contract: Contract) -> None:
    """Raise Conflict with everything that is missing: the first code and sentence, and all of them by code."""
    gaps = what_is_missing(contract)
    if not gaps:
        return
    said: dict[str, list[str]] = {}
    for gap in gaps:
        said.setdefault(gap.code, []).append(gap.sentence)
    first = gaps[0]
    code = "exclusive_conflict" if set(said) == {"E_EXCLUSIVE_CONFLICT"} else first.code
    raise Conflict(first.sentence, code=code, fields=said)


def settle_readiness(contract: Contract) -> None:
    """Let a locked contract become ready to sign, or no longer ready, as what is missing says."""
    if contract.state not in (State.NOTICE_PENDING, State.READY):
        return
    is_ready, is_clear = contract.state == State.READY, not what_is_missing(contract)
    if is_clear and not is_ready:
        contract.clear()
    if is_ready and not is_clear:
        contract.unclear()


def follow_closed_notice(notice: Notice) -> None:
    """The notice of these contracts is over without a standing objection: that may have been all that was missing."""
    for contract in Contract.objects.filter(notice=notice, state__in=AGREED):
        with act(contract, "contracts.follow", by=SYSTEM) as contract:
            settle_readiness(contract)


def follow_voided_notice(notice: Notice) -> None:
    """An upheld objection sends the terms back to the negotiation; otherwise a new notice can be opened."""
    is_upheld = notice.void_reason == Notice.VoidReason.OBJECTION_UPHELD
    for contract in Contract.objects.filter(notice=notice, state__in=AGREED):
        with act(contract, "contracts.follow", by=SYSTEM, reason=notice.void_reason) as contract:
            if is_upheld:
                undo_agreement(contract)
            else:
                settle_readiness(contract)
