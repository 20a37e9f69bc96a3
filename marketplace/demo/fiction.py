"""The product's own listings: read from fixtures/listings and turned into what the listing services take."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from django.conf import settings
from django.utils import timezone

from marketplace.listings.importing import terms
from marketplace.listings.models import Achievement, Demand
from marketplace.listings.numbers import APPLICATION, INVENTION, UTILITY_MODEL, make_patent_number
from marketplace.listings.services import Newcomer
from marketplace.parties.models import Organisation

SOURCE = "demo"
SECRET, SOFTWARE, IC_LAYOUT, PLANT_VARIETY = "01", "06", "07", "08"  # codes of the list ip_type
COMMON = (
    *("title_zh", "title_en", "summary_zh", "summary_en", "description_zh", "description_en", "field", "region"),
    *("technology_keywords_zh", "technology_keywords_en", "market_keywords_zh", "market_keywords_en"),
)
OF_ACHIEVEMENT = ("advantage_zh", "advantage_en", "economics_zh", "economics_en", "trl", "stage", "ip_status")
OF_DEMAND = (
    *("target_zh", "target_en", "acceptance_zh", "acceptance_en", "trl_min", "regions_accepted"),
    *("budget_low", "budget_high", "modes"),
)
LATEST, EARLIEST = 2, 345  # days ago that achievements were published
ENDING_SOON, DAYS_LEFT = 40, 12  # every 40th one has only these days left


def folder() -> Path:
    return Path(settings.FIXTURE_ROOT) / "listings"


@cache
def records(kind: str) -> tuple[dict[str, Any], ...]:
    """Every record of `achievements` or `demands`, in the order of their ids."""
    files = sorted(folder().glob(f"{kind}-*.json"))
    return tuple(record for file in files for record in json.loads(file.read_text("utf-8")))


def judgements() -> Iterator[tuple[str, str, int]]:
    """Demand, achievement and relevance 0-3 of every pair that was judged by hand."""
    for file in sorted(folder().glob("judgements-*.tsv")):
        for row in file.read_text("utf-8").splitlines()[1:]:
            demand, achievement, relevance = row.split("\t")
            yield demand, achievement, int(relevance)


def firms() -> dict[str, dict[str, Any]]:
    """The firms of the demands by their keys."""
    return {record["firm"]["key"]: record["firm"] for record in records("demands")}


def newcomers(owners: Mapping[str, Organisation]) -> list[Newcomer]:
    """All listings as newcomers to the market, published on days spread over the past year."""
    return [
        *(achievement(record, owners[record["owner"]]) for record in records("achievements")),
        *(demand(record, owners[record["firm"]["key"]]) for record in records("demands")),
    ]


def achievement(record: dict[str, Any], owner: Organisation) -> Newcomer:
    values = common(record) | {name: record[name] for name in OF_ACHIEVEMENT}
    return Newcomer(
        Achievement,
        owner,
        values,
        offers=terms.offers(record["modes"], figures(record)),
        rights=tuple(right(each, f"{record['id']}/{place}") for place, each in enumerate(record["rights"])),
        published_on=timezone.localdate() - timedelta(days=age(record["id"])),
    )


def figures(record: dict[str, Any]) -> dict[str, Any]:
    """The record's terms, the same for all its modes."""
    amounts = {name: record[name] for name in ("price_low", "price_high", "royalty_percent")}
    return {name: value if value is None else Decimal(str(value)) for name, value in amounts.items()} | {
        "free_months": record["free_months"] or None
    }


def demand(record: dict[str, Any], owner: Organisation) -> Newcomer:
    deadline = timezone.localdate() + timedelta(days=record["deadline_days"])
    values = common(record) | {name: record[name] for name in OF_DEMAND} | {"deadline": deadline}
    published_on = timezone.localdate() - timedelta(days=chance(record["id"]) % 60)
    return Newcomer(Demand, owner, values, published_on=published_on)


def common(record: dict[str, Any]) -> dict[str, Any]:
    notes = {name: record.get(name, "") for name in ("public_note_zh", "public_note_en")}
    return (
        {name: record[name] for name in COMMON}
        | notes
        | {
            "source_id": record["id"],
            "tiers": record["secret"],
            "is_anonymous": record["anonymous"],
            "secrecy_level": "NONE",
            "is_secrecy_checked": True,
        }
    )


def chance(name: str) -> int:
    """A number that looks drawn and is the same on every machine."""
    return crc32(name.encode())


def age(name: str) -> int:
    """How many days ago the achievement was published; a few are about to expire."""
    drawn = chance(name)
    return 365 - DAYS_LEFT + drawn % DAYS_LEFT if drawn % ENDING_SOON == 0 else LATEST + drawn % (EARLIEST - LATEST)


def right(record: dict[str, Any], name: str) -> dict[str, Any]:
    """The right with a made-up number of the proper form, and the day of filing that it tells of."""
    kind, drawn = record["kind"], chance(name)
    year = 2024 + drawn % 2 if kind == APPLICATION else 2017 + drawn % 6
    values = {"kind": kind, "number": number(kind, year, drawn), "title_zh": record["title_zh"]}
    values |= {"title_en": record.get("title_en", "")}
    if kind in (INVENTION, UTILITY_MODEL, APPLICATION):
        values["filed_on"] = date(year, 1, 1) + timedelta(days=drawn % 360)
    if kind in (INVENTION, UTILITY_MODEL):
        values["granted_on"] = values["filed_on"] + timedelta(days=820 if kind == INVENTION else 270)
    return values


def number(kind: str, year: int, drawn: int) -> str:
    if kind in (INVENTION, UTILITY_MODEL, APPLICATION):
        return make_patent_number(year, INVENTION if kind == APPLICATION else kind, drawn % 10_000_000)
    made = {SOFTWARE: f"{year}SR{drawn % 10_000_000:07d}", IC_LAYOUT: f"BS.{year % 100}5{drawn % 1_000_000:06d}"}
    return (made | {PLANT_VARIETY: f"CNA{year}{drawn % 1_000_000:06d}"}).get(kind, "")
