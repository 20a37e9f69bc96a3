"""Moves of the seller: hand it in, add a paper, print the form, record what was decided elsewhere, contest, change."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from marketplace.contracts.services.schedule import EARLY_ENDS
from marketplace.core.workspace import Call, Move, add_move, can
from marketplace.documents import services as documents
from marketplace.documents.models import Document

from .. import services
from ..models import Change, Registration
from ..services.drafting import OPEN_TO_EDIT
from .forms import ChangeForm, EndForm, ObjectionForm, PaperForm, RecordForm

State = Registration.State


def own_paper(call: Call, name: str, title: Any) -> Document | None:
    """A file of a form, kept for the seller, and for the office where it has the form."""
    file = call.values.get(name)
    if file is None:
        return None
    row = call.row
    office = row.office if row.state not in Registration.UNSEEN else None
    readers = [row.contract.seller, *([office] if office is not None else [])]
    titled = f"{title} · {row.name}"[:200]
    return documents.keep_document(file.read(), filename=file.name, title=titled, readers=readers, by=call.by)


def hand_in_paper(call: Call) -> Registration:
    file = call.values["file"]
    services.hand_in_paper(call.row, file.read(), filename=file.name, title=call.values["title"], by=call.by)
    return cast(Registration, call.row)


def record(call: Call) -> Registration:
    values = dict(call.values)
    values["certificate"] = own_paper(call, "certificate", _("Certificate of registration"))
    return services.record(call.row, **values, version=call.version, by=call.by)


def ask_change(call: Call) -> Change:
    values = call.values | {"paper": own_paper(call, "paper", _("Change of a registration"))}
    return services.ask_change(call.row, **values, by=call.by)


def with_seller(row: Registration) -> bool:
    return row.state in OPEN_TO_EDIT


def is_registered(row: Registration) -> bool:
    return row.state == State.REGISTERED


def may_change(row: Registration) -> bool:
    return is_registered(row) and not row.changes.filter(state=Change.State.ASKED).exists()


def move(name: str, label: Any, does: Any, verb: str = "", **options: Any) -> Move:
    return Move(name=name, label=label, permission=f"registration.{verb or name}", does=does, **options)


add_move(
    Registration,
    move(
        "submit", _("Hand it in"), lambda call: services.submit(call.row, version=call.version, by=call.by),
        when=can("submit"), look="primary", done=_("Handed in. The office has its days to decide from today."),
        question=_(
            "The office reads the form, the text of the contract and the papers from now on. Its people are bound to "
            "keep secrets."
        ),
    ),
    move(
        "supply", _("Hand it in again"), lambda call: services.supply(call.row, version=call.version, by=call.by),
        when=can("supply"), look="primary", done=_("Handed in. The days of the office begin anew."),
        question=_("What the office asked for is in the form or among the papers."),
    ),
    move(
        "add-paper", _("Add a paper"), hand_in_paper, "edit", when=with_seller, form=PaperForm, done=_("Kept."),
    ),
    move(
        "make-form", _("Print the form"), lambda call: services.make_form(call.row, by=call.by), "make_form",
        done=_("Made. Download it, have it sealed, and hand it in where the office asks for paper."),
    ),
    move(
        "record", _("Enter a number from elsewhere"), record, when=can("record"), form=RecordForm, look="rare",
        question=_("An office that is not on the platform registered the contract. Its certificate is kept as proof."),
        done=_("Entered. The buyer is told."),
    ),
    move(
        "contest", _("Have it checked again"),
        lambda call: services.contest(call.row, call.values["objection"], version=call.version, by=call.by),
        when=lambda row: row.state == State.REFUSED and not row.objection, form=ObjectionForm,
        question=_("Somebody else of the office looks at it, once."), done=_("Handed in."),
    ),
    move(
        "ask-change", _("Change the amount or the term"), ask_change, "ask_change", when=may_change, form=ChangeForm,
        question=_("What is registered stands until the office has entered the change."), done=_("Handed in."),
    ),
    move(
        "withdraw", _("Withdraw"), lambda call: services.withdraw(call.row, version=call.version, by=call.by),
        when=can("withdraw"), look="danger", done=_("Withdrawn."),
        question=_("The office reads nothing of it any more. You may begin a new form."),
    ),
)  # fmt: skip


def may_cancel(row: Registration) -> bool:
    """Only when the contract ended before its term."""
    return is_registered(row) and row.contract.state in EARLY_ENDS


def ending(does: Any) -> Any:
    def end(call: Call) -> Registration:
        return cast(Registration, does(call.row, **call.values, version=call.version, by=call.by))

    return end


add_move(
    Registration,
    move(
        "cancel", _("Cancel the registration"), ending(services.cancel), when=may_cancel, form=EndForm, look="danger",
        question=_("The contract ended before its term."), done=_("Cancelled. Both sides are told."),
    ),
    move(
        "revoke", _("Revoke the registration"), ending(services.revoke), when=can("revoke"), form=EndForm,
        look="danger", question=_("It was obtained by false statements. The number counts no more."),
        done=_("Revoked. Both sides are told."),
    ),
)  # fmt: skip
