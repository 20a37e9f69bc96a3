"""People and organisations in the workspace: verified, suspended, registered; members admitted and let go."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    StageForm,
    UnfoldAdminEmailInputWidget,
    add_move,
    can,
    display,
    named,
    select,
    text,
)
from marketplace.law import codes
from marketplace.law.admin import code_filter, name_of

from . import access, services
from .models import LANGUAGES, Agency, Membership, Organisation, TechnologyManager, User

ADMIN = Membership.Role.ADMIN


class ReasonForm(MoveForm):
    reason = text(label=_("reason"), rows=3, help_text=_("The organisation reads this."))


def administered(user: Any) -> Any:
    """Organisations whose members this person manages."""
    if access.is_platform_staff(user):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=[pk for pk, role in access.roles(user).items() if role == ADMIN])


class OrganisationForm(StageForm):
    region = select(label=_("region"), choices=codes.choices("province"), help_text=_("Province of registration."))


@admin.register(Organisation)
class OrganisationAdmin(StageAdmin):
    form = OrganisationForm
    list_display = ("name", "kind", "region_name", "credit_code", "state_label", "created_at")
    list_display_links = ("name",)
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        code_filter("province", "region", _("region")),
    )
    search_fields = ("name_zh", "name_en", "credit_code")
    empty_sentence = _("No organisation fits. Clear the filters to see all of them.")
    fieldsets = (
        (None, {"fields": (("name_zh", "name_en"), ("kind", "region"), "credit_code")}),
        (
            _("Size"),
            {
                "fields": (("size", "size_proved_on"), "size_proof"),
                "description": _("Small and micro firms may use technology first and pay later; it needs a proof."),
            },
        ),
    )

    @display(description=_("organisation"), ordering="name_zh")
    def name(self, row: Organisation) -> str:
        return str(row)

    @display(description=_("region"), ordering="region")
    def region_name(self, row: Organisation) -> str:
        return name_of("province", row.region)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        names = (("name_zh", "name_en"), ("kind", "region_name"), "credit_code")
        return ((None, {"fields": names}), (_("Size"), {"fields": (("size", "size_proved_on"), "size_proof")}))

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return access.is_platform_staff(request.user) or access.administers(request.user)
        return request.user.has_perm("parties.edit", obj)

    def notices(self, request: HttpRequest, row: Organisation) -> list[tuple[str, Any]]:
        if row.state == Organisation.State.APPLIED:
            return [("info", _("Staff compare this entry with the official register before it may publish."))]
        if row.state == Organisation.State.SUSPENDED:
            return [("error", _("Suspended: its listings are hidden and it cannot publish. The journal says why."))]
        return []

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Organisation:
        return services.edit(form.instance, form.values(), by=request.user, version=version)


add_move(
    Organisation,
    Move(
        name="verify",
        label=_("Verify"),
        permission="parties.verify",
        when=can("verify"),
        question=_("Have you compared name and credit code with the official register?"),
        does=lambda call: services.verify(call.row, by=call.by),
        done=_("The organisation is verified and may publish."),
        look="primary",
    ),
    Move(
        name="suspend",
        label=_("Suspend"),
        permission="parties.suspend",
        when=can("suspend"),
        form=ReasonForm,
        question=_("Its published listings disappear from the market at once."),
        does=lambda call: services.suspend(call.row, by=call.by, reason=call.values["reason"]),
        done=_("The organisation is suspended."),
        look="danger",
    ),
)


class MembershipForm(StageForm):
    email = forms.EmailField(
        label=_("e-mail"),
        widget=UnfoldAdminEmailInputWidget,
        help_text=_("Of somebody who has signed up already."),
    )

    class Meta:
        model = Membership
        fields = ("organisation", "role")


@admin.register(Membership)
class MembershipAdmin(StageAdmin):
    form = MembershipForm
    list_display = ("person", "organisation_name", "role", "started_on", "ended_on")
    list_filter = (("role", ChoicesDropdownFilter),)
    list_select_related = ("user", "organisation")
    search_fields = ("user__name", "user__email", "organisation__name_zh")
    ordering = ("organisation", "user")
    add_fieldsets = ((None, {"fields": ("organisation", "email", "role")}),)
    fields = ("person", "organisation_name", "role", "started_on", "ended_on")
    organisation_name = named("organisation", _("organisation"))
    empty_sentence = _("Nobody here yet. Admit a colleague who has signed up.")

    @display(description=_("person"), ordering="user__name")
    def person(self, row: Membership) -> str:
        """Colleagues and staff, who read it here, may know the address of who gave no name."""
        return row.user.name or row.user.email

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.is_platform_staff(request.user) or access.administers(request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organisation":
            kwargs["queryset"] = administered(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Membership:
        values = form.values()
        return services.admit(values["organisation"], values["email"], values["role"], by=request.user)


add_move(
    Membership,
    Move(
        name="end",
        label=_("End this role"),
        permission="parties.end_membership",
        when=lambda row: row.ended_on is None,
        question=_("The person loses this role at once; what they did stays in the journal."),
        does=lambda call: services.end_membership(call.row, by=call.by),
        done=_("The role has ended."),
        look="danger",
    ),
)


class QualificationAdmin(StageAdmin):
    """Both registers: a public directory. What becomes of an entry is decided on the pages of the register."""

    list_filter = (("state", ChoicesDropdownFilter),)
    ordering = ("-state", "id")

    def journal_rows(self, user: Any) -> Any:
        rows = self.model.objects.all()
        return rows if access.is_platform_staff(user) else rows.filter(self.model.held_by(user)).distinct()

    @display(description=_("technical fields"))
    def fields_shown(self, row: Any) -> str:
        return str(_(", ")).join(name_of("technical_field", code) for code in row.fields) or "–"

    @display(description=_("valid until"), ordering="valid_until")
    def term(self, row: Any) -> Any:
        if row.valid_until and row.valid_until < timezone.localdate():
            return _("%(day)s, over") % {"day": row.valid_until.isoformat()}
        return row.valid_until


@admin.register(TechnologyManager)
class TechnologyManagerAdmin(QualificationAdmin):
    list_display = ("person", "level", "fields_shown", "agency_name", "register_number", "term", "state_label")
    list_select_related = ("user", "agency__organisation")
    search_fields = ("user__name", "register_number")
    fields = (
        *("person", "level", "fields_shown", "agency_name", "languages_shown", "contact"),
        *("introduction", "introduction_en", "register_number", "term"),
    )
    person = named("user", _("person"))
    agency_name = named("agency", _("agency"))
    empty_sentence = _("No technology manager is registered yet.")

    @display(description=_("languages"))
    def languages_shown(self, row: TechnologyManager) -> str:
        return str(_(", ")).join(str(LANGUAGES.get(code, code)) for code in row.languages) or "–"


@admin.register(Agency)
class AgencyAdmin(QualificationAdmin):
    list_display = ("organisation_name", "fields_shown", "register_number", "term", "state_label")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name_zh", "organisation__name_en", "register_number")
    fields = ("organisation_name", "fields_shown", "contact", "services", "services_en", "register_number", "term")
    organisation_name = named("organisation", _("organisation"))
    empty_sentence = _("No transfer agency is registered yet.")


@admin.register(User)
class UserAdmin(StageAdmin):
    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    empty_sentence = _("No user fits this search.")

    def visible(self, rows: Any, user: Any) -> Any:
        return rows if access.is_platform_staff(user) else rows.none()

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user)
