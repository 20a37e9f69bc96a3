"""Charts: pictures with titled axes that a browser shows as they are, drawn once and kept."""

from xml.etree import ElementTree

import pytest
from django.core.cache import cache

from marketplace.core import charts
from marketplace.core.charts import Frame, Point

FRAME = Frame(x_title="年份", y_title="付款（万元）", series_title="情形")
POINTS = [Point(str(year), year * 1.5, series) for series in ("预计", "卖得不好") for year in (1, 2, 3)]
PANELS = [Point("1", 2.0, "预计", panel) for panel in ("零门槛费+里程碑支付+收入提成", "Buy-out")]


@pytest.mark.parametrize("kind", [charts.bars, charts.lines])
def test_a_picture_has_titled_axes_a_legend_and_is_sound_xml(kind):
    svg = kind(POINTS, FRAME)
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    for words in ("年份", "付款（万元）", "情形", "预计", "卖得不好"):
        assert words in svg


def test_a_picture_carries_no_script_no_address_and_its_font_once():
    svg = charts.bars(POINTS, FRAME)
    assert "<script" not in svg
    assert svg.count("http") == svg.count("http://www.w3.org/")
    assert svg.count("font-family") == 1


def test_panels_carry_their_names_broken_to_their_width():
    svg = charts.bars(PANELS, Frame(x_title="年份", y_title="付款", columns=2, width=120))
    assert "Buy-out" in svg
    assert "零门槛费+里程碑支付+收入提成" not in svg
    assert "收入提成" in svg


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Buy-out", ["Buy-out"]),
        ("No entry fee, milestones", ["No entry fee,", "milestones"]),
        ("零门槛费里程碑支付", ["零门槛费里程", "碑支付"]),
        ("incomprehensibilities", ["incomprehensibilities"]),
        ("", [""]),
    ],
)
def test_a_name_is_broken_into_lines(text, lines):
    assert charts.broken(text, columns=13) == lines


def test_a_picture_is_drawn_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(charts, "_drawn", lambda spec: drawn.append(spec) or "<svg/>")
    assert {charts.bars(POINTS, FRAME) for _ in range(3)} == {"<svg/>"}
    charts.bars(POINTS[:3], FRAME)
    assert len(drawn) == 2


def test_a_cache_that_is_gone_only_costs_time(monkeypatch):
    def gone(*given):
        raise ConnectionError

    monkeypatch.setattr(cache, "get", gone)
    monkeypatch.setattr(cache, "set", gone)
    assert charts.bars(POINTS, FRAME).startswith("<svg ")


def test_a_picture_can_be_an_address():
    assert charts.as_address("<svg/>") == "data:image/svg+xml;base64,PHN2Zy8+"
