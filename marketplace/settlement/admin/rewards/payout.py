"""Payouts in the workspace: a batch is made, its file goes to the bank, and what the bank did is recorded."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.downloads import attachment
from marketplace.core.errors import DomainError
from marketplace.core.money import ZERO
from marketplace.core.showing import fen
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
)
from marketplace.core.workspace.fields import amount, day, line
from marketplace.parties import access

from ... import services
from ...models import ClawBack, Payout, PayoutLine
from ...services import payouts
from ..bank import books_of
from ..fields import BookAdmin, ReasonForm

State = Payout.State


class PaidForm(MoveForm):
    on = day(label=_("paid on"))
    reference = line(label=_("bank's reference"), max_length=100)

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


class ReturnForm(ReasonForm):
    line = select(label=_("transfer"), asks=True)
    field_order = ("line", "reason")

    def prepare(self) -> None:
        found = [(f"{each.pk}", f"{each.holder} · {fen(each.amount)}") for each in returnable(cast(Payout, self.row))]
        cast(forms.ChoiceField, self.fields["line"]).choices = [("", _("Select value")), *found]


def returnable(row: Payout) -> Any:
    return row.lines.filter(outcome=PayoutLine.Outcome.PAID, share__claw_back=None, amount__gt=0).order_by("id")


def return_transfer(call: Call) -> Payout:
    found = next(each for each in returnable(call.row) if f"{each.pk}" == call.values["line"])
    services.return_transfer(found, call.values["reason"], by=call.by)
    return call.row


add_move(
    Payout,
    Move(
        name="mark-paid",
        label=_("The bank has paid"),
        permission="settlement.pay_out",
        when=lambda row: row.state == State.MADE and row.taken_at is not None,
        form=PaidForm,
        question=_("Every transfer of the batch is booked as paid, and each person is told."),
        does=lambda call: services.mark_paid(call.row, version=call.version, by=call.by, **call.values),
        done=_("Recorded and booked."),
        look="primary",
    ),
    Move(
        name="return",
        label=_("The bank returned a transfer"),
        permission="settlement.pay_out",
        when=lambda row: row.state == State.PAID and returnable(row).exists(),
        form=ReturnForm,
        question=_("Its booking is taken back, and the share waits to be paid again."),
        does=return_transfer,
        done=_("Recorded. Correct the account, and make another batch."),
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        permission="settlement.pay_out",
        when=can("withdraw"),
        form=ReasonForm,
        question=_("Only when the bank does not carry it out. Its shares wait again."),
        does=lambda call: services.withdraw_payout(call.row, call.values["reason"], version=call.version, by=call.by),
        done=_("Withdrawn."),
        look="danger",
    ),
)


def transfers(request: HttpRequest, row: Payout) -> dict[str, Any]:
    lines = row.lines.select_related("share__distribution__contract").order_by("id")
    return {
        "lines": [(each, fen(each.amount), fen(each.set_off) if each.set_off else "–") for each in lines],
        "total": fen(row.total),
        "may_take": row.state != State.WITHDRAWN and request.user.has_perm("settlement.pay_out", row),
    }


add_panel(Payout, "settlement/rewards/transfers.html", transfers)


@admin.register(Payout)
class PayoutAdmin(BookAdmin):
    list_display = ("made_on", "number_total", "line_count", "book_name", "paid_on", "state_label")
    list_display_links = ("made_on",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("book",)
    search_fields = ("reference", "public_id")
    ordering = ("-id",)
    fields = (
        "book_name",
        ("maker", "made_on"),
        ("line_count", "number_total"),
        "taken_at",
        ("paid_on", "reference"),
        "end_reason",
    )
    list_before_template = "settlement/rewards/to_payout.html"
    told_later = ("taken_at", "paid_on", "reference", "end_reason")
    empty_sentence = _("No batch yet. Approved shares wait until one is made.")
    book_name = named("book", _("books of"))
    maker = named("made_by", _("made by"))

    def may_enter(self, user: Any) -> bool:
        return access.decides(user)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("make/", guarded(self.make_view), name="settlement_payout_make"),
            path("<path:object_id>/file/", guarded(self.file_view), name="settlement_payout_file"),
            *super().get_urls(),
        ]

    def make_view(self, request: HttpRequest) -> HttpResponse:
        """What may be paid now, by organisation; a press makes the batch of one."""
        books = books_of(request.user)
        if not books:
            raise Http404
        if request.method == "POST":
            book = books.filter(public_id=request.POST.get("book", "")[:64]).first()
            if book is None:
                raise Http404
            try:
                return HttpResponseRedirect(page_url(services.make_payout(book, by=request.user)))
            except DomainError as fault:
                messages.error(request, str(fault))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Pay rewards out"),
            "opts": self.opts,
            "waiting": [waiting_of(book) for book in books],
        }
        return TemplateResponse(request, "settlement/rewards/make_payout.html", context)

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The file for the bank. Taking it is an act that the journal keeps, so it is asked for by POST."""
        row = self.get_object(request, unquote(object_id))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            content = services.take_file(row, by=request.user)
        except DomainError as fault:
            messages.error(request, str(fault))
            return HttpResponseRedirect(page_url(row))
        return attachment(content, name=payouts.file_name(row), media_type="text/csv; charset=utf-8")

    @display(description=_("made on"), ordering="id")
    def made_on(self, row: Payout) -> Any:
        return timezone.localdate(row.created_at)

    @display(description=_("sum (yuan)"), ordering="total")
    def number_total(self, row: Payout) -> str:
        return fen(row.total)


def waiting_of(book: Any) -> dict[str, Any]:
    shares = payouts.payable(book)
    return {
        "book": book,
        "rows": [(each, each.payee.masked_number if each.payee else "", fen(each.amount)) for each in shares],
        "total": fen(sum((each.amount for each in shares), ZERO)),
    }


# What is to be given back


class GiveBackForm(MoveForm):
    amount = amount(label=_("amount"))
    on = day(label=_("arrived on"))
    reference = line(label=_("reference of the transfer"), max_length=100)

    def prepare(self) -> None:
        self.fields["amount"].initial = self.row.left
        self.fields["on"].initial = timezone.localdate()


def give_back(call: Call) -> ClawBack:
    values = dict(call.values)
    return services.give_back(call.row, values.pop("amount"), **values, by=call.by)


add_move(
    ClawBack,
    Move(
        name="give-back",
        label=_("Record what was given back"),
        permission="settlement.give_back",
        when=lambda row: row.state == ClawBack.State.OWED,
        form=GiveBackForm,
        question=_("The person has transferred it to you. What is left is set off with the next shares."),
        does=give_back,
        done=_("Recorded and booked."),
        look="primary",
    ),
)


@admin.register(ClawBack)
class ClawBackAdmin(BookAdmin):
    list_display = ("payee_name", "contract_title", "number_amount", "number_settled", "number_left", "state_label")
    list_display_links = ("payee_name",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("payee", "share__distribution__contract", "book")
    search_fields = ("payee__name", "share__distribution__contract__title")
    ordering = ("-id",)
    fields = (("payee_name", "contract_title"), ("number_amount", "number_settled", "number_left"))
    empty_sentence = _("Nobody has to give anything back.")
    payee_name = named("payee", _("payee"))

    @display(description=_("contract"))
    def contract_title(self, row: ClawBack) -> str:
        return row.share.distribution.contract.title

    @display(description=_("given back so far (yuan)"), ordering="settled")
    def number_settled(self, row: ClawBack) -> str:
        return fen(row.settled)

    @display(description=_("still to be given back (yuan)"))
    def number_left(self, row: ClawBack) -> str:
        return fen(row.left)
