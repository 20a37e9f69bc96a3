"""Taking over: a contract that was signed outside the platform is entered with its history, and runs on from here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.acts import act, create
from marketplace.core.errors import Invalid
from marketplace.core.validation import validate
from marketplace.documents import services as documents
from marketplace.documents.models import Document
from marketplace.documents.models import Kind as DocumentKind
from marketplace.listings.models import Achievement
from marketplace.parties.models import Organisation

from ..models import Contract, Fact, Milestone, SalesReport, TermSheet
from ..papers import values_of
from ..readiness import place_of
from ..rules.events import Event, Kind, MilestoneReached, Sales
from ..rules.faults import Broken
from ..rules.history import agreed_end
from ..rules.obligations import obligations
from ..rules.reading import read_events
from ..rules.sheet import Sheet
from ..rules.statement import Phase, Statement
from ..rules.writing import fingerprint, write_events, write_sheet
from . import figures
from .applying import begin
from .facts import check_day
from .following import follow
from .particulars import checked
from .signing import plan_stages, readers_of, take
from .terms import faulty, read_terms

REACHED = {
    Kind.FIRST_SALE: "FIRST_SALE",
    Kind.FINANCING: "FINANCING",
    Kind.GRANTED: "GRANT",
    Kind.CHANGE_OF_CONTROL: "CHANGE_OF_CONTROL",
}
ENDED = (Phase.UNSIGNED, Phase.BOUGHT_OUT, Phase.ENDED, Phase.STOPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A signed contract as its parties have it: particulars by name, terms and history in their public forms.

    Payments are not among the history: they are recorded one by one afterwards, each with its transfer. Without a
    `text` the template's text of these terms stands in for the paper.
    """

    seller: Organisation
    buyer: Organisation
    achievement: Achievement
    sheet: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]
    text: Document | None = None
    particulars: Mapping[str, Any] = field(default_factory=dict)
    manager_id: int | None = None


@transaction.atomic
def take_over(given: Elsewhere, *, by: Any) -> Contract:
    """Enter a contract that runs. Its scope is taken, its milestones and reports stand, its clock is set.

    Raises Invalid with every broken rule of the terms or the history, Conflict (`exclusive_conflict`) when another
    licence stands against it.
    """
    sheet = read_terms(given.sheet, place=place_of(given.seller))
    events, statement = read_history(given, sheet)
    signed_on = next(each.on for each in events if each.kind is Kind.SIGNED)
    contract = entered(given, sheet, by=by)
    with act(contract, "contracts.take_over", by=by) as contract:
        contract.sheet = agreed(contract, sheet, by=by)
        contract.law_place, contract.law_on = place_of(given.seller), signed_on
        contract.document = given.text or written(contract, sheet, by=by)
        contract.signed_on, contract.ends_on = signed_on, agreed_end(sheet, signed_on)
        take(contract, signed_on, contract.ends_on)
        for move in (contract.agree_terms, contract.secure, contract.clear, contract.sign):
            move()
        plan_stages(contract, sheet, signed_on, by=by)
        keep_history(contract, events, by=by)
        catch_state(contract, events, statement)
        follow(contract, timezone.localdate())
    return contract


def read_history(given: Elsewhere, sheet: Sheet) -> tuple[tuple[Event, ...], Statement]:
    """The history of a contract that still runs, without contradiction, and where it leaves the contract today."""
    try:
        events = read_events(list(given.history))
    except Broken as broken:
        raise faulty(broken.faults) from broken
    for event in events:
        check_day(event.on, "history")
    statement = obligations(sheet, events, timezone.localdate())
    if statement.faults:
        raise faulty(statement.faults)
    if any(event.kind is Kind.PAID for event in events):
        raise Invalid(fields={"history": [str(_("Record payments afterwards, each with its transfer."))]})
    if statement.phase in ENDED:
        raise Invalid(fields={"history": [str(_("Only a contract that is signed and still runs is taken over."))]})
    return events, statement


