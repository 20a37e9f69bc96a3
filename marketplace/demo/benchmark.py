"""The open benchmark of supply-demand matching: the shipped listings as the public may read them, with judgements.

What a listing keeps for registered readers or for an NDA is left out here as it is on the market: a matcher never
sees it. Format: corpus.jsonl, queries.jsonl (id, title, keywords, text, fields), qrels.tsv (qid, docid, rel);
queries-short.jsonl asks the same with title and summary alone, as one who does not write much.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from marketplace.listings import rules
from marketplace.listings.models import Achievement, Demand

from . import fiction

LANGUAGES = ("zh", "en")
KEYWORDS = ("technology_keywords", "market_keywords")


def files(language: str = "zh") -> dict[str, str]:
    """Name and content of each file of the benchmark in one language."""
    corpus = [document(record, Achievement, language) for record in fiction.records("achievements")]
    queries = [document(record, Demand, language) for record in fiction.records("demands")]
    judged = list(fiction.judgements())
    return {
        "corpus.jsonl": lines(corpus, as_json),
        "queries.jsonl": lines(queries, as_json),
        "queries-short.jsonl": lines((short(record, language) for record in fiction.records("demands")), as_json),
        "qrels.tsv": "qid\tdocid\trel\n" + lines(judged, lambda row: "\t".join(map(str, row))),
        "meta.json": json.dumps(meta(corpus, queries, judged, language), ensure_ascii=False, indent=1) + "\n",
    }


def lines(rows: Iterable[Any], write: Callable[[Any], str]) -> str:
    return "".join(f"{write(row)}\n" for row in rows)


def as_json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def document(record: dict[str, Any], model: type[Achievement] | type[Demand], language: str) -> dict[str, Any]:
    """One listing in one language, without what its tiers keep back."""
    names = [name for name in (*model.TEXTS, *KEYWORDS) if name != "title"]
    tiers = rules.effective_tiers(record["secret"], names, record.get("ip_status", ""))
    public = [name for name in names if tiers[name] == rules.PUBLIC]
    texts = [record[f"{name}_{language}"] for name in public if name not in KEYWORDS]
    if len(public) < len(names):
        texts.append(record.get(f"public_note_{language}", ""))
    return {
        "id": record["id"],
        "title": record[f"title_{language}"],
        "keywords": [word for name in public if name in KEYWORDS for word in record[f"{name}_{language}"]],
        "text": "\n".join(filter(None, texts)),
        "fields": facts(record),
    }


def short(record: dict[str, Any], language: str) -> dict[str, Any]:
    """A demand as its title and summary alone; these two are public in every demand."""
    title, text = record[f"title_{language}"], record[f"summary_{language}"]
    return {"id": record["id"], "title": title, "keywords": [], "text": text, "fields": facts(record)}


def facts(record: dict[str, Any]) -> dict[str, Any]:
    """Field and readiness. Region, price, mode and owner stay out: a pair was judged by its matter, not its terms."""
    return {name: record[name] for name in ("field", "trl", "trl_min") if name in record}


def meta(corpus: list[Any], queries: list[Any], judged: list[Any], language: str) -> dict[str, Any]:
    grades = [grade for _demand, _achievement, grade in judged]
    return {
        "name": f"keystone_{language}",
        "docs": len(corpus),
        "queries": len(queries),
        "judged_pairs": len(judged),
        "pairs_by_relevance": {str(grade): grades.count(grade) for grade in (0, 1, 2, 3)},
        "mean_doc_chars": round(mean_length(corpus)),
        "mean_query_chars": round(mean_length(queries)),
        "language": language,
        "kind": "technical demand of a small firm -> achievement of a university, institute or hospital",
        "source": "written for this project; organisations, people and figures are made up",
        "licence": "Apache-2.0",
    }


def mean_length(rows: list[dict[str, Any]]) -> float:
    return sum(len(row["title"]) + len(row["text"]) for row in rows) / len(rows)
