"""The words of the trade that a newcomer meets in licence terms, each explained in one or two plain sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from ..rules.gist import moment
from ..rules.sheet import Base, Buyout, Equity, Fixed, Mode, Royalty, Sheet, TriggerKind


@dataclass(frozen=True, slots=True)
class Word:
    """A term of art and what it means."""

    name: Any
    meaning: Any


WORDS = {
    "licence": Word(
        gettext_lazy("Licence"),
        gettext_lazy("The owner's written permission to use the technology. The patent stays with the owner."),
    ),
    "royalty": Word(
        gettext_lazy("Royalty"),
        gettext_lazy(
            "A share of what you sell, paid to the owner of the technology. You report your sales, usually every "
            "quarter, and pay that share of them. Sell much and you pay much; sell nothing and you pay nothing."
        ),
    ),
    "net_sales": Word(
        gettext_lazy("Net sales"),
        gettext_lazy(
            "What you invoice without VAT, less goods returned, discounts, freight and the like, as the contract lists."
        ),
    ),
    "gross_margin": Word(
        gettext_lazy("Gross margin"), gettext_lazy("What is left of your sales after the cost of making the goods.")
    ),
    "entry_fee": Word(
        gettext_lazy("Entry fee"),
        gettext_lazy("A sum at the start, smaller than the whole price, because a share of sales follows."),
    ),
    "milestone": Word(
        gettext_lazy("Milestone"),
        gettext_lazy(
            "A step that both sides can check, such as a passed pilot run or a certificate. The contract says now how "
            "it is shown and who confirms it. Until then this sum is not due."
        ),
    ),
    "trial": Word(
        gettext_lazy("Trial"),
        gettext_lazy(
            "A free phase of agreed length. At its end you keep the technology and pay, or give it back and stop."
        ),
    ),
    "buyout": Word(gettext_lazy("Buy-out"), gettext_lazy("One payment, after which nothing more falls due.")),
    "shares": Word(
        gettext_lazy("Shares for technology"),
        gettext_lazy(
            "Experts value the technology, and its owner becomes a shareholder of your firm instead of being paid."
        ),
    ),
    "open": Word(
        gettext_lazy("Open licence"),
        gettext_lazy(
            "The owner has published a price with the patent office. Whoever notifies and pays it may use the patent."
        ),
    ),
}


def words_in(sheet: Sheet) -> list[Word]:
    """The words that the price of this sheet uses, in the order in which a reader meets them."""
    return [WORDS[name] for name in dict.fromkeys(_names(sheet))]


def _names(sheet: Sheet) -> Iterator[str]:
    if sheet.mode is Mode.OPEN:
        yield "open"
    if sheet.trial:
        yield "trial"
    for term in sheet.terms:
        if isinstance(term, Fixed):
            yield from _of_fixed(sheet, term)
        elif isinstance(term, Royalty):
            yield "royalty"
            yield from {Base.NET_SALES: ["net_sales"], Base.GROSS_MARGIN: ["gross_margin"]}.get(term.base, [])
        elif isinstance(term, Equity):
            yield "shares"
        elif isinstance(term, Buyout):
            yield "buyout"


def _of_fixed(sheet: Sheet, term: Fixed) -> Iterator[str]:
    found = moment(sheet, term)
    if found and found.event == TriggerKind.MILESTONE:
        yield "milestone"
    if sheet.mode is Mode.ENTRY_ROYALTY and found and found.event == TriggerKind.SIGNATURE:
        yield "entry_fee"
    if sheet.mode is Mode.BUYOUT:
        yield "buyout"
