"""Writes sheets: the template with drop-downs and comments, and an owner's achievements in the same columns.

Texts are written as texts and marked so, whatever they begin with: opening the file calculates nothing.
"""

import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.spreadsheets.values import CONTROL
from marketplace.core.spreadsheets.workbook import LIST_SHEET
from marketplace.law import codes

from ..models import Achievement
from . import columns, terms
from .columns import Column
from .rows import TERM_OF
from .values import TIERS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ROWS_WITH_LISTS = 2001
WIDTHS = {columns.TEXT: 40, columns.WORDS: 28, columns.MODES: 28}
EXAMPLE: dict[str, Any] = {
    "title_zh": "铝合金等离子体电解氧化陶瓷涂层技术",
    "title_en": "Plasma electrolytic oxidation coating for aluminium alloys",
    "summary_zh": "在铝合金表面原位生长致密陶瓷层，用于轻量化结构件的耐磨防腐。",
    "description_zh": "硅酸盐电解液、双极性脉冲处理6061合金，膜厚30 µm，硬度1200 HV，盐雾1000 h无腐蚀；已建中试线。",
    "advantage_zh": "与硬质阳极氧化相比，硬度提高一倍，盐雾时间由300 h提高到1000 h，不含铬。",
    "economics_zh": "每平方分米成本0.8元，设备投资120万元，按年产5万件约18个月收回。",
    "field": "05",
    "region": "320000",
    "trl": 7,
    "stage": "MIDDLE",
    "ip_status": "GRANTED",
    "technology_keywords_zh": ["等离子体电解氧化", "陶瓷涂层", "铝合金"],
    "market_keywords_zh": ["汽车轻量化", "海工装备"],
    "right1_kind": "02",
    "right1_number": "202310699744.6",
    "right1_title": "一种铝合金表面陶瓷层的制备方法",
    "modes": ["ENTRY_ROYALTY", "TRIAL_TRANSFER"],
    "price_low": Decimal(200_000),
    "price_high": Decimal(600_000),
    "royalty_percent": Decimal("2.5"),
    "free_months": 6,
    "tier_description": "registered",
    "public_note_zh": "工艺参数登录后可见。",
    "is_anonymous": False,
    "secrecy_level": "NONE",
    "is_secrecy_checked": True,
}


def template() -> bytes:
    """An empty sheet in the reader's language with one example row, which an import leaves out."""
    example = EXAMPLE | {"source_id": "EXAMPLE" if english() else "示例"}
    return workbook(columns.columns(), [example])


def export(achievements: Iterable[Achievement]) -> bytes:
    """These achievements in the columns of the template: read back, every row is unchanged.

    Ask with `offers` and `rights` fetched before. The whole text is written: give it to the owner's people only.
    """
    rows = list(achievements)
    most = max((len(each.rights.all()) for each in rows), default=0)
    groups = min(max(most, columns.RIGHTS_SHOWN), columns.RIGHTS_KNOWN)
    return workbook(columns.columns(groups), [values(each) for each in rows])


def values(listing: Achievement) -> dict[str, Any]:
    """Everything that the columns say of one achievement."""
    found = {name: getattr(listing, name) for name in field_names()}
    found |= {f"tier_{name}": tier for name, tier in listing.tiers.items()} | {"platform_id": listing.public_id}
    for place, right in enumerate(sorted(listing.rights.all(), key=lambda each: each.pk), 1):
        said = {"kind": right.kind, "number": right.number, "title": right.title_zh}
        found |= {f"right{place}_{part}": value for part, value in said.items()}
    offers = sorted(listing.offers.all(), key=lambda offer: offer.pk)
    stored = [{name: getattr(offer, name) for name in ("mode", *terms.TERMS)} for offer in offers]
    folded = terms.folded(stored)
    return found | {"modes": [offer.mode for offer in offers]} | {name: folded[term] for name, term in TERM_OF.items()}


def field_names() -> list[str]:
    known = {field.name for field in Achievement._meta.concrete_fields}
    return [column.name for column in columns.columns() if column.name in known]


