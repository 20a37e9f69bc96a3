"""Mandates in the workspace: drawn up by either side, signed by both, ended by one or both."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.validation import LONGEST_REMARK
from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    StageForm,
    add_move,
    add_panel,
    can,
    display,
    many,
    named,
    select,
    text,
)
from marketplace.core.workspace.fields import ratio
from marketplace.law import codes
from marketplace.listings.models import Projection
from marketplace.parties import access
from marketplace.parties.models import Agency, Organisation, TechnologyManager, User

from .. import services, wording
from ..models import Interest, Mandate
from ..services.mandate_terms import offered_listings
from .forms import HUNDRED, CreditCodeField, RatesField, plain

State = Mandate.State
PARTIES = ("own", "principal_code", "agency", "manager")


def one_of(rows: Any, **options: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(queryset=rows, required=False, widget=select().widget, **options)


class EndForm(MoveForm):
    note = text(label=_("note"), rows=3, required=False, limit=LONGEST_REMARK)


class TerminateForm(MoveForm):
    reason = text(label=_("reason"), rows=3, limit=LONGEST_REMARK)


def waits_for(user: Any, mandate: Mandate) -> bool:
    """Whether a side that this person decides for has still to sign."""
    mine = [side for side in (Mandate.PRINCIPAL, Mandate.BROKER) if services.decides_for(mandate, side, user)]
    return any(not services.is_signed_by(mandate, side) for side in mine)


add_move(
    Mandate,
    Move(
        name="sign",
        label=_("Sign"),
        may=lambda user, row: user.has_perm("brokerage.sign_mandate", row) and waits_for(user, row),
        when=can("sign"),
        question=_(
            "You sign for your side. With the second signature the mandate holds, today at the earliest. Read the "
            "interests that the broker has declared: you sign knowing them."
        ),
        does=lambda call: services.sign_mandate(call.row, by=call.by, version=call.version),
        done=_("Signed."),
        look="primary",
    ),
    Move(
        name="withdraw",
        label=_("Withdraw the draft"),
        permission="brokerage.withdraw_mandate",
        when=can("withdraw"),
        question=_("It comes to nothing; another one can be drawn up."),
        does=lambda call: services.withdraw_mandate(call.row, by=call.by),
        done=_("Withdrawn."),
        look="danger",
    ),
    Move(
        name="end",
        label=pgettext_lazy("mandate", "End by agreement"),
        permission="brokerage.end_mandate",
        when=can("end"),
        form=EndForm,
        question=_("It ends when the other side says so too. Whoever was introduced before keeps the tail."),
        does=lambda call: services.end_mandate(call.row, call.values["note"], by=call.by),
        done=_("Recorded. It ends when both sides have said so."),
    ),
    Move(
        name="terminate",
        label=pgettext_lazy("mandate", "Terminate"),
        permission="brokerage.terminate_mandate",
        when=can("terminate"),
        form=TerminateForm,
        question=_("It ends today. Commissions earned before and the tail stay (Civil Code 933, 965)."),
        does=lambda call: services.terminate_mandate(call.row, call.values["reason"], by=call.by),
        done=_("Terminated."),
        look="danger",
    ),
)


class MandateForm(StageForm):
    """Members of the principal choose their organisation; brokers name it by its credit code."""

    own = one_of(Organisation.objects.none(), label=pgettext_lazy("mandate", "principal"))
    principal_code = CreditCodeField(
        label=_("credit code of the principal"),
        required=False,
        help_text=_("For brokers: the organisation that mandates you."),
    )
    agency = one_of(Agency.objects.none(), label=_("agency"))
    manager = one_of(User.objects.none(), label=_("technology manager"))
    offered = many(label=_("listings"), long=True, required=False)
    technical_fields = many(label=_("technical fields"), required=False)
    places = many(label=pgettext_lazy("mandate", "territory"), long=True)
    rates = RatesField(
        label=_("rates"),
        help_text=_("One line each: from which amount in yuan, a space, the rate in %. “0 5” is 5 % of everything."),
    )
    agency_percent = ratio(label=_("share of the agency, %"), required=False, initial=50)

    class Meta:
        model = Mandate
        fields = (*("side", "is_exclusive", "starts_on", "ends_on", "tail_months", "base", "floor", "cap", "note"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user, row = self.request.user, self.instance
        if row.pk:
            for name in PARTIES:
                self.fields.pop(name, None)  # who is named is not changed
        if "agency" in self.fields:
            fit_parties(self, user)
        fields, places = (cast(forms.MultipleChoiceField, self.fields[n]) for n in ("technical_fields", "places"))
        fields.choices = [("*", _("every technical field")), *codes.choices("technical_field")]
        places.choices = [(code, wording.place_name(code)) for code in ("CN", "WORLD")]
        places.choices = [*places.choices, *codes.choices("province")]
        rows = offered_listings(row, user) if row.pk else listings_of(user)
        chosen = cast(forms.MultipleChoiceField, self.fields["offered"])
        chosen.choices = [(each.public_id, each.title) for each in rows]
        self.by_id = {each.public_id: each for each in rows}
        self.initial.update({"rates": row.tiers, "technical_fields": row.fields, "places": row.territory})
        if row.pk:
            self.initial["offered"] = list(row.listings.values_list("public_id", flat=True))
            self.initial["agency_percent"] = plain(row.agency_share * HUNDRED)

    def values(self) -> dict[str, Any]:
        given = super().values()
        share = given.pop("agency_percent", None)
        terms = {
            "tiers": given.pop("rates"),
            "fields": given.pop("technical_fields"),
            "territory": given.pop("places"),
            "listings": [self.by_id[each] for each in given.pop("offered")],
        }
        if share is not None:
            terms["agency_share"] = share / HUNDRED
        own, by_code = given.pop("own", None), given.pop("principal_code", None)
        return given | terms | ({} if self.instance.pk else {"principal": own or by_code})

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        is_named = self.instance.pk or given.get("own") or given.get("principal_code")
        if not is_named and "principal_code" not in self.errors:
            self.add_error("principal_code", _("Name the principal."))
        return given


def fit_parties(form: MandateForm, user: Any) -> None:
    """Whom this person may name: the own organisations as principal, and registered brokers."""
    own = cast(forms.ModelChoiceField, form.fields["own"])
    deciding = [pk for pk in access.roles(user) if access.may_decide_for(user, pk)]
    own.queryset = Organisation.objects.filter(pk__in=deciding)
    agencies, managers = (cast(forms.ModelChoiceField, form.fields[name]) for name in ("agency", "manager"))
    agencies.queryset = Agency.objects.valid().select_related("organisation")
    valid = TechnologyManager.objects.valid().values("user_id")
    managers.queryset = User.objects.filter(pk__in=valid).order_by("name")
    if access.is_technology_manager(user):
        form.initial.setdefault("manager", user.pk)
    if not deciding:
        del form.fields["own"]


def listings_of(user: Any) -> Any:
    """Published listings of the organisations that this person decides for."""
    deciding = [pk for pk in access.roles(user) if access.may_decide_for(user, pk)]
    keys = Organisation.objects.filter(pk__in=deciding).values("public_id")
    return Projection.objects.live().filter(owner_key__in=keys)


def terms_panel(request: HttpRequest, row: Mandate) -> dict[str, Any]:
    signed = [
        (pgettext_lazy("mandate", "principal"), row.principal, row.principal_signed_at),
        (_("broker"), row.broker, row.broker_signed_at),
    ]
    return {
        "commission": wording.commission_sentence(row),
        "shares": wording.shares(row),
        "scope": wording.scope_lines(row),
        "places": [wording.place_name(code) for code in row.territory],
        "signed": signed,
        "interests": interests_in(row),
    }


def interests_in(row: Mandate) -> Any:
    """What the broker has declared about the principal itself."""
    rows = Interest.objects.live().filter(organisation=row.principal)
    return rows.filter(manager=row.manager) if row.agency is None else rows.filter(agency=row.agency)


add_panel(Mandate, "brokerage/mandate.html", terms_panel)


@admin.register(Mandate)
class MandateAdmin(StageAdmin):
    form = MandateForm
    list_display = ("parties", "side", "exclusive", "ends_on", "state_label")
    list_display_links = ("parties",)
    list_filter = (("state", ChoicesDropdownFilter), ("side", ChoicesDropdownFilter))
    list_select_related = ("principal", "agency__organisation", "manager")
    search_fields = ("principal__name_zh", "principal__name_en", "manager__name", "agency__organisation__name_zh")
    ordering = ("-id",)
    empty_sentence = _("No mandate yet. Draw one up: whom you ask, for what, until when, for which commission.")
    principal_name = named("principal", pgettext_lazy("mandate", "principal"))
    agency_name = named("agency", _("agency"))
    manager_name = named("manager", _("technology manager"))

    def may_enter(self, user: Any) -> bool:
        return bool(access.is_platform_staff(user) or access.roles(user) or access.is_technology_manager(user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        user = request.user
        decides = any(access.may_decide_for(user, pk) for pk in access.roles(user))
        return decides or access.is_technology_manager(user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return bool(obj.state == State.DRAFT and request.user.has_perm("brokerage.edit_mandate", obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who is named is told, and not changed."""
        return ("principal_name", "agency_name", "manager_name", "exclusive_said") if obj is not None else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            who = ("principal_name", "agency_name", "manager_name")
            over = ("ended_on", "end_note") if obj.end_note or obj.ended_on else ()
            days = ("starts_on", "ends_on", "tail_months")
            return ((None, {"fields": (who, ("side", "exclusive_said"), days, "note", *((over,) if over else ()))}),)
        who_now = (("principal_name", "agency_name", "manager_name"),) if obj else self.parties_asked(request)
        what = ("side", "is_exclusive", "offered", "technical_fields", "places")
        return (
            (None, {"fields": who_now}),
            (_("What for"), {"fields": what, "description": _("Name either listings or technical fields.")}),
            (_("Until when"), {"fields": (("starts_on", "ends_on", "tail_months"),)}),
            (_("Commission"), {"fields": ("base", "rates", ("floor", "cap"), "agency_percent", "note")}),
        )

    def parties_asked(self, request: HttpRequest) -> tuple[Any, ...]:
        user = request.user
        decides = any(access.may_decide_for(user, pk) for pk in access.roles(user))
        return (*(("own",) if decides else ()), "principal_code", ("agency", "manager"))

    @display(description=_("mandate"), ordering="principal__name_zh")
    def parties(self, row: Mandate) -> str:
        return str(row)

    @display(description=_("exclusive"), boolean=True, ordering="is_exclusive")
    def exclusive(self, row: Mandate) -> bool:
        return row.is_exclusive

    @display(description=_("exclusive"))
    def exclusive_said(self, row: Mandate) -> Any:
        return _("exclusive") if row.is_exclusive else _("not exclusive")

    def notices(self, request: HttpRequest, row: Mandate) -> list[tuple[str, Any]]:
        if row.state == State.DRAFT and waits_for(request.user, row):
            return [("info", _("It waits for your signature. A change takes back what was signed."))]
        if row.state == State.DRAFT:
            return [("info", _("It holds once both sides have signed."))]
        if row.is_in_force and row.end_asked_by:
            who = row.principal if row.end_asked_by == Mandate.PRINCIPAL else row.broker
            return [("warning", _("%(who)s asks to end it. It ends when the other side agrees.") % {"who": who})]
        if row.is_in_force and (row.ends_on - timezone.localdate()).days <= 30:
            return [("warning", _("It ends on %(day)s.") % {"day": row.ends_on.isoformat()})]
        return []

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Mandate:
        if form.instance.pk:
            return services.edit_mandate(form.instance, form.values(), by=request.user, version=version)
        return services.draft_mandate(form.values(), by=request.user)
