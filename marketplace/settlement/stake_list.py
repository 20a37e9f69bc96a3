"""The list of stakes as a file: what the asset office copies into its own books, with the day on which each ended."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.utils.translation import gettext as _

from marketplace.core.showing import percent

from .models import Stake
from .rules.paying_out import is_plain


def file_of(stakes: Iterable[Stake]) -> bytes:
    """UTF-8 with its mark and CRLF, as spreadsheets read it; no cell is computed by one."""
    text = StringIO(newline="")
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(
        [
            *(_("organisation"), _("contract"), _("company"), _("unified social credit code"), _("agreed in")),
            *(_("part of the company"), _("number of shares"), _("value of the contribution"), _("valued as of")),
            *(_("agreed on"), _("entered in the company register on"), _("ended on"), _("how it ended")),
            *(_("proceeds"), _("state")),
        ]
    )
    for each in stakes:
        lines.writerow([plain(cell) for cell in cells_of(each)])
    return text.getvalue().encode("utf-8-sig")


def cells_of(row: Stake) -> list[str]:
    facts = (
        *(row.book, row.contract.title, row.company, row.credit_code, row.get_instrument_display()),
        *(percent(row.percent), row.shares, row.valuation, row.valued_on, row.agreed_on, row.registered_on),
        *(row.ended_on, row.get_ending_display(), row.proceeds, row.get_state_display()),
    )
    return ["" if each is None else str(each) for each in facts]


def plain(text: str) -> str:
    return text if is_plain(text) else f"'{text}"
