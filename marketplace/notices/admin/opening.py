"""The button on an organisation's own page that opens a price notice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import (
    Call,
    Move,
    MoveForm,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminTextInputWidget,
    WordsField,
    add_move,
    select,
    text,
)
from marketplace.law import codes
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .. import rules, services, wording
from ..models import Notice


def line(name: str, **options: Any) -> forms.CharField:
    """A one-line text of the content."""
    return words(label=wording.LABELS[name], max_length=rules.TEXTS[name], **options)


def words(**options: Any) -> forms.CharField:
    return forms.CharField(widget=UnfoldAdminTextInputWidget, **options)


class OpeningForm(MoveForm):
    title_zh = words(label=_("title in Chinese"), max_length=200)
    title_en = words(label=_("title in English"), max_length=200, required=False)
    place = select(
        label=_("Place whose law holds"),
        choices=codes.choices("province"),
        help_text=_("It decides how long the notice runs, what it shows, and where."),
    )
    name = line("name")
    abstract = text(label=wording.LABELS["abstract"], rows=4, required=False, limit=rules.TEXTS["abstract"])
    inventors = WordsField(label=wording.LABELS["inventors"], required=False, help_text=_("Divided by commas."))
    method = select(label=wording.LABELS["method"], choices=codes.choices("conversion_method"), asks=True)
    counterparty = line("counterparty")
    related_party = select(label=wording.LABELS["related_party"], choices=list(wording.MARKS.items()), asks=True)
    relation = line("relation", required=False, help_text=_("If it is related: how."))
    price = text(
        label=wording.LABELS["price"],
        rows=3,
        limit=rules.TEXTS["price"],
        help_text=_("In words that anybody understands: entry fee, royalty with floor and cap, milestones."),
    )
    estimated_total = forms.DecimalField(
        label=wording.LABELS["estimated_total"],
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("In yuan, if the price is a formula."),
    )
    days = forms.IntegerField(
        label=_("days"),
        required=False,
        min_value=1,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("Empty: as many as the law asks. Never fewer."),
    )
    where = select(
        label=_("shown"),
        choices=[("unit", _("in the organisation alone")), ("market", _("in the organisation and on the market"))],
        help_text=_("Where the law asks for the market, it is shown there anyway."),
    )

    def prepare(self) -> None:
        self.fields["place"].initial = f"{self.row.region[:2]}0000"


def open_from(call: Call) -> Notice:
    values = dict(call.values)
    shown = {name: values.pop(name) for name in rules.FIELDS if name in values}  # rewards have fields of their own
    total = shown.pop("estimated_total")
    content = {name: value for name, value in shown.items() if value}
    if total is not None:
        content["estimated_total"] = f"{total:.2f}"
    is_on_market = values.pop("where") == "market"
    terms = {name: content.get(name, "") for name in ("price", "method", "counterparty")}
    return services.open_notice(
        call.row,
        content=content,
        fingerprint=rules.fingerprint(**terms),
        is_on_market=is_on_market,
        by=call.by,
        **values,
    )


add_move(
    Organisation,
    Move(
        name="open-notice",
        label=_("Open a public notice"),
        may=lambda user, row: access.may_decide_for(user, row.pk),
        when=lambda row: row.is_verified,
        form=OpeningForm,
        question=_(
            "The price that you have agreed is shown before you sign, and anybody who may read the notice may object. "
            "Somebody else than you will answer the objections. If the terms change, the notice becomes void."
        ),
        does=open_from,
        done=_("The notice is open."),
    ),
)
