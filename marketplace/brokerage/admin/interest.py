"""Interests that brokers declare, and what they disclose to the two sides of a pair, in the workspace."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.core.validation import LONGEST_REMARK
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    StageForm,
    add_move,
    can,
    display,
    named,
    select,
    text,
)
from marketplace.discovery.models import Match
from marketplace.parties import access
from marketplace.parties.models import Agency

from .. import services
from ..models import Disclosure, Interest
from .forms import CreditCodeField
from .linking import linked
from .match import may_open_deal

add_move(
    Interest,
    Move(
        name="end",
        label=_("It is over"),
        permission="brokerage.end_interest",
        when=lambda row: row.ended_on is None,
        question=_("From today on you have no such interest any more. What it was stays written down."),
        does=lambda call: services.end_interest(call.row, by=call.by),
        done=_("Recorded."),
    ),
)


class InterestForm(StageForm):
    other = CreditCodeField(label=_("credit code of the organisation"))
    holder = forms.ModelChoiceField(
        label=_("on behalf of"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("myself"),
        widget=select().widget,
    )

    class Meta:
        model = Interest
        fields = ("kind", "since", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = agencies_of(self.request.user)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = super().values()
        agency = values.pop("holder")
        holder = {"agency": agency} if agency else {"manager": self.request.user}
        return values | holder | {"organisation": values.pop("other")}


def agencies_of(user: Any) -> Any:
    """The agencies that this person decides for."""
    deciding = [pk for pk in access.roles(user) if access.may_decide_for(user, pk)]
    return Agency.objects.filter(organisation_id__in=deciding).select_related("organisation")


@admin.register(Interest)
class InterestAdmin(StageAdmin):
    form = InterestForm
    list_display = ("organisation_name", "kind", "holder_name", "since", "ended_on")
    list_display_links = ("organisation_name",)
    list_filter = (("kind", ChoicesDropdownFilter),)
    list_select_related = ("organisation", "manager", "agency__organisation")
    search_fields = ("organisation__name_zh", "organisation__name_en")
    ordering = ("-id",)
    fields = ("organisation_name", ("kind", "holder_name"), ("since", "ended_on"), "note")
    add_fieldsets = ((None, {"fields": ("other", "holder", "kind", "since", "note")}),)
    empty_sentence = _("Nothing declared. Declare what ties you to an organisation before you bring it to somebody.")
    organisation_name = named("organisation", _("organisation"))

    @display(description=_("whose interest"))
    def holder_name(self, row: Interest) -> str:
        return str(row.holder)

    def may_enter(self, user: Any) -> bool:
        return bool(access.is_platform_staff(user) or access.is_technology_manager(user) or agencies_of(user).exists())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(access.is_technology_manager(request.user) or agencies_of(request.user).exists())

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Interest:
        return services.declare_interest(form.values(), by=request.user)


# Disclosures


class DiscloseForm(MoveForm):
    note = text(label=_("in your words"), rows=4, required=False, limit=LONGEST_REMARK)


def disclose(call: Call) -> Disclosure:
    return services.disclose(call.row.achievement, call.row.demand, note=call.values["note"], by=call.by)[0]


add_move(
    Match,
    Move(
        name="disclose",
        label=_("Disclose to both sides"),
        may=may_open_deal,
        when=lambda match: not getattr(match, "has_live_deal", False),
        form=DiscloseForm,
        question=_(
            "Both sides learn that you act for both, and which interests you have declared in either. You may bring "
            "them together once both have acknowledged it."
        ),
        does=disclose,
        done=_("Disclosed. Both sides are asked to answer."),
        look="rare",
    ),
)


class AnswerForm(MoveForm):
    answer = text(label=_("Your answer"), rows=3, required=False, limit=LONGEST_REMARK)


add_move(
    Disclosure,
    Move(
        name="acknowledge",
        label=_("Acknowledge"),
        permission="brokerage.answer_disclosure",
        when=can("acknowledge"),
        form=AnswerForm,
        question=_("You know it and let the broker act. You may take that back at any time."),
        does=lambda call: services.acknowledge(call.row, call.values["answer"], by=call.by),
        done=_("Acknowledged."),
        look="primary",
    ),
    Move(
        name="refuse",
        label=_("Do not agree"),
        permission="brokerage.answer_disclosure",
        when=can("refuse"),
        form=AnswerForm,
        question=_("The broker may not bring you together with this side."),
        does=lambda call: services.refuse(call.row, call.values["answer"], by=call.by),
        done=_("Recorded."),
        look="danger",
    ),
)


@admin.register(Disclosure)
class DisclosureAdmin(StageAdmin):
    list_display = ("pair", "kind", "manager_name", "party_name", "state_label")
    list_display_links = ("pair",)
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    list_select_related = ("achievement", "demand", "manager", "party", "interest")
    ordering = ("-id",)
    fields = (
        *("what", ("demand_page", "achievement_page"), ("manager_name", "party_name"), "note"),
        ("answered_at", "answer"),
    )
    empty_sentence = _("Nothing was disclosed.")
    manager_name = named("manager", _("technology manager"))
    party_name = named("party", _("told to"))

    def may_enter(self, user: Any) -> bool:
        return bool(access.is_platform_staff(user) or access.roles(user) or access.is_technology_manager(user))

    @display(description=_("about"))
    def pair(self, row: Disclosure) -> str:
        return " ↔ ".join(each.title or str(_("no longer on the market")) for each in (row.demand, row.achievement))

    @display(description=_("disclosed"))
    def what(self, row: Disclosure) -> Any:
        """What is disclosed, without naming the other side, which may be anonymous."""
        if row.interest is None:
            return _("The technology manager, or the agency that the manager works for, acts for both sides.")
        whose = _("your organisation") if row.interest.organisation_id == row.party_id else _("the other side")
        kind = row.interest.get_kind_display()
        return _("The broker has declared an interest in %(whose)s: %(kind)s.") % {"whose": whose, "kind": kind}

    @display(description=_("demand"))
    def demand_page(self, row: Disclosure) -> Any:
        return linked(row.demand)

    @display(description=_("achievement"))
    def achievement_page(self, row: Disclosure) -> Any:
        return linked(row.achievement)
