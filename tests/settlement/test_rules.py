"""The rules of money by tables: bookings, who paid what, which contract a credit pays, how old a claim is."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.settlement.rules import booking
from marketplace.settlement.rules.ageing import Age, age_of, by_age
from marketplace.settlement.rules.allocating import Line, Money, Part, allocate
from marketplace.settlement.rules.booking import Entry, Kind, Settled
from marketplace.settlement.rules.matching_bank import Candidate, Doubt, match

FEN = st.integers(0, 10**10).map(lambda fen: D(fen) / 100)


def shown(entries):
    return {entry.account.value: entry.amount for entry in entries}


# Bookings


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (booking.bill(D(100)), {"RECEIVABLE": 100, "INCOME": -100}),
        (booking.bill(D(-30)), {"RECEIVABLE": -30, "INCOME": 30}),
        (booking.bill(D(5), is_written_off=True), {"WRITTEN_OFF": 5, "INCOME": -5}),
        (booking.receive(D(100), Settled(D(100))), {"BANK": 100, "RECEIVABLE": -100}),
        (booking.receive(D(100), Settled(D(60), D(0), D(1))),
         {"BANK": 100, "RECEIVABLE": -60, "INTEREST": -1, "PREPAID": -39}),
        (booking.receive(D(100), Settled(D(0), D(100))), {"BANK": 100, "WRITTEN_OFF": -100}),
        (booking.use(Settled(D(39))), {"PREPAID": 39, "RECEIVABLE": -39}),
        (booking.use(Settled(D(-10), D(0), D(10))), {"RECEIVABLE": 10, "INTEREST": -10}),
        (booking.write_off(D(40)), {"WRITTEN_OFF": 40, "RECEIVABLE": -40}),
        (booking.reverse(booking.bill(D(100))), {"RECEIVABLE": -100, "INCOME": 100}),
    ],
)  # fmt: skip
def test_each_event_moves_its_accounts(entries, expected):
    assert shown(entries) == expected
    assert sum(shown(entries).values()) == 0


@pytest.mark.parametrize("settled", [Settled(D(101)), Settled(D(-1)), Settled(D(60), D(40), D("0.01"))])
def test_a_payment_pays_no_more_than_itself(settled):
    with pytest.raises(ValueError, match="no more than itself"):
        booking.receive(D(100), settled)


@pytest.mark.parametrize("amounts", [(D(1), D("-0.99")), (D("0.001"), D("-0.001"))])
def test_what_does_not_balance_in_whole_fen_is_refused(amounts):
    with pytest.raises(ValueError, match="booking"):
        booking.balanced(*(Entry(kind, each) for kind, each in zip((Kind.BANK, Kind.INCOME), amounts, strict=True)))


@given(FEN, FEN, FEN, FEN)
def test_every_booking_adds_up_to_zero(principal, recovered, interest, rest):
    settled = Settled(principal, recovered, interest)
    for entries in (booking.receive(settled.total + rest, settled), booking.use(settled), booking.bill(principal)):
        assert sum(entry.amount for entry in entries) == 0


# Who paid what


def line(key, principal, interest=0):
    return Line(key, key.split(":")[0], D(principal), D(interest))


def part(payment, key, principal, interest=0):
    return Part(payment, key, D(principal), D(interest))


@pytest.mark.parametrize(
    ("lines", "payments", "held", "expected"),
    [
        ([line("a", 100)], [Money(1, D(100))], [], [part(1, "a", 100)]),
        ([line("a", 40, 2)], [Money(1, D(100))], [], [part(1, "a", 40, 2)]),
        # an over-payment is used in the order in which it came
        ([line("a", 150)], [Money(1, D(100)), Money(2, D(100))], [], [part(1, "a", 100), part(2, "a", 50)]),
        # who names a line pays it first
        ([line("a", 50), line("b", 50)], [Money(1, D(50)), Money(2, D(50), "a")], [],
         [part(2, "a", 50), part(1, "b", 50)]),
        # money for a line that is not there yet waits as long as other money is there
        ([line("a", 50)], [Money(1, D(50), "later"), Money(2, D(50))], [], [part(2, "a", 50)]),
        # reversed: what it had paid is taken back, and the next payment steps in
        ([line("a", 50)], [Money(1, D(0)), Money(2, D(60))], [part(1, "a", 50)], [part(1, "a", -50), part(2, "a", 50)]),
        ([line("a", 0)], [Money(1, D(0))], [part(1, "a", 50, 1)], [part(1, "a", -50, -1)]),
        # an adjustment is set off within its own term
        ([line("r:1", 100), line("r:2", -30)], [Money(1, D(70))], [], [part(None, "r:1", 30), part(1, "r:1", 70)]),
        ([line("r:1", 100), line("r:2", -30)], [Money(1, D(100))], [part(1, "r:1", 100)],
         [part(1, "r:1", -30), part(None, "r:1", 30)]),
        # nothing to do
        ([line("a", 50)], [Money(1, D(60))], [part(1, "a", 50)], []),
    ],
)  # fmt: skip
def test_parts_follow_what_is_paid(lines, payments, held, expected):
    assert set(allocate(lines, payments, held)) == set(expected)


def test_more_than_has_arrived_is_not_shared_out():
    with pytest.raises(ValueError, match="More is paid"):
        allocate([line("a", 100)], [Money(1, D(99))], [])


@st.composite
def worlds(draw):
    """Two states of the same lines and payments, each of which adds up."""
    names = ["a", "b", "r:1", "r:2"]
    payments = draw(st.lists(st.integers(1, 1000), min_size=1, max_size=5))

    def state(amounts):
        left, lines = sum(amounts), []
        for name in names:
            paid = draw(st.integers(0, left))
            interest = draw(st.integers(0, paid))
            left -= paid
            lines.append(line(name, paid - interest, interest))
        set_off = draw(st.integers(0, int(lines[2].principal + lines[2].interest)))
        left += set_off
        more = draw(st.integers(0, left))
        lines += [line("r:9", -set_off), line("c", more)]
        return lines, [Money(place, D(amount)) for place, amount in enumerate(amounts, 1)]

    alive = [draw(st.sampled_from([amount, amount, 0])) for amount in payments]
    return state(payments), state(alive)


@given(worlds())
def test_parts_always_add_up(world):
    """To every line, to no more than every payment; also after the past was corrected."""
    held = []
    for lines, payments in world:
        held = added(held, allocate(lines, payments, held))
        for each in lines:
            if each.principal >= 0:
                assert paid(held, "key", each.key) == each.principal + each.interest
        for payment in payments:
            assert 0 <= paid(held, "payment", payment.id) <= payment.amount
        assert paid(held, "payment", None) == -sum(each.principal for each in lines if each.principal < 0)
        assert all(each.principal >= 0 and each.interest >= 0 for each in held)


def added(held, changes):
    sums = {}
    for each in [*held, *changes]:
        before = sums.get((each.payment, each.key), (D(0), D(0)))
        sums[each.payment, each.key] = (before[0] + each.principal, before[1] + each.interest)
    return [Part(*where, *amounts) for where, amounts in sums.items() if any(amounts)]


def paid(held, name, value):
    return sum(each.principal + each.interest for each in held if getattr(each, name) == value)


# Bank lines

ONE = Candidate("abcdefgh23456789", ("晨辉机电有限公司", "Chenhui"), (D(300), D(500)))
TWO = Candidate("bcdefgh234567892", ("晨辉机电有限公司",), (D(300),))
OTHER = Candidate("cdefgh2345678923", ("海峡（厦门）涂层股份公司",), ())


@pytest.mark.parametrize(
    ("amount", "payer", "purpose", "candidates", "expected"),
    [
        (300, "晨辉机电有限公司", "", [ONE], ONE.id),
        (800, "晨辉机电有限公司", "", [ONE], ONE.id),  # everything that is open
        (500, "晨辉 机电有限公司", "", [ONE, TWO], ONE.id),
        (1, "王某", "合同 ABCDEFGH23456789 款", [ONE, TWO], ONE.id),
        (1, "", "ａｂｃｄｅｆｇｈ２３４５６７８９", [ONE], ONE.id),
        (300, "晨辉机电有限公司", "", [ONE, TWO], Doubt.SEVERAL),
        (1, "", f"{ONE.id} {TWO.id}", [ONE, TWO], Doubt.SEVERAL),
        (299, "晨辉机电有限公司", "", [ONE], Doubt.AMOUNT_DIFFERS),
        (300, "晨辉机电", "", [ONE], Doubt.NO_PAYER),
        (300, "", "", [ONE], Doubt.NO_PAYER),
        (1, "海峡(厦门)涂层股份公司", "", [OTHER], Doubt.NOTHING_OPEN),
        (1, "", f"x{ONE.id}", [ONE], Doubt.NO_PAYER),  # a part of a longer word names nothing
    ],
)
def test_a_credit_pays_one_contract_surely_or_says_why_not(amount, payer, purpose, candidates, expected):
    found = match(D(amount), payer, purpose, candidates)
    assert expected in (found.contract, found.doubt)
    assert bool(found.contract) != bool(found.doubt)


# Age


@pytest.mark.parametrize(
    ("days", "age"),
    [(-5, Age.NOT_DUE), (0, Age.NOT_DUE), (1, Age.DAYS_30), (30, Age.DAYS_30), (31, Age.DAYS_60), (60, Age.DAYS_60),
     (61, Age.DAYS_90), (90, Age.DAYS_90), (91, Age.OLDER)],
)  # fmt: skip
def test_a_claim_is_as_old_as_its_due_day(days, age):
    due = date(2027, 3, 1)
    assert age_of(due, date.fromordinal(due.toordinal() + days)) is age


def test_open_amounts_add_up_by_age():
    today = date(2027, 3, 1)
    sums = by_age([(date(2027, 2, 1), D(5)), (date(2027, 2, 2), D(-2)), (today, D(7))], today)
    assert (sums[Age.DAYS_30], sums[Age.NOT_DUE], sum(sums.values())) == (3, 7, 10)
