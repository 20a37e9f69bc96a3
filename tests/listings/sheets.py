"""Makes spreadsheets for tests: workbooks and CSV files of a few rows, and damaged ones."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

HEADERS = [
    *("成果名称", "简介", "详细说明", "比较优势", "技术领域", "所在地区", "技术成熟度", "成果阶段", "知识产权状态"),
    *("许可方式", "价格下限（元）", "价格上限（元）", "提成比例（%）", "单位内部编号", "技术关键词"),
]
ROW = [
    *(
        "铝合金陶瓷涂层",
        "原位生长陶瓷层。",
        "膜厚30 µm，硬度1200 HV。",
        "硬度提高一倍。",
        "新材料",
        "江苏省",
        7,
        "MIDDLE",
    ),
    *("已授权", "一次性买断；纯提成", 200000, 600000, 2.5, "CG-001", "陶瓷涂层；铝合金"),
]


def row(**changes: Any) -> list[Any]:
    """The usual row with some cells changed, by header."""
    cells = list(ROW)
    for header, value in changes.items():
        cells[HEADERS.index(header)] = value
    return cells


def xlsx(rows: Sequence[Sequence[Any]], touch: Callable[[Any], None] = lambda book: None) -> bytes:
    book = Workbook()
    for cells in rows:
        book.active.append(cells)
    touch(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_of(*rows: Sequence[Any], headers: Sequence[str] = HEADERS) -> bytes:
    """A workbook of the usual headers and these rows."""
    return xlsx([headers, *rows])


def csv_of(*rows: Sequence[Any], mark: str = ",", headers: Sequence[str] = HEADERS) -> str:
    return "".join(mark.join(f'"{cell}"' for cell in cells) + "\r\n" for cells in [headers, *rows])


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def with_parts(workbook: bytes, parts: dict[str, bytes]) -> bytes:
    """A workbook with further or other parts in its archive."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as file:
        held = {name: file.read(name) for name in file.namelist()}
    return archive(held | parts)


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content)).worksheets[0]
