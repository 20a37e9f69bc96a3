"""How a contract begins from what stands below: an achievement on the market, a deal, an achievement of one's own."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.brokerage.models import Deal
from marketplace.core.errors import Invalid
from marketplace.core.workspace import Call, Move, MoveForm, add_move, select, text
from marketplace.discovery.admin import own_organisations
from marketplace.law import codes
from marketplace.listings.models import Achievement, Projection
from marketplace.parties import access
from marketplace.parties.models import Organisation

from ... import services
from ...models import Contract
from ...rules.eligibility import PAY_LATER, any_pays_later
from ...wording import mode_name
from ..fields import LONG, line

PAYS_LATER = {mode.value for mode in PAY_LATER}


# A firm applies

APPLY = "apply-to-use"


def firms_of(user: Any, row: Projection) -> dict[str, Organisation]:
    """The firms for which this person decides and that do not own the listing."""
    own = own_organisations(user)
    return {key: each for key, each in own.items() if key != row.owner_key and each.kind == Organisation.Kind.FIRM}


def offers_pay_later(row: Projection) -> bool:
    return row.kind == Projection.Kind.ACHIEVEMENT and row.is_open_for_interest and any_pays_later(row.modes)


class ApplyForm(MoveForm):
    buyer = select(label=_("on behalf of"))
    mode = select(label=_("how you would pay"), asks=True)
    message = text(
        label=_("What you want to do with it"),
        rows=6,
        limit=LONG,
        help_text=_("The owner reads it with the name of your firm. Your size class and its proof are checked."),
    )

    def prepare(self) -> None:
        firms = firms_of(self.request.user, self.row)
        buyer, mode = (cast(forms.ChoiceField, self.fields[name]) for name in ("buyer", "mode"))
        buyer.choices = [(key, str(each)) for key, each in firms.items()]
        modes = sorted(self.row.modes, key=lambda each: each not in PAYS_LATER)
        mode.choices = [("", _("Select value")), *((each, mode_name(each)) for each in modes)]


def apply(call: Call) -> Contract:
    buyer = firms_of(call.by, call.row)[call.values["buyer"]]
    rest = {name: call.values[name] for name in ("mode", "message")}
    return services.apply(call.row, buyer=buyer, **rest, by=call.by)


add_move(
    Projection,
    Move(
        name=APPLY,
        label=_("Apply to use"),
        may=lambda user, row: bool(firms_of(user, row)),
        when=offers_pay_later,
        form=ApplyForm,
        question=_("You use it first and pay later, as the owner offers. Nothing is agreed yet."),
        does=apply,
        done=_("Written down. Hand it in when it says what you want; the owner then has 14 days to answer."),
        look="primary",
    ),
)


# A deal is drawn up


class ModeForm(MoveForm):
    mode = select(
        label=_("how it shall be paid"),
        choices=codes.choices("licensing_mode"),
        asks=True,
        help_text=_("It can be chosen anew when terms are proposed."),
    )


def may_draw_up(user: Any, deal: Deal) -> bool:
    """The deal's technology manager, and who decides for its supplier."""
    manager = deal.manager if deal.manager_id == user.pk else None
    return bool(user.has_perm("contracts.draft", Contract(seller=deal.supplier, buyer=deal.seeker, manager=manager)))


def has_no_contract(deal: Deal) -> bool:
    closed = (Contract.State.DECLINED, Contract.State.WITHDRAWN)
    may_begin = deal.state not in (Deal.State.INTRODUCED, Deal.State.LOST)
    return may_begin and not Contract.objects.filter(deal=deal).exclude(state__in=closed).exists()


add_move(
    Deal,
    Move(
        name="draw-up",
        label=_("Draw up the contract"),
        may=may_draw_up,
        when=has_no_contract,
        form=ModeForm,
        question=_("Both sides read the contract from now on. Terms are proposed in it, version by version."),
        does=lambda call: services.draft_from_deal(call.row, mode=call.values["mode"], by=call.by),
        done=_("Drawn up. Say for which territory and field of use, and propose terms."),
        look="primary",
    ),
)


# An owner draws up what was agreed elsewhere


class DraftForm(ModeForm):
    credit_code = line(
        label=_("unified social credit code of the licensee"),
        max_length=18,
        help_text=_("Eighteen characters. The licensee must be registered on this platform."),
    )
    field_order = ("credit_code", "mode")


def draft(call: Call) -> Contract:
    code = call.values["credit_code"].strip().upper()
    buyer = Organisation.objects.filter(credit_code=code, state=Organisation.State.VERIFIED).first()
    if buyer is None:
        raise Invalid(fields={"credit_code": [str(_("No verified organisation has this code."))]})
    return services.draft(call.row.owner, buyer, achievement=call.row, mode=call.values["mode"], by=call.by)


add_move(
    Achievement,
    Move(
        name="draw-up",
        label=_("Draw up a contract"),
        may=lambda user, row: access.may_decide_for(user, row.owner_id),
        when=lambda row: row.state == Achievement.State.PUBLISHED,
        form=DraftForm,
        question=_("For what was agreed outside the market. The licensee reads the contract from now on."),
        does=draft,
        done=_("Drawn up. Say for which territory and field of use, and propose terms."),
    ),
)
