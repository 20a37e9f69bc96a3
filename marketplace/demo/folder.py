"""A market from any folder of corpus.jsonl, queries.jsonl (plain or .gz): records as achievements, queries as demands.

No text is cut: what is longer than one field goes on in the next, and a record too long for all of them is refused
and counted. Owners are made up; every 7th record keeps the end of its text under an NDA, every 11th owner stays
anonymous. What a folder does not tell (field, readiness) is the same for all, so that it favours nobody.
"""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.errors import Invalid
from marketplace.listings import checks, rules
from marketplace.listings.models import Achievement, Demand
from marketplace.listings.services import Newcomer
from marketplace.parties.models import Organisation

from . import cast

SUPPLIERS, SEEKERS = 60, 30
CONFIDENTIAL_EVERY, ANONYMOUS_EVERY = 7, 11
TITLE, MADE_TITLE = 120, 48
ROOM = (("summary_zh", 500), ("description_zh", 4000), ("description_en", 8000))
KEYWORD_ROOM = ("technology_keywords_zh", "market_keywords_zh", "technology_keywords_en", "market_keywords_en")
NOT_TOLD = "—"
SENTENCE_END = re.compile(r"[。！？；.!?;]\s*|\n")
PROVINCES = ("110000", "310000", "320000", "330000", "370000", "420000", "440000", "510000", "610000")
SAME_FOR_ALL = {"field": "01", "secrecy_level": "NONE", "is_secrecy_checked": True}


def rows(folder: Path, name: str, limit: int | None = None) -> list[dict[str, Any]]:
    """The rows of NAME.jsonl or NAME.jsonl.gz, or of its first `limit` lines. Raises Invalid with the line."""
    path = next((p for p in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz") if p.exists()), None)
    if path is None:
        raise Invalid(
            _("%(folder)s has neither %(name)s.jsonl nor %(name)s.jsonl.gz.") % {"folder": folder, "name": name}
        )
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        return [row_of(path, number, line) for number, line in enumerate(file) if limit is None or number < limit]


def row_of(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        return {**row, "id": str(row["id"]), "title": row.get("title") or "", "text": row["text"]}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        sentence = _("%(file)s, line %(line)d: not a record with id and text.")
        raise Invalid(sentence % {"file": path.name, "line": number + 1}) from fault


class Folder:
    """The newcomers of one folder, and how many records had no room."""

    def __init__(self, path: Path, limit: int | None = None) -> None:
        self.corpus, self.queries = rows(path, "corpus", limit), rows(path, "queries", limit)
        self.source = f"folder:{path.name}"[:40]
        self.too_long: list[str] = []

    def newcomers(self) -> list[Newcomer]:
        return [
            *self.achievements(made_up_owners("UNIVERSITY", SUPPLIERS, "示范高校", "Sample University", 201)),
            *self.demands(made_up_owners("FIRM", SEEKERS, "示范企业", "Sample Firm", 401)),
        ]

    def achievements(self, owners: list[Organisation]) -> Iterator[Newcomer]:
        offers = ({"mode": "BUYOUT"}, {"mode": "ENTRY_ROYALTY"})
        told = {"advantage_zh": NOT_TOLD, "trl": 6, "stage": "MIDDLE", "ip_status": "PUBLISHED"}
        for owner, number, values in self.placed(self.corpus, owners):
            tiers = {"description": rules.NDA} if number % CONFIDENTIAL_EVERY == 0 else {}
            yield Newcomer(Achievement, owner, {**values, **told, "tiers": tiers}, offers=offers)

    def demands(self, owners: list[Organisation]) -> Iterator[Newcomer]:
        deadline = timezone.localdate() + timedelta(days=180)
        told = {"target_zh": NOT_TOLD, "acceptance_zh": NOT_TOLD, "deadline": deadline}
        for owner, _number, values in self.placed(self.queries, owners):
            yield Newcomer(Demand, owner, {**values, **told})

    def placed(
        self, records: list[dict[str, Any]], owners: list[Organisation]
    ) -> Iterator[tuple[Organisation, int, dict[str, Any]]]:
        """Each record with its owner, number and values; the next owner has it where one has its title already."""
        taken: set[tuple[int, str]] = set()
        for number, record in enumerate(records, 1):
            values = self.values(record, is_split=number % CONFIDENTIAL_EVERY == 0)
            if values is None:
                self.too_long.append(record["id"])
                continue
            title = rules.fingerprint(values["title_zh"])
            turns = [(number + turn) % len(owners) for turn in range(len(owners))]
            place = next((each for each in turns if (each, title) not in taken), None)
            if place is None:  # every owner has one of this title
                place, values["title_zh"] = turns[0], f"{values['title_zh'][: TITLE - 8]} ({number})"
            taken.add((place, rules.fingerprint(values["title_zh"])))
            values["is_anonymous"] = (place + 1) % ANONYMOUS_EVERY == 0
            yield owners[place], number, values | {"region": owners[place].region}

    def values(self, record: dict[str, Any], *, is_split: bool) -> dict[str, Any] | None:
        title = title_of(record)
        text, keywords = record["text"], [str(word) for word in record.get("keywords") or ()]
        text = "\n".join(filter(None, [record["title"] if record["title"] != title else "", text]))
        fitting = [word for word in keywords if len(word) <= checks.LONGEST_KEYWORD]
        most = checks.MOST_KEYWORDS * len(KEYWORD_ROOM)
        left_over = [word for word in keywords if word not in fitting] + fitting[most:]
        texts = spread("\n".join([text, *left_over]), is_split=is_split)
        if texts is None:
            return None
        groups = {name: fitting[start : start + 5] for name, start in zip(KEYWORD_ROOM, range(0, most, 5), strict=True)}
        return {**SAME_FOR_ALL, **texts, **groups, "title_zh": title, "source_id": record["id"][:80]}


def title_of(record: dict[str, Any]) -> str:
    """The record's title, or the beginning of its text (which stays whole) where it has none or a longer one."""
    title = " ".join(record["title"].split())
    if title and len(title) <= TITLE:
        return title
    start = " ".join((title or record["text"]).split())
    most = TITLE - 1 if title else MADE_TITLE * (1 if re.search(r"[一-鿿]", start) else 2)
    return start if len(start) <= most else start[: cut_before(start, most)].strip(" ;；,，") + "…"


def spread(text: str, *, is_split: bool) -> dict[str, str] | None:
    """The whole text over summary and descriptions; with `is_split` its last third goes to the description."""
    parts: dict[str, str] = {}
    for name, most in ROOM:
        room = min(most, len(text) * 2 // 3) if is_split and name == "summary_zh" else most
        end = len(text) if len(text) <= room else cut_before(text, room)
        parts[name], text = text[:end].strip() or NOT_TOLD * (name != "description_en"), text[end:]
    return None if text.strip() else parts


def cut_before(text: str, most: int) -> int:
    """Where to part the text at or before `most`: after a sentence, else at a space, else there."""
    ends = [found.end() for found in SENTENCE_END.finditer(text, 0, most)]
    if ends and ends[-1] > most // 2:
        return ends[-1]
    space = text.rfind(" ", most // 2, most)
    return space + 1 if space > 0 else most


def made_up_owners(kind: str, count: int, zh: str, en: str, first: int) -> list[Organisation]:
    return [
        cast.organisation(
            first + place,
            kind=kind,
            name_zh=f"{zh}{place + 1:02d}",
            name_en=f"{en} {place + 1:02d}",
            region=PROVINCES[place % len(PROVINCES)],
        )
        for place in range(count)
    ]
