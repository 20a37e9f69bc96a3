"""Terms: versions are proposed and never edited; what both sides accepted is agreed; agreed terms can be reopened."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.acts import act, create
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.validation import validate
from marketplace.notices import services as notices
from marketplace.parties import access

from ..models import Contract, TermSheet
from ..permissions import manages
from ..readiness import decided, place_of, unfit
from ..reading import limits_on, parsed
from ..rules.checking import check
from ..rules.difference import Change
from ..rules.difference import difference as difference_between
from ..rules.eligibility import needs_eligibility
from ..rules.faults import Broken, Fault
from ..rules.reading import read_sheet
from ..rules.sheet import Sheet
from ..rules.writing import fingerprint, write_sheet
from ..wording import refusal, sentence_of
from ..wording.changes import changed
from . import covering
from .dealing import lock_deal_of, tell_agreement, tell_offer, tell_reopening
from .sides import Side, check_side, check_state, check_verified, lock_notice_of, one_side_of

State = Contract.State


# Versions


@transaction.atomic
def propose(
    contract: Contract, document: Mapping[str, Any], *, side: str, note: str = "", latest: int | None = None, by: Any
) -> TermSheet:
    """Propose a whole sheet of the form `term-sheet/1` for one side; who decides for that side accepts it with it.

    The contract's technology manager proposes for either side and accepts for none. Raises Invalid with every broken
    rule at once: `code` is the first one's, `fields` maps JSON pointers to sentences. `latest` is the number of the
    version that the author answers (0: none); raises Conflict (`newer_terms`) when there is a newer one.
    """
    lock_deal_of(contract)
    with act(contract, "contracts.propose", by=by) as contract:
        check_state(contract, State.NEGOTIATING)
        if latest is not None:
            check_latest(contract, latest)
        accepts = check_proposer(contract, side, by=by)
        sheet = read_terms(document, place=place_of(contract.seller))
        row = TermSheet(
            contract=contract, number=latest_number(contract) + 1, mode=sheet.mode, content=write_sheet(sheet),
            fingerprint=fingerprint(sheet), proposed_by=side, author_id=by.pk, note=note.strip(),
        )  # fmt: skip
        if accepts:
            accept_for(row, side)
        validate(row)
        row = create(row, "contracts.propose", by=by)
        tell_offer(contract, row)
        return row


def check_proposer(contract: Contract, side: str, *, by: Any) -> bool:
    """Whether the proposal is the side's own; the manager's is not. Raises Forbidden for somebody else's side."""
    if side in Side.values and manages(by, contract):
        return access.may_decide_for(by, getattr(contract, f"{side.lower()}_id"))
    check_side(contract, side, by=by)
    return True


def latest_number(contract: Contract) -> int:
    return contract.sheets.order_by("-number").values_list("number", flat=True).first() or 0


def check_latest(contract: Contract, seen: int) -> None:
    """Raise Conflict, with what has changed meanwhile, when this version is not the latest one any more."""
    if seen != latest_number(contract):
        raise Conflict(newer_terms(contract, seen), code="newer_terms")


def newer_terms(contract: Contract, seen: int) -> str:
    """What somebody is told who answers an older version: that there is a newer one, and what it changes."""
    new, old = (contract.sheets.filter(number=each).first() for each in (latest_number(contract), seen))
    if new is None:
        return str(Conflict.sentence)
    said = _("Meanwhile the %(side)s proposed version %(number)d. Look at it first.")
    said = said % {"side": new.get_proposed_by_display(), "number": new.number}
    changes = changed(difference(old, new), parsed(old), parsed(new)) if old is not None else []
    return " ".join([said, *([_("It changes: %(changes)s.") % {"changes": "; ".join(changes)}] if changes else [])])


def accept_for(sheet: TermSheet, side: str) -> None:
    setattr(sheet, f"{side.lower()}_accepted_at", timezone.now())


def read_terms(document: Mapping[str, Any], *, place: str) -> Sheet:
    """The sheet that a document says, held to the rules of the terms and of its mode. Raises Invalid."""
    try:
        sheet = read_sheet(document)
    except Broken as broken:
        raise faulty(broken.faults) from broken
    found = check(sheet, limits=limits_on(timezone.localdate(), place))
    if errors := [fault for fault in found if not fault.is_warning]:
        raise faulty(errors)
    return sheet


class BrokenTerms(Invalid):
    """The sheet breaks rules; `faults` are all of them, with code and pointer."""

    faults: tuple[Fault, ...] = ()


