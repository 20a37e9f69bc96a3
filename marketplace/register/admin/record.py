"""The track record in the workspace: one's own figures, consents of both sides, portfolios of cases."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.core.downloads import attachment
from marketplace.core.showing import money
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    MoveForm,
    StageAdmin,
    add_move,
    add_panel,
    can,
    display,
    many,
    named,
    select,
)
from marketplace.core.workspace.moves import Move
from marketplace.documents import services as documents
from marketplace.parties import access
from marketplace.parties.models import TechnologyManager

from .. import services
from ..models import Consent, Portfolio
from ..track import own_track
from .application import move
from .entry import may_act_for

# The panel of figures


def figures(request: HttpRequest, row: Any) -> dict[str, Any] | None:
    """For the holder and staff alone: exact figures are nobody else's."""
    if not (may_act_for(request.user, row) or access.is_platform_staff(request.user)):
        return None
    track = own_track(row)
    return {"track": track, "received": money(track.received)}


add_panel(TechnologyManager, "register/track.html", figures)


# Consents


class ScopeForm(MoveForm):
    scope = select(label=_("for what"), choices=Consent.Scope.choices)


def brought_about(user: Any, contract: Contract) -> bool:
    return bool(contract.manager_id == user.pk and access.qualification(user) is not None)


def ask(call: Call) -> None:
    services.ask_consent(call.row, call.values["scope"], by=call.by)


add_move(
    Contract,
    Move(
        name="ask-consent",
        label=_("Ask for consent to show it"),
        may=brought_about,
        when=lambda row: row.signed_on is not None,
        form=ScopeForm,
        question=_("Both sides are asked. What both agree to counts in your public record, or is named in your cases."),
        does=ask,
        done=_("Both sides are asked."),
        look="rare",
    ),
)
add_move(
    Consent,
    move(
        "give", "give_consent", _("Agree"),
        lambda call: services.give_consent(call.row, by=call.by, version=call.version),
        when=can("give"), question=_("You can take your consent back at any time."), done=_("Agreed."),
        look="primary",
    ),
    move(
        "refuse", "refuse_consent", _("Do not agree"),
        lambda call: services.refuse_consent(call.row, by=call.by, version=call.version),
        when=can("refuse"), done=_("Not agreed."),
    ),
    move(
        "withdraw", "withdraw_consent", _("Take the consent back"),
        lambda call: services.withdraw_consent(call.row, by=call.by, version=call.version),
        when=can("withdraw"), question=_("Public figures go without this contract at once."), done=_("Taken back."),
    ),
)  # fmt: skip


@admin.register(Consent)
class ConsentAdmin(StageAdmin):
    list_display = ("contract_title", "organisation_name", "scope", "asked_on", "state_label")
    list_display_links = ("contract_title",)
    list_filter = (("state", ChoicesDropdownFilter), ("scope", ChoicesDropdownFilter))
    list_select_related = ("contract", "organisation", "manager__user")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("contract_title", "organisation_name"), ("manager_name", "scope"))}),
        (None, {"fields": (("asked_on", "answered_on"),)}),
    )
    organisation_name = named("organisation", _("side that is asked"))
    manager_name = named("manager", _("technology manager"))
    empty_sentence = _("Nobody was asked yet. A technology manager asks from the page of a signed contract.")

    @display(description=_("contract"), ordering="contract")
    def contract_title(self, row: Consent) -> str:
        return row.contract.title


# Portfolios


class PortfolioForm(MoveForm):
    contracts = many(label=_("cases"), long=True, help_text=_("Cases without consent are shown without names."))
    language = select(label=_("language"), choices=[("zh", _("Chinese")), ("en", _("English"))])

    def prepare(self) -> None:
        marks = {True: _("named"), False: _("not named")}
        field = cast(forms.MultipleChoiceField, self.fields["contracts"])
        field.choices = [
            (each.public_id, f"{each.signed_on} · {each.title} · {marks[bool(each.may_name)]}")
            for each in services.cases_of(self.row)[: services.MOST_CASES]
        ]
        self.fields["language"].initial = "en" if (get_language() or "").startswith("en") else "zh"


add_move(
    TechnologyManager,
    Move(
        name="make-portfolio",
        label=_("Make a case portfolio"),
        may=may_act_for,
        when=lambda row: services.cases_of(row).exists(),
        form=PortfolioForm,
        does=lambda call: services.make_portfolio(call.row, **call.values, by=call.by),
        done=_("Made. Its number can be verified in the public directory."),
    ),
)


@admin.register(Portfolio)
class PortfolioAdmin(StageAdmin):
    list_display = ("number", "manager_name", "made_on", "cases", "file_link")
    list_select_related = ("manager__user", "document")
    fieldsets = ((None, {"fields": (("number", "manager_name"), ("made_on", "cases"), "hash", "file_link")}),)
    manager_name = named("manager", _("technology manager"))
    empty_sentence = _("No portfolio yet. Make one from the page of your entry.")

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or access.qualification(user) is not None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download)
        return [path("<path:object_id>/file/", view, name="register_portfolio_file"), *super().get_urls()]

    def download(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        content = documents.open_document(row.document, by=request.user)
        return attachment(content, name=row.document.filename, media_type=row.document.media_type)

    @display(description=_("file"))
    def file_link(self, row: Portfolio) -> Any:
        link = reverse("admin:register_portfolio_file", args=[row.pk])
        return format_html('<a href="{}">{}</a>', link, row.document.filename)

    @display(description="SHA-256")
    def hash(self, row: Portfolio) -> str:
        return row.document.sha256
