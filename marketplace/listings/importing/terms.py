"""Licensing terms as a spreadsheet says them: a few figures for all modes, or one figure a mode."""

from collections.abc import Sequence
from typing import Any

WITHOUT_PRICE = frozenset(("ROYALTY",))
WITH_ROYALTY = frozenset(("ENTRY_ROYALTY", "ZERO_UPFRONT", "ROYALTY"))
WITH_FREE_PHASE = frozenset(("ZERO_UPFRONT", "DEFERRED", "CONDITIONAL", "TRIAL_TRANSFER"))
TERMS = ("price_low", "price_high", "royalty_percent", "free_months", "note")


def suits(term: str, mode: str) -> bool:
    """Whether one figure given for all modes means this mode too."""
    if term == "royalty_percent":
        return mode in WITH_ROYALTY
    if term == "free_months":
        return mode in WITH_FREE_PHASE
    return mode not in WITHOUT_PRICE or term == "note"


def offers(modes: Sequence[str], terms: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """One offer a mode. A single value goes to the modes it suits, a list goes to the modes in their order."""
    return tuple(
        {"mode": mode} | {name: chosen(terms.get(name), name, mode, place) for name in TERMS}
        for place, mode in enumerate(modes)
    )


def chosen(value: Any, term: str, mode: str, place: int) -> Any:
    empty = "" if term == "note" else None
    if isinstance(value, list):
        return empty if value[place] is None else value[place]
    return value if value is not None and suits(term, mode) else empty


def folded(stored: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The terms of stored offers as `offers` takes them: one value where that says the same, else a list."""
    modes = [offer["mode"] for offer in stored]
    terms: dict[str, Any] = {}
    for name in TERMS:
        values = [offer[name] if offer[name] != "" else None for offer in stored]
        single = next((value for value in values if value is not None), None)
        same = [None if single is None or not suits(name, mode) else single for mode in modes]
        terms[name] = single if values == same else values
    return terms
