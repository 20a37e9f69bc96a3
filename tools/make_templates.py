"""Makes the Word templates of fixtures/templates from the texts in tools/templates.

    python tools/make_templates.py           # write the files
    python tools/make_templates.py --check   # say which would change and fail; writes nothing

The same texts give the same bytes. A market in use edits its templates in Word and uploads them; these are the start.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from marketplace.documents.filling import packed  # noqa: E402
from tools.templates import licence_en, licence_zh, ndas, portfolio, public, registrations, sheets  # noqa: E402

FOLDER = ROOT / "fixtures/templates"
TEMPLATES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "CONTRACT_LICENCE.zh": ("技术许可合同", licence_zh.make),
    "CONTRACT_LICENCE.en": ("Technology licence contract", licence_en.make),
    "TERM_SHEET.zh": ("技术许可条款书", partial(sheets.make, "zh")),
    "TERM_SHEET.en": ("Term sheet", partial(sheets.make, "en")),
    "NOTICE.zh": ("科技成果转化公示", public.make_notice),
    "DILIGENCE_DOSSIER.zh": ("科技成果转化尽职免责材料", public.make_dossier),
    "NDA.zh": ("保密协议", partial(ndas.make, "zh")),
    "NDA.en": ("Non-disclosure agreement", partial(ndas.make, "en")),
    "CASE_PORTFOLIO.zh": ("技术经理人业绩案例集", partial(portfolio.make, "zh")),
    "CASE_PORTFOLIO.en": ("Case portfolio of a technology manager", partial(portfolio.make, "en")),
    "REGISTRATION_FORM.zh": ("技术合同登记表", registrations.make),
    "MINUTES.zh": ("集体决策会议纪要", public.make_minutes),
}


def made(name: str) -> bytes:
    title, make = TEMPLATES[name]
    return packed(make(), title)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="Write nothing; fail if a file would change.")
    is_check = parser.parse_args().check
    FOLDER.mkdir(exist_ok=True)
    changed = []
    for name in TEMPLATES:
        file, content = FOLDER / f"{name}.docx", made(name)
        if not file.exists() or file.read_bytes() != content:
            changed.append(file.name)
            if not is_check:
                file.write_bytes(content)
    print("\n".join(changed) or "Nothing changed.")
    sys.exit(bool(changed) and is_check)


if __name__ == "__main__":
    main()
