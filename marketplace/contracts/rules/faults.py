"""Rules of licence terms: what a sheet or its history breaks, as codes; `contracts.wording` makes sentences of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: its code (`E_…`, or `W_…` for a warning), where (JSON pointer), and what was found there."""

    code: str
    pointer: str
    inputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        return self.code.startswith("W_")


class Broken(Exception):
    """A sheet, history or forecast breaks rules; `faults` names all of them at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(", ".join(f"{each.code} at {each.pointer or '/'}" for each in faults))
