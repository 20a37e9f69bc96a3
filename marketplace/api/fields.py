"""Fields that several stages share: amounts, public ids of other rows, codes and their names."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.documents.models import Document
from marketplace.law import codes
from marketplace.listings.models import Achievement, Projection, Right
from marketplace.parties.models import Organisation

from .doors import PUBLIC_ID

CURRENCY = "CNY"


class Amount(serializers.DecimalField):
    """Yuan with two places, as a string. A JSON number is refused: it may already have lost its fen."""

    default_error_messages = {"not_a_string": _('Write the amount as a string, like "200000.00".')}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=Decimal(0), **options)

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str):
            self.fail("not_a_string")
        return super().to_internal_value(data)


class Currency(serializers.ChoiceField):
    """The currency of the amounts beside it; only yuan so far."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[(CURRENCY, _("yuan"))], **options)

    def get_attribute(self, instance: Any) -> str:
        return CURRENCY


class Reference(serializers.CharField):
    """Another row by its public id, if the asking person may see it. Unseen and absent read the same."""

    model: type[models.Model]

    def to_internal_value(self, data: Any) -> Any:
        wanted = super().to_internal_value(data)
        rows = self.model._default_manager.all().visible_to(self.context["request"].user)  # type: ignore[attr-defined]
        row = rows.filter(public_id=wanted).first() if re.fullmatch(PUBLIC_ID, wanted) else None
        if row is None:
            raise serializers.ValidationError(_("There is nothing with this id that you may use here."))
        return row

    def to_representation(self, value: Any) -> str:
        return value.public_id


class FileHash(serializers.CharField):
    """The SHA-256 of a file for who may open it; null for others, who could tell by it who has the file that they have.

    Its `source` is the document; whether it may be opened is asked at once for all rows of a list.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **options)

    def get_attribute(self, instance: Any) -> str | None:
        document: Document | None = cast(Any, super().get_attribute(instance))
        return document.sha256 if document is not None and self.may_open(document) else None

    def may_open(self, document: Document) -> bool:
        kept: dict[int, bool] = cast(dict[str, Any], self.context).setdefault("opened", {})
        if document.pk not in kept:
            asked = {document.pk, *self.of_list()}
            rows = Document.objects.visible_to(self.context["request"].user).filter(pk__in=asked)
            found = set(rows.values_list("pk", flat=True))
            kept.update({pk: pk in found for pk in asked})
        return kept[document.pk]

    def of_list(self) -> list[int]:
        root = self.root
        rows = root.instance if isinstance(root, serializers.ListSerializer) and self.parent.parent is root else ()
        found: list[Any] = [super(FileHash, self).get_attribute(row) for row in rows or ()]
        return [document.pk for document in found if document is not None]


class OrganisationReference(Reference):
    model = Organisation


class ListingReference(Reference):
    model = Projection


class RightReference(Reference):
    model = Right


class Named(serializers.Field[Any, Any, Any, Any]):
    """What a code is called in the reader's language; the code itself when it has no name."""

    def __init__(self, names: str | type[models.TextChoices], **options: Any) -> None:
        self.names = names
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> Any:
        return str(self.labels().get(str(value), value))

    def labels(self) -> Mapping[str, str | Promise]:
        """Code → name, looked up once an answer however many rows it has."""
        kept: dict[Any, Mapping[str, str | Promise]] = cast(dict[str, Any], self.context).setdefault("labels", {})
        if self.names not in kept:
            kept[self.names] = labels_of(self.names)
        return kept[self.names]


@extend_schema_field(str)
class CodeName(Named):
    """The name of one code."""


@extend_schema_field(serializers.ListField(child=serializers.CharField()))
class CodeNames(Named):
    """The names of several codes."""

    def to_representation(self, value: Any) -> list[str]:
        return [str(self.labels().get(str(each), each)) for each in value or []]


def labels_of(names: str | type[models.TextChoices]) -> Mapping[str, str | Promise]:
    if isinstance(names, str):
        return {item.code: item.label for item in codes.items(names)}
    return dict(names.choices)


STAGES, IP_STATUSES = Achievement.Stage, Achievement.IpStatus