def faulty(faults: Iterable[Fault]) -> BrokenTerms:
    """Every fault by its pointer; the whole document is "/"."""
    faults = tuple(faults)
    fields: dict[str, list[str]] = {}
    for fault in faults:
        fields.setdefault(fault.pointer or "/", []).append(sentence_of(fault))
    refusal = BrokenTerms(_("Please correct the terms."), code=faults[0].code, fields=fields)
    refusal.faults = faults
    return refusal


def difference(old: TermSheet, new: TermSheet) -> tuple[Change, ...]:
    """What changed from one version to another, as rows; `contracts.wording` makes sentences of them."""
    return difference_between(parsed(old), parsed(new))


# Agreement


@transaction.atomic
def accept_terms(contract: Contract, number: int, *, side: str = "", by: Any) -> TermSheet:
    """Accept the latest version for a side; with both acceptances it is agreed.

    Who decides for both organisations names the side. Raises Conflict (`newer_terms`) when there is a newer version.
    """
    lock_deal_of(contract)
    lock_notice_of(contract)
    with act(contract, "contracts.accept_terms", by=by) as contract:
        check_state(contract, State.NEGOTIATING)
        side = one_side_of(contract, side, by=by)
        check_verified(getattr(contract, side.lower()))
        check_latest(contract, number)
        with act(version_of(contract, number), "contracts.accept_terms", by=by) as sheet:
            accept_for(sheet, side)
        if sheet.is_agreed:
            agree_terms(contract, sheet, by=by)
        tell_offer(contract, sheet)
    return sheet


def version_of(contract: Contract, number: int) -> TermSheet:
    found = contract.sheets.filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def agree_terms(contract: Contract, row: TermSheet, *, by: Any) -> None:
    """Write down on a locked contract what both sides accepted, and the law that holds from now on."""
    today, sheet = timezone.localdate(), parsed(row)
    check_complete(contract)
    check_fit(contract, sheet)
    contract.sheet, contract.mode = row, row.mode
    contract.law_place, contract.law_on = place_of(contract.seller), today
    contract.agree_terms()
    tell_agreement(contract)
    keep_or_void_notice(contract)
    covering.name_covers(contract, sheet, by=by)
    if not sheet.guarantees and not needs_eligibility(sheet.mode):
        contract.secure()  # nobody uses first: there is nothing to guarantee unless the two agreed on it


def check_complete(contract: Contract) -> None:
    """A licence says where and for what: nothing that the law would fill in stays silent (DOMAIN 4.3)."""
    names = ("territory", "fields_of_use") if contract.is_licence else ()
    if missing := [name for name in names if not getattr(contract, name)]:
        sentence = _("Agree on this first: a licence that is silent about it would be read by the law.")
        raise Invalid(sentence, code="E_FORM", fields={name: [str(sentence)] for name in missing})


def check_fit(contract: Contract, sheet: Sheet) -> None:
    """Raise Invalid with every reason why this firm or this kind of licence does not go with these terms."""
    if found := unfit(contract, sheet, timezone.localdate()):
        said = {code: [refusal(code)] for code in found}
        raise Invalid(said[found[0]][0], code=found[0], fields=said)


def keep_or_void_notice(contract: Contract) -> None:
    """The notice of an earlier round still proves the same terms; of other ones it is void, or over for nothing."""
    if contract.notice is None:
        return
    try:
        notices.check_unchanged(contract.notice, decided(contract))
    except Conflict:  # it has become void in this transaction; a closed one stays the proof of what it showed
        contract.notice = None


@transaction.atomic
def reopen(contract: Contract, *, reason: str, by: Any) -> Contract:
    """Go back to the negotiation. Guarantees begin anew; decision and notice hold if the same terms are agreed again.

    The text and its signatures are of the terms that were, and count no more.
    """
    lock_deal_of(contract)
    with act(contract, "contracts.reopen", by=by, reason=reason) as contract:
        undo_agreement(contract)
    return contract


def undo_agreement(contract: Contract) -> None:
    """Take a locked contract back to the negotiation."""
    if contract.state not in (State.GUARANTEE_PENDING, State.NOTICE_PENDING, State.READY):
        raise Conflict(code="wrong_state")
    if contract.sheet_id:
        TermSheet.objects.filter(pk=contract.sheet_id).update(seller_accepted_at=None, buyer_accepted_at=None)
    contract.reopen_terms()
    contract.sheet = contract.document = None
    contract.guarantee_waiver = ""
    covering.drop_covers(contract)
    tell_reopening(contract)
