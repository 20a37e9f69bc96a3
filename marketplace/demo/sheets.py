"""The sheets that ship with the product: the template, and fifty achievements as a university would send them."""

from typing import Any

from marketplace.listings.importing import columns, terms, writing
from marketplace.listings.importing.rows import TERM_OF

from . import fiction

SAMPLE_ROWS = 50
OWNERS = ("u02", "u03", "u04", "u05", "u06")  # the demonstration officer is of u01 and would have these already


def files() -> dict[str, bytes]:
    """Name and content of each workbook, in the reader's language."""
    return {"template.xlsx": writing.template(), "sample.xlsx": sample()}


def sample() -> bytes:
    """Fifty achievements in the columns of the template."""
    borrowed = [each for each in fiction.records("achievements") if each["owner"] in OWNERS][:SAMPLE_ROWS]
    return writing.workbook(columns.columns(), [row(each, place) for place, each in enumerate(borrowed, 1)])


def row(record: dict[str, Any], place: int) -> dict[str, Any]:
    """One record by the names of the columns."""
    names = {column.name for column in columns.columns()}
    found = {name: value for name, value in record.items() if name in names}
    found |= {f"tier_{name}": tier for name, tier in record["secret"].items()}
    for number, right in enumerate(record["rights"], 1):
        made = fiction.right(right, f"{record['id']}/sheet/{number}")
        found |= {f"right{number}_{part}": made[name] for part, name in PARTS.items()}
    found |= {name: figures(record)[term] for name, term in TERM_OF.items()}
    return found | {
        "source_id": f"JL-2026-{place:03d}",
        "is_anonymous": record["anonymous"],
        "secrecy_level": "NONE",
        "is_secrecy_checked": True,
    }


PARTS = {"kind": "kind", "number": "number", "title": "title_zh"}


def figures(record: dict[str, Any]) -> dict[str, Any]:
    offers = terms.offers(record["modes"], fiction.figures(record))
    return terms.folded(offers)
