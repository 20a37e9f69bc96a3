"""Regions, technical fields and slots as spans that can be compared by overlap alone."""

import pytest

from marketplace.law.rules.spans import field_span, region_span, slot_span


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("110000", "110105", True),  # a province and its district
        ("110100", "110105", True),
        ("110105", "110106", False),
        ("110000", "120000", False),
        ("CN", "330106", True),
        ("WORLD", "CN", True),
    ],
)
def test_a_region_holds_what_lies_in_it(one, other, overlap):
    assert region_span(one).overlaps(region_span(other)) is overlap
    assert region_span(other).overlaps(region_span(one)) is overlap


@pytest.mark.parametrize("code", ["", "1", "11000", "1100000", "A10000", "011000", "１１００００"])
def test_nonsense_is_no_region(code):
    with pytest.raises(ValueError, match="no region code"):
        region_span(code)


def test_every_field_holds_each_field_and_two_fields_are_apart():
    assert field_span("*").overlaps(field_span("05"))
    assert not field_span("05").overlaps(field_span("06"))


def test_an_exclusive_licence_takes_the_slots_of_all_and_an_ordinary_one_its_own():
    exclusive = slot_span(excludes_others=True, number=7)
    ordinary, another = (slot_span(excludes_others=False, number=n) for n in (7, 8))
    assert exclusive.overlaps(ordinary)
    assert not ordinary.overlaps(another)
