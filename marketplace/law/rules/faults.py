"""Rules of law: how a pure rule says no, with a stable code and a sentence that says what to do."""

from collections.abc import Callable
from typing import Any, ClassVar


def _(sentence: str) -> str:
    """Mark a sentence for translation; it is translated when it is shown."""
    return sentence


class Fault(ValueError):
    """A value breaks a rule.

    `code` is stable; `str(fault)` is a sentence in the reader's language; `position` is the first wrong
    character counted from 1, or None. `translate` is set at start-up, so that rules need no Django.
    """

    code: ClassVar[str] = "E_INVALID"
    sentence: ClassVar[str] = _("This value is not valid.")
    translate: ClassVar[Callable[[str], str]] = staticmethod(_)

    def __init__(self, *, position: int | None = None, **params: Any) -> None:
        self.position = position
        self.params = {"position": position, **params}
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return Fault.translate(self.sentence) % self.params


class SpreadsheetFault(Fault):
    """An identifier arrived as a number: digits past the fifteenth and a last zero are lost for good."""

    code = "E_SPREADSHEET_NUMBER"
    sentence = _(
        "The spreadsheet stored this identifier as a number and has lost some of its characters. Format the "
        "column as text, type the identifier again as it is printed, and import the file once more."
    )
