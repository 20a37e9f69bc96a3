"""Fields of contracts: other rows by their ids, organisations by their credit code, figures of sales."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from marketplace.brokerage.models import Deal
from marketplace.contracts.models import Contract, Signature
from marketplace.contracts.rules.reading.values import FIRST_YEAR, LAST_YEAR
from marketplace.documents.models import Document
from marketplace.listings.models import Achievement
from marketplace.parties.models import Organisation

from ..doors import Shape
from ..fields import Amount, Reference

LONGEST = 2000
SIDE_HELP = "SELLER or BUYER."


class ContractReference(Reference):
    model = Contract


class DealReference(Reference):
    model = Deal


class DocumentReference(Reference):
    model = Document


class OwnAchievement(Reference):
    """The owner's working copy, as in `my-achievements`."""

    model = Achievement


class CreditCode(serializers.CharField):
    """A verified organisation by its unified social credit code, which every business licence shows."""

    def to_internal_value(self, data: Any) -> Organisation:  # type: ignore[override]
        code = super().to_internal_value(data).upper()
        rows = Organisation.objects.filter(credit_code=code, state=Organisation.State.VERIFIED)
        found = rows.first() if re.fullmatch("[0-9A-Z]{18}", code, re.ASCII) else None
        if found is None:
            raise serializers.ValidationError(_("No verified organisation has this code."))
        return found


class Day(serializers.DateField):
    """A day of the years that a licence can have."""

    def to_internal_value(self, value: Any) -> Any:
        day = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            sentence = _("Choose a day of the years %(first)d to %(last)d.") % years
            raise serializers.ValidationError(sentence, code="year")
        return day


class Figure(Amount):
    """A figure of a sales report or an audit, as a string; some may be below zero."""

    def __init__(self, *, decimal_places: int = 2, **options: Any) -> None:
        serializers.DecimalField.__init__(self, max_digits=16, decimal_places=decimal_places, **options)


class Ratio(Amount):
    """A share of one as a string: 0.8 is four fifths."""

    def __init__(self, **options: Any) -> None:
        serializers.DecimalField.__init__(self, max_digits=7, decimal_places=6, min_value=0, max_value=1, **options)


def words(**options: Any) -> serializers.CharField:
    """A text that must say something."""
    return serializers.CharField(**{"max_length": LONGEST, **options})


def remark(**options: Any) -> serializers.CharField:
    """A text that may be empty."""
    return words(**{"allow_blank": True, "default": "", **options})


def side(**options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(Signature.Side.choices, help_text=SIDE_HELP, **options)


def paper(**options: Any) -> DocumentReference:
    """A document that the person may read, by its id."""
    return DocumentReference(required=False, allow_null=True, **options)


def paper_id(source: str) -> serializers.CharField:
    """The id of a document; whether the reader may open it `documents/` decides."""
    return serializers.CharField(source=f"{source}.public_id", read_only=True, allow_null=True)


class NoteShape(Shape):
    note = remark()


class SpokenReason(Shape):
    reason = words()
