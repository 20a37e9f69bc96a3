"""How a page says what a service refused: each sentence beside its field, the rest above the form."""

from django import forms
from django.http import Http404

from marketplace.core.errors import DomainError, NotFound


def put(form: forms.Form, error: DomainError) -> None:
    """Put the error's sentences on the form. What is not there for this person is a page not found."""
    if isinstance(error, NotFound):
        raise Http404 from error
    for name, sentences in error.fields.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
    if not error.fields:
        form.add_error(None, str(error))
