"""Moves around money: payments, what is overdue, the books, and the end."""

from decimal import Decimal
from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import exact
from marketplace.core.workspace import Call, Move, MoveForm, add_move, can, select, text

from ... import services
from ...models import Audit, Contract, Fact, SalesReport
from ...reading import sheet_of, statement_of
from ...rules import clockwork
from ...rules.events import Kind
from ...rules.sheet import Equity, Fixed, Royalty
from ...services.owing import AGREED_ENDS
from ...services.schedule import WATCHED
from ...wording import line_name, term_name
from ..fields import LONG, SideForm, amount, day, line
from ..page import REPORTED, statement_today
from ..reporting import FiguresForm, figures_for
from .running import ReasonForm

State = Contract.State


def is_signed(contract: Contract) -> bool:
    return contract.is_signed


# Payments


class PaymentForm(MoveForm):
    obligation = select(label=_("for"), required=False)
    amount = amount(label=_("amount"), help_text=_("In yuan, as it arrived."))
    on = day(label=_("arrived on"))
    reference = line(
        label=_("reference of the transfer"),
        max_length=200,
        help_text=_("As the bank names it. The same reference recorded twice is one payment."),
    )

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()
        statement, sheet = statement_of(self.row, timezone.localdate()), sheet_of(self.row)
        open_lines = clockwork.unpaid(statement)
        choices = [(each.key, f"{line_name(each, sheet)} · {exact(each.unpaid)}") for each in open_lines]
        oldest = _("the oldest: interest first, then what was due first")
        cast(forms.ChoiceField, self.fields["obligation"]).choices = [("", oldest), *choices]
        if len(open_lines) == 1:
            only = open_lines[0]
            self.fields["amount"].initial = only.unpaid + only.interest - only.interest_paid


def record_payment(call: Call) -> Contract:
    values = dict(call.values)
    return services.record_payment(call.row, values.pop("amount"), **values, by=call.by).contract


def payments(contract: Contract) -> list[Fact]:
    return list(contract.facts.standing().filter(kind=Kind.PAID).order_by("-on", "-id"))


class RevokeForm(ReasonForm):
    payment = select(label=_("payment"), asks=True)
    field_order = ("payment", "reason")

    def prepare(self) -> None:
        rows = payments(self.row)
        named = [(f"{row.pk}", f"{row.on} · {exact(Decimal(row.content['amount']))}") for row in rows]
        cast(forms.ChoiceField, self.fields["payment"]).choices = [("", _("Select value")), *named]


def revoke(call: Call) -> Contract:
    fact = next(row for row in payments(call.row) if f"{row.pk}" == call.values["payment"])
    return services.revoke_fact(fact, call.values["reason"], by=call.by).contract


# What is overdue


class DemandForm(MoveForm):
    note = text(label=_("words of the demand"), rows=4, required=False, limit=LONG, help_text=_("Both sides read it."))


def may_demand(contract: Contract) -> bool:
    """Something is overdue and no demand stands, whether the licence runs or has ended early."""
    is_open = contract.state in WATCHED and contract.demanded_on is None
    statement = statement_today(contract) if is_open else None
    return bool(statement and clockwork.overdue(statement, contract.written_off))


def may_terminate(contract: Contract) -> bool:
    if contract.state == State.REVIEW_INVALID:
        return True
    return can("terminate")(contract) and contract.is_in_default(timezone.localdate())


def cure_is_over(contract: Contract) -> bool:
    today = timezone.localdate()
    return contract.state == State.CURING and contract.cure_until is not None and contract.cure_until < today


# The books


class AuditForm(MoveForm):
    starts_on = day(label=_("begins on"))
    reason = text(label=_("reason"), rows=3, required=False, limit=1000)


def may_audit(contract: Contract) -> bool:
    if contract.state not in REPORTED or contract.sheet is None:
        return False
    return any(isinstance(term, Royalty) for term in sheet_of(contract).terms)


def counted_terms(contract: Contract) -> list[Fixed | Equity]:
    """Payments that wait for an amount sold, where no royalty asks for reports."""
    terms = sheet_of(contract).terms if contract.sheet and contract.state in Contract.RUNNING else ()
    if any(isinstance(term, Royalty) for term in terms):
        return []
    found = [term for term in terms if isinstance(term, Fixed | Equity) and term.trigger]
    return [term for term in found if term.trigger and term.trigger.kind in ("REVENUE", "UNITS")]


