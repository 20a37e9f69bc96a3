"""The columns of the achievement sheet: how each is called in Chinese and English and what may stand in it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

TEXT, WORDS, CODE, MODES, AMOUNTS, PERCENTS, MONTHS, NOTES = [
    "text",
    "words",
    "code",
    "modes",
    "amounts",
    "percents",
    "months",
    "notes",
]
LEVEL, YES_NO, TIER, IDENTIFIER, RIGHT_NUMBER = ["level", "yes_no", "tier", "identifier", "right_number"]
RIGHTS_SHOWN, RIGHTS_KNOWN = 3, 9
RIGHT_PARTS = ("kind", "number", "title")


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the field it fills; `codes` the list it chooses from; `help` is shown as a comment on its header."""

    name: str
    zh: str
    en: str
    kind: str = TEXT
    codes: str = ""
    help: str = ""
    is_required: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The header in the reader's language."""
        return self.en if (get_language() or "").startswith("en") else self.zh


OWN_NUMBER = _("Your own number for this achievement; with it, importing again updates the same draft.")
PLATFORM_ID = _("Filled in by an export. Leave it empty for a new achievement.")
WORDS_HELP = _("At most five, separated by semicolons.")
MONEY_HELP = _("In yuan. One figure for all modes, or one a line in the order of the modes; “-” stands for none.")
TIER_HELP = _("Who may read it: everybody, registered readers, or only parties under an NDA. Empty means everybody.")
KEEP_FORM = _("Copy it as printed, in a column formatted as text, or the spreadsheet spoils it.")


def pair(name: str, zh: str, en: str, help_text: str = "", kind: str = TEXT, required: bool = False) -> list[Column]:
    """The Chinese and the English column of one text."""
    return [
        Column(f"{name}_zh", zh, f"{en} in Chinese", kind, help=help_text, is_required=required, aliases=(en,)),
        Column(f"{name}_en", f"{zh}（英文）", f"{en} in English", kind, aliases=(f"英文{zh}",)),
    ]


def right(place: int) -> list[Column]:
    return [
        Column(f"right{place}_kind", f"知识产权{place}类型", f"Right {place} kind", CODE, "ip_type"),
        Column(f"right{place}_number", f"知识产权{place}号码", f"Right {place} number", RIGHT_NUMBER, help=KEEP_FORM),
        Column(f"right{place}_title", f"知识产权{place}名称", f"Right {place} title"),
    ]


def tier(name: str, zh: str, en: str) -> Column:
    return Column(f"tier_{name}", f"{zh}可见范围", f"Who may read the {en}", TIER, help=TIER_HELP)


def columns(rights: int = RIGHTS_SHOWN) -> list[Column]:
    """Every column in the order of the template, with so many groups for rights."""
    return [
        Column("platform_id", "平台编号", "Platform id", IDENTIFIER, help=PLATFORM_ID),
        Column("source_id", "单位内部编号", "Own number", IDENTIFIER, help=OWN_NUMBER, aliases=("编号", "序号", "No.")),
        *pair("title", "成果名称", "Title", _("At most 120 characters."), required=True),
        *pair("summary", "简介", "Summary", _("At most 500 characters: what it is and what it is for."), required=True),
        *pair(
            "description", "详细说明", "Description", _("Principle, figures with units, scale reached."), required=True
        ),
        *pair("advantage", "比较优势", "Advantage", _("Compared with what, better by how much."), required=True),
        *pair("economics", "经济性对比", "Economic comparison", _("Cost, investment, payback, in figures.")),
        Column("field", "技术领域", "Technical field", CODE, "technical_field", is_required=True),
        Column(
            "region", "所在地区", "Region", CODE, "province", is_required=True, aliases=("地区", "省份", "Province")
        ),
        Column("trl", "技术成熟度", "Readiness level", LEVEL, help=_("1 to 9."), is_required=True, aliases=("TRL",)),
        Column("stage", "成果阶段", "Stage", CODE, "achievement_stage", is_required=True, aliases=("阶段",)),
        Column("ip_status", "知识产权状态", "IP status", CODE, "ip_status", is_required=True),
        *pair("technology_keywords", "技术关键词", "Technology keywords", WORDS_HELP, WORDS),
        *pair("market_keywords", "市场关键词", "Market keywords", WORDS_HELP, WORDS),
        *(column for place in range(1, rights + 1) for column in right(place)),
        Column("modes", "许可方式", "Licensing modes", MODES, "licensing_mode", WORDS_HELP, is_required=True),
        Column("price_low", "价格下限（元）", "Price from (yuan)", AMOUNTS, help=MONEY_HELP, aliases=("价格下限",)),
        Column("price_high", "价格上限（元）", "Price to (yuan)", AMOUNTS, help=MONEY_HELP, aliases=("价格上限",)),
        Column(
            "royalty_percent", "提成比例（%）", "Royalty (%)", PERCENTS, help=_("Of net sales."), aliases=("提成比例",)
        ),
        Column("free_months", "免费期（月）", "Free months", MONTHS, help=_("Months of use before the first payment.")),
        Column("offer_note", "许可条件备注", "Note on the terms", NOTES),
        tier("summary", "简介", "summary"),
        tier("description", "详细说明", "description"),
        tier("advantage", "比较优势", "advantage"),
        tier("economics", "经济性对比", "economic comparison"),
        tier("technology_keywords", "技术关键词", "technology keywords"),
        tier("market_keywords", "市场关键词", "market keywords"),
        tier("price", "价格", "price"),
        *pair("public_note", "公开说明", "Public note", _("Shown in place of texts that are not public.")),
        Column("is_anonymous", "单位匿名", "Owner stays anonymous", YES_NO),
        Column(
            "secrecy_level", "密级", "Secrecy level", CODE, "secrecy_level", _("Only unclassified work may be here.")
        ),
        Column("is_secrecy_checked", "已完成保密审查", "Secrecy screening done", YES_NO),
    ]


def key(header: str) -> str:
    """A header for comparing: width, case, spaces, punctuation and the mark of a required column do not count."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", header).lower())


@cache
def by_header() -> Mapping[str, Column]:
    """Every name by which a column may be called."""
    found: dict[str, Column] = {}
    for column in columns(RIGHTS_KNOWN):
        for name in (column.name, column.zh, column.en, *column.aliases):
            found.setdefault(key(name), column)
    return found


def recognised(header: str) -> Column | None:
    return by_header().get(key(header))


def suggestion(header: str) -> Column | None:
    """The column that an unknown header probably means."""
    near = get_close_matches(key(header), by_header(), n=1, cutoff=0.75)
    return by_header()[near[0]] if near else None
