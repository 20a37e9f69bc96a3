"""Fields of a page: what says nothing is left out, and no more than two stand side by side."""

from marketplace.core.workspace import spoken

FIELDS = [("Who", {"fields": ("name", ("a", "b", "c")), "classes": ["tab"]}), ("End", {"fields": (("ended", "why"),)})]


def test_what_says_nothing_is_left_out_with_the_part_that_is_empty_then():
    found = spoken(FIELDS, {"a", "ended", "why"}.__contains__)
    assert found == [("Who", {"fields": (("name",), ("b", "c")), "classes": ["tab"]})]


def test_no_more_than_two_stand_side_by_side():
    assert spoken(FIELDS, lambda name: False)[0][1]["fields"] == (("name",), ("a", "b"), ("c",))