def workbook(every: Sequence[Column], rows: Sequence[dict[str, Any]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = _("Achievements")
    write_headers(sheet, every)
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(every, 1):
            write(sheet.cell(number, place), column, row.get(column.name))
    add_lists(book, sheet, every)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_headers(sheet: "Worksheet", every: Sequence[Column]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for place, column in enumerate(every, 1):
        cell = sheet.cell(1, place, f"{column.title} *" if column.is_required else column.title)
        cell.font = Font(bold=True, color="FFFFFF" if column.is_required else "1F2937")
        cell.fill = PatternFill("solid", fgColor="1F5F8B" if column.is_required else "D6E4EE")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.comment = Comment(explanation(column), "", height=120, width=320)
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.kind, 16)
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "D2"


def explanation(column: Column) -> str:
    """The column's comment: what to write, and what may be chosen."""
    said = [_("Needed before review.")] if column.is_required else []
    said += [_(column.help)] if column.help else []
    chosen = choices(column)
    said += [_("Choose from: %(names)s") % {"names": "；".join(chosen[:12])}] if chosen else []
    return "\n".join(said) or column.title


def choices(column: Column) -> list[str]:
    """Names of what may stand in the column, or nothing when it is free."""
    if column.codes:
        today = codes.values(column.codes)
        return [item.label for item in codes.items(column.codes) if item.code in today]
    if column.kind == columns.TIER:
        return [shown_tier(name) for name in TIERS]
    return [shown_truth(True), shown_truth(False)] if column.kind == columns.YES_NO else []


def add_lists(book: Any, sheet: "Worksheet", every: Sequence[Column]) -> None:
    """Drop-downs from a hidden sheet; a column that takes several values has none."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = book.create_sheet(LIST_SHEET)
    lists.sheet_state = "hidden"
    places: dict[tuple[str, ...], int] = {}
    for place, column in enumerate(every, 1):
        names = tuple(choices(column))
        if not names or column.kind == columns.MODES:
            continue
        if names not in places:
            places[names] = len(places) + 1
            for row, name in enumerate(names, 1):
                lists.cell(row, places[names], name)
        letter = get_column_letter(places[names])
        rule = DataValidation("list", formula1=f"{LIST_SHEET}!${letter}$1:${letter}${len(names)}", allow_blank=True)
        rule.add(f"{get_column_letter(place)}2:{get_column_letter(place)}{ROWS_WITH_LISTS}")
        sheet.add_data_validation(rule)


def write(cell: Any, column: Column, value: Any) -> None:
    """Put a value into a cell: numbers as numbers, all else as text that is never a formula."""
    from openpyxl.styles import Alignment

    cell.alignment = Alignment(wrap_text=column.kind == columns.TEXT, vertical="top")
    if value in (None, "", []):
        cell.number_format = "@" if column.kind in (columns.IDENTIFIER, columns.RIGHT_NUMBER) else "General"
        return
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        cell.value = value
        return
    cell.value = CONTROL.sub("", shown(column, value))
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = re.match(r"[\s\"']*[=+\-@＝＋－＠\t\r]", cell.value) is not None


def shown(column: Column, value: Any) -> str:
    """The value as its reader writes it."""
    if column.kind == columns.CODE:
        return codes.label(column.codes, value)
    if column.kind == columns.MODES:
        return "；".join(codes.label(column.codes, each) for each in value)
    if column.kind == columns.TIER:
        return shown_tier(value)
    if column.kind == columns.YES_NO:
        return shown_truth(value)
    if column.kind == columns.WORDS:
        return "；".join(value) + ("；" if len(value) == 1 else "")
    if isinstance(value, list):
        return "\n".join("-" if each is None else plain(each) for each in value)
    return str(value)


def plain(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def shown_tier(name: str) -> str:
    return TIERS[name][1 if english() else 0]


def shown_truth(value: bool) -> str:
    return ("yes" if value else "no") if english() else ("是" if value else "否")


def english() -> bool:
    return (get_language() or "").startswith("en")
