"""Introductions in the workspace: confirmed or disputed by the two sides, and printed as a proof."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound
from marketplace.core.validation import LONGEST_REMARK
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    add_panel,
    display,
    named,
    select,
    text,
)
from marketplace.core.workspace.fields import day
from marketplace.listings.models import Projection
from marketplace.parties import access

from .. import names, proofs, services
from ..models import Introduction
from .forms import CreditCodeField
from .linking import linked

ANSWER = "brokerage.answer_introduction"


class DisputeForm(MoveForm):
    reason = text(
        label=_("What was different"),
        rows=4,
        limit=LONGEST_REMARK,
        help_text=_("Since when you know each other, and how. The broker reads it."),
    )


def may_confirm(user: Any, row: Introduction) -> bool:
    side = services.side_of(row, user)
    return bool(side) and getattr(row, f"{side}_confirmed_at") is None


def is_open(row: Introduction) -> bool:
    return row.is_open and row.confirm_by >= timezone.localdate()


add_move(
    Introduction,
    Move(
        name="confirm",
        label=_("Confirm"),
        may=may_confirm,
        question=_("You say that this broker brought you together on that day. It is kept as a proof."),
        does=lambda call: services.confirm_introduction(call.row, by=call.by),
        done=_("Confirmed."),
        look="primary",
    ),
    Move(
        name="dispute",
        label=_("It was none"),
        may=may_confirm,
        when=is_open,
        form=DisputeForm,
        question=_("You say that it was not so. The reason stays beside the record."),
        does=lambda call: services.dispute_introduction(call.row, call.values["reason"], by=call.by),
        done=_("Recorded."),
    ),
)


# By hand, on a listing of the market


class IntroductionForm(MoveForm):
    other = CreditCodeField(label=_("credit code of the other side"))
    on = day(label=_("day"))
    how = select(label=_("how"), choices=Introduction.How.choices)
    note = text(label=_("what was said"), rows=3, required=False, limit=LONGEST_REMARK)

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()
        self.fields["how"].initial = Introduction.How.MEETING


def log(call: Call) -> Introduction:
    return services.log_introduction(call.row, by=call.by, **call.values)


add_move(
    Projection,
    Move(
        name="log-introduction",
        label=_("Write down an introduction"),
        may=lambda user, row: access.is_technology_manager(user),
        when=lambda row: row.is_live,
        form=IntroductionForm,
        question=_(
            "You brought the owner of this listing together with somebody. Both are asked to confirm it; undisputed it "
            "stands, and a contract between them within the tail of your mandate earns your commission."
        ),
        does=log,
        done=_("Written down. Both sides are asked to confirm."),
    ),
)


def proof_panel(request: HttpRequest, row: Introduction) -> dict[str, Any] | None:
    """The link to the printed proof, for those who may name both sides."""
    if not all(names.known_sides(request.user, row).values()):
        return None
    return {"proof": reverse("admin:brokerage_introduction_proof", args=[row.pk])}


add_panel(Introduction, "brokerage/to_proof.html", proof_panel)


@admin.register(Introduction)
class IntroductionAdmin(StageAdmin):
    list_display = ("subject_shown", "manager_name", "on", "state_label")
    list_display_links = ("subject_shown",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = (
        *("achievement__achievement", "achievement__demand", "demand__demand", "demand__achievement"),
        *("supplier", "seeker", "manager", "supply_mandate__agency", "demand_mandate__agency"),
    )
    search_fields = ("achievement__title_zh", "achievement__title_en", "demand__title_zh", "demand__title_en")
    ordering = ("-id",)
    empty_sentence = _("No introduction yet. A deal opened from a match writes one by itself.")
    supplier_name = named("supplier", _("supplier"))
    seeker_name = named("seeker", _("seeker"))
    manager_name = named("manager", _("technology manager"))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """An anonymous side is named by row, and nothing sorts by it: the order would tell."""

        def sides(row: Introduction) -> Any:
            known = names.known_sides(request.user, row)
            lines = ((known[side] or _("anonymous owner"),) for side in ("seeker", "supplier"))
            return format_html_join("", "<div>{}</div>", lines)

        sides.short_description = _("seeker and supplier")  # type: ignore[attr-defined]
        return [self.list_display[0], sides, *self.list_display[1:]]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        known = names.known_sides(request.user, obj) if obj is not None else {}
        sides = tuple(f"{side}_name" for side in ("seeker", "supplier") if known.get(side))
        facts = (("manager_name", "on", "how"), "note")
        answers = ("supplier_confirmed_at", "seeker_confirmed_at", "confirm_by")
        return (
            (None, {"fields": (("demand_page", "achievement_page"), *((sides,) if sides else ()), *facts)}),
            (_("Answers of the two sides"), {"fields": (answers, "dispute_note")}),
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.proof_view)
        return [path("<path:object_id>/proof/", view, name="brokerage_introduction_proof"), *super().get_urls()]

    def proof_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The record as a page to print: what happened, who answered, and where the journal has sealed it."""
        row = self.get_object(request, object_id)
        try:
            found = proofs.proof_of(row, request.user)
        except NotFound as fault:
            raise Http404 from fault
        return TemplateResponse(request, "brokerage/proof.html", {"proof": found, "row": row, "now": timezone.now()})

    @display(description=_("listing"), ordering="demand__title_zh")
    def subject_shown(self, row: Introduction) -> str:
        titles = [each.title or str(_("no longer on the market")) for each in (row.demand, row.achievement) if each]
        return " ↔ ".join(titles)

    @display(description=_("demand"))
    def demand_page(self, row: Introduction) -> Any:
        return linked(row.demand) if row.demand else "–"

    @display(description=_("achievement"))
    def achievement_page(self, row: Introduction) -> Any:
        return linked(row.achievement) if row.achievement else "–"

    def notices(self, request: HttpRequest, row: Introduction) -> list[tuple[str, Any]]:
        if row.is_open and may_confirm(request.user, row):
            sentence = _("Was it so? Undisputed until %(day)s, it stands by the record.")
            return [("info", sentence % {"day": row.confirm_by.isoformat()})]
        if row.state == Introduction.State.DISPUTED:
            return [("warning", _("One side says that it was not so. Its reason stands below."))]
        return []
