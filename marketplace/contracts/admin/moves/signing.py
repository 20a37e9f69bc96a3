"""Moves around the text: make it, hand one in, sign it, and the other papers of a contract."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Invalid
from marketplace.core.workspace import Call, Move, MoveForm, add_move, select, text
from marketplace.documents.models import Document, Kind, Language, Template

from ... import services
from ...models import Contract
from ...services.clearing import OPEN
from ...services.dossier import make_dossier
from ...services.printouts import make_term_sheet
from ..evidence import file_url
from ..fields import SeenForm, handed_in, paper, tick
from ..page import page_of, sides_of

State = Contract.State
CLAUSES = {
    "delivery": _("documents, when and how"),
    "support": _("service and training"),
    "improvements": _("another rule for improvements"),
    "diligence": _("the licensee's duty to use"),
    "dispute_clause": _("if they cannot agree: court or arbitration"),
    "signed_place": _("place of signing"),
}
LANGUAGE = _("language")


def language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


class LanguageForm(MoveForm):
    """Asks for the language, of those that there is a template in."""

    kind: ClassVar[str] = Kind.CONTRACT_LICENCE
    language = select(label=LANGUAGE, choices=Language.choices)

    def prepare(self) -> None:
        rows = Template.objects.filter(kind=self.kind, is_current=True)
        found = set(rows.values_list("language", flat=True))
        choices = [each for each in Language.choices if each[0] in found]
        cast(forms.ChoiceField, self.fields["language"]).choices = choices
        self.fields["language"].initial = language()


class TermSheetForm(LanguageForm):
    kind = Kind.TERM_SHEET


class DossierForm(LanguageForm):
    kind = Kind.DILIGENCE_DOSSIER


class TextForm(LanguageForm):
    """The free texts of the template that lawyers word; empty ones keep the template's own rule."""

    def prepare(self) -> None:
        super().prepare()
        for name, label in CLAUSES.items():
            self.fields[name] = text(label=label, rows=2, required=False, limit=5000)


class HandInForm(MoveForm):
    file = paper(
        label=_("contract text"), required=True, help_text=_("PDF or Word, at most 10 MB. Both sides read it.")
    )


class SignForm(SeenForm):
    agrees = tick(label=_("I have read exactly this text and sign it for my side"))

    def offered(self) -> list[str]:
        signed = {each.side for each in page_of(self.request.user, self.row).signatures}
        return [side for side in sides_of(self.row, self.request.user) if side not in signed]

    def seen_now(self) -> str:
        document = self.row.document
        if document is None:
            return ""
        link = format_html(
            '<a class="ws-button ws-default" href="{}" download>{} · {}</a>',
            file_url(document),
            _("Download"),
            document.title,
        )
        self.fields["agrees"].help_text = format_html(
            '{}<br><span class="ws-hash">SHA-256 {}</span>', link, document.sha256
        )
        return str(document.sha256)

    def what_came(self, seen: str) -> str:
        return str(_("Meanwhile another text took the place of the one that you read. Download this one and read it."))


def may_be_made(contract: Contract) -> bool:
    return contract.state in OPEN[1:]


def may_sign(user: Any, contract: Contract) -> bool:
    """Who decides for a side that has not signed the text as it stands."""
    signed = {each.side for each in page_of(user, contract).signatures}
    return bool(set(sides_of(contract, user)) - signed) and user.has_perm("contracts.sign", contract)


def make_text(call: Call) -> Document:
    values = dict(call.values)
    chosen = values.pop("language")
    clauses = {name: each for name, each in values.items() if each}
    return services.make_text(call.row, clauses=clauses, language=chosen, by=call.by)


def hand_in(call: Call) -> Contract:
    document = handed_in(call, "file", _("contract text"))
    if document is None:
        raise Invalid(fields={"file": [str(_("Choose a file."))]})
    return services.use_text(call.row, document, by=call.by)


def sign(call: Call) -> Contract:
    return services.sign(call.row, side=call.values["side"], sha256=call.values["seen"], by=call.by)


add_move(
    Contract,
    Move(
        name="sign",
        label=_("Sign"),
        may=may_sign,
        when=lambda contract: contract.state == State.READY,
        form=SignForm,
        question=_("Download the text and read it. Your signature is your recorded confirmation of its hash."),
        does=sign,
        done=_("Signed for your side."),
        look="primary",
    ),
    Move(
        name="make-text",
        label=_("Make the text"),
        permission="contracts.make_text",
        when=may_be_made,
        form=TextForm,
        question=_("A Word file from the template in use. Earlier signatures, of another text, count no more."),
        does=lambda call: make_text(call) and call.row,
        done=_("Made. Download it and let it be read."),
    ),
    Move(
        name="hand-in-text",
        label=_("Hand in a text"),
        permission="contracts.make_text",
        when=may_be_made,
        form=HandInForm,
        question=_("A file that lawyers wrote takes the place of the text. Earlier signatures count no more."),
        does=hand_in,
        done=_("It is the text now."),
        look="rare",
    ),
    Move(
        name="term-sheet",
        label=_("Term sheet as Word"),
        permission="contracts.make_text",
        when=lambda contract: contract.sheets.exists(),
        form=TermSheetForm,
        question=_("The latest version of the terms as a Word file, for both sides to read."),
        does=lambda call: make_term_sheet(call.row, language=call.values["language"], by=call.by),
        done=_("Made. Download it."),
        look="rare",
    ),
    Move(
        name="dossier",
        label=_("Diligence dossier"),
        permission="contracts.make_dossier",
        when=lambda contract: contract.sheet is not None,
        form=DossierForm,
        question=_(
            "Decision, notice, valuations, declarations, clearances and acts in one Word file. "
            "Only your own organisation and staff can open it."
        ),
        does=lambda call: make_dossier(call.row, language=call.values["language"], by=call.by),
        done=_("Compiled. Download it."),
        look="rare",
    ),
)
