"""Who may do what with money: who decides for the licensor; nobody bills by hand; and which state follows which."""

import pytest
from django_fsm import TransitionNotAllowed

from marketplace.settlement.models import BankLine, Invoice, Obligation, Payment
from tests import factories

VERBS = ["record", "reverse", "write_off", "import_bank", "match_line", "ignore_line", "release_line"]
VERBS += ["record_invoice", "correct_invoice", "withdraw_invoice"]


@pytest.mark.parametrize("verb", VERBS)
def test_the_licensor_decides_about_its_money(entry, verb):
    seller = entry.contract.seller
    reader, other = factories.make_member(seller, "reader"), factories.make_member()
    staff = factories.make_user(is_staff=True)
    may = [
        each.has_perm(f"settlement.{verb}", entry.contract)
        for each in (entry.seller, entry.buyer, reader, other, staff)
    ]
    assert may == [True, False, False, False, False]


def test_nobody_bills_by_hand(entry):
    assert not entry.seller.has_perm("settlement.bill", entry.contract)


def after(row, move):
    try:
        getattr(row, move)()
    except TransitionNotAllowed:
        return "-"
    return str(row.state)


MOVES = ["wait", "part_pay", "fall_overdue", "settle", "cancel", "write_off"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("due", "due part_paid overdue paid cancelled written_off"),
        ("part_paid", "due part_paid overdue paid cancelled written_off"),
        ("overdue", "due part_paid overdue paid cancelled written_off"),
        ("paid", "due part_paid overdue paid cancelled written_off"),
        ("written_off", "- - - paid cancelled written_off"),
        ("cancelled", "due part_paid overdue paid - written_off"),
    ],
)
def test_an_obligation_follows_its_statement_but_for_what_is_written_off(state, expected):
    assert [after(Obligation(state=state), move) for move in MOVES] == expected.split()


@pytest.mark.parametrize(
    ("state", "expected"), [("new", "matched ignored -"), ("matched", "- - new"), ("ignored", "matched - new")]
)
def test_a_bank_line_is_matched_set_aside_and_let_go(state, expected):
    assert [after(BankLine(state=state), move) for move in ("match", "ignore", "release")] == expected.split()


@pytest.mark.parametrize(("state", "expected"), [("booked", "reversed"), ("reversed", "-")])
def test_a_payment_is_reversed_once(state, expected):
    assert after(Payment(state=state), "reverse") == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [("recorded", "corrected - withdrawn"), ("corrected", "- recorded -"), ("withdrawn", "- - -")],
)
def test_an_invoice_is_taken_back_or_withdrawn(state, expected):
    moves = ("correct", "stand_again", "withdraw")
    assert [after(Invoice(state=state), move) for move in moves] == expected.split()
