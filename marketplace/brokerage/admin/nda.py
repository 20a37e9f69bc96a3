"""Non-disclosure agreements in the workspace: drawn up on the deal's page, signed, its people named, ended."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.downloads import attachment
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    add_move,
    add_panel,
    buttons,
    display,
    page_url,
    select,
    text,
)
from marketplace.core.workspace.fields import day, tick, whole
from marketplace.core.workspace.stage import STATE_COLOURS
from marketplace.documents.admin import FileAdmin
from marketplace.documents.models import Kind, Language, Template
from marketplace.parties.models import Membership

from .. import services
from ..models import BoundPerson, Deal, Nda, Side
from ..models.nda import LONGEST_NOTE
from ..rules import ndas

SIDES = dict(Side.choices)


def language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def file_url(nda: Nda) -> str:
    return reverse("admin:brokerage_nda_file", args=[nda.pk])


def own_sides(user: Any, nda: Nda) -> list[str]:
    return services.sides_of(nda.deal, user)


def unsigned_sides(user: Any, nda: Nda) -> list[str]:
    """The sides for which this person decides and that have not signed."""
    signed = {each.side for each in nda.signatures.all()}
    return [side for side in own_sides(user, nda) if side not in signed]


# On the page of a deal


class DraftNdaForm(MoveForm):
    ends_on = day(label=_("last day"), help_text=_("After it nothing more is shown. At most ten years ahead."))
    secrecy_years = whole(
        label=_("years of secrecy"),
        min_value=1,
        max_value=ndas.MOST_SECRECY_YEARS,
        help_text=_("How long what was shown stays secret after the agreement has ended."),
    )
    purpose = text(
        label=_("purpose"), rows=2, required=False, limit=LONGEST_NOTE,
        help_text=_("Empty: to assess and negotiate the cooperation, and nothing else."),
    )  # fmt: skip
    language = select(label=_("language"), choices=Language.choices)

    def prepare(self) -> None:
        today = timezone.localdate()
        self.fields["ends_on"].initial = min(today.replace(year=today.year + 1, day=min(today.day, 28)), today.max)
        self.fields["secrecy_years"].initial = ndas.SECRECY_YEARS
        known = set(Template.objects.filter(kind=Kind.NDA, is_current=True).values_list("language", flat=True))
        field = cast(forms.ChoiceField, self.fields["language"])
        field.choices = [each for each in Language.choices if each[0] in known]
        field.initial = language()


def may_be_drafted(deal: Deal) -> bool:
    is_talking = deal.have_joined or deal.state not in (Deal.State.INTRODUCED, Deal.State.LOST)
    return is_talking and deal.state != Deal.State.LOST and not Nda.objects.live().filter(deal=deal).exists()


add_move(
    Deal,
    Move(
        name="draft-nda",
        label=_("Draw up an NDA"),
        permission="brokerage.draft_nda",
        when=may_be_drafted,
        form=DraftNdaForm,
        question=_("Both sides sign the same text. Then the people they name read what is confidential of each other."),
        does=lambda call: services.draft_nda(call.row, **call.values, version=call.version, by=call.by),
        done=_("Drawn up. Both sides are asked to sign it."),
    ),
)


# On the page of an agreement


class NdaSideForm(MoveForm):
    """Asks for which side one acts where one decides for both."""

    side = select(label=_("for which side"), choices=Side.choices)

    def offered(self) -> list[str]:
        return own_sides(self.request.user, cast(Nda, self.row))

    def prepare(self) -> None:
        mine = self.offered()
        if len(mine) == 1:
            del self.fields["side"]
            return
        cast(forms.ChoiceField, self.fields["side"]).choices = [(side, SIDES[Side(side)]) for side in mine]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values.setdefault("side", next(iter(self.offered()), ""))
        return values


class SignNdaForm(NdaSideForm):
    sha256 = forms.CharField(widget=forms.HiddenInput)
    agrees = tick(label=_("I have read exactly this text and sign it for my side"))

    def offered(self) -> list[str]:
        return unsigned_sides(self.request.user, cast(Nda, self.row))

    def prepare(self) -> None:
        super().prepare()
        document = self.row.document
        link = format_html('<a class="ws-button ws-default" href="{}" download>{}</a>', file_url(self.row), document)
        self.fields["sha256"].initial = document.sha256
        self.fields["agrees"].help_text = format_html(
            '{}<br><span class="ws-hash">SHA-256 {}</span>', link, document.sha256
        )


def members_of(user: Any, nda: Nda) -> Any:
    """The people of the sides that this person decides for."""
    ids = [getattr(nda.deal, f"{side}_id") for side in own_sides(user, nda)]
    return Membership.objects.live().filter(organisation_id__in=ids).select_related("user", "organisation")


def bound_by(user: Any, nda: Nda) -> Any:
    """Whom the sides that this person decides for have named."""
    rows = BoundPerson.objects.filter(nda=nda, side__in=own_sides(user, nda), released_at__isnull=True)
    return rows.select_related("membership__user")


class BindForm(MoveForm):
    person = select(label=_("person"), asks=True)

    def prepare(self) -> None:
        rows = members_of(self.request.user, self.row)
        named = bound_by(self.request.user, self.row).values("membership_id")
        choices = [(row.public_id, f"{row.user} · {row.get_role_display()}") for row in rows.exclude(pk__in=named)]
        cast(forms.ChoiceField, self.fields["person"]).choices = [("", _("Select value")), *choices]


class ReleaseForm(MoveForm):
    person = select(label=_("person"), asks=True)

    def prepare(self) -> None:
        choices = [(row.public_id, str(row)) for row in bound_by(self.request.user, self.row)]
        cast(forms.ChoiceField, self.fields["person"]).choices = [("", _("Select value")), *choices]


class TerminateNdaForm(NdaSideForm):
    note = text(label=_("Why it ends"), rows=2, limit=LONGEST_NOTE)


def sign(call: Call) -> Nda:
    values = call.values
    return services.sign_nda(call.row, sha256=values["sha256"], side=values["side"], version=call.version, by=call.by)


def bind(call: Call) -> Nda:
    membership = members_of(call.by, call.row).get(public_id=call.values["person"])  # one of the choices
    services.bind(call.row, membership, by=call.by)
    return call.row


def release(call: Call) -> Nda:
    services.release(bound_by(call.by, call.row).get(public_id=call.values["person"]), by=call.by)
    return call.row


def terminate(call: Call) -> Nda:
    note, side = call.values["note"], call.values["side"]
    return services.terminate_nda(call.row, note=note, side=side, version=call.version, by=call.by)


def is_drafted(nda: Nda) -> bool:
    return nda.state == Nda.State.DRAFTED


def is_live(nda: Nda) -> bool:
    return nda.state in Nda.LIVE


add_move(
    Nda,
    Move(
        name="sign",
        label=_("Sign"),
        may=lambda user, nda: bool(unsigned_sides(user, nda)),
        when=is_drafted,
        form=SignNdaForm,
        question=_("Download the text and read it. Your signature is your recorded confirmation of its hash."),
        does=sign,
        done=_("Signed for your side."),
        look="primary",
    ),
    Move(
        name="bind",
        label=_("Name a person"),
        permission="brokerage.bind",
        when=is_live,
        form=BindForm,
        question=_("Who is named reads what is confidential of the other side, and is bound to secrecy with you."),
        does=bind,
        done=_("Named. The person is told."),
    ),
    Move(
        name="release",
        label=_("Take a name back"),
        may=lambda user, nda: bound_by(user, nda).exists(),
        when=is_live,
        form=ReleaseForm,
        question=_("From this moment the person is shown nothing more. What was shown stays secret."),
        does=release,
        done=_("Taken back."),
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        permission="brokerage.withdraw_nda",
        when=is_drafted,
        question=_("Not both sides have signed. Another text may be drawn up afterwards."),
        does=lambda call: services.withdraw_nda(call.row, version=call.version, by=call.by),
        done=_("Withdrawn."),
    ),
    Move(
        name="terminate",
        label=_("End the agreement"),
        permission="brokerage.terminate_nda",
        when=lambda nda: nda.state == Nda.State.IN_FORCE,
        form=TerminateNdaForm,
        question=_("From this moment nothing more is shown to anybody. What was shown stays secret."),
        does=terminate,
        done=_("Ended. Nothing more is shown under it."),
        look="danger",
    ),
)


@admin.register(Nda)
class NdaAdmin(FileAdmin):
    list_display = ("pair", "state_label", "began_on", "ends_on")
    list_display_links = ("pair",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("deal__achievement__achievement", "deal__demand__demand", "document")
    search_fields = ("deal__achievement__title_zh", "deal__demand__title_zh")
    ordering = ("-id",)
    fields = (("deal_link", "secrecy_years"), ("began_on", "ends_on"), ("ended_on", "end_code"), "end_note")
    empty_sentence = _("No agreement yet. It is drawn up on the page of a deal whose sides want to talk.")

    def file_of(self, request: HttpRequest, row: Nda) -> HttpResponse:
        content = services.open_nda_text(row, how="page", by=request.user)
        return attachment(content, name=row.document.filename, media_type=row.document.media_type)

    @display(description=_("deal"), ordering="deal__demand__title_zh")
    def pair(self, row: Nda) -> Any:
        titles = [each.title or _("no longer on the market") for each in (row.deal.demand, row.deal.achievement)]
        return format_html('<span class="ws-side">{}<small>{}</small></span>', *titles)

    @display(description=_("deal"))
    def deal_link(self, row: Nda) -> Any:
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row.deal), row.deal)


def of_nda(request: HttpRequest, nda: Nda) -> dict[str, Any]:
    """The text, who signed it, who reads under it."""
    people = nda.bound.filter(released_at__isnull=True).select_related("membership__user", "membership__organisation")
    return {
        "nda": nda,
        "text_url": file_url(nda),
        "colour": STATE_COLOURS.get(nda.state, ""),
        "signatures": nda.signatures.select_related("signer"),
        "people": people if is_live(nda) else [],
        "buttons": [],
    }


def of_deal(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    """The latest agreement of the deal, with what its reader may press on it."""
    nda = deal.ndas.select_related("document").first()
    if nda is None:
        return None
    return of_nda(request, nda) | {"page_url": page_url(nda), "buttons": buttons(request.user, nda)}


add_panel(Nda, "brokerage/nda.html", of_nda)
add_panel(Deal, "brokerage/nda.html", of_deal)
