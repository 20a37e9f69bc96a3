"""Signing: the text, its two signatures, and what becomes true with the second one.

A signature is a person's recorded confirmation of the hash of exactly this text; one of another text does not count.
With the second one the subjects are locked, and the licence takes what nobody else may have.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplace.core import news
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid
from marketplace.documents import services as documents
from marketplace.documents.models import Document, Kind
from marketplace.parties.models import Organisation

from .. import exclusivity
from ..models import Contract, Fact, LicenceScope, Milestone, Signature
from ..papers import values_of
from ..reading import sheet_of
from ..rules import deadlines, staging
from ..rules.events import Event
from ..rules.events import Kind as EventKind
from ..rules.history import agreed_end
from ..rules.sheet import Sheet, TriggerKind
from .clearing import OPEN, refuse, settle_readiness
from .sides import check_side, check_state, check_verified, organisation_of

State = Contract.State
STAGES = {
    TriggerKind.MILESTONE: _("milestone"),
    TriggerKind.FIRST_SALE: _("first sale"),
    TriggerKind.FINANCING: _("round of financing"),
    TriggerKind.GRANT: _("grant of the patent"),
    TriggerKind.CHANGE_OF_CONTROL: _("change of control"),
}


# The text


@transaction.atomic
def make_text(
    contract: Contract, *, clauses: Mapping[str, str] | None = None, language: str = "zh", by: Any
) -> Document:
    """Make the contract text from the template in use; earlier signatures, of another text, count no more.

    `clauses` are the template's free texts (`documents.variables`); they may say otherwise what the contract knows.
    """
    with act(contract, "contracts.make_text", by=by) as contract:
        check_state(contract, *OPEN[1:])
        given = {**values_of(contract, sheet_of(contract), language), **(clauses or {})}
        contract.document = documents.make_document(
            Kind.CONTRACT_LICENCE, language, given, title=contract.title, readers=readers_of(contract), by=by
        )
        settle_readiness(contract)
    return contract.document


@transaction.atomic
def use_text(contract: Contract, document: Document, *, by: Any) -> Contract:
    """Take a file that was handed in for both sides to read as the text, such as one that lawyers wrote."""
    with act(contract, "contracts.make_text", by=by) as contract:
        check_state(contract, *OPEN[1:])
        readers = set(document.readers.values_list("pk", flat=True))
        if not {contract.seller_id, contract.buyer_id} <= readers:
            raise Invalid(fields={"document": [str(_("Both sides must be among the readers of the text."))]})
        contract.document = document
        settle_readiness(contract)
    return contract


def readers_of(contract: Contract) -> list[Organisation]:
    """Both sides, and who stands on the contract beside them."""
    third = Organisation.objects.filter(contracts_as_third__contract=contract)
    return list(dict.fromkeys([contract.seller, contract.buyer, *third]))


# The signatures


@transaction.atomic
def sign(contract: Contract, *, side: str, sha256: str, by: Any) -> Contract:
    """Confirm for one side the text of this hash; the second side's confirmation of the same text signs the contract.

    Raises Conflict with all that is missing (`what_is_missing`), `other_text` when the text is another one,
    `already_signed`, `same_signer` when one person would sign for both, `exclusive_conflict` when another licence
    stands against it.
    """
    with act(contract, "contracts.sign", by=by) as contract:
        check_signer(contract, side, by=by)
        settle_readiness(contract)
        refuse(contract)
        check_state(contract, State.READY)
        check_text(contract, sha256)
        create(signature(contract, side, sha256, by=by), "contracts.sign", by=by)
        if signed_sides(contract) == set(Signature.Side.values):
            conclude(contract, by=by)
    if contract.is_signed:
        news.contract_signed.send(Contract, contract=contract, by=by)
    return contract


def check_signer(contract: Contract, side: str, *, by: Any) -> None:
    """Who signs decides for that side today, and for an organisation that may act."""
    if contract.is_signed:
        raise Conflict(_("This contract is signed already."), code="already_signed")
    check_side(contract, side, by=by)
    check_verified(organisation_of(contract, side))


def check_text(contract: Contract, sha256: str) -> None:
    """Raise Conflict unless this is the hash of the text as it stands."""
    document = contract.document
    if document is None or document.sha256 != sha256 or not documents.verify(document):
        raise Conflict(_("This is not the text as it stands. Open it again, read it and sign that."), code="other_text")


def signature(contract: Contract, side: str, sha256: str, *, by: Any) -> Signature:
    """The side's signature of this text, unless it or the same person has signed it."""
    standing = list(contract.signatures.filter(sha256=sha256))
    if any(each.side == side for each in standing):
        raise Conflict(_("Your side has signed this text already."), code="already_signed")
    if any(each.signer_id == by.pk for each in standing):
        raise Conflict(_("Two different people sign for the two sides."), code="same_signer")
    return Signature(contract=contract, side=side, signer_id=by.pk, sha256=sha256)


def signed_sides(contract: Contract) -> set[str]:
    """The sides whose signature of the present text stands."""
    assert contract.document is not None
    return set(contract.signatures.filter(sha256=contract.document.sha256).values_list("side", flat=True))


# The second signature


def conclude(contract: Contract, *, by: Any) -> None:
    """Everything that becomes true when a locked contract is signed."""
    today, sheet = timezone.localdate(), sheet_of(contract)
    contract.signed_on = contract.next_clock_on = today
    contract.ends_on = agreed_end(sheet, today)
    take(contract, today, contract.ends_on)
    contract.sign()
    plan_stages(contract, sheet, today, by=by)
    fact = Fact(contract=contract, key="signed", kind=EventKind.SIGNED, on=today, recorded_by_id=by.pk)
    create(fact, "contracts.sign", by=by)


def take(contract: Contract, first: date, last: date) -> None:
    """Take the licensed scope, so that nobody else gets what this licence excludes. Raises Conflict.

    The subjects are locked in one order, so that two signatures of one achievement come one after the other; where
    PostgreSQL holds the rule itself, it has the last word.
    """
    for row in sorted(exclusivity.subjects(contract), key=lambda each: (each._meta.model_name, each.pk)):
        lock(row)
    if exclusivity.is_taken(contract, first, last):
        raise taken()
    try:
        with transaction.atomic():
            LicenceScope.objects.bulk_create(exclusivity.scopes(contract, first, last))
    except IntegrityError as fault:
        raise taken() from fault


def taken() -> Conflict:
    """Somebody has it already; who, is not said."""
    return Conflict(exclusivity.SENTENCE, code="exclusive_conflict")


def release_scopes(contract: Contract) -> None:
    """A contract that has ended takes nothing any more."""
    LicenceScope.objects.filter(contract=contract, is_live=True).update(is_live=False)


def plan_stages(contract: Contract, sheet: Sheet, signed_on: date, *, by: Any) -> None:
    """One milestone for each staged event that the terms wait for, with its due day where that is known."""
    known = deadlines.due_days(sheet, [Event(id="signed", kind=EventKind.SIGNED, on=signed_on)], signed_on)
    for stage in staging.stages(sheet):
        row = Milestone(
            contract=contract, slug=stage.slug, kind=stage.kind, due_on=known.get(stage.slug),
            title_zh=stage.label_zh or title(stage.kind, "zh-hans"),
            title_en=stage.label_en or title(stage.kind, "en"), evidence_wanted=stage.evidence,
            declared_by=stage.declared_by, confirmed_by=stage.confirmed_by, silent_days=stage.silent_days,
        )  # fmt: skip
        create(row, "contracts.sign", by=by)


def title(kind: TriggerKind, language: str) -> str:
    with override(language):
        return str(STAGES[kind])
