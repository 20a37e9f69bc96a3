"""What can go wrong, by name. Each error has a stable code; each door translates it once."""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the house said no.

    `code` is stable and for programs; `str(error)` is a sentence for people that says what to do;
    `fields` maps a field name to its sentences; `status` is the HTTP status that fits.
    """

    code: ClassVar[str] = "invalid"
    status: ClassVar[int] = 400
    sentence: object = _("This cannot be done.")

    def __init__(
        self,
        sentence: object = None,
        *,
        code: str | None = None,
        fields: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.sentence = sentence or type(self).sentence
        self.code = code or type(self).code  # type: ignore[misc]
        self.fields: dict[str, list[str]] = dict(fields or {})
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return str(self.sentence)


class Invalid(DomainError):
    """The input breaks a rule; `fields` says which and how to mend it."""

    code = "invalid"
    status = 400
    sentence = _("Please correct the marked fields.")


class Forbidden(DomainError):
    """The object may be seen, but this act is not this person's."""

    code = "forbidden"
    status = 403
    sentence = _("Your role does not allow this.")


class NotFound(DomainError):
    """It does not exist for this person."""

    code = "not_found"
    status = 404
    sentence = _("There is nothing here.")


class Conflict(DomainError):
    """The act does not fit the present state."""

    code = "conflict"
    status = 409
    sentence = _("This has already been done or is no longer possible. Reload the page to see its present state.")


class TooOften(DomainError):
    """Somebody does the same thing again and again."""

    code = "throttled"
    status = 429
    sentence = _("That was very often in a short time. Wait an hour and try again.")


class Stale(Conflict):
    """Somebody changed the object since it was read."""

    code = "stale"
    status = 412
    sentence = _("Somebody changed this while you were working on it. Reload the page and look at it again.")
