"""What a licence takes: every region with every field of use."""

from marketplace.contracts.rules.scope import boxes
from marketplace.law.rules.spans import Span


def test_what_lies_inside_another_region_is_left_out():
    found = boxes(["110105", "110000", "110000", "310000"], ["05"])
    assert [box.region for box in found] == [Span(110_000, 120_000), Span(310_000, 320_000)]


def test_each_region_is_combined_with_each_field():
    assert len(boxes(["110000", "310000"], ["05", "07", "07"])) == 4
