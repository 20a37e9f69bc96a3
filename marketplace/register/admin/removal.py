"""Removals from the register: replied to by the one it concerns, then decided or dropped."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import by_when
from marketplace.core.workspace import ChoicesDropdownFilter, MoveForm, add_move, can, display, text

from .. import rules, services
from ..models import Removal
from .application import HeldAdmin, move
from .fields import LONGEST


class ReplyForm(MoveForm):
    reply = text(label=_("reply"), rows=5, limit=LONGEST)


class ReasonForm(MoveForm):
    reason = text(label=_("reason of the decision"), rows=3, limit=LONGEST, help_text=_("Both sides read this."))


def is_heard(row: Removal) -> bool:
    """Whether it may be decided today."""
    return row.state in Removal.LIVE and rules.is_heard(
        is_own_request=row.ground == Removal.Ground.OWN_REQUEST,
        has_replied=row.replied_on is not None,
        reply_by=row.reply_by,
        today=timezone.localdate(),
    )


add_move(
    Removal,
    move(
        "reply", "reply", _("Reply"),
        lambda call: services.reply(call.row, call.values["reply"], by=call.by, version=call.version),
        when=can("answer"), form=ReplyForm, done=_("Your reply is on record."), look="primary",
    ),
    move(
        "remove", "remove", _("Remove from the register"),
        lambda call: services.remove(call.row, call.values["reason"], by=call.by, version=call.version),
        when=is_heard, form=ReasonForm, done=_("Removed from the register."), look="danger",
    ),
    move(
        "drop", "drop", _("Drop"),
        lambda call: services.drop(call.row, call.values["reason"], by=call.by, version=call.version),
        when=can("drop"), form=ReasonForm, done=_("Dropped. The entry stays."),
    ),
)  # fmt: skip


@admin.register(Removal)
class RemovalAdmin(HeldAdmin):
    list_display = ("entry", "entry_kind", "ground", "announced_on", "clock", "state_label")
    list_filter = (("state", ChoicesDropdownFilter), ("ground", ChoicesDropdownFilter))
    search_fields = ("manager__user__name", "agency__organisation__name_zh")
    fieldsets = (
        (None, {"fields": (("entry_link", "ground"), "reason", ("announced_on", "clock"))}),
        (_("Hearing"), {"fields": ("reply", "replied_on")}),
        (_("Decision"), {"fields": ("decision", "decided_on")}),
    )
    empty_sentence = _("No removal is under way.")

    def notices(self, request: HttpRequest, row: Removal) -> list[tuple[str, Any]]:
        if row.state == Removal.State.ANNOUNCED and not is_heard(row):
            sentence = _("It can be decided once there is a reply, or after %(day)s.")
            return [("info", sentence % {"day": row.reply_by.isoformat()})]
        return []

    @display(description=_("to be replied to by"), ordering="reply_by")
    def clock(self, row: Removal) -> str:
        if row.state != Removal.State.ANNOUNCED:
            return "–"
        return by_when(row.reply_by, timezone.localdate())
