"""The fields that forms of the register share: requirements to tick, files, and what the law says beside them."""

from typing import cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import MoveForm, many, text

from ..asking import Asked
from ..forms import FilesField

LONGEST = 2000


class ApplyForm(MoveForm):
    """What each application asks: which requirements are met, a statement, the proof."""

    declared = many(label=_("requirements that are met"), required=False)
    statement = text(label=_("statement"), rows=4, required=False, limit=LONGEST)
    evidence = FilesField()

    def demand(self, asked: Asked) -> None:
        """Offer what the law asks for, and say which rule that is."""
        language = get_language() or "zh"
        field = cast(forms.MultipleChoiceField, self.fields["declared"])
        field.choices = [(each.code, each.label(language)) for each in asked.requirements]
        field.help_text = said(asked)


def said(asked: Asked) -> str:
    """The rule, and whether somebody read it in the text."""
    doubt = "" if asked.provision.is_verified else str(_(" (please check)"))
    words = {"law": asked.provision.citation, "months": asked.months}
    return str(_("Asked by %(law)s. Valid for %(months)d months.") % words) + doubt
