"""What changed between two versions of a sheet, as rows."""

from decimal import Decimal

import pytest
from hypothesis import given

from marketplace.contracts.rules.difference import Change, ChangeKind, difference
from marketplace.contracts.rules.reading import read_sheet
from marketplace.contracts.rules.sheet import TriggerKind
from marketplace.contracts.rules.writing import fingerprint
from tests.contracts.making import ENTRY_ROYALTY, ROYALTY, UPFRONT, ZERO_UPFRONT
from tests.contracts.sheets import sheets

ADDED, REMOVED, CHANGED, MOVED = ChangeKind


def changes(*terms, **values):
    """What changed from the plain entry fee and royalty to a sheet with these terms or values."""
    new = ENTRY_ROYALTY | ({"terms": list(terms)} if terms else {}) | values
    return difference(read_sheet(ENTRY_ROYALTY), read_sheet(new))


def test_the_same_sheet_has_no_difference():
    assert changes() == ()


def test_a_lower_rate_and_a_new_cap_are_two_rows():
    royalty = ROYALTY | {"tiers": [{"from": "0", "rate": "0.025"}], "lifetime_cap": "500000"}
    assert changes(UPFRONT, royalty) == (
        Change(CHANGED, "royalty", "tiers.0.rate", Decimal("0.03"), Decimal("0.025")),
        Change(ADDED, "royalty", "lifetime_cap", None, Decimal("500000")),
    )


def test_what_is_taken_out_of_a_term_is_removed():
    royalty = {name: value for name, value in ROYALTY.items() if name != "deductions"}
    (found,) = changes(UPFRONT, royalty)
    assert (found.kind, found.field, found.old, found.new) == (REMOVED, "deductions", ("RETURNS", "TAXES"), None)


def test_a_whole_term_is_added_or_removed():
    fee = {"id": "yearly", "kind": "MAINTENANCE", "amount": "5000"}
    added, removed = changes(fee, UPFRONT)[-1], changes(fee, UPFRONT)[0]
    assert (added.kind, added.term, added.new.amount) == (ADDED, "yearly", Decimal("5000"))
    assert (removed.kind, removed.term, removed.new) == (REMOVED, "royalty", None)


def test_another_trigger_says_what_of_it_changed():
    later = UPFRONT | {"trigger": {"kind": "AFTER", "event": "DELIVERY", "days": 30}}
    found = {each.field: (each.old, each.new) for each in changes(later, ROYALTY)}
    assert found == {
        "trigger.kind": (TriggerKind.SIGNATURE, TriggerKind.AFTER),
        "trigger.event": (None, "DELIVERY"),
        "trigger.days": (0, 30),
    }


def test_a_term_of_another_kind_is_one_row():
    option = {"id": "upfront", "kind": "BUYOUT", "price": "60000", "until": {"months": 12}}
    (found,) = changes(option, ROYALTY)
    assert (found.kind, found.term, found.field) == (CHANGED, "upfront", "")


def test_the_sheet_itself_changes_by_field():
    found = [(each.kind, each.term, each.field) for each in changes(total_cap="900000", term={"months": 60})]
    assert found == [
        (CHANGED, "", "term_months"),
        (CHANGED, "", "sell_off_months"),
        (ADDED, "", "total_cap"),
    ]


def test_a_trial_that_is_dropped_is_said_field_by_field():
    plain = {name: value for name, value in ZERO_UPFRONT.items() if name != "trial"}
    found = difference(read_sheet(ZERO_UPFRONT), read_sheet(plain))
    assert {each.field for each in found} == {
        f"trial.{n}" for n in ("months", "at_end", "extensions", "extension_months")
    }
    assert {each.kind for each in found} == {REMOVED}


def test_another_order_of_the_terms_is_a_change_too():
    assert changes(ROYALTY, UPFRONT) == (Change(MOVED, "", "terms", ("upfront", "royalty"), ("royalty", "upfront")),)


@pytest.mark.parametrize("name", ["old", "new"])
def test_what_was_added_one_way_was_removed_the_other_way(name):
    one, other = read_sheet(ENTRY_ROYALTY), read_sheet(ZERO_UPFRONT)
    there, back = difference(one, other), difference(other, one)
    opposite = {"old": "new", "new": "old"}[name]
    assert {(each.term, each.field, str(getattr(each, name))) for each in there} == {
        (each.term, each.field, str(getattr(each, opposite))) for each in back
    }


@given(sheets(), sheets())
def test_nothing_differs_when_and_only_when_the_sheets_are_the_same(one, other):
    assert difference(one, one) == ()
    assert (difference(one, other) == ()) is (fingerprint(one) == fingerprint(other))
