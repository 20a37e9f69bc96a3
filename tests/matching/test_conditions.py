"""Conditions: which pairs can never match, in both directions, and what the unknown does."""

from dataclasses import replace
from datetime import date

import pytest

from matching import Matcher
from matching.conditions import closed, excluded_by
from tests.matching.listings import NEED, POWDER

TODAY = date(2026, 11, 22)

PAIRS = [
    ({"region": "370102"}, {"regions_accepted": ("370000",)}, None),
    ({"region": "370102"}, {"regions_accepted": ("370100", "110000")}, None),
    ({"region": "370102"}, {"regions_accepted": ("370202",)}, "region"),
    ({"region": "370102"}, {"regions_accepted": ("110000",)}, "region"),
    ({"region": "370102"}, {"regions_accepted": ()}, None),
    ({"region": None}, {"regions_accepted": ("110000",)}, None),
    ({"modes": ("SOLE", "OPEN")}, {"modes": ("OPEN",)}, None),
    ({"modes": ("SOLE",)}, {"modes": ("OPEN",)}, "modes"),
    ({"modes": ()}, {"modes": ("OPEN",)}, None),
    ({"price_low": 100}, {"budget_high": 100}, None),
    ({"price_low": 101}, {"budget_high": 100}, "price"),
    ({"price_low": None}, {"budget_high": 100}, None),
    ({"price_low": 0}, {"budget_high": 0}, None),
    ({"owner": "a"}, {"owner": "b"}, None),
    ({"owner": "a"}, {"owner": "a"}, "owner"),
    ({"owner": "a"}, {}, None),
]


@pytest.mark.parametrize(("supply", "demand", "rule"), PAIRS)
def test_a_rule_excludes_what_it_must_in_both_directions(supply, demand, rule):
    assert excluded_by(supply, demand) == rule
    assert excluded_by(demand, supply) == rule


@pytest.mark.parametrize(
    ("fields", "as_of", "shut"),
    [
        ({"secret": True}, None, True),
        ({"secret": False}, TODAY, False),
        ({"open_until": "2026-11-21"}, TODAY, True),
        ({"open_until": "2026-11-22"}, TODAY, False),
        ({"deadline": date(2026, 11, 21)}, TODAY, True),
        ({"deadline": "2020-01-01"}, None, False),
        ({"open_until": None, "deadline": ""}, TODAY, False),
    ],
)
def test_secret_and_expired_documents_are_closed(fields, as_of, shut):
    assert closed(fields, as_of) is shut


@pytest.mark.parametrize(("supply", "demand", "rule"), PAIRS)
def test_excluded_pairs_are_found_neither_way(supply, demand, rule):
    offer, need = replace(POWDER, fields=supply), replace(NEED, fields=demand)
    found = 0 if rule else 1
    assert len(Matcher.fit([offer]).match(need)) == found
    assert len(Matcher.fit([need]).match(offer)) == found


def test_a_secret_document_is_never_found_and_finds_nothing():
    secret = replace(POWDER, fields={"secret": True})
    assert Matcher.fit([secret]).match(NEED) == []
    assert Matcher.fit([NEED]).match(secret) == []


def test_excluded_documents_make_room_for_the_next():
    barred = [replace(POWDER, id=f"barred{i}", fields={"owner": "me"}) for i in range(30)]
    matcher = Matcher.fit([*barred, replace(POWDER, id="free", title="")])
    found = matcher.match(replace(NEED, fields={"owner": "me"}), k=1)
    assert [match.id for match in found] == ["free"]


def test_the_day_is_given_by_the_caller():
    matcher = Matcher.fit([replace(POWDER, fields={"open_until": "2026-11-21"})])
    assert matcher.match(NEED, as_of=TODAY) == []
    assert len(matcher.match(NEED)) == 1
