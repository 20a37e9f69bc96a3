"""Asks a row whether its fields and constraints hold, and says every fault by field."""

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django_fsm import FSMField

from .errors import Invalid


def validate(row: models.Model, *, exclude: Iterable[str] = (), constraints: bool = True) -> None:
    """Raise Invalid unless the row is clean. State fields are left out: only transitions write them.

    Without `constraints` nothing is asked of the database.
    """
    try:
        row.full_clean(
            exclude={*exclude, *state_fields(row)}, validate_unique=constraints, validate_constraints=constraints
        )
    except ValidationError as fault:
        raise Invalid(fields=sentences(fault)) from fault


def state_fields(row: models.Model) -> set[str]:
    return {field.name for field in row._meta.concrete_fields if isinstance(field, FSMField)}


def sentences(fault: ValidationError) -> dict[str, list[str]]:
    """The faults by field; what concerns no single field stands under an empty name."""
    return {"" if name == NON_FIELD_ERRORS else name: each for name, each in fault.message_dict.items()}
