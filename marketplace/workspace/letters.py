"""Letters in the workspace: staff see which left, which wait and which were set aside, and why; not what they say."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.letters import resend
from marketplace.core.models import Letter
from marketplace.core.workspace import DropdownFilter, Move, StageAdmin, add_move, display
from marketplace.parties import access

STATES = {
    "sent": pgettext_lazy("letter", "sent"),
    "waiting": pgettext_lazy("letter", "waiting"),
    "set_aside": pgettext_lazy("letter", "set aside"),
}
COLOURS = {"sent": "success", "waiting": "info", "set_aside": "danger"}


class LetterStateFilter(DropdownFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        if self.value() == "sent":
            return rows.filter(sent_at__isnull=False)
        tried_out = {"attempts__gte": Letter.MOST_ATTEMPTS}
        unsent = rows.filter(sent_at__isnull=True)
        if self.value() == "waiting":
            return unsent.exclude(**tried_out)
        return unsent.filter(**tried_out) if self.value() == "set_aside" else rows


add_move(
    Letter,
    Move(
        name="resend",
        label=_("Try again"),
        permission="core.resend",
        when=lambda letter: letter.is_set_aside,
        does=lambda call: resend(call.row, by=call.by),
        done=_("It is tried again within a minute."),
        look="primary",
    ),
)


class LetterAdmin(StageAdmin):
    """For staff. The text is not shown: a letter is its reader's."""

    list_display = ("subject", "to", "state_label", "attempts", "fault", "created_at", "sent_at")
    list_display_links = ("subject",)
    list_filter = (LetterStateFilter,)
    search_fields = ("to", "subject")
    ordering = ("-id",)
    fields = ("subject", ("to", "language"), ("state_shown", "attempts"), "fault", ("created_at", "due_at", "sent_at"))
    empty_sentence = _("No letter was written yet.")

    def visible(self, rows: Any, user: Any) -> Any:
        return rows.defer("body") if access.is_platform_staff(user) else rows.none()

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user)

    @display(description=_("state"), label=COLOURS)
    def state_label(self, row: Letter) -> tuple[str, Any]:
        return state_of(row), STATES[state_of(row)]

    @display(description=_("state"))
    def state_shown(self, row: Letter) -> Any:
        return STATES[state_of(row)]


def state_of(row: Letter) -> str:
    if row.sent_at is not None:
        return "sent"
    return "set_aside" if row.is_set_aside else "waiting"
