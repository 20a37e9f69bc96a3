"""Collects every sentence of the code and the templates into the Chinese catalogue, and compiles it.

    python tools/messages.py           # take up new sentences, drop dead ones, compile
    python tools/messages.py --check   # say what is missing and fail; writes nothing

Needs Babel only, no gettext: a fresh machine shows Chinese because the compiled catalogue is committed.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%(\(\w+\))?[sd]")  # the only forms the house uses; “50 % of” is no placeholder
Message = tuple[str, int, str, str | tuple[str, ...], str | None]


def sources() -> Iterator[Path]:
    for folder in ("config", "marketplace"):
        yield from sorted(p for p in (ROOT / folder).rglob("*.py") if "migrations" not in p.parts)
    for folder in ("templates", "marketplace"):
        yield from sorted((ROOT / folder).rglob("*.html"))
        yield from sorted((ROOT / folder).rglob("*.txt"))
    yield ROOT / "tools/borrowed.py"


def messages() -> Iterator[Message]:
    """Each sentence with its place: (file, line, msgid or (singular, plural), context)."""
    for path in sources():
        text = path.read_text("utf-8")
        code = text if path.suffix == ".py" else level(templatize(text))
        found = extract_python(BytesIO(code.encode()), KEYWORDS, [], {})
        for line, function, words, _comments in found:
            yield from sentence(str(path.relative_to(ROOT)), line, function, words)


def level(code: str) -> str:
    """Without the indentation of a template, which Python would read as blocks."""
    return "\n".join(line.lstrip() for line in code.split("\n"))


def sentence(place: str, line: int, function: str, words: object) -> Iterator[Message]:
    given = [words] if isinstance(words, str) else [word for word in words or () if isinstance(word, str)]
    context = given.pop(0) if "pgettext" in function and given else None
    if not given or not given[0]:
        return
    plural = function.startswith(("ngettext", "npgettext")) and len(given) > 1
    yield place, line, function, tuple(given[:2]) if plural else given[0], context


def fresh_catalogue() -> Catalog:
    """What the code says now, with the translations that the catalogue already has."""
    known = read_po(CATALOGUE.open("rb"), locale="zh_Hans") if CATALOGUE.exists() else Catalog()
    catalogue = empty_catalogue(known)
    for place, _line, _function, words, context in sorted(messages(), key=lambda each: (each[0], each[1])):
        catalogue.add(words, locations=[(place, 0)], context=context)
    for message in catalogue:
        old = known.get(message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
        if message.id and old and old.string:
            message.string = old.string
        if not PLACEHOLDER.search(str(message.id)):
            message.flags.discard("python-format")
    return catalogue


def empty_catalogue(known: Catalog) -> Catalog:
    """The header of the catalogue, with its old days: collecting again without news changes no file."""
    return Catalog(
        locale="zh_Hans",
        project="marketplace",
        charset="utf-8",
        header_comment="# 中文译文",
        creation_date=known.creation_date,
        revision_date=known.revision_date,
        fuzzy=False,
    )


def untranslated(catalogue: Catalog) -> list[str]:
    return [
        str(m.id) for m in catalogue if m.id and (not m.string or (isinstance(m.string, tuple) and not all(m.string)))
    ]


def save(catalogue: Catalog) -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as out:
        write_po(out, catalogue, width=120, omit_header=False, include_lineno=False, sort_output=False)
    with CATALOGUE.with_suffix(".mo").open("wb") as out:
        write_mo(out, catalogue)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a translation is missing")
    wants_check = parser.parse_args().check
    catalogue = fresh_catalogue()
    missing = untranslated(catalogue)
    if not wants_check:
        save(catalogue)
    for each in missing:
        print(f"not translated: {each}", file=sys.stderr)
    print(f"{len(catalogue)} sentences, {len(missing)} without Chinese")
    return 1 if wants_check and missing else 0


if __name__ == "__main__":
    sys.exit(main())
