"""The page of a notice in the workspace: what it shows, its clock, its law, the results of objections."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    add_panel,
    can,
    display,
    named,
    page_url,
    select,
    text,
)
from marketplace.law.admin import name_of
from marketplace.law.rules.places import NATION
from marketplace.parties import access

from .. import rules, services, wording
from ..models import LONGEST, Notice, Objection


class VoidForm(MoveForm):
    reason = select(
        label=_("reason"),
        choices=[(each.value, each.label) for each in services.BY_HAND],
        asks=True,
    )
    note = text(label=_("note"), rows=3, required=False, limit=LONGEST, help_text=_("For the journal."))


def is_over(notice: Notice) -> bool:
    return can("close")(notice) and rules.may_close(timezone.localdate(), notice.ends_on, open_objections=0)


add_move(
    Notice,
    Move(
        name="close",
        label=pgettext_lazy("notice", "Close"),
        permission="notices.close",
        when=is_over,
        question=_("The last day is over and no objection is open. The night would do it by itself."),
        does=lambda call: services.close(call.row, by=call.by),
        done=_("Closed: no objection stands."),
        look="primary",
    ),
    Move(
        name="void",
        label=_("Take back"),
        permission="notices.void",
        when=can("void"),
        form=VoidForm,
        question=_("The notice becomes void and proves nothing any more. Whoever wants to sign opens a new one."),
        does=lambda call: services.void(call.row, call.values["reason"], note=call.values["note"], by=call.by),
        done=_("The notice is void."),
        look="danger",
    ),
)


def results(request: HttpRequest, notice: Notice) -> dict[str, Any]:
    """The objections: their results for everybody, a link to the whole for whoever may read it."""
    readable = set(Objection.objects.visible_to(request.user).filter(notice=notice).values_list("pk", flat=True))
    rows = [(row, page_url(row) if row.pk in readable else "") for row in notice.objections.all()]
    return {"objections": rows}


add_panel(Notice, "notices/objections.html", results)


@admin.register(Notice)
class NoticeAdmin(StageAdmin):
    list_display = ("title_shown", "owner_name", "state_label", "clock", "opened_on")
    list_display_links = ("title_shown",)
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_select_related = ("owner",)
    search_fields = ("title_zh", "title_en", "owner__name_zh", "owner__name_en")
    ordering = ("-opened_on", "-id")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": (("owner_name", "kind"), ("clock", "ends_on"), ("opened_on", "days_shown"))}),
        (_("What is shown"), {"fields": ("content_shown", "shown_where")}),
        (_("The law behind it"), {"fields": ("place_name", "law_shown")}),
    )
    endings: ClassVar[dict[str, tuple[str, ...]]] = {
        Notice.State.CLOSED_CLEAN: ("closed_on",),
        Notice.State.VOID: ("voided_on", "void_reason"),
    }
    empty_sentence = _("No public notice yet. An officer opens one on the page of the organisation.")

    owner_name = named("owner", _("organisation"))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("objections")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        ending = self.endings.get(obj.state) if obj is not None else None
        return (*self.fieldsets, (_("The end"), {"fields": (ending,)})) if ending else self.fieldsets

    def journal_rows(self, user: Any) -> Any:
        rows = Notice.objects.all()
        return rows if access.is_platform_staff(user) else rows.filter(owner_id__in=access.organisation_ids(user))

    def notices(self, request: HttpRequest, row: Notice) -> list[tuple[str, Any]]:
        if row.state == Notice.State.OBJECTED and row.opened_by_id == request.user.pk:
            return [("warning", _("You opened it, so another administrator or officer answers the objections."))]
        return []

    @display(description=_("title"), ordering="title_zh")
    def title_shown(self, notice: Notice) -> str:
        return str(notice)

    @display(description=_("clock"), ordering="ends_on")
    def clock(self, notice: Notice) -> Any:
        return wording.clock(notice).sentence

    @display(description=_("days"))
    def days_shown(self, notice: Notice) -> str:
        return f"{notice.days} · {notice.get_unit_display()}"

    @display(description=_("content"))
    def content_shown(self, notice: Notice) -> Any:
        return format_html_join("", '<p class="ws-text"><small>{}</small><br>{}</p>', wording.lines(notice))

    @display(description=_("shown"))
    def shown_where(self, notice: Notice) -> Any:
        return _("in the organisation and on the market") if notice.is_on_market else _("in the organisation alone")

    @display(description=_("place"))
    def place_name(self, notice: Notice) -> Any:
        if notice.place == NATION:
            return _("whole country")
        return name_of("province", f"{notice.place[:2]}0000")

    @display(description=_("source"))
    def law_shown(self, notice: Notice) -> Any:
        lines = ((rule.title, rule.citation, checked(rule.is_verified)) for rule in wording.provisions(notice))
        said = format_html_join("", '<p class="ws-text">{}<br><small>{} {}</small></p>', lines)
        return said + format_html("<p>{}</p>", wording.WEEKENDS) if wording.counts_weekends_alone(notice) else said


def checked(is_verified: bool) -> Any:
    return "" if is_verified else _("Please check against the text.")
