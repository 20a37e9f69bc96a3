"""Holds in the workspace: what blocks a distribution, resolved by somebody who has nothing to do with it."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import ChoicesDropdownFilter, Move, MoveForm, add_move, can, display, named, text

from ... import services
from ...models import Hold
from ..fields import MoneyAdmin

COLOURS: dict[str, str] = {Hold.State.STANDING: "danger", Hold.State.RESOLVED: "success"}


class ResolveForm(MoveForm):
    resolution = text(label=_("how it is resolved"), rows=4, limit=1000, help_text=_("Who raised it reads it."))


add_move(
    Hold,
    Move(
        name="resolve",
        label=_("Resolve"),
        permission="settlement.resolve_hold",
        when=can("resolve"),
        form=ResolveForm,
        question=_("Say what was looked at and decided. It blocks no longer."),
        does=lambda call: services.resolve_hold(call.row, call.values["resolution"], by=call.by),
        done=_("Resolved."),
        look="primary",
    ),
)


@admin.register(Hold)
class HoldAdmin(MoneyAdmin):
    list_display = ("kind", "contract_title", "received_on", "whose", "state_label")
    list_display_links = ("kind",)
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_select_related = ("distribution__contract", "share", "raised_by", "resolved_by")
    search_fields = ("distribution__contract__title", "share__name")
    ordering = ("state", "-id")
    fields = (("kind", "contract_title", "whose"), ("raiser", "reason"), ("resolved_by_name", "resolution"))
    state_colours = COLOURS
    told_later = ("resolved_by_name", "resolution")
    empty_sentence = _("Nothing is on hold.")
    resolved_by_name = named("resolved_by", _("resolved by"))

    @display(description=_("contract"), ordering="distribution__contract__title")
    def contract_title(self, row: Hold) -> str:
        return row.distribution.contract.title

    @display(description=_("received on"))
    def received_on(self, row: Hold) -> Any:
        return row.distribution.received_on

    @display(description=_("what it blocks"))
    def whose(self, row: Hold) -> Any:
        return row.share.name if row.share else _("the whole distribution")

    @display(description=_("raised by"))
    def raiser(self, row: Hold) -> Any:
        return row.raised_by or _("system")

    @display(description=_("state"), ordering="state", label=COLOURS)
    def state_label(self, row: Hold) -> tuple[str, str]:
        return row.state, row.get_state_display()
