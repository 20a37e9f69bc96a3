"""Sharing plans in the workspace: drafted on the page of the contract, read and signed by each inventor."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.fields import handed_in
from marketplace.contracts.models import Contract
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
    select,
    text,
)

from ... import explaining, services
from ...models import Payee, PlanLine, SharingPlan
from ...rules import sharing
from ...rules.sharing import Part
from ...services.plans import must_sign
from ..fields import MoneyAdmin, ReasonForm
from .lines import LinesField, LinesWidget, filled
from .rule import of_the_owner

State = SharingPlan.State


# Drafting, on the page of the contract


class DraftForm(MoveForm):
    """The lines of the last plan stand there already: a changed share is a new plan."""

    lines = LinesField(
        label=_("who shares"),
        help_text=_(
            "Write a share like 1/3 or 29.9 %. Inventors and staff share the reward, and their shares add up to 100 %; "
            "the owner, its college and its transfer office share what stays, and add up to 100 % as well, or are "
            "left out."
        ),
    )
    note = text(label=_("note"), rows=2, required=False, limit=500, help_text=_("Everybody who signs reads it."))

    def prepare(self) -> None:
        contract = cast(Contract, self.row)
        self.fill(contract, SharingPlan.objects.of_money().filter(contract=contract))

    def fill(self, contract: Contract, plans: Any) -> None:
        """The owner's payees to choose from, and the lines of the last of these plans."""
        rows = Payee.objects.filter(book_id=contract.seller_id).order_by("name", "pk")
        self.payees = {row.public_id: row for row in rows}
        widget = cast(LinesWidget, self.fields["lines"].widget)
        widget.payees = tuple((key, row.name) for key, row in self.payees.items())
        last = plans.order_by("-number").first()
        if last is not None:
            lines = filled(last.lines.select_related("payee"))
            self.initial = {**self.initial, "lines": lines, "note": last.note}

    def clean_lines(self) -> list[services.Given]:
        return [
            services.Given(
                role=row["role"],
                share=row["share"],
                payee=self.payees.get(row["payee"]),
                name=row["name"],
                is_main=bool(row["is_main"]),
            )
            for row in self.cleaned_data["lines"]
        ]


def draft(call: Call) -> SharingPlan:
    return services.draft_plan(call.row, call.values["lines"], note=call.values["note"], by=call.by)


add_move(
    Contract,
    Move(
        name="draft-plan",
        label=_("Draft a sharing plan"),
        permission="settlement.draft_plan",
        when=lambda row: row.is_signed,
        form=DraftForm,
        question=_(
            "Who shares in what arrives under this contract. Each inventor signs it; an earlier plan holds until the "
            "last one has signed this one. Enter people under “Payees” first."
        ),
        does=draft,
        done=_("Drafted. The inventors are told that it waits for their signature."),
        look="rare",
    ),
)


# Signing


def own_line(user: Any, row: SharingPlan) -> PlanLine | None:
    return must_sign(row).filter(payee__user_id=user.pk).first()


def may_sign(user: Any, row: SharingPlan) -> bool:
    line = own_line(user, row)
    return line is not None and user.has_perm("settlement.sign_plan", line)


def on_paper(row: SharingPlan) -> Any:
    """Inventors without an account here, who sign on paper."""
    return must_sign(row).filter(payee__user=None)


class SignForm(MoveForm):
    """Carries the hash of what its reader had before the eyes."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["seen"].initial = self.row.sha256


class PaperForm(MoveForm):
    line = select(label=_("inventor"), asks=True)
    paper = of_the_owner(label=_("signed paper"))

    def prepare(self) -> None:
        found = [(f"{row.pk}", row.name) for row in on_paper(cast(SharingPlan, self.row))]
        cast(forms.ChoiceField, self.fields["line"]).choices = [("", _("Select value")), *found]


def sign_on_paper(call: Call) -> SharingPlan:
    line = next(row for row in on_paper(call.row) if f"{row.pk}" == call.values["line"])
    paper = handed_in(call, "paper", _("Signed sharing plan"), of_the_seller=True)
    assert paper is not None  # the form asks for it
    return services.sign_on_paper(line, paper, by=call.by)


add_move(
    SharingPlan,
    Move(
        name="sign",
        label=_("Sign"),
        may=may_sign,
        when=can("sign"),
        form=SignForm,
        question=_("You confirm this plan as you have read it: every share in it, also those of the others."),
        does=lambda call: services.sign_plan(call.row, call.values["seen"], by=call.by),
        done=_("Signed."),
        look="primary",
    ),
    Move(
        name="sign-on-paper",
        label=_("Record a signature on paper"),
        permission="settlement.sign_on_paper",
        when=lambda row: row.state == State.DRAFTED and on_paper(row).exists(),
        form=PaperForm,
        question=_("For inventors without an account here. Hand in the plan that they signed."),
        does=sign_on_paper,
        done=_("Recorded."),
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        permission="settlement.withdraw_plan",
        when=can("withdraw"),
        form=ReasonForm,
        does=lambda call: services.withdraw_plan(call.row, call.values["reason"], by=call.by),
        done=_("Withdrawn."),
        look="danger",
    ),
)


# The page


def lines_panel(request: HttpRequest, row: SharingPlan) -> dict[str, Any]:
    """Every share and every signature, the reward first; who signs it reads all of it."""
    lines = list(row.lines.select_related("payee").order_by("id"))
    parts = [
        (_("Of the reward"), [each for each in lines if each.as_rule().part is Part.POOL]),
        (_("Of what stays with the owner"), [each for each in lines if each.as_rule().part is Part.RETAINED]),
    ]
    shown = [(title, [(each, sharing.written(each.share)) for each in found]) for title, found in parts if found]
    return {"parts": shown, "roles": PlanLine.Role, "texts": explaining.cited(row.law_references)}


add_panel(SharingPlan, "settlement/rewards/plan.html", lines_panel)


@admin.register(SharingPlan)
class SharingPlanAdmin(MoneyAdmin):
    list_display = ("contract_title", "stake_name", "number", "book_name", "signed_on", "state_label")
    list_display_links = ("contract_title",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("contract", "book", "stake")
    search_fields = ("contract__title",)
    ordering = ("-id",)
    fields = (("contract_shown", "book_name"), ("stake_name", "number", "signed_on"), "note")
    empty_sentence = _("No plan yet. Draft one on the page of its contract.")
    contract_title = named("contract", _("contract"))
    book_name = named("book", _("books of"))

    @display(description=_("stake in"))
    def stake_name(self, row: SharingPlan) -> str:
        return row.stake.company if row.stake is not None else "–"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        contracts = Contract.objects.visible_to(request.user)
        found.__dict__["_opens_contract"] = contracts.filter(pk=found.contract_id).exists()
        return found

    def notices(self, request: HttpRequest, row: SharingPlan) -> list[tuple[str, Any]]:
        if row.state != State.DRAFTED:
            return []
        names = _(", ").join(must_sign(row).values_list("name", flat=True))
        return [("warning", _("It waits for the signature of: %(names)s.") % {"names": names})]

    @display(description=_("contract"))
    def contract_shown(self, row: SharingPlan) -> Any:
        return self.contract_page(row) if row.__dict__["_opens_contract"] else row.contract.title
