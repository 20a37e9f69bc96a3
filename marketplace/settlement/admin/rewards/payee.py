"""Payees in the workspace: the people who share, kept by the owner; each one's account, also by themselves."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Move, MoveForm, StageForm, add_move, display, named
from marketplace.core.workspace.fields import line
from marketplace.parties import access
from marketplace.parties.models import Membership, Organisation, User

from ... import services
from ...models import Payee
from ...models.payee import decided_for
from ...services.rewarding import PERSON
from ..fields import MoneyAdmin


class AccountForm(MoveForm):
    holder = line(label=_("account holder"), max_length=100)
    bank = line(label=_("bank"), max_length=100, help_text=_("With its branch."))
    account_number = line(label=_("account number"), max_length=50)

    def prepare(self) -> None:
        row = self.row
        self.initial = {**self.initial, "holder": row.holder or row.name, "bank": row.bank}


add_move(
    Payee,
    Move(
        name="keep-account",
        label=_("Change the account"),
        permission="settlement.keep_account",
        form=AccountForm,
        question=_(
            "Rewards are paid to this account. It is shown by its last four digits, and whole in the bank file."
        ),
        does=lambda call: services.keep_account(call.row, **call.values, by=call.by),
        done=_("Kept."),
        look="primary",
    ),
)


class PayeeForm(StageForm):
    class Meta:
        model = Payee
        fields = ("book", *PERSON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("book", None)  # nobody moves from one owner to another


@admin.register(Payee)
class PayeeAdmin(MoneyAdmin):
    form = PayeeForm
    list_display = ("name", "person_name", "book_name", "office", "number_shown")
    list_display_links = ("name",)
    list_select_related = ("book", "user")
    search_fields = ("name",)
    ordering = ("book", "name", "id")
    fields = (("name", "user"), ("office", "office_from", "office_to"), ("holder", "bank", "number_shown"))
    readonly_fields = ("holder", "bank", "number_shown")
    add_fieldsets = ((None, {"fields": ("book", ("name", "user"), ("office", "office_from", "office_to"))}),)
    empty_sentence = _("Nobody is entered yet. Enter those who share in rewards before you draft a plan.")
    book_name = named("book", _("books of"))
    person_name = named("user", _("person"))

    def may_enter(self, user: Any) -> bool:
        return bool(access.roles(user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.decides(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return request.user.has_perm("settlement.keep_payee", obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        mine = decided_for(request.user)
        if db_field.name == "book":
            books = Organisation.objects.filter(pk__in=mine)
            kwargs |= {"queryset": books, "initial": books.first()}
        if db_field.name == "user":
            members = Membership.objects.live().filter(organisation_id__in=mine)
            kwargs["queryset"] = User.objects.filter(pk__in=members.values("user_id")).order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Payee:
        given = {name: form.cleaned_data.get(name) for name in PERSON}
        if form.instance.pk is None:
            return services.keep_payee(form.cleaned_data["book"], given, by=request.user)
        return services.keep_payee(form.instance.book, given, payee=form.instance, by=request.user)

    def notices(self, request: HttpRequest, row: Payee) -> list[tuple[str, Any]]:
        return [] if row.account_number else [("warning", _("The account is missing: nothing can be paid yet."))]

    @display(description=_("account number"))
    def number_shown(self, row: Payee) -> str:
        return row.masked_number or "–"
