"""Claims on guarantees in the workspace: filed on the page of the guarantee, reviewed, paid, taken back."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.fields import amount, day, handed_in, line, paper
from marketplace.contracts.admin.nouns import WithPapers, paper_of
from marketplace.contracts.models import Guarantee
from marketplace.core.money import ZERO
from marketplace.core.showing import countdown, exact, fen
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    add_move,
    add_panel,
    can,
    display,
    page_url,
    select,
    text,
)

from .. import services
from ..models import Claim, Recourse
from ..rules import claiming
from ..services.claims import claimable
from ..services.losses import due_of
from . import exposure
from .fields import MoneyAdmin, ReasonForm

LONG = 2000


# Filing, on the page of the guarantee


class FileForm(MoveForm):
    note = text(label=_("statement"), rows=4, required=False, limit=LONG, help_text=_("The guarantor reads it."))
    pursuit = select(
        label=_("how the debtor was pursued"), choices=Claim.Pursuit.choices, asks=True,
        help_text=_("This is a general guarantee: the debtor comes first (Civil Code 687)."),
    )  # fmt: skip
    pursued_on = day(
        label=_("sued or arbitrated on"), required=False, help_text=_("Keeps the guarantee period (Civil Code 693).")
    )
    proof = paper(label=_("proof of it"), required=True)

    def prepare(self) -> None:
        if not claiming.must_pursue(self.row.kind, self.row.liability):
            for name in ("pursuit", "pursued_on", "proof"):
                del self.fields[name]


def can_file(row: Guarantee) -> bool:
    is_open = row.claims.filter(state__in=Claim.OPEN).exists()
    return row.state == Guarantee.State.ISSUED and row.contract.is_in_default(timezone.localdate()) and not is_open


def file_claim(call: Call) -> Claim:
    values = call.values
    proof = handed_in(call, "proof", _("Proof that the debtor was pursued"), beside=call.row.guarantor)
    pursuit = services.Pursuit(values.get("pursuit", ""), values.get("pursued_on"), proof)
    return services.file_claim(call.row, note=values["note"], pursuit=pursuit, by=call.by)


def may_file(user: Any, row: Guarantee) -> bool:
    return bool(user.has_perm("settlement.file_claim", row.contract))


add_move(
    Guarantee,
    Move(
        name="file-claim",
        label=_("Claim on the guarantee"),
        may=may_file,
        when=can_file,
        form=FileForm,
        question=_("The guarantor is asked for all that is overdue and covered. The evidence is frozen as it is now."),
        does=file_claim,
        done=_("Filed. The guarantor is told and has the days of the law."),
        look="primary",
    ),
)


# Review


class AskForm(MoveForm):
    question = text(
        label=_("what is asked for"), rows=4, limit=LONG, help_text=_("Everything at once (Insurance Law 22).")
    )


class SupplyForm(MoveForm):
    answer = text(label=_("answer"), rows=4, limit=LONG)
    proof = paper()


class AcceptForm(MoveForm):
    amount = amount(label=_("accepted amount, yuan"))
    reasons = text(
        label=_("reasons"), rows=3, required=False, limit=LONG, help_text=_("Needed when it is less than claimed.")
    )

    def prepare(self) -> None:
        self.fields["amount"].initial = self.row.amount


class RefuseForm(MoveForm):
    code = select(label=_("reason"), choices=Claim.Refusal.choices, asks=True)
    reasons = text(label=_("in words"), rows=3, limit=LONG, help_text=_("Both sides read it."))


class CompensateForm(MoveForm):
    amount = amount(label=_("amount"), help_text=_("In yuan, as it arrived."))
    on = day(label=_("arrived on"))
    reference = line(label=_("reference of the transfer"), max_length=150)

    def prepare(self) -> None:
        today = timezone.localdate()
        self.fields["on"].initial = today
        self.fields["amount"].initial = sum(due_of(cast(Claim, self.row), today).values(), ZERO)


def supply(call: Call) -> Claim:
    proof = handed_in(call, "proof", _("Supplied for a claim"), beside=call.row.guarantee.guarantor)
    return services.supply_claim(call.row, call.values["answer"], proof=proof, by=call.by)


add_move(
    Claim,
    Move(
        name="accept",
        label=_("Accept"),
        permission="settlement.accept_claim",
        when=can("accept"),
        form=AcceptForm,
        question=_("You will pay in the licensee's place by the day of the law, and may recover it from the licensee."),
        does=lambda call: services.accept_claim(call.row, **call.values, by=call.by),
        done=_("Accepted. Pay it by the day that is shown."),
        look="primary",
    ),
    Move(
        name="ask",
        label=_("Ask for more"),
        permission="settlement.ask_about_claim",
        when=can("ask"),
        form=AskForm,
        question=_("Your own days wait until it is supplied."),
        does=lambda call: services.ask_about_claim(call.row, call.values["question"], by=call.by),
        done=_("Asked. The licensor is told."),
    ),
    Move(
        name="refuse",
        label=_("Refuse"),
        permission="settlement.refuse_claim",
        when=can("refuse"),
        form=RefuseForm,
        does=lambda call: services.refuse_claim(call.row, call.values["code"], call.values["reasons"], by=call.by),
        done=_("Refused. Both sides read your reason."),
        look="danger",
    ),
    Move(
        name="supply",
        label=_("Supply what is asked for"),
        permission="settlement.supply_claim",
        when=can("supply"),
        form=SupplyForm,
        does=supply,
        done=_("Supplied. The guarantor's days begin anew."),
        look="primary",
    ),
    Move(
        name="compensate",
        label=_("Record the compensation"),
        permission="settlement.compensate",
        when=can("compensate"),
        form=CompensateForm,
        question=_("The guarantor's money has arrived. It pays what it covers; the licensee owes it to the guarantor."),
        does=lambda call: services.compensate(call.row, **call.values, by=call.by),
        done=_("Recorded."),
        look="primary",
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        permission="settlement.withdraw_claim",
        when=can("withdraw"),
        form=ReasonForm,
        does=lambda call: services.withdraw_claim(call.row, call.values["reason"], by=call.by),
        done=_("Withdrawn."),
        look="rare",
    ),
    Move(
        name="reverse-compensation",
        label=_("Take the compensation back"),
        permission="settlement.reverse_compensation",
        when=can("take_back"),
        form=ReasonForm,
        question=_("It never arrived, or went back. What it had paid is open again, and recourse ends."),
        does=lambda call: services.reverse_compensation(call.row, call.values["reason"], by=call.by),
        done=_("Taken back."),
        look="rare",
    ),
)


# What the pages show


def lines(request: HttpRequest, row: Claim) -> dict[str, Any]:
    """Which losses are claimed, what of each is accepted, and the payment that it became."""
    rows = row.lines.select_related("loss__obligation__contract__sheet", "payment").order_by("id")
    shown = [
        (
            each.loss.obligation,
            str(each.loss.obligation),
            each.loss.obligation.due_on,
            fen(each.lost),
            each.covered_until,
            fen(each.amount),
            "–" if each.accepted is None else fen(each.accepted),
            each.payment,
        )
        for each in rows
    ]
    return {"lines": shown, "waits": waits_for(row)}


def waits_for(row: Claim) -> str:
    """Whom it waits for, and until when."""
    sentences = {
        Claim.State.FILED: (_("It waits for the guarantor's review until %(day)s, %(when)s."), row.review_by),
        Claim.State.ASKED: (_("It waits for the licensor until %(day)s, %(when)s."), row.supply_by),
        Claim.State.ACCEPTED: (_("The guarantor pays by %(day)s, %(when)s."), row.pay_by),
    }
    sentence, until = sentences.get(Claim.State(row.state), ("", None))
    return str(sentence) % {"day": until, "when": countdown(until, timezone.localdate())} if until else ""


def claims_of(request: HttpRequest, row: Any) -> dict[str, Any] | None:
    """The claims of a guarantee or a contract that the reader sees."""
    rows = Claim.objects.visible_to(request.user).filter(pk__in=row.claims.values("pk"))
    found = [(each, exact(each.amount)) for each in rows.select_related("guarantee", "contract").order_by("-id")]
    faults = covered(request, row) if isinstance(row, Guarantee) and can_file(row) else []
    return {"claims": found, "covered": faults} if found or faults else None


def covered(request: HttpRequest, row: Guarantee) -> list[tuple[str, str, Any, str]]:
    """What could be claimed today, or why not: for who may file it and who would pay it."""
    if not may_file(request.user, row) and not request.user.has_perm("contracts.answer_guarantee", row):
        return []
    today = timezone.localdate()
    rows = {each.key: each for each in row.contract.obligations.select_related("contract__sheet")}
    found = claimable(row, kept_on=today, day=today)
    return [(str(rows[each.key]), fen(each.lost), each.covered_until, said(each)) for each in found if each.key in rows]


def said(found: claiming.Line) -> str:
    return str(services.CLAIM_FAULTS[found.fault]) if found.fault else fen(found.amount)


def recourses_of(request: HttpRequest, row: Claim) -> dict[str, Any] | None:
    found = [
        (each, exact(each.amount), exact(each.paid), exact(each.left))
        for each in row.recourses.exclude(state=Recourse.State.CANCELLED)
    ]
    return {"recourses": found} if found else None


add_panel(Claim, "settlement/claim_lines.html", lines)
add_panel(Claim, "settlement/recourses.html", recourses_of)
add_panel(Guarantee, "settlement/claims.html", claims_of)


@admin.register(Claim)
class ClaimAdmin(MoneyAdmin, WithPapers):
    list_display = ("guarantee_name", "contract_page", "filed_on", "number_amount", "guarantor", "until", "state_label")
    list_display_links = ("guarantee_name",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("contract", "guarantee__guarantor")
    search_fields = ("contract__title",)
    ordering = ("-filed_on", "-id")
    fields = (
        ("contract_page", "guarantor"),
        ("guarantee_page", "evidence_shown"),
        ("demanded_on", "cure_until"),
        ("filed_on", "number_amount"),
        "note",
        ("pursuit", "pursued_on"),
        "pursuit_proof_shown",
        "question",
        ("supplied", "supplied_proof_shown"),
        ("decided_on", "accepted_shown"),
        ("refusal", "reasons"),
        "withdrawn_on",
        ("paid_on", "paid_shown"),
        "reference",
    )
    told_later = (
        *("note", "pursuit", "pursued_on", "pursuit_proof_shown", "question", "supplied", "supplied_proof_shown"),
        *("decided_on", "accepted_shown", "refusal", "reasons", "withdrawn_on", "paid_on", "paid_shown"),
        "reference",
    )
    list_before_template = "settlement/to_exposure.html"
    empty_sentence = _("No claim yet. After a default the licensor files one on the page of the guarantee.")
    evidence_shown = paper_of("evidence", _("evidence pack"))
    pursuit_proof_shown = paper_of("pursuit_proof", _("proof of it"))
    supplied_proof_shown = paper_of("supplied_proof", _("file"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.exposure_view)
        return [path("exposure/", view, name="settlement_claim_exposure"), *super().get_urls()]

    def exposure_view(self, request: HttpRequest) -> HttpResponse:
        """What one's guarantors stand in for on a day."""
        return exposure.view(request, {**self.admin_site.each_context(request), "opts": self.opts})

    @display(description=_("guarantee"), ordering="guarantee__kind")
    def guarantee_name(self, row: Claim) -> str:
        return str(row.guarantee.get_kind_display())

    @display(description=_("guarantee"))
    def guarantee_page(self, row: Claim) -> Any:
        """Whoever reads the claim reads the guarantee."""
        guarantee = row.guarantee
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(guarantee), guarantee.get_kind_display())

    @display(description=_("guarantor"))
    def guarantor(self, row: Claim) -> str:
        return str(row.guarantee.guarantor or _("deposit"))

    @display(description=_("waits until"))
    def until(self, row: Claim) -> Any:
        return row.review_by or row.supply_by or row.pay_by or "–"

    @display(description=_("accepted amount"))
    def accepted_shown(self, row: Claim) -> str:
        return exact(row.accepted or ZERO)

    @display(description=_("compensated amount"))
    def paid_shown(self, row: Claim) -> str:
        return exact(row.paid)
