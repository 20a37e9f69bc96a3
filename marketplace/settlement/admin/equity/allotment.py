"""Allotments in the workspace: a stake divided, shown where leaders get shares, approved by a second person."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import percent
from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    Move,
    add_move,
    add_panel,
    can,
    display,
    named,
    page_url,
)
from marketplace.notices.models import Notice

from ... import equity, explaining, explaining_shares, services
from ...models import Allotment
from ...services.allotments import notice_is_due
from ...services.distributions import is_shown
from ..fields import BookAdmin, ReasonForm

State = Allotment.State


def must_show(row: Allotment) -> bool:
    return row.state == State.PROPOSED and notice_is_due(row) and not is_shown(row.notice)


def may_be_approved(row: Allotment) -> bool:
    return row.state in Allotment.OPEN and not services.what_blocks_shares(row)


add_move(
    Allotment,
    Move(
        name="show",
        label=_("Show it in public"),
        permission="settlement.show_leaders",
        when=must_show,
        question=_("What leaders get stands on the page of public notices for the days of the law."),
        does=lambda call: services.show_leaders(call.row, version=call.version, by=call.by),
        done=_("The notice is open."),
        look="primary",
    ),
    Move(
        name="approve",
        label=_("Approve"),
        permission="settlement.approve_allotment",
        when=may_be_approved,
        question=_("You have looked at every holder and step. Each one is told."),
        does=lambda call: services.approve_allotment(call.row, version=call.version, by=call.by),
        done=_("Approved."),
        look="primary",
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        permission="settlement.withdraw_allotment",
        when=can("withdraw"),
        form=ReasonForm,
        question=_("The stake can be divided anew. A notice that runs becomes void."),
        does=lambda call: services.withdraw_allotment(
            call.row, call.values["reason"], version=call.version, by=call.by
        ),
        done=_("Withdrawn."),
        look="danger",
    ),
)


def why(request: HttpRequest, row: Allotment) -> dict[str, Any]:
    """Each holder today, every step with its text, the notice where one is due."""
    found = equity.held(row, timezone.localdate())
    due = notice_is_due(row)
    return {
        "holders": [explaining_shares.holder(row.stake, each) for each in found],
        "steps": explaining_shares.why(row),
        "texts": explaining.cited(row.law_references),
        "has_shares": row.stake.shares is not None,
        "notice": row.notice,
        "notice_kind": Notice.Kind.LEADER_SHARE.label if due else "",
    }


add_panel(Allotment, "settlement/equity/why.html", why)


@admin.register(Allotment)
class AllotmentAdmin(BookAdmin):
    list_display = ("company", "contract_title", "number_rate", "number_pool", "approved_on", "state_label")
    list_display_links = ("company",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("stake__contract",)
    search_fields = ("stake__company", "stake__contract__title")
    ordering = ("-id",)
    fields = (
        ("stake_page", "plan_name"),
        ("number_rate", "rule_name"),
        ("number_pool", "number_retained"),
        ("proposer", "approver"),
        "approved_on",
        "end_reason",
    )
    empty_sentence = _("No stake is divided yet. Open a stake whose plan is signed and divide it.")
    plan_name = named("plan", _("sharing plan"))
    rule_name = named("rule", _("rule of rewarding"))
    proposer = named("proposed_by", _("proposed by"))
    approver = named("approved_by", _("approved by"))

    def notices(self, request: HttpRequest, row: Allotment) -> list[tuple[str, Any]]:
        """What stands in its way; and who approves it once nothing does."""
        gaps = services.what_blocks_shares(row)
        may = request.user.has_perm("settlement.approve_allotment", row)
        if row.state in Allotment.OPEN and not gaps and not may:
            return [("info", _("Somebody approves it who neither proposed it nor has a share in it."))]
        return [("warning", gap.sentence) for gap in gaps]

    @display(description=_("company"), ordering="stake__company")
    def company(self, row: Allotment) -> str:
        return row.stake.company

    @display(description=_("contract"), ordering="stake__contract__title")
    def contract_title(self, row: Allotment) -> str:
        return str(row.contract.title)

    @display(description=_("stake"))
    def stake_page(self, row: Allotment) -> Any:
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row.stake), row.stake)

    @display(description=_("for people, %"), ordering="rate")
    def number_rate(self, row: Allotment) -> str:
        return percent(row.rate)

    @display(description=_("units for people"), ordering="pool")
    def number_pool(self, row: Allotment) -> str:
        return explaining_shares.number(row.pool)

    @display(description=_("units of the owner"))
    def number_retained(self, row: Allotment) -> str:
        return explaining_shares.number(row.retained)
