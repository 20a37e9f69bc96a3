"""Rules of notices: how long one runs and when it may close, which fields it shows, when a relation must be marked.

The numbers and lists come from the book of law of the place; here they are arguments. The law protects the process
(Law on Promoting Transformation, art. 18 and the provisions under it), so nothing here rounds in anybody's favour.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

TEXTS = {"name": 200, "abstract": 2000, "price": 2000, "counterparty": 200, "relation": 500, "registration": 200}
"""Free texts of a notice and how long they may be."""
AMOUNTS = ("estimated_total",)
CODES = {"method": "conversion_method"}
LISTS = {"inventors": (50, 60), "shares": (100, 200)}
"""Lists of names, and of who receives how much: how many, and how long each may be."""
MARKS = ("NONE", "COMPLETER", "RELATED")
"""Whether the counterparty is a completer of the achievement, related to one, or neither."""
FIELDS = (*TEXTS, *AMOUNTS, *CODES, *LISTS, "related_party")
MOST_DAYS = 180
OBJECTIONS_AN_HOUR = 10  # of one person or address; more is noise, and noise would stop the clock of others
ONE_DAY = timedelta(days=1)


# The clock


def stopped_days(objections: Iterable[tuple[date, date | None]], today: date) -> frozenset[date]:
    """Days on which an objection was open: from its filing to its answer, both counted; an open one until today."""
    return frozenset(
        first + ONE_DAY * number for first, last in objections for number in range(((last or today) - first).days + 1)
    )


def may_object(today: date, ends_on: date) -> bool:
    """Until 24:00 of the last day."""
    return today <= ends_on


def may_close(today: date, ends_on: date, *, open_objections: int) -> bool:
    """Once the last day is over, and nobody waits for an answer."""
    return today > ends_on and not open_objections


def days_left(today: date, ends_on: date) -> int:
    """How often the reader may still sleep over it; 0 on the last day, never less."""
    return max((ends_on - today).days, 0)


def days_kept(ends_on: date, stopped_on: date, stopped: Collection[date] = ()) -> int:
    """How many days will be left when a clock that has stood still since `stopped_on` goes on."""
    days = (stopped_on + ONE_DAY * number for number in range((ends_on - stopped_on).days + 1))
    return sum(day not in stopped for day in days)


# What it shows


def faults(content: Mapping[str, Any]) -> dict[str, str]:
    """Fields that no notice has, or whose value is none of their kind: name → what is wrong, by a word."""
    found = {name: "unknown" for name in content if name not in FIELDS}
    found |= {name: "text" for name in TEXTS if name in content and not fits(content[name], TEXTS[name])}
    found |= {name: "amount" for name in AMOUNTS if name in content and not is_amount(content[name])}
    found |= {name: "list" for name in LISTS if name in content and not is_list(content[name], *LISTS[name])}
    if content.get("related_party", "NONE") not in MARKS:
        found["related_party"] = "mark"
    return found


def fits(value: Any, most: int) -> bool:
    return isinstance(value, str) and len(value) <= most


def is_amount(value: Any) -> bool:
    """Yuan as text with at most two decimals: a number of JSON may already have lost its fen."""
    try:
        amount = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return False
    return amount is not None and amount.is_finite() and 0 <= amount < 10**14 and amount == round(amount, 2)


def is_list(value: Any, most: int, longest: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(fits(each, longest) and each for each in value)


def missing(content: Mapping[str, Any], demanded: Iterable[str]) -> list[str]:
    """Fields that the place demands and the content leaves empty. A relation has a rule of its own."""
    return [name for name in demanded if name != "related_party" and not content.get(name)]


def is_related_party_marked(content: Mapping[str, Any], demanded: Collection[str]) -> bool:
    """Whether the notice says, where the place demands it, that the counterparty is a completer or related to one.

    Saying "neither" of somebody whom the same notice names among the completers is no mark (Zhejiang art. 17).
    """
    mark, counterparty = content.get("related_party", ""), content.get("counterparty", "")
    if mark == "RELATED" and not content.get("relation"):
        return False
    if "related_party" not in demanded:
        return True
    is_completer = bool(counterparty) and counterparty in content.get("inventors", ())
    return mark == "COMPLETER" if is_completer else mark in MARKS


def fingerprint(**terms: Any) -> str:
    """What was decided, as 64 characters: price, method and counterparty as the caller knows them.

    The same terms give the same fingerprint, whatever their order.
    """
    text = json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
