"""Signing up: besides address and password, the name by which colleagues and partners will know the person."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.parties.models import User


class NamedSignupForm(SignupForm):
    name = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput({"autocomplete": "name"}), help_text=_("In full.")
    )
    field_order = ("name", "email", "password1", "password2")


class AccountAdapter(DefaultAccountAdapter):
    """Keeps the name with the new account, in the same saving."""

    def save_user(self, request: Any, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "").strip()
        return super().save_user(request, user, form, commit)
