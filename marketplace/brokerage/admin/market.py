"""What a listing of the market offers: to express interest in it."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import (
    Call,
    Move,
    add_move,
    select,
)
from marketplace.discovery.admin import own_organisations
from marketplace.listings.models import Projection

from .. import services
from ..models import Lead
from .match import InterestForm


class MarketInterestForm(InterestForm):
    sender = select(label=_("on behalf of"))
    own_listing = select(label=_("own listing that it fits"), required=False)
    field_order = ("sender", "own_listing", "pitch", "why_fit", "question")

    def prepare(self) -> None:
        own = own_organisations(self.request.user)
        sender, own_listing = (cast(forms.ChoiceField, self.fields[name]) for name in ("sender", "own_listing"))
        sender.choices = [(key, str(row)) for key, row in own.items()]
        mine = Projection.objects.live().filter(owner_key__in=own).exclude(kind=self.row.kind)
        own_listing.choices = [("", _("none")), *((row.public_id, row.title) for row in mine)]


def express_on_market(call: Call) -> Lead:
    values = dict(call.values)
    sender = own_organisations(call.by)[values.pop("sender")]
    own = Projection.objects.live().filter(public_id=values.pop("own_listing")).first()
    return services.express_interest(call.row, sender=sender, own_listing=own, by=call.by, **values)


def may_express(user: Any, row: Projection) -> bool:
    return any(key != row.owner_key for key in own_organisations(user))


add_move(
    Projection,
    Move(
        name="express-interest",
        label=_("Express interest"),
        may=may_express,
        when=lambda row: row.is_open_for_interest,
        form=MarketInterestForm,
        question=_("The owner has 14 days to answer."),
        does=express_on_market,
        done=_("Sent. The owner has 14 days to answer."),
        look="primary",
    ),
)
