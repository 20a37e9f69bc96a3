"""Stakes on the page of a contract: recorded from its equity term, and read by both sides."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.fields import amount, day, handed_in, line, ratio, whole
from marketplace.contracts.models import Contract
from marketplace.core.showing import percent, trimmed
from marketplace.core.workspace import Call, Move, MoveForm, add_move, add_panel, move_url, select

from ... import equity, services
from ...models import Stake
from ..rewards.rule import of_the_owner

HUNDRED = 100
MOST_SHARES = 10**15


class StakeForm(MoveForm):
    """What the contract says stands there already."""

    term = select(label=_("term of the contract"), asks=True)
    instrument = select(label=_("agreed in"), choices=Stake.Instrument.choices, asks=True)
    instrument_paper = of_the_owner(label=_("agreement or articles"))
    credit_code = line(label=_("unified social credit code of the company"), max_length=30)
    company = line(
        label=_("company"),
        max_length=200,
        required=False,
        help_text=_("Only of another company than the licensee."),
    )
    percent = ratio(label=_("part of the company, %"))
    percent_reason = line(
        label=_("why it differs from the contract"),
        max_length=300,
        required=False,
        help_text=_("As by amended articles; empty where it is the percent of the contract."),
    )
    shares = whole(
        label=_("number of shares"),
        required=False,
        max_value=MOST_SHARES,
        help_text=_("Empty for a company without shares."),
    )
    valuation = amount(label=_("value of the contribution"))
    basis = select(label=_("how it was valued"), choices=Stake.Basis.choices, asks=True)
    valued_on = day(label=_("valued as of"))
    valuation_paper = of_the_owner(label=_("paper on the value"))
    agreed_on = day(label=_("agreed on"), help_text=_("The law of this day holds."))

    def prepare(self) -> None:
        contract = cast(Contract, self.row)
        terms = equity.free_terms(contract)
        named = [(each.id, f"{each.label_zh or each.id} · {percent(each.percent)}") for each in terms]
        cast(forms.ChoiceField, self.fields["term"]).choices = named
        first = terms[0] if terms else None
        known: dict[str, Any] = {
            "credit_code": contract.buyer.credit_code,
            "agreed_on": contract.signed_on,
            "valued_on": contract.signed_on or timezone.localdate(),
        }
        if first is not None:
            known |= {"percent": trimmed(f"{first.percent * HUNDRED:f}"), "valuation": first.valuation}
        self.initial = {**known, **self.initial}


def record(call: Call) -> Stake:
    values = dict(call.values)
    papers = {
        "instrument_paper": handed_in(call, "instrument_paper", _("Agreement on a stake"), of_the_seller=True),
        "valuation_paper": handed_in(call, "valuation_paper", _("Value of a contribution"), of_the_seller=True),
    }
    values |= papers | {"percent": values["percent"] / HUNDRED}
    return services.record_stake(call.row, values.pop("term"), **values, by=call.by)


add_move(
    Contract,
    Move(
        name="record-stake",
        label=_("Record the stake"),
        permission="settlement.record_stake",
        when=lambda row: row.is_signed and bool(equity.free_terms(row)),
        form=StakeForm,
        question=_("What your side received of the company under this contract. Who holds it is agreed afterwards."),
        does=record,
        done=_("Recorded. Draft the plan of who holds it."),
    ),
)


def stakes_of(request: HttpRequest, row: Contract) -> dict[str, Any] | None:
    """Its stakes, and where none is recorded yet the way to do it."""
    stakes = list(Stake.objects.visible_to(request.user).filter(contract=row).order_by("id"))
    decides = row.is_signed and request.user.has_perm("settlement.record_stake", row)
    waits = decides and bool(equity.free_terms(row))
    if not stakes and not waits:
        return None
    shown = [(each, percent(each.percent)) for each in stakes]
    return {"stakes": shown, "record": move_url(row, "record-stake") if waits else ""}


add_panel(Contract, "settlement/equity/of_contract.html", stakes_of)
