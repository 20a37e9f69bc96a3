"""Rules of paying out: the file that a bank takes for many transfers at once, and who pays what back first.

One line a transfer, a head line above and a control line below with the count and the sum (docs/payouts.md). The same
lines give the same bytes.
"""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO
from typing import NamedTuple

from marketplace.core.money import ZERO

HEAD = ("序号", "收款人户名", "收款人账号", "开户银行", "金额", "用途")
CONTROL = "合计"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is computed by a spreadsheet; no name, account or bank does."""


class Transfer(NamedTuple):
    holder: str
    number: str
    bank: str
    amount: Decimal
    purpose: str


def file_of(transfers: Sequence[Transfer]) -> bytes:
    """The file as UTF-8 with its mark and CRLF, as spreadsheets and banks read it."""
    text = StringIO(newline="")
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(HEAD)
    for place, each in enumerate(transfers, 1):
        lines.writerow([place, each.holder, each.number, each.bank, f"{each.amount:.2f}", each.purpose])
    lines.writerow([CONTROL, len(transfers), "", "", f"{sum((each.amount for each in transfers), ZERO):.2f}", ""])
    return text.getvalue().encode("utf-8-sig")


def is_plain(text: str) -> bool:
    """Whether a cell of the file is read as it is written."""
    return not text.startswith(FORMULA)


def masked(number: str) -> str:
    """An account number as pages show it: its last four digits."""
    return f"···· {number[-4:]}" if number else ""


class Debt(NamedTuple):
    """What somebody still has to give back."""

    id: int
    left: Decimal


def set_off(amount: Decimal, debts: Iterable[Debt]) -> dict[int, Decimal]:
    """How much of a share pays back which debt, the oldest first, never more than the share."""
    rest, taken = amount, dict[int, Decimal]()
    for debt in debts:
        part = min(debt.left, rest)
        if part > 0:
            taken[debt.id] = part
            rest -= part
    return taken
