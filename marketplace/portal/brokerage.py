"""Expressing interest in a listing on behalf of one's own organisation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from marketplace.brokerage import services
from marketplace.brokerage.models import Lead
from marketplace.brokerage.rules.leads import answer_by
from marketplace.core.errors import DomainError
from marketplace.listings.models import Projection
from marketplace.parties import access
from marketplace.parties.models import Organisation

from . import cards
from .faults import put
from .labels import Labels
from .listings import find

LONGEST = Lead._meta.get_field("pitch").max_length


def long_text(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea({"rows": 5, "maxlength": LONGEST})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, required=required, widget=widget)


class InterestForm(forms.Form):
    sender = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Your organisation"), empty_label=None
    )
    own_listing = forms.ModelChoiceField(
        Projection.objects.none(),
        label=gettext_lazy("Your own listing that it fits"),
        required=False,
        to_field_name="public_id",
        empty_label=gettext_lazy("none"),
        help_text=gettext_lazy("If you have published one: the owner then sees both sides at once."),
    )
    pitch = long_text(
        gettext_lazy("Who you are and what you want"),
        gettext_lazy("Your line of business, your size, and what you would do with it. At most 2,000 characters."),
    )
    why_fit = long_text(
        gettext_lazy("Why it fits"),
        gettext_lazy("Your conditions in figures, and what in this listing meets them."),
    )
    question = long_text(
        gettext_lazy("Your question to the owner"),
        gettext_lazy("One clear question gets the quickest answer."),
        required=False,
    )

    def __init__(self, values: Any, *, senders: Any, own_listings: Any) -> None:
        super().__init__(values, label_suffix="")
        for name, rows in (("sender", senders), ("own_listing", own_listings)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        if len(senders) == 1:
            self.fields["sender"].initial = senders[0]


def senders_of(user: Any) -> Any:
    """The verified organisations in whose name this person may act."""
    mine = [pk for pk in access.organisation_ids(user) if access.may_decide_for(user, pk)]
    return Organisation.objects.filter(pk__in=mine, state=Organisation.State.VERIFIED)


def own_listings_of(senders: Any, opposite_of: Projection) -> Any:
    """Their live listings of the other kind: an achievement answers a demand, and a demand an achievement."""
    kind = "demand" if opposite_of.kind == "achievement" else "achievement"
    return Projection.objects.live().filter(kind=kind, **{f"{kind}__owner__in": senders}).order_by("-id")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def express_interest(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Ask the owner to talk. Says beforehand until when they have to answer."""
    row = find(request, kind, public_id)
    card = cards.card(row, Labels())
    senders = senders_of(request.user)
    form = InterestForm(request.POST or None, senders=senders, own_listings=own_listings_of(senders, row))
    if card.is_open and form.is_valid() and sent(request, row, form):
        return redirect(cards.address(row))
    context = {"row": row, "card": card, "form": form, "senders": senders, "answer_by": answer_by(timezone.localdate())}
    return render(request, "portal/interest.html", context)


def sent(request: HttpRequest, row: Projection, form: InterestForm) -> bool:
    try:
        lead = services.express_interest(row, **form.cleaned_data, by=request.user)
    except DomainError as error:
        put(form, error)
        return False
    day = formats.date_format(lead.answer_by, "Y-m-d")
    messages.success(request, _("Your interest has been sent. The owner has until %(day)s to answer.") % {"day": day})
    return True
