"""Rules of registration: the contract amount and the part of it that is paid for technology (技术交易额), in yuan.

Technical amount = total less what is paid for equipment, instruments, parts and materials. What carries the result in a
reasonable quantity is not deducted (rules on recognising technology contracts, 国科发政字〔2001〕253号).
"""

from collections.abc import Iterable
from decimal import Decimal

from marketplace.contracts.rules.origins import payments
from marketplace.contracts.rules.sheet import Equity, Sheet
from marketplace.contracts.rules.totals import named
from marketplace.core.money import ZERO, to_fen


def agreed_total(sheet: Sheet) -> Decimal:
    """What the terms name as a price: each fixed amount, whether or not its day comes by itself, fees and shares.

    Royalties and buy-out options are not in it: nobody knows them yet.
    """
    shares = [to_fen(term.valuation * term.percent) for _place, term in payments(sheet) if isinstance(term, Equity)]
    return to_fen(named(sheet)) + sum(shares, ZERO)


def deducted(amounts: Iterable[Decimal]) -> Decimal:
    """What is not paid for technology."""
    return sum(amounts, ZERO)
