"""Rules of licence terms: which rules a well-formed sheet breaks, all of them at once."""

from dataclasses import replace

from ..faults import Fault
from ..limits import Limits
from ..modes import mode_faults
from ..sheet import Sheet
from . import royalties, triggers, whole

__all__ = ["Limits", "check"]


def check(sheet: Sheet, *, limits: Limits, pointer: str = "") -> tuple[Fault, ...]:
    """Every broken rule and warning; `pointer` is where the sheet lies in a larger document.

    A sheet may be signed when none of them is an `E_…`.
    """
    faults = (
        *whole.faults(sheet, limits=limits),
        *triggers.faults(sheet),
        *royalties.faults(sheet, limits=limits),
        *mode_faults(sheet, limits=limits),
    )
    return tuple(replace(fault, pointer=pointer + fault.pointer) for fault in faults) if pointer else faults
