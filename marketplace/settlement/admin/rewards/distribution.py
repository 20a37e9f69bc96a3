"""Distributions in the workspace: proposed on the page of a receipt, shown, approved by a second person, taken back."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.money import ZERO
from marketplace.core.showing import countdown, exact, fen, percent
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    add_move,
    add_panel,
    can,
    display,
    named,
    page_url,
    select,
    text,
)
from marketplace.core.workspace.fields import line
from marketplace.notices.models import Notice
from marketplace.registration.reading import number_of

from ... import computing, explaining, services
from ...models import Distribution, Hold, Payment, Payout, Share, SharingPlan
from ...rules import sharing
from ...services.distributions import due_notices, is_shown
from ..fields import BookAdmin, ReasonForm

State = Distribution.State


# Proposing, on the page of the receipt


class ProposeForm(MoveForm):
    registration = line(
        label=_("number of the contract's registration"),
        max_length=60,
        required=False,
        help_text=_("With it the tax relief for cash rewards may hold; it is shown in the notice."),
    )

    def prepare(self) -> None:
        contract = cast(Payment, self.row).contract
        known = Distribution.objects.filter(contract=contract).exclude(registration="")
        typed = known.values_list("registration", flat=True).first() or ""
        self.fields["registration"].initial = number_of(contract) or typed


def is_to_be_shared(row: Payment) -> bool:
    is_open = row.distributions.filter(state__in=Distribution.OPEN).exists()
    return row.state == Payment.State.BOOKED and not is_open and computing.to_be_shared(row) > 0


add_move(
    Payment,
    Move(
        name="share",
        label=_("Share it"),
        permission="settlement.propose",
        when=is_to_be_shared,
        form=ProposeForm,
        question=_(
            "Costs are taken off, the reward is computed by the law of the place and your own rule, and shared by the "
            "signed plan. You see every step before anybody approves it."
        ),
        does=lambda call: services.propose(call.row, registration=call.values["registration"], by=call.by),
        done=_("Proposed. Look at the steps."),
    ),
)


def of_payment(request: HttpRequest, row: Payment) -> dict[str, Any] | None:
    """What was shared of a receipt and what waits, for those who decide about it."""
    rows = list(Distribution.objects.visible_to(request.user).filter(payment=row).order_by("id"))
    decides = request.user.has_perm("settlement.propose", row)
    left = computing.to_be_shared(row) if decides else ZERO
    if not rows and left <= 0:
        return None
    signed = SharingPlan.objects.of_money().filter(contract=row.contract, state=SharingPlan.State.SIGNED)
    return {
        "distributions": [(each, exact(each.received)) for each in rows],
        "left": exact(left) if left > 0 else "",
        "contract": None if signed.exists() else row.contract,
    }


add_panel(Payment, "settlement/rewards/of_payment.html", of_payment)


# Moves


class HoldForm(MoveForm):
    kind = select(label=_("kind"), choices=Hold.Kind.choices, asks=True)
    share = select(label=_("what it blocks"), required=False)
    reason = text(label=_("reason"), rows=4, limit=1000, help_text=_("Those who decide read it."))

    def prepare(self) -> None:
        rows = payable_shares(cast(Distribution, self.row))
        whole = ("", _("the whole distribution"))
        found = [(row.public_id, _("the payment to %(name)s") % {"name": row.name}) for row in rows]
        cast(forms.ChoiceField, self.fields["share"]).choices = [whole, *found]


def payable_shares(row: Distribution) -> Any:
    return row.shares.filter(payee__isnull=False).order_by("id")


def hold(call: Call) -> Distribution:
    share = payable_shares(call.row).filter(public_id=call.values["share"]).first()
    services.hold(call.row, call.values["kind"], call.values["reason"], share=share, by=call.by)
    return call.row


def must_show(row: Distribution) -> bool:
    return row.state == State.PROPOSED and any(not is_shown(notice) for _kind, notice in due_notices(row))


def may_be_approved(row: Distribution) -> bool:
    return row.state in Distribution.OPEN and not services.what_blocks(row)


def waits_to_be_paid(row: Distribution) -> bool:
    is_free = row.state == State.APPROVED and not services.what_blocks(row)
    return is_free and row.shares.filter(state=Share.State.WAITING).exists()


def pay_out(call: Call) -> Payout:
    return services.make_payout(call.row.book, distributions=[call.row], by=call.by)


add_move(
    Distribution,
    Move(
        name="show",
        label=_("Show it in public"),
        permission="settlement.show_reward",
        when=must_show,
        question=_("Names, shares and amounts stand on the page of public notices for the days of the law."),
        does=lambda call: services.show_reward(call.row, version=call.version, by=call.by),
        done=_("The notice is open."),
        look="primary",
    ),
    Move(
        name="approve",
        label=_("Approve"),
        permission="settlement.approve",
        when=may_be_approved,
        question=_("You have looked at every step. It is booked, and each one is told."),
        does=lambda call: services.approve(call.row, version=call.version, by=call.by),
        done=_("Approved and booked."),
        look="primary",
    ),
    Move(
        name="pay-out",
        label=_("Pay it out"),
        permission="settlement.pay_out",
        when=waits_to_be_paid,
        question=_("A batch of its shares is made, and with it the file for your bank."),
        does=pay_out,
        done=_("The batch is made. Take its file to the bank."),
        look="primary",
    ),
    Move(
        name="hold",
        label=_("Put a hold on it"),
        permission="settlement.hold",
        when=lambda row: row.state in (*Distribution.OPEN, State.APPROVED),
        form=HoldForm,
        question=_("It is not approved or paid before another person resolves this."),
        does=hold,
        done=_("It is on hold."),
        look="rare",
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        permission="settlement.withdraw",
        when=can("withdraw"),
        form=ReasonForm,
        question=_("The receipt can be shared anew. A notice that runs becomes void."),
        does=lambda call: services.withdraw(call.row, call.values["reason"], version=call.version, by=call.by),
        done=_("Withdrawn."),
        look="danger",
    ),
    Move(
        name="reverse",
        label=_("Take it back"),
        permission="settlement.reverse_distribution",
        when=can("reverse"),
        form=ReasonForm,
        question=_("It is booked back. Whoever was paid owes it: it is set off with the next shares, or given back."),
        does=lambda call: services.reverse_distribution(
            call.row, call.values["reason"], version=call.version, by=call.by
        ),
        done=_("Taken back."),
        look="rare",
    ),
)


# Why this number


def why(request: HttpRequest, row: Distribution) -> dict[str, Any]:
    """Every step with its text, then every share with its fraction, unrounded and rounded."""
    shares = list(row.shares.select_related("line", "payee").order_by("id"))
    for each in shares:
        each.distribution = row  # what it is a share of is here already
    return {
        "steps": explaining.why(row),
        "shares": [(each, sharing.written(each.share), explaining.exactly(each), fen(each.amount)) for each in shares],
        "is_rounded": any(explaining.is_rounded(each) for each in shares),
        "texts": explaining.cited(row.law_references),
    }


def standing(request: HttpRequest, row: Distribution) -> dict[str, Any]:
    """Its notices and holds, the days that run, and what tax may come to."""
    today = timezone.localdate()
    is_open = row.is_live and row.state != State.PAID
    return {
        "noticed": [(Notice.Kind(kind).label, notice) for kind, notice in due_notices(row)],
        "holds": row.holds.select_related("share").order_by("id"),
        "days": [(label, day, countdown(day, today) if is_open else "") for label, day in explaining.days_of(row)],
        "tax": explaining.tax_of(row, row.paid_on) if row.is_live and row.pool else None,
    }


add_panel(Distribution, "settlement/rewards/why.html", why)
add_panel(Distribution, "settlement/rewards/standing.html", standing)


@admin.register(Distribution)
class DistributionAdmin(BookAdmin):
    list_display = ("received_on", "contract_title", "number_received", "number_pool", "pay_by_shown", "state_label")
    list_display_links = ("received_on", "contract_title")
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("contract",)
    search_fields = ("contract__title", "registration")
    ordering = ("-id",)
    fields = (
        ("contract_page", "payment_page"),
        ("number_received", "number_costs"),
        ("number_net", "number_rate"),
        ("number_pool", "number_retained"),
        ("plan_name", "rule_name"),
        "registration",
        "proposer",
        ("approved_by_name", "approved_on"),
        "paid_on",
        "end_reason",
    )
    told_later = ("rule_name", "registration", "approved_by_name", "approved_on", "paid_on", "end_reason")
    empty_sentence = _("Nothing is shared yet. Open a payment that arrived and share it.")
    contract_title = named("contract", _("contract"))
    plan_name = named("plan", _("sharing plan"))
    rule_name = named("rule", _("rule of rewarding"))
    proposer = named("proposed_by", _("proposed by"))
    approved_by_name = named("approved_by", _("approved by"))

    def notices(self, request: HttpRequest, row: Distribution) -> list[tuple[str, Any]]:
        """What stands in its way; and who approves it once nothing does."""
        gaps = services.what_blocks(row)
        if row.state in Distribution.OPEN and not gaps and not request.user.has_perm("settlement.approve", row):
            return [("info", _("Somebody approves it who neither proposed it nor has a share in it."))]
        return [("warning", gap.sentence) for gap in gaps]

    @display(description=_("receipt"))
    def payment_page(self, row: Distribution) -> Any:
        payment = row.payment
        return format_html(
            '<a class="ws-link" href="{}">{} · {}</a>', page_url(payment), payment.on, exact(payment.amount)
        )

    @display(description=_("received (yuan)"), ordering="received")
    def number_received(self, row: Distribution) -> str:
        return fen(row.received)

    @display(description=_("costs (yuan)"), ordering="costs")
    def number_costs(self, row: Distribution) -> str:
        return fen(row.costs)

    @display(description=_("net income (yuan)"), ordering="net")
    def number_net(self, row: Distribution) -> str:
        return fen(row.net)

    @display(description=_("reward, %"), ordering="rate")
    def number_rate(self, row: Distribution) -> str:
        return percent(row.rate)

    @display(description=_("reward in all (yuan)"), ordering="pool")
    def number_pool(self, row: Distribution) -> str:
        return fen(row.pool)

    @display(description=_("stays with the owner (yuan)"), ordering="retained")
    def number_retained(self, row: Distribution) -> str:
        return fen(row.retained)

    @display(description=pgettext_lazy("reward", "to be paid by"), ordering="pay_by")
    def pay_by_shown(self, row: Distribution) -> Any:
        return row.pay_by or row.tax_until
