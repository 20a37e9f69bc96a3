"""Obligations in the workspace: what is owed, why this number, and what is open by age."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import ZERO
from marketplace.core.showing import exact, fen
from marketplace.core.workspace import ChoicesDropdownFilter, Move, add_move, add_panel, display, page_url, text
from marketplace.core.workspace.fields import tick
from marketplace.core.workspace.stage import STATE_COLOURS

from .. import naming, receivables, services
from ..models import Obligation, Payment
from ..services.claims import covering
from . import cashflow
from .fields import MoneyAdmin, ReasonForm


class WriteOffForm(ReasonForm):
    reason = text(
        label=_("decision"), rows=3, limit=1000, help_text=_("Who decided it when, such as the minutes of a meeting.")
    )
    gives_up_cover = tick(label=_("the guarantee is given up as well"))

    def prepare(self) -> None:
        """The tick is asked for only where a guarantee could still pay."""
        names = covering(cast(Obligation, self.row), timezone.localdate())
        if not names:
            del self.fields["gives_up_cover"]
            return
        said = _("It can still be asked for this payment, and cannot any more afterwards: %(guarantees)s.")
        self.fields["gives_up_cover"].help_text = said % {"guarantees": names}


def is_open(row: Obligation) -> bool:
    return row.state in Obligation.OPEN and row.unpaid > 0 and row.kind != Obligation.SHARES


add_move(
    Obligation,
    Move(
        name="write-off",
        label=_("Write off"),
        permission="settlement.write_off",
        when=is_open,
        form=WriteOffForm,
        question=_("You give the claim up in your books. The debt stands: what is still paid is booked as recovered."),
        does=lambda call: services.write_off(call.row, **call.values, by=call.by),
        done=_("Written off."),
        look="danger",
    ),
)


def steps(request: HttpRequest, row: Obligation) -> dict[str, Any]:
    return {"steps": naming.why(row), "parts": parts(request.user, row)}


def parts(user: Any, row: Obligation) -> list[tuple[Any, str, str]]:
    """What paid it: the payment (or none for a set-off), principal and interest; third parties see no payments."""
    seen = Q(payment=None) | Q(payment__in=Payment.objects.visible_to(user))
    rows = row.allocations.filter(seen).select_related("payment").order_by("id")
    return [(each.payment, fen(each.principal), fen(each.interest)) for each in rows]


def reminders(request: HttpRequest, row: Obligation) -> dict[str, Any] | None:
    """Who was reminded of it, and when; none is sent once it is paid."""
    sent = row.contract.reminders.filter(about=f"pay:{row.key}"[:80], due_on=row.due_on).order_by("created_at", "id")
    rows = [(each.created_at, each.get_side_display(), naming.days_from_due(each.step)) for each in sent]
    return {"reminders": rows} if rows else None


add_panel(Obligation, "settlement/steps.html", steps)
add_panel(Obligation, "settlement/reminders.html", reminders)


@admin.register(Obligation)
class ObligationAdmin(MoneyAdmin):
    list_display = (
        *("name", "contract_page", "due_on", "number_amount", "number_unpaid", "number_interest", "state_label"),
    )
    list_display_links = ("name",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("contract__sheet",)
    search_fields = ("key", "contract__title")
    ordering = ("due_on", "id")
    fields = (
        "contract_page",
        ("arose_on", "due_on"),
        ("number_amount", "number_paid", "number_unpaid", "number_interest"),
        "write_off_reason",
    )
    list_before_template = "settlement/to_receivables.html"
    told_later = ("write_off_reason",)
    empty_sentence = _("Nothing is owed yet. What a signed contract makes due appears here by itself.")

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("receivables/", guarded(self.receivables_view), name="settlement_obligation_receivables"),
            path("cash-flow/", guarded(self.cash_flow_view), name="settlement_obligation_cash_flow"),
            *super().get_urls(),
        ]

    def cash_flow_view(self, request: HttpRequest) -> HttpResponse:
        """What is expected and what came, by month."""
        return cashflow.view(request, {**self.admin_site.each_context(request), "opts": self.opts})

    def receivables_view(self, request: HttpRequest) -> HttpResponse:
        """What is open to one's organisations, by age: totals, and contract by contract."""
        found = receivables.by_contract(receivables.open_to(request.user), timezone.localdate())
        sums = receivables.totals(found)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Receivables by age"),
            "opts": self.opts,
            "ages": [(label, exact(sums[age])) for age, label in naming.AGES.items()],
            "total": exact(sum(sums.values(), ZERO)),
            "rows": [in_words(each) for each in found],
        }
        return TemplateResponse(request, "settlement/receivables.html", context)

    @display(description=_("for"), ordering="key")
    def name(self, row: Obligation) -> str:
        """What it is for: "Royalty 2027-Q1"."""
        return str(row)

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_label(self, row: Obligation) -> tuple[str, Any]:
        """What is owed in shares is never paid in money."""
        if row.kind == Obligation.SHARES and row.state in Obligation.OPEN:
            return "issued", _("performed in shares")
        return row.state, row.get_state_display()

    @display(description=_("paid (yuan)"), ordering="paid")
    def number_paid(self, row: Obligation) -> str:
        return fen(row.paid)

    @display(description=_("open (yuan)"))
    def number_unpaid(self, row: Obligation) -> str:
        return fen(row.unpaid) if row.kind != Obligation.SHARES else "–"

    @display(description=_("open interest (yuan)"), ordering="interest")
    def number_interest(self, row: Obligation) -> str:
        left = row.interest - row.interest_paid
        return fen(left) if left else "–"


def in_words(row: receivables.OfContract) -> tuple[str, receivables.OfContract, list[str], str, str]:
    """One contract of the table: its page, what is open of each age, in all, and the interest."""
    ages = [fen(row.ages[age]) if row.ages[age] else "–" for age in naming.AGES]
    return page_url(row.contract), row, ages, fen(row.total), fen(row.interest) if row.interest else "–"
