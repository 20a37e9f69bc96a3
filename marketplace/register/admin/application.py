"""Applications for registration: read with their evidence, sent back, granted or refused; supplemented, withdrawn."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import by_when
from marketplace.core.workspace import (
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
from marketplace.core.workspace.fields import line
from marketplace.parties import access

from .. import asking, services
from ..models import Application
from ..models.holder import Holder
from .fields import LONGEST, ApplyForm, said

Kind = Application.Kind


class SupplementForm(ApplyForm):
    def prepare(self) -> None:
        self.demand(asking.asked_of(self.row.holder, self.row.level))
        self.fields["declared"].initial = self.row.declared
        self.fields["statement"].initial = self.row.statement


class SendBackForm(MoveForm):
    missing = text(label=_("to be supplemented"), rows=4, limit=LONGEST, help_text=_("The applicant reads this."))


class GrantForm(MoveForm):
    number = line(label=_("register number"), max_length=40, required=False)
    reason = text(label=_("reason"), rows=3, limit=LONGEST, help_text=_("The applicant reads this."))

    def prepare(self) -> None:
        if self.row.kind != Kind.FIRST:
            del self.fields["number"]
            return
        self.fields["number"].required = True
        self.fields["number"].initial = self.row.holder.register_number


class RefuseForm(MoveForm):
    reason = text(label=_("reason"), rows=4, limit=LONGEST, help_text=_("The applicant reads this."))


def grant(call: Any) -> Application:
    values = {"number": call.values.get("number", ""), "reason": call.values["reason"]}
    return services.grant(call.row, **values, by=call.by, version=call.version)


def move(name: str, verb: str, label: Any, does: Any, **options: Any) -> Move:
    return Move(name=name, label=label, permission=f"register.{verb}", does=does, **options)


add_move(
    Application,
    move(
        "grant", "grant", _("Grant"), grant, when=can("grant"), form=GrantForm,
        question=_("The entry stands in the public register from today, for the months that the law gives."),
        done=_("Granted and entered in the register."), look="primary",
    ),
    move(
        "send-back", "send_back", _("Ask for a supplement"),
        lambda call: services.send_back(call.row, call.values["missing"], by=call.by, version=call.version),
        when=can("send_back"), form=SendBackForm, done=_("The applicant is told."),
    ),
    move(
        "refuse", "refuse", _("Refuse"),
        lambda call: services.refuse(call.row, call.values["reason"], by=call.by, version=call.version),
        when=can("refuse"), form=RefuseForm, done=_("Refused. The applicant is told why."), look="danger",
    ),
    move(
        "supplement", "supplement", _("Supplement"),
        lambda call: services.supplement(call.row, **call.values, by=call.by, version=call.version),
        when=can("supplement"), form=SupplementForm, done=_("Sent. The days of the decision begin anew."),
        look="primary",
    ),
    move(
        "withdraw", "withdraw", _("Withdraw"),
        lambda call: services.withdraw(call.row, by=call.by, version=call.version),
        when=can("withdraw"), question=_("You take the application back."), done=_("Withdrawn."), look="danger",
    ),
)  # fmt: skip


class HeldAdmin(StageAdmin):
    """A row of an entry: of a technology manager or an agency."""

    list_select_related = ("manager__user", "agency__organisation")
    list_display_links: tuple[str, ...] = ("entry",)
    ordering: tuple[str, ...] = ("-id",)

    def may_enter(self, user: Any) -> bool:
        return access.keeps_register(user) or access.qualification(user) is not None or bool(access.roles(user))

    @display(description=_("entry"), ordering="id")
    def entry(self, row: Any) -> str:
        return str(row.holder)

    @display(description=_("kind of entry"))
    def entry_kind(self, row: Any) -> str:
        return str(row.holder._meta.verbose_name)

    @display(description=_("entry"))
    def entry_link(self, row: Any) -> Any:
        return link_to(row.holder)


def link_to(holder: Holder) -> Any:
    return format_html('<a href="{}">{}</a>', page_url(holder), str(holder))


@admin.register(Application)
class ApplicationAdmin(HeldAdmin):
    list_display = ("entry", "entry_kind", "kind", "level", "state_label", "clock")
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter), ("level", ChoicesDropdownFilter))
    search_fields = ("manager__user__name", "agency__organisation__name_zh")
    fieldsets = (
        (None, {"fields": (("entry_link", "entry_kind"), ("kind", "level"), "clock")}),
        (_("What is declared"), {"fields": ("declared_shown", "statement", "evidence_shown", "rule_shown")}),
        (_("Decision"), {"fields": ("missing", "decision", ("decided_on", "decided_by"))}),
    )
    empty_sentence = _("No application here. Apply from the page of your organisation, or as a technology manager.")

    def notices(self, request: HttpRequest, row: Application) -> list[tuple[str, Any]]:
        if row.state == Application.State.RETURNED:
            return [("warning", _("To be supplemented: %(what)s") % {"what": row.missing})]
        if row.state == Application.State.REFUSED:
            return [("error", _("Refused: %(why)s") % {"why": row.decision})]
        return []

    @display(description=_("to be decided by"), ordering="decide_by")
    def clock(self, row: Application) -> str:
        if row.state != Application.State.SUBMITTED:
            return "–"
        return by_when(row.decide_by, timezone.localdate())

    @display(description=_("requirements declared"))
    def declared_shown(self, row: Application) -> Any:
        """Each requirement of today's law, declared or not."""
        language = get_language() or "zh"
        asked = asking.asked_of(row.holder, row.level).requirements
        lines = (("✓" if each.code in row.declared else "✗", each.label(language)) for each in asked)
        return format_html_join("", "<div>{} {}</div>", lines)

    @display(description=_("evidence"))
    def evidence_shown(self, row: Application) -> Any:
        files = ((page_url(each), each.filename) for each in row.evidence.all())
        return format_html_join("", '<div><a href="{}">{}</a></div>', files) or "–"

    @display(description=_("rule applied"))
    def rule_shown(self, row: Application) -> str:
        return f"{said(asking.asked_of(row.holder, row.level))} · {row.rule}"
