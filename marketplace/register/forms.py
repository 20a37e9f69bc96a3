"""The form field of the register that several doors use: files that prove what is declared."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .services import Evidence

ENDINGS = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none."""

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {
            "label": _("evidence"),
            "required": False,
            "help_text": _("Certificates and proofs: PDF, picture, Word or Excel, each at most 10 MB."),
            "widget": Files(attrs={"accept": ENDINGS, "multiple": True}),
        }
        super().__init__(**(usual | options))

    def clean(self, data: Any, initial: Any = None) -> list[Evidence]:
        each_clean = super().clean
        files = [data] if data and not isinstance(data, list | tuple) else data or []
        return [Evidence(file.name, file.read()) for file in (each_clean(one, initial) for one in files) if file]
