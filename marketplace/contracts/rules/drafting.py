"""Rules of drafting: which type of technology contract a licensing mode and the rights behind it come to.

A proposal: the real rights and duties decide, not the title (interpretation on technology contracts, art. 42).
"""

from collections.abc import Iterable

from .sheet import Mode

ASSIGNMENT, LICENCE = "2", "3"

# Kind of right → sub-type of its assignment and of its licence (DOMAIN 12.2, 12.6). A pending application comes first:
# it is granted or not, and the contract must say so.
SUBTYPES = {
    "05": ("22", "33"),
    "02": ("21", "31"),
    "03": ("21", "31"),
    "04": ("21", "31"),
    "01": ("23", "32"),
    "06": ("24", "34"),
    "07": ("25", "35"),
    "08": ("26", "36"),
}
OTHER = ("29", "39")


def kind_of(mode: str, rights: Iterable[str]) -> tuple[str, str]:
    """Type and sub-type: what is bought once for all is assigned, everything else is licensed.

    Patents name the contract where there are several kinds of right; none at all is a technical secret.
    """
    kinds = set(rights) or {"01"}
    pair = next((found for kind, found in SUBTYPES.items() if kind in kinds), OTHER)
    return (ASSIGNMENT, pair[0]) if mode == Mode.BUYOUT else (LICENCE, pair[1])
