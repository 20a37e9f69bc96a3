"""Asks a row whether its fields and constraints hold, and says every fault by field."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from .errors import Invalid

LONGEST_REMARK = 2000
# Control characters but tab and line breaks, half characters (surrogates), and the marks that turn the direction of
# the text around them. A database refuses some; the others make a page say something else than what is stored.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
UNFIT_SENTENCE = _(
    "This contains invisible control characters, which usually come from copying. Delete the text and type it, "
    "or paste it without formatting."
)


def validate(row: models.Model, *, exclude: Iterable[str] = (), constraints: bool = True) -> None:
    """Raise Invalid unless the row is clean. State fields are left out: only transitions write them.

    Without `constraints` nothing is asked of the database.
    """
    faults = faults_of_values(row, set(exclude))
    try:
        row.full_clean(
            exclude={*exclude, *state_fields(row), *faults},
            validate_unique=constraints,
            validate_constraints=constraints and not faults,
        )
    except ValidationError as fault:
        raise Invalid(fields=sentences(fault) | faults) from fault
    if faults:
        raise Invalid(fields=faults)


def faults_of_values(row: models.Model, exclude: set[str]) -> dict[str, list[str]]:
    """What Django lets pass: null where a text must be, unfit characters, a long text beyond its limit."""
    faults = {}
    texts = (models.CharField, models.TextField, models.JSONField)
    for field in row._meta.concrete_fields:
        if field.name in exclude or not isinstance(field, texts):
            continue
        value = getattr(row, field.attname)
        if value is None and field.blank and not field.null:
            faults[field.name] = [str(_("This may be empty, but not null."))]
        if is_unfit(value):
            faults[field.name] = [str(UNFIT_SENTENCE)]
        if isinstance(field, models.TextField) and field.max_length and len(str(value)) > field.max_length:
            faults[field.name] = [too_long(str(value), field.max_length)]
    return faults


def too_long(text: str, most: int) -> str:
    return str(_("At most %(most)d characters; these are %(count)d.") % {"most": most, "count": len(text)})


def is_unfit(value: Any) -> bool:
    """Whether a text, or one inside a list or mapping, has characters that no text may have."""
    if isinstance(value, str):
        return UNFIT.search(value) is not None
    if isinstance(value, dict):
        return any(is_unfit(part) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(is_unfit(part) for part in value)


def check_text(name: str, text: str, *, most: int = LONGEST_REMARK) -> str:
    """Return a text that is no field of a row, such as a reason; raise Invalid on `name` if it is unfit or too long."""
    if is_unfit(text):
        raise Invalid(fields={name: [str(UNFIT_SENTENCE)]})
    if len(text) > most:
        raise Invalid(fields={name: [too_long(text, most)]})
    return text


def state_fields(row: models.Model) -> set[str]:
    return {field.name for field in row._meta.concrete_fields if isinstance(field, FSMField)}


def sentences(fault: ValidationError) -> dict[str, list[str]]:
    """The faults by field; what concerns no single field stands under an empty name."""
    return {"" if name == NON_FIELD_ERRORS else name: each for name, each in fault.message_dict.items()}
