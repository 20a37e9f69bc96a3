"""Moves of a licence that runs: delivery, trial and election, option to buy, dispute, loss of the right."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Call, Move, MoveForm, add_move, can, text

from ... import services
from ...models import Contract
from ...reading import sheet_of
from ...rules.sheet import Buyout
from ..fields import LONG, day, whole

State = Contract.State


class DayForm(MoveForm):
    on = day(label=_("day"))

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


class NoteForm(MoveForm):
    note = text(label=_("note"), rows=3, required=False, limit=LONG)


class ReasonForm(MoveForm):
    reason = text(label=_("reason"), rows=4, limit=LONG, help_text=_("Both sides read it."))


class LossForm(ReasonForm):
    on = day(label=_("day on which it was lost"), required=False, help_text=_("Empty: today."))
    field_order = ("on", "reason")


class ExtensionForm(MoveForm):
    months = whole(label=_("months"), min_value=1)

    def prepare(self) -> None:
        trial = sheet_of(self.row).trial
        if trial:
            self.fields["months"].initial = trial.extension_months
            agreed = {"times": trial.extensions, "months": trial.extension_months}
            self.fields["months"].help_text = (
                _("Agreed: at most %(times)d times, by at most %(months)d months.") % agreed
            )


def trial_runs(contract: Contract) -> bool:
    """Before the end of election day; afterwards what was agreed for it holds."""
    ends: date | None = contract.trial_ends_on
    return contract.state == State.IN_TRIAL and ends is not None and timezone.localdate() <= ends


def may_be_extended(contract: Contract) -> bool:
    trial = sheet_of(contract).trial if trial_runs(contract) else None
    return bool(trial and trial.extensions)


def has_option(contract: Contract) -> bool:
    if contract.state not in (State.IN_TRIAL, State.PAYING) or contract.sheet is None:
        return False
    return any(isinstance(term, Buyout) for term in sheet_of(contract).terms)


def lose(call: Call) -> Any:
    return services.lose_right(call.row, call.values["reason"], on=call.values["on"], by=call.by)


add_move(
    Contract,
    Move(
        name="deliver",
        label=_("We have the documents"),
        permission="contracts.deliver",
        when=lambda contract: contract.state == State.SIGNED,
        form=DayForm,
        question=_("From this day the free phase runs; where there is none, the licence is paid as agreed."),
        does=lambda call: services.deliver(call.row, on=call.values["on"], by=call.by),
        done=_("Confirmed. The licence runs."),
        look="primary",
    ),
    Move(
        name="keep",
        label=_("Keep the licence"),
        permission="contracts.elect",
        when=trial_runs,
        question=_("You keep the licence. From now on it is paid as agreed."),
        does=lambda call: services.keep(call.row, by=call.by),
        done=_("Kept. What falls due is listed below."),
        look="primary",
    ),
    Move(
        name="stop",
        label=_("Stop"),
        permission="contracts.elect",
        when=trial_runs,
        form=NoteForm,
        question=_("You stop using it today and hand the documents back. Only sales that you made are owed."),
        does=lambda call: services.stop(call.row, note=call.values["note"], by=call.by),
        done=_("Stopped. Hand the documents back; the owner confirms it."),
        look="danger",
    ),
    Move(
        name="extend-trial",
        label=_("Extend the trial"),
        permission="contracts.extend_trial",
        when=may_be_extended,
        form=ExtensionForm,
        does=lambda call: services.extend_trial(call.row, call.values["months"], by=call.by),
        done=_("Extended."),
    ),
    Move(
        name="confirm-return",
        label=_("Confirm the return"),
        permission="contracts.confirm_return",
        when=can("confirm_return"),
        form=NoteForm,
        question=_("You have your documents back and use has stopped."),
        does=lambda call: services.confirm_return(call.row, note=call.values["note"], by=call.by),
        done=_("Confirmed. The contract is closed."),
        look="primary",
    ),
    Move(
        name="buy-out",
        label=_("Buy out"),
        permission="contracts.buy_out",
        when=has_option,
        question=_("You take the option: its price falls due, and once it is paid nothing else is ever owed."),
        does=lambda call: services.buy_out(call.row, by=call.by),
        done=_("Taken. The price is listed below."),
        look="rare",
    ),
    Move(
        name="dispute",
        label=_("Dispute"),
        permission="contracts.dispute",
        when=can("dispute"),
        form=ReasonForm,
        question=_("The machine then decides nothing, and the time to cure stands still. Interest runs on."),
        does=lambda call: services.dispute(call.row, call.values["reason"], by=call.by),
        done=_("Disputed. Both sides hear of it."),
        look="rare",
    ),
    Move(
        name="settle",
        label=_("The dispute is settled"),
        permission="contracts.settle",
        when=lambda contract: contract.state == State.DISPUTED,
        form=ReasonForm,
        question=_("The contract goes on where it stood."),
        does=lambda call: services.settle(call.row, call.values["reason"], by=call.by),
        done=_("Settled."),
        look="primary",
    ),
    Move(
        name="lose-right",
        label=_("The right was lost"),
        permission="contracts.lose_right",
        when=can("lose_right"),
        form=LossForm,
        question=_("The right was invalidated: nothing accrues any more; what was paid stays paid (Patent Law 47)."),
        does=lose,
        done=_("Recorded. Both sides hear of it."),
        look="rare",
    ),
    Move(
        name="expire-right",
        label=_("The right ran out"),
        permission="contracts.lose_right",
        when=lambda contract: contract.state in Contract.ACTIVE,
        form=DayForm,
        question=_("The patent has run its time: nothing accrues any more."),
        does=lambda call: services.expire_right(call.row, on=call.values["on"], by=call.by),
        done=_("Recorded. Both sides hear of it."),
        look="rare",
    ),
)