def entered(given: Elsewhere, sheet: Sheet, *, by: Any) -> Contract:
    """The contract as it would have been drawn up here."""
    sides = {"seller": given.seller, "buyer": given.buyer, "manager_id": given.manager_id}
    contract = begin(given.achievement, mode=sheet.mode.value, **sides)
    for name, value in checked(contract, given.particulars).items():
        setattr(contract, name, value)
    contract.draft()
    validate(contract, exclude=("sheet",))
    return create(contract, "contracts.take_over", by=by)


def agreed(contract: Contract, sheet: Sheet, *, by: Any) -> TermSheet:
    """The terms as one version that both sides have accepted."""
    now = timezone.now()
    row = TermSheet(
        contract=contract, number=1, mode=sheet.mode, content=write_sheet(sheet), fingerprint=fingerprint(sheet),
        proposed_by="SELLER", author_id=by.pk, seller_accepted_at=now, buyer_accepted_at=now,
    )  # fmt: skip
    return create(row, "contracts.take_over", by=by)


def written(contract: Contract, sheet: Sheet, *, by: Any) -> Document:
    """The contract as the template says it."""
    values, readers = values_of(contract, sheet, "zh"), readers_of(contract)
    return documents.make_document(
        DocumentKind.CONTRACT_LICENCE, "zh", values, title=contract.title, readers=readers, by=by
    )


def keep_history(contract: Contract, events: tuple[Event, ...], *, by: Any) -> None:
    """One fact for each event. Reports become rows as well, and their facts are named after them, as everywhere."""
    names = {each.id: keep_report(contract, each, by=by) for each in events if isinstance(each, Sales)}
    for document in write_events(events):
        content = {name: value for name, value in document.items() if name not in ("id", "kind", "on")}
        if "corrects" in content:
            content["corrects"] = names[content["corrects"]]
        key = names.get(document["id"], document["id"])
        on = date.fromisoformat(document["on"])
        fact = Fact(contract=contract, key=key, kind=document["kind"], on=on, content=content, recorded_by_id=by.pk)
        create(fact, "contracts.take_over", by=by)
    for event in events:
        keep_stage(contract, event, by=by)


def keep_report(contract: Contract, event: Sales, *, by: Any) -> str:
    """An accepted report as a row; the key of its fact."""
    row = SalesReport(
        contract=contract, royalty=event.royalty, first=event.first, last=event.last, due_on=event.on,
        state=SalesReport.State.ACCEPTED, submitted_at=timezone.now(), accepted_at=timezone.now(),
        deductions={code.value: f"{amount:.2f}" for code, amount in event.deductions.items()},
        **{name: getattr(event, name) for name in figures.AMOUNTS},
    )  # fmt: skip
    if event.corrects:
        first = SalesReport.objects.filter(contract=contract, royalty=event.royalty, first=event.first, corrects=None)
        row.corrects = first.get()
    return figures.key(create(row, "contracts.take_over", by=by))


def keep_stage(contract: Contract, event: Event, *, by: Any) -> None:
    """A milestone, sale or grant that has happened is achieved."""
    found = contract.milestones.filter(state=Milestone.State.PENDING)
    if isinstance(event, MilestoneReached):
        found = found.filter(slug=event.milestone)
    elif event.kind in REACHED:
        found = found.filter(kind=REACHED[event.kind])
    else:
        return
    for row in found:
        with act(row, "contracts.take_over", by=by) as stage:
            stage.reached_on = stage.answer_by = event.on
            stage.claim()
            stage.accept()


def catch_state(contract: Contract, events: tuple[Event, ...], statement: Statement) -> None:
    """From the signature to where the history leaves it."""
    contract.delivered_on = next((each.on for each in events if each.kind is Kind.DELIVERED), None)
    if contract.delivered_on is None:
        return
    contract.trial_ends_on = statement.trial_ends_on
    if statement.phase in (Phase.TRIAL, Phase.ELECTION_DUE):
        contract.start_trial()
    else:
        contract.start_paying()
