"""Holdings in the workspace: each person reads the own part, why it is what it is, and when it is earned."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.fields import day, handed_in, whole
from marketplace.contracts.admin.nouns import paper
from marketplace.core.workspace import Call, Move, MoveForm, add_move, add_panel, display, text

from ... import equity, explaining_shares, services
from ...models import Allotment, Holding
from ...rules.holding import steps_of
from ...services.allotments import LONGEST_MONTHS
from ...services.distributions import is_shown
from ..fields import HoldersAdmin
from ..rewards.rule import of_the_owner

MOST_STEPS = 12


class VestingForm(MoveForm):
    begins_on = day(label=_("earned from"))
    cliff = whole(label=_("nothing before so many months"), initial=0, max_value=LONGEST_MONTHS)
    months = whole(label=_("all after so many months"), min_value=1, max_value=LONGEST_MONTHS)
    paper = of_the_owner(label=_("agreement on earning it"))

    def prepare(self) -> None:
        self.fields["begins_on"].initial = self.row.stake.agreed_on


class LeaveForm(MoveForm):
    on = day(label=_("left on"))
    reason = text(label=_("reason"), rows=3, limit=300)
    paper = of_the_owner(label=_("paper"))

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


def may_be_set(row: Holding) -> bool:
    allotment = row.allotment
    is_open = allotment.state == Allotment.State.PROPOSED and not is_shown(allotment.notice)
    return row.payee_id is not None and is_open


def with_paper(call: Call, title: Any) -> dict[str, Any]:
    """What was filled in, with the file kept as a document."""
    document = handed_in(call, "paper", title, of_the_seller=True)
    assert document is not None  # the form asks for it
    return call.values | {"paper": document}


def set_vesting(call: Call) -> Holding:
    return services.set_vesting(call.row, **with_paper(call, _("Agreement on earning shares")), by=call.by)


def leave(call: Call) -> Holding:
    return services.leave(call.row, **with_paper(call, _("Departure of a holder")), by=call.by).holding


class EntrustForm(MoveForm):
    name = text(label=_("nominee"), limit=200)
    begins_on = day(label=_("held by the nominee from"))
    unwinds_on = day(label=_("to be given back by"))
    paper = of_the_owner(label=_("agreement with the nominee"))

    def prepare(self) -> None:
        self.fields["begins_on"].initial = timezone.localdate()


class UnwindForm(MoveForm):
    on = day(label=_("given back on"))
    reason = text(label=_("reason"), rows=3, limit=300)

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


def may_be_entrusted(row: Holding) -> bool:
    return equity.is_held(row) and equity.became_head(row) and not has_nominee(row)


def has_nominee(row: Holding) -> bool:
    return row.nominees.running().exists()


def entrust(call: Call) -> Holding:
    return services.entrust(call.row, **with_paper(call, _("Agreement with a nominee")), by=call.by).holding


def unwind(call: Call) -> Holding:
    return services.unwind(call.row, **call.values, by=call.by).holding


add_move(
    Holding,
    Move(
        name="entrust",
        label=_("Record a nominee"),
        permission="settlement.entrust",
        when=may_be_entrusted,
        form=EntrustForm,
        question=_("For a part that its holder got before becoming head. The part stays the holder's own."),
        does=entrust,
        done=_("Recorded."),
    ),
    Move(
        name="unwind",
        label=_("The nominee gave it back"),
        permission="settlement.unwind",
        when=has_nominee,
        form=UnwindForm,
        question=_("The holder stands in the company register again."),
        does=unwind,
        done=_("Recorded."),
    ),
    Move(
        name="set-vesting",
        label=_("Let it be earned over time"),
        permission="settlement.set_vesting",
        when=may_be_set,
        form=VestingForm,
        question=_("As agreed with this person. It is part of what the second person approves."),
        does=set_vesting,
        done=_("Kept."),
    ),
    Move(
        name="leave",
        label=_("The holder left"),
        permission="settlement.leave",
        when=equity.is_held,
        form=LeaveForm,
        question=_("What is not earned by that day goes back to the owner. This is not taken back."),
        does=leave,
        done=_("Recorded."),
        look="danger",
    ),
)


def why(request: HttpRequest, row: Holding) -> dict[str, Any]:
    """The steps to this part, its calendar, and when tax may come; nothing of the parts of others."""
    today = timezone.localdate()
    gone = getattr(row, "departure", None)
    steps = steps_of(row.units, row.schedule) if row.schedule is not None and gone is None else []
    coming = [(on, explaining_shares.number(units)) for on, units in steps if on > today]
    return {
        "now": explaining_shares.holder(row.stake, equity.held_on(row, today)),
        "steps": explaining_shares.why(row.allotment),
        "last": explaining_shares.why_holding(row),
        "coming": coming[:MOST_STEPS],
        "is_more": len(coming) > MOST_STEPS,
        "end": coming[-1] if coming else None,
        "vest_paper": paper(request.user, row.vest_paper) if row.vest_paper else "",
        "tax": explaining_shares.tax_of(row.stake) if row.payee_id else None,
        "head": equity.head_days(row) if equity.is_held(row) else None,
        "nominees": [(each, paper(request.user, each.paper)) for each in row.nominees.select_related("paper")],
    }


add_panel(Holding, "settlement/equity/why_holding.html", why)


@admin.register(Holding)
class HoldingAdmin(HoldersAdmin):
    list_display = ("company", "name", "number_units", "number_part", "number_vested", "state_of")
    list_display_links = ("company",)
    list_select_related = ("allotment__stake__contract", "allotment__notice", "departure", "payee")
    search_fields = ("name", "allotment__stake__company")
    ordering = ("-allotment", "id")
    fields = (("company", "contract_title"), ("name", "role"), ("number_units", "number_part"), "office")
    empty_sentence = _("No part of a company yet. What a signed plan of a stake gives you appears here.")

    def notices(self, request: HttpRequest, row: Holding) -> list[tuple[str, Any]]:
        if row.allotment.state == Allotment.State.WITHDRAWN:
            return [("warning", _("It does not count any more: %(why)s") % {"why": row.allotment.end_reason})]
        if row.allotment.state in Allotment.OPEN:
            return [("info", _("It is proposed and not approved yet; it may still change."))]
        return []

    @display(description=_("company"), ordering="allotment__stake__company")
    def company(self, row: Holding) -> str:
        return row.stake.company

    @display(description=_("contract"), ordering="allotment__stake__contract__title")
    def contract_title(self, row: Holding) -> str:
        return str(row.contract.title)

    @display(description=_("units"), ordering="units")
    def number_units(self, row: Holding) -> str:
        return explaining_shares.number(row.units)

    @display(description=_("part of the company"))
    def number_part(self, row: Holding) -> str:
        return explaining_shares.part(row.part())

    @display(description=_("earned today"))
    def number_vested(self, row: Holding) -> str:
        return explaining_shares.number(equity.held_by(row, timezone.localdate()).vested)

    @display(description=_("state"), ordering="allotment__state")
    def state_of(self, row: Holding) -> str:
        return str(row.allotment.get_state_display())
