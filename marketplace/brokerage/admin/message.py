"""Messages in the workspace: writing, replying, correcting, taking back, and a list to search in."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.showing import labelled
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    DropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    display,
    select,
    text,
)

from .. import room, services
from ..models import LONGEST_MESSAGE, Audience, Deal, Message


def words(label: Any) -> forms.CharField:
    return text(label=label, rows=3, limit=LONGEST_MESSAGE, help_text=_("@ and a name mentions somebody who reads it."))


class WriteForm(MoveForm):
    text = words(pgettext_lazy("deal room", "message"))
    audience = select(label=pgettext_lazy("deal room", "who reads it"))

    def prepare(self) -> None:
        mine = room.audiences(self.request.user, self.row)
        field = cast(forms.ChoiceField, self.fields["audience"])
        field.choices = [(each.value, each.label) for each in Audience if each in mine]


class ReplyForm(MoveForm):
    text = words(pgettext_lazy("deal room", "reply"))


class CorrectForm(MoveForm):
    text = words(_("as it should read"))

    def prepare(self) -> None:
        self.fields["text"].initial = self.row.said


class WithdrawForm(MoveForm):
    reason = forms.CharField(label=_("Why"), widget=text(rows=2).widget)


class ReadForm(MoveForm):
    through = forms.CharField(max_length=16)


def write(call: Call) -> None:
    services.post_message(call.row, **call.values, by=call.by)


def reply(call: Call) -> None:
    services.post_message(call.row.deal, call.values["text"], reply_to=call.row, by=call.by)


def read(call: Call) -> None:
    seen = Message.objects.visible_to(call.by).filter(deal=call.row, public_id=call.values["through"])
    services.mark_read(call.row, through=seen.first(), by=call.by)


def own_and_open(message: Message) -> bool:
    return room.is_open(message.deal) and not message.is_withdrawn


add_move(
    Deal,
    Move(
        name="write", label=_("Write in the room"), does=write, form=WriteForm, done=_("Written."), look="rare",
        may=lambda user, deal: bool(room.seats(user, deal)), when=room.is_open,
    ),
    Move(
        name="read-messages", label=_("Mark as read"), does=read, form=ReadForm,
        may=room.is_in, when=lambda deal: False,
    ),
)  # fmt: skip
add_move(
    Message,
    Move(
        name="reply", label=_("Reply"), permission="brokerage.post_message", does=reply, form=ReplyForm,
        when=lambda message: room.is_open(message.deal), done=_("Written."), look="primary",
    ),
    Move(
        name="correct", label=_("Correct"), permission="brokerage.correct_message", form=CorrectForm, when=own_and_open,
        question=_("The old message stays, and it says that it was corrected."), done=_("Corrected."),
        does=lambda call: services.correct_message(call.row, call.values["text"], by=call.by),
    ),
    Move(
        name="withdraw", label=_("Withdraw"), permission="brokerage.withdraw_message", form=WithdrawForm,
        question=_("Its place and the reason stay; nobody reads the text any more."), done=_("Withdrawn."),
        does=lambda call: services.withdraw_message(
            call.row, call.values["reason"], version=call.version, by=call.by
        ),
        when=own_and_open, look="danger",
    ),
)  # fmt: skip


# A list to search in


class RoomFilter(DropdownFilter):
    """One deal, by its public id; reached from its room."""

    title = _("deal")
    parameter_name = "room"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        asked = request.GET.get(self.parameter_name, "")
        found = Deal.objects.visible_to(request.user).filter(public_id=asked).select_related("achievement", "demand")
        return [(each.public_id, str(each)) for each in found]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.filter(deal__public_id=self.value()) if self.value() else rows


@admin.register(Message)
class MessageAdmin(StageAdmin):
    list_display = ("said_shown", "author_shown", "deal_shown", "written_at")
    list_display_links = ("said_shown",)
    list_filter = (RoomFilter, ("audience", ChoicesDropdownFilter))
    list_select_related = ("author", "deal__achievement", "deal__demand")
    search_fields = ("text",)
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("said_shown", ("author_shown", "written_at"), ("audience", "deal_shown"), "fate")}),
    )
    empty_sentence = _("Nothing was said yet. Write in the room of a deal.")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """What was taken back is found by no word of it."""
        rows = queryset.filter(withdrawn_at=None) if search_term else queryset
        return super().get_search_results(request, rows, search_term)

    @display(description=pgettext_lazy("deal room", "message"))
    def said_shown(self, row: Message) -> str:
        return row.said or str(_("(withdrawn)"))

    @display(description=_("author"))
    def author_shown(self, row: Message) -> str:
        return f"{row.author} · {row.get_seat_display()}"

    @display(description=_("deal"))
    def deal_shown(self, row: Message) -> str:
        return str(row.deal)

    @display(description=_("time"), ordering="id")
    def written_at(self, row: Message) -> Any:
        return row.created_at

    @display(description=_("what became of it"))
    def fate(self, row: Message) -> str:
        if row.is_withdrawn:
            return labelled(_("withdrawn"), row.withdrawn_reason)
        correction = row.corrections.first()
        return labelled(_("corrected"), correction.said) if correction is not None else "–"