class SalesForm(FiguresForm):
    term = select(label=_("for"))
    first = day(label=_("first day"))
    last = day(label=_("last day"))
    field_order = ("term", "first", "last")

    def prepare(self) -> None:
        terms = counted_terms(self.row)
        cast(forms.ChoiceField, self.fields["term"]).choices = [(term.id, term_name(term)) for term in terms]
        self.fields |= figures_for(sheet_of(self.row), terms[0].id if terms else "")
        self.order_fields([*self.field_order, *(name for name in self.fields if name != "note"), "note"])


def report_sales(call: Call) -> SalesReport:
    values, form = call.values, SalesForm
    return services.report_sales(
        call.row, values["term"], values["first"], values["last"], form.figures(values), note=values["note"], by=call.by
    )


def announce(call: Call) -> Audit:
    return services.announce_audit(call.row, **call.values, by=call.by)


# The end


class EndForm(SideForm):
    note = text(
        label=_("why and on what terms"),
        rows=5,
        limit=LONG,
        help_text=_("It has ended once both sides have confirmed the same words; other words are a new proposal."),
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["note"].initial = self.row.end_note if self.row.ended_on is None else ""


def end(call: Call) -> Contract:
    return services.end_by_agreement(call.row, call.values["note"], side=call.values["side"], by=call.by)


add_move(
    Contract,
    Move(
        name="record-payment",
        label=_("Record a payment"),
        permission="contracts.record_payment",
        when=is_signed,
        form=PaymentForm,
        question=_("Money that really arrived."),
        does=record_payment,
        done=_("Recorded."),
    ),
    Move(
        name="demand",
        label=_("Demand what is overdue"),
        permission="contracts.demand",
        when=may_demand,
        form=DemandForm,
        question=_("From today the licensee has the days of the law to pay with interest. Both sides hear of it."),
        does=lambda call: services.demand(call.row, note=call.values["note"], by=call.by),
        done=_("Demanded."),
        look="primary",
    ),
    Move(
        name="cure",
        label=_("What was demanded is paid"),
        permission="contracts.demand",
        when=lambda contract: contract.state in (State.CURING, State.DEFAULTED),
        does=lambda call: services.cure(call.row, by=call.by),
        done=_("Cured."),
        look="rare",
    ),
    Move(
        name="default",
        label=_("Declare the default"),
        permission="contracts.demand",
        when=cure_is_over,
        question=_("The time to cure is over and it is still unpaid. The night would do it by itself."),
        does=lambda call: services.default(call.row, by=call.by),
        done=_("In default."),
        look="danger",
    ),
    Move(
        name="terminate",
        label=_("Terminate"),
        permission="contracts.terminate",
        when=may_terminate,
        form=ReasonForm,
        question=_("The contract ends. What is owed stays owed; the licensee stops using it and returns documents."),
        does=lambda call: services.terminate(call.row, call.values["reason"], by=call.by),
        done=_("Terminated."),
        look="danger",
    ),
    Move(
        name="complete",
        label=_("Complete"),
        permission="contracts.complete",
        when=can("complete"),
        question=_("The licence is over or paid up, everything is reported and paid."),
        does=lambda call: services.complete(call.row, by=call.by),
        done=_("Completed."),
        look="rare",
    ),
    Move(
        name="report-sales",
        label=_("Report sales"),
        permission="contracts.submit_report",
        when=lambda contract: bool(counted_terms(contract)),
        form=SalesForm,
        question=_("A payment waits for so much sold. The owner has its days to answer; silence accepts."),
        does=report_sales,
        done=_("Handed in."),
    ),
    Move(
        name="announce-audit",
        label=_("Announce an audit"),
        permission="contracts.audit",
        when=may_audit,
        form=AuditForm,
        question=_("You look at the books after the agreed notice, once a year unless the last audit found something."),
        does=announce,
        done=_("Announced. The licensee hears of it."),
        look="rare",
    ),
    Move(
        name="revoke-payment",
        label=_("Take a payment back"),
        permission="contracts.revoke_fact",
        when=lambda contract: is_signed(contract) and bool(payments(contract)),
        form=RevokeForm,
        question=_("A payment that was recorded by mistake. It stays in the journal with your reason."),
        does=revoke,
        done=_("Taken back."),
        look="rare",
    ),
    Move(
        name="end-by-agreement",
        label=_("End by agreement"),
        permission="contracts.end_by_agreement",
        when=lambda contract: contract.state in AGREED_ENDS,
        form=EndForm,
        question=_("Both sides end it. Each confirms the same words."),
        does=end,
        done=_("Confirmed for your side."),
        look="rare",
    ),
)
