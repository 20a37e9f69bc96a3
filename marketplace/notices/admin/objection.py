"""The page of an objection in the workspace: read and answered by those who decide."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    can,
    display,
    page_url,
    text,
)
from marketplace.parties import access

from .. import services
from ..models import LONGEST, Objection


class AnswerForm(MoveForm):
    answer = text(
        label=_("Your answer"),
        rows=6,
        limit=LONGEST,
        help_text=_("Everybody who reads the notice reads it: name nobody."),
    )


def answered(call: Call) -> str:
    return str(call.values["answer"])


add_move(
    Objection,
    Move(
        name="dismiss",
        label=pgettext_lazy("objection", "Dismiss"),
        permission="notices.answer",
        when=can("dismiss"),
        form=AnswerForm,
        question=_("The objection changes nothing, and your answer says why. After the last one the clock goes on."),
        does=lambda call: services.dismiss(call.row, answered(call), by=call.by),
        done=_("Dismissed. Your answer is published."),
        look="primary",
    ),
    Move(
        name="uphold",
        label=_("Uphold"),
        permission="notices.answer",
        when=can("uphold"),
        form=AnswerForm,
        question=_("The objection is right. The notice becomes void at once."),
        does=lambda call: services.uphold(call.row, answered(call), by=call.by),
        done=_("Upheld. The notice is void."),
        look="danger",
    ),
)


@admin.register(Objection)
class ObjectionAdmin(StageAdmin):
    list_display = ("notice_shown", "name", "state_label", "filed_day")
    list_display_links = ("notice_shown",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("notice", "notice__owner")
    search_fields = ("notice__title_zh", "notice__title_en")
    ordering = ("-filed_at", "-id")
    fieldsets = (
        (None, {"fields": ("notice_page", ("name", "contact"), ("organisation", "filed_at"), "text")}),
        (_("Answer"), {"fields": ("answer", "answered_at")}),
    )
    empty_sentence = _("Nobody has objected to a notice of yours.")

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    @display(description=_("public notice"), ordering="notice__title_zh")
    def notice_shown(self, objection: Objection) -> str:
        return str(objection.notice)

    @display(description=_("public notice"))
    def notice_page(self, objection: Objection) -> Any:
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(objection.notice), objection.notice)

    @display(description=pgettext_lazy("objection", "filed on"), ordering="filed_at")
    def filed_day(self, objection: Objection) -> Any:
        return objection.filed_on
