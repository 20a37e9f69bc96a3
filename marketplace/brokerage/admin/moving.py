"""How a deal moves in the workspace: a side joins, needs no NDA, is given time; the deal is closed as lost."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.workspace import (
    Call,
    Move,
    MoveForm,
    UnfoldAdminSingleDateWidget,
    add_move,
    can,
    select,
    text,
)
from marketplace.law import codes

from .. import services
from ..models import Deal


def silent(user: Any, deal: Deal, what: str) -> list[str]:
    """The sides for which this person decides and that have not said this yet."""
    return [side for side in services.sides_of(deal, user) if getattr(deal, f"{side}_{what}_at") is None]


def may_join(user: Any, deal: Deal) -> bool:
    return bool(silent(user, deal, "joined"))


def may_waive(user: Any, deal: Deal) -> bool:
    return bool(silent(user, deal, "waived"))


def is_introduced(deal: Deal) -> bool:
    return deal.state == Deal.State.INTRODUCED


def waits_for_nda(deal: Deal) -> bool:
    return is_introduced(deal) and deal.have_joined


def join(call: Call) -> Deal:
    return services.join(call.row, side=silent(call.by, call.row, "joined")[0], version=call.version, by=call.by)


def waive(call: Call) -> Deal:
    return services.waive_nda(call.row, side=silent(call.by, call.row, "waived")[0], version=call.version, by=call.by)


class TimeForm(MoveForm):
    until = forms.DateField(label=_("new last day"), widget=UnfoldAdminSingleDateWidget)

    def prepare(self) -> None:
        self.fields["until"].initial = cast(date | None, self.row.answer_by) or timezone.localdate()


class LoseForm(MoveForm):
    lost_code = select(label=_("reason"), choices=codes.choices("lead_decline"), asks=True)
    note = text(label=_("note"), rows=3, required=False)


class TakeUpForm(MoveForm):
    reason = text(label=_("reason"), rows=3, limit=2000, help_text=_("Both sides read it."))


def lose(call: Call) -> Deal:
    code, note = call.values["lost_code"], call.values["note"]
    return services.lose(call.row, code, note=note, version=call.version, by=call.by)


add_move(
    Deal,
    Move(
        name="join",
        label=_("We want to talk"),
        may=may_join,
        when=is_introduced,
        question=_("Nothing is agreed by it. When both sides have said so, each reads the name of the other."),
        does=join,
        done=_("Written down."),
        look="primary",
    ),
    Move(
        name="waive-nda",
        label=_("No NDA needed"),
        may=may_waive,
        when=waits_for_nda,
        question=_("When both sides say so, the talks begin without one. What is confidential stays closed."),
        does=waive,
        done=_("Written down."),
    ),
    Move(
        name="give-time",
        label=_("Give more time"),
        permission="brokerage.give_time",
        when=lambda row: bool(row.awaited),
        form=TimeForm,
        does=lambda call: services.give_time(call.row, call.values["until"], version=call.version, by=call.by),
        done=_("The new day stands."),
    ),
    Move(
        name="lose",
        label=_("Close as lost"),
        permission="brokerage.lose",
        when=can("lose"),
        form=LoseForm,
        question=_("The reason is kept: it teaches what to suggest."),
        does=lose,
        done=_("The deal is closed."),
        look="danger",
    ),
    Move(
        name="take-up",
        label=pgettext_lazy("deal", "Take up again"),
        permission="brokerage.take_up",
        when=can("take_up"),
        form=TakeUpForm,
        question=_(
            "Messages, files and tasks are still there. The agreement on secrecy has ended with the deal: whoever "
            "wants to show something confidential signs a new one. Both sides are asked anew whether they want to talk."
        ),
        does=lambda call: services.take_up(call.row, call.values["reason"], version=call.version, by=call.by),
        done=_("Taken up again. Both sides are told."),
    ),
)
