"""Charts drawn on the server as SVG from a Vega-Lite description: no script in the browser, sharp in print.

Drawing takes a moment, so a picture is kept in the cache under the hash of its description. A chart is never the only
place of its numbers: whoever shows one shows a table or a sentence beside it.
"""

import base64
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import cache

from .console import width

log = logging.getLogger(__name__)

KEPT = 24 * 3600  # seconds
VERSION = 1  # of the drawing: a change of it forgets what is kept
FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, system-ui, sans-serif"
NEEDLESS = re.compile(r' (?:class|role|aria-[a-z]+|pointer-events|font-family)="[^"]*"')
INK, SOFT, LINE = "#1c2733", "#56636f", "#d9dfe3"
# Told apart in grey and by the colour-blind too: dark and light in turn
COLOURS = ("#0b5563", "#e0a458", "#5b8e7d", "#a4c3d2", "#8c4a2f", "#6b5b95", "#c9a24b", "#3d5a80")


@dataclass(frozen=True, slots=True)
class Point:
    """One number of a chart: where it stands, to what it belongs, and on which panel."""

    x: str
    y: float
    series: str
    panel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the numbers. `columns` panels stand side by side; sizes are pixels of one panel."""

    x_title: str
    y_title: str
    series_title: str = ""
    columns: int = 3
    width: int = 260
    height: int = 150
    shows_legend: bool = True
    least_tick: float | None = None  # 1 where halves make no sense


def bars(points: Sequence[Point], frame: Frame) -> str:
    """Bars side by side for the series at each x, a panel each. The order of the points is kept."""
    spec = {"mark": {"type": "bar", "cornerRadiusEnd": 1}, "encoding": _encoding(points, frame)}
    spec["encoding"]["xOffset"] = {"field": "series", "sort": _names(points, "series")}
    return draw(_whole(points, frame, spec))


def lines(points: Sequence[Point], frame: Frame) -> str:
    """A line with its points for each series, told apart by dashes as well as by colour."""
    spec = {"mark": {"type": "line", "point": True, "strokeWidth": 2}, "encoding": _encoding(points, frame)}
    spec["encoding"]["strokeDash"] = {"field": "series", "sort": _names(points, "series"), "legend": None}
    return draw(_whole(points, frame, spec))


def draw(spec: dict[str, Any]) -> str:
    """The SVG of a Vega-Lite description, from the cache where it was drawn before."""
    key = f"chart:{VERSION}:{sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()}"
    svg: str | None = _kept(key)
    if svg is None:
        svg = _drawn(spec)
        _keep(key, svg)
    return svg


def as_address(svg: str) -> str:
    """The picture as a data: address for an <img>."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _drawn(spec: dict[str, Any]) -> str:
    import vl_convert  # heavy: a browser engine, loaded by the first chart

    return slim(vl_convert.vegalite_to_svg(spec))


def slim(svg: str) -> str:
    """The picture without what only a page around it could use, and with its font said once."""
    return NEEDLESS.sub("", svg).replace("<svg ", f'<svg font-family="{FONT}" ', 1)


def _kept(key: str) -> str | None:
    try:
        found: str | None = cache.get(key)
    except Exception:  # each cache backend raises its own
        log.warning("The cache does not answer: a chart is drawn anew.", exc_info=True)
        return None
    return found


def _keep(key: str, svg: str) -> None:
    try:
        cache.set(key, svg, KEPT)
    except Exception:
        log.warning("The cache does not answer: a chart is not kept.", exc_info=True)


def _whole(points: Sequence[Point], frame: Frame, spec: dict[str, Any]) -> dict[str, Any]:
    size = {"width": frame.width, "height": frame.height}
    rows = [{"x": each.x, "y": each.y, "series": each.series, "panel": each.panel} for each in points]
    whole = {"data": {"values": rows}, "background": None, "config": CONFIG}
    panels = _names(points, "panel")
    if panels == [""]:
        return {**whole, **size, **spec}
    return {**whole, **_panels(panels, frame), "spec": {**size, **spec}}


def _panels(panels: list[str], frame: Frame) -> dict[str, Any]:
    """One panel each under its name, which is broken into lines as wide as the panel; each has its own axis below."""
    header = {"title": None, "labelFontSize": 12, "labelFontWeight": 600, "labelColor": INK, "labelLineHeight": 15}
    names = {name: "\n".join(broken(name, columns=frame.width // 7)) for name in panels}
    header["labelExpr"] = f"split({json.dumps(names)}[datum.label], '\\n')"
    facet = {"field": "panel", "sort": panels, "header": header}
    return {"columns": frame.columns, "facet": facet, "resolve": {"axis": {"x": "independent"}}}


def broken(text: str, *, columns: int) -> list[str]:
    """A text in lines of at most so many columns, a Chinese letter taking two; other words are kept whole."""
    lines = [""]
    for piece in re.findall(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*", text):
        if lines[-1] and width(lines[-1] + piece.rstrip()) > columns:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _encoding(points: Sequence[Point], frame: Frame) -> dict[str, Any]:
    series = _names(points, "series")
    ticks = {"axis": {"tickMinStep": frame.least_tick}} if frame.least_tick else {}
    scale = {"domain": series, "range": [COLOURS[place % len(COLOURS)] for place in range(len(series))]}
    legend = {"title": frame.series_title or None, "orient": "top", "columns": 1} if frame.shows_legend else None
    return {
        "x": {"field": "x", "type": "ordinal", "sort": _names(points, "x"), "title": frame.x_title},
        "y": {"field": "y", "type": "quantitative", "title": frame.y_title, **ticks},
        "color": {"field": "series", "type": "nominal", "scale": scale, "legend": legend},
    }


def _names(points: Sequence[Point], name: str) -> list[str]:
    """The different values in the order in which they come."""
    return list(dict.fromkeys(getattr(each, name) for each in points))


CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        **{"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 400, "labelColor": INK, "titleColor": SOFT},
        **{"gridColor": LINE, "domainColor": SOFT, "tickColor": SOFT, "labelAngle": 0, "tickCount": 4},
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "labelLimit": 400, "symbolType": "square"},
    "facet": {"spacing": 18},
}
