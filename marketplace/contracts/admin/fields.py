"""The fields that forms of this stage share: days, amounts, counts, ticks, files, and for which side one acts."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Call, MoveForm, select
from marketplace.core.workspace.fields import amount, day, line, number_box, ratio, tick, whole
from marketplace.documents import services as documents
from marketplace.documents.models import Document
from marketplace.parties.models import Organisation

from ..models import Contract, Signature
from ..permissions import contract_of
from .page import sides_of

__all__ = [
    "ENDINGS",
    "LONG",
    "SeenForm",
    "SideForm",
    "amount",
    "day",
    "handed_in",
    "line",
    "number_box",
    "paper",
    "ratio",
    "tick",
    "whole",
    "without",
]
LONG = 2000
ENDINGS = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"
Text = str | Promise


def paper(**options: Any) -> forms.FileField:
    """A file that is handed in with the move; both sides of the contract read it."""
    usual: dict[str, Any] = {
        "label": _("file"),
        "required": False,
        "help_text": _("PDF, picture, Word or Excel, at most 10 MB. Both sides can open it."),
    }
    return forms.FileField(widget=forms.FileInput(attrs={"accept": ENDINGS}), **(usual | options))


def handed_in(
    call: Call, name: str, title: Text, *, of_the_seller: bool = False, beside: Organisation | None = None
) -> Document | None:
    """The file of a form, kept as a document of the contract; None when nothing was handed in."""
    file, contract = call.values.get(name), contract_of(call.row)
    if file is None or contract is None:
        return None
    readers = [contract.seller] if of_the_seller else [contract.seller, contract.buyer]
    titled = f"{title} · {contract.title}"[:200]
    others = [beside] if beside else []
    return documents.keep_document(
        file.read(), filename=file.name, title=titled, readers=[*readers, *others], by=call.by
    )


def without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


class SideForm(MoveForm):
    """Asks for which side one acts where the reader may act for both; `values["side"]` is there in any case."""

    side = select(label=_("for which side"), choices=Signature.Side.choices)

    def offered(self) -> list[str]:
        return sides_of(cast(Contract, self.row), self.request.user)

    def prepare(self) -> None:
        mine = self.offered()
        if len(mine) == 1:
            del self.fields["side"]
            return
        names = dict(Signature.Side.choices)
        cast(forms.ChoiceField, self.fields["side"]).choices = [(side, names[Signature.Side(side)]) for side in mine]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "side" not in self.fields:
            values["side"] = next(iter(self.offered()), "")
        return values


class SeenForm(SideForm):
    """Carries what the reader had before the eyes, so that nobody agrees to something that came later."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def seen_now(self) -> str:
        raise NotImplementedError

    def what_came(self, seen: str) -> str:
        """What the reader of an older one is told."""
        raise NotImplementedError

    def prepare(self) -> None:
        super().prepare()
        self.fields["seen"].initial = self.seen_now()

    def clean(self) -> dict[str, Any]:
        """Who looked at an older one is told what came, has the new one before the eyes, and says yes anew."""
        values, now = super().clean(), str(self.fields["seen"].initial)
        seen = str(values.get("seen") or "")
        if seen == now:
            return values
        given = cast(QueryDict, self.data).copy()
        given["seen"] = now
        given.pop("agrees", None)
        self.data = given
        raise forms.ValidationError(self.what_came(seen))
