"""Forms of the workspace: services say what is wrong, and nothing that was typed is lost."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError
from ..showing import labelled
from .unfold import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

SEPARATORS = re.compile(r"[,\uff0c、;\uff1b\n\t]+")  # commas and semicolons, full-width ones too


class StageForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's is no generic at run time
    """A form whose row is written by a service; what the service refused stands beside the fields."""

    request: HttpRequest
    fault: DomainError | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tidy(self)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.fault is not None:
            say(self, self.fault)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What was filled in, by field, for the service."""
        return dict(self.cleaned_data)


class MoveForm(forms.Form):
    """What a move asks before it is made."""

    def __init__(self, *args: Any, request: HttpRequest, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.row = request, row
        self.prepare()
        tidy(self)

    def prepare(self) -> None:
        """Fit choices and initial values to the row and the person."""


def tidy(form: forms.BaseForm) -> None:
    """Labels begin with a capital; long texts get room by their limit, which is counted and never cuts."""
    for field in form.fields.values():
        field.label = capfirst(str(field.label or ""))
        if isinstance(field, forms.EmailField):
            field.widget.attrs.pop("maxlength", None)  # no address comes near it
        limit = field.widget.attrs.pop("maxlength", None)
        if limit:
            field.widget.attrs["data-limit"] = limit
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4 if int(limit) <= 1000 else 8


def name_in_table(form: forms.BaseForm) -> None:
    """In a table the head of a column labels no field for a reader of screens, so each carries its name."""
    for field in form.fields.values():
        field.widget.attrs["aria-label"] = capfirst(str(field.label or ""))


def say(form: forms.BaseForm, fault: DomainError) -> None:
    """Put a refusal into the form: beside its fields, or above them all."""
    if not fault.fields:
        form.add_error(None, str(fault))
    for name, sentences in fault.fields.items():
        if name in form.fields:
            form.add_error(name, sentences)
        else:
            label = field_label(getattr(form, "instance", None), name)
            form.add_error(None, [labelled(label, each) if label else each for each in sentences])
    if not form.errors:
        form.add_error(None, str(fault))


def field_label(row: Any, name: str) -> str:
    """What people call a field of the row; empty when it is none of its fields."""
    if row is None or not name:
        return ""
    labels = {each.name: each for each in row._meta.get_fields()}
    found = labels.get(name)
    if found is None:
        return ""
    if hasattr(found, "verbose_name"):
        return str(found.verbose_name)
    return str(found.related_model._meta.verbose_name_plural)


class WordsField(forms.CharField):
    """A short list of words in one line, divided by commas of any kind."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Up to five, divided by commas."))
        super().__init__(*args, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return list(dict.fromkeys(word.strip() for word in SEPARATORS.split(text) if word.strip()))

    def validate(self, value: Any) -> None:
        """An empty list is as good as any; the service counts."""

    def run_validators(self, value: Any) -> None:
        """Limits are the service's."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


def select(*, choices: Any = (), asks: bool = False, **kwargs: Any) -> forms.ChoiceField:
    """One of a list; with `asks` nothing is chosen beforehand."""
    offered = (lambda: [("", _("Select value")), *choices]) if asks else choices
    return forms.ChoiceField(widget=UnfoldAdminSelectWidget, choices=offered, **kwargs)


def many(*, long: bool = False, **kwargs: Any) -> forms.MultipleChoiceField:
    """Several of a list: boxes to tick, or for a long list a field to search in."""
    widget = UnfoldAdminSelect2MultipleWidget if long else UnfoldAdminCheckboxSelectMultipleWidget
    return forms.MultipleChoiceField(widget=widget, **kwargs)


def text(*, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """A longer text. Its limit is counted beside it and told by the service; the browser cuts nothing."""
    limit = kwargs.pop("limit", None)
    attrs = {"rows": rows} | ({"data-limit": limit} if limit else {})
    return forms.CharField(widget=UnfoldAdminTextareaWidget(attrs=attrs), **kwargs)
