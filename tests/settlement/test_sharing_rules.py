"""Rules of sharing as tables and properties: nothing is lost, nothing is made, every part within a fen of its share."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.settlement.rules import paying_out, reward_days, sharing
from marketplace.settlement.rules.reward_days import Condition
from marketplace.settlement.rules.sharing import Cost, Fault, Line, Part, Role, fraction_of

HALF = Decimal("0.5")
AMOUNTS = [Decimal(each) for each in ("0.01", "0.02", "0.05", "100.00", "99999999.99")]


def inventors(*shares):
    return [Line(Role.INVENTOR, fraction_of(each), is_main=True) for each in shares]


PLANS = {
    "thirds": inventors(*["1/3"] * 3),
    "sevenths": inventors(*["1/7"] * 7),
    "eleven": inventors("70%", "29.9%", *["1/9000"] * 9),  # the last nine share 0.1 %
    "70/29.9/0.1": inventors("70%", "29.9%", "0.1%"),
}


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("rate", ["0.5", "0.7", "1"])
def test_every_fen_is_shared_and_none_is_made(amount, name, rate):
    found = sharing.share_out(amount, Decimal(rate), PLANS[name])
    assert found.pool + found.retained == amount
    assert sum(found.amounts) == found.pool
    for line, part in zip(PLANS[name], found.amounts, strict=True):
        assert abs(Fraction(part) - Fraction(found.pool) * line.share) < Fraction(1, 100)


@given(
    net=st.integers(0, 10**12),
    rate=st.integers(1, 1_000_000),
    weights=st.lists(st.integers(1, 10**6), min_size=1, max_size=15),
    rest=st.lists(st.integers(1, 1000), max_size=4),
)
def test_whatever_the_plan_the_parts_are_the_whole(net, rate, weights, rest):
    lines = [Line(Role.INVENTOR, Fraction(each, sum(weights))) for each in weights]
    lines += [Line(Role.COLLEGE, Fraction(each, sum(rest))) for each in rest]
    amount = Decimal(net) / 100
    found = sharing.share_out(amount, Decimal(rate) / 1_000_000, lines)
    people, units = found.amounts[: len(weights)], found.amounts[len(weights) :]
    assert found.pool + found.retained == amount
    assert (sum(people), sum(units)) == (found.pool, found.retained if rest else 0)
    assert abs(Fraction(found.pool) - Fraction(amount) * rate / 1_000_000) < Fraction(1, 100)
    assert min(found.amounts) >= 0


@pytest.mark.parametrize(
    ("text", "share"),
    [("1/3", Fraction(1, 3)), ("29.9%", Fraction(299, 1000)), ("0.299", Fraction(299, 1000)), ("100 %", Fraction(1)),
     ("70％", Fraction(7, 10)), (" 1 ", Fraction(1)), ("2 / 6", Fraction(1, 3))],
)  # fmt: skip
def test_a_share_is_read_as_it_is_written(text, share):
    assert fraction_of(text) == share


@pytest.mark.parametrize("text", ["", "0", "0%", "1/0", "101%", "4/3", "-1/3", "x", "1e-3", "1/99999999999", "½"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ValueError, match="no share"):
        fraction_of(text)


@pytest.mark.parametrize(("share", "text"), [("1/3", "1/3"), ("29.9%", "29.9%"), ("1", "100%"), ("0.1%", "0.1%")])
def test_a_share_is_written_exactly(share, text):
    assert sharing.written(fraction_of(share)) == text
    assert fraction_of(sharing.written(fraction_of(share))) == fraction_of(share)


STAFF = Line(Role.STAFF, Fraction(5, 100))
OWNER, OFFICE = Line(Role.OWNER, Fraction(9, 10)), Line(Role.TRANSFER_OFFICE, Fraction(1, 10))


@pytest.mark.parametrize(
    ("lines", "main", "staff", "faults"),
    [
        (inventors("100%"), "0.5", None, []),
        (inventors("1/3", "1/3"), None, None, ["E_SHARES_NOT_100"]),
        (inventors("1/3", "1/3", "33.333333%"), None, None, ["E_SHARES_NOT_100"]),
        ([*inventors("100%"), OWNER], None, None, ["E_SHARES_NOT_100"]),
        ([*inventors("100%"), OWNER, OFFICE], None, None, []),
        ([Line(Role.STAFF, Fraction(1))], None, None, ["E_NO_INVENTOR"]),
        ([Line(Role.INVENTOR, Fraction(1))], "0.5", None, ["E_MAIN_BELOW_MINIMUM"]),
        (inventors("100%"), "0.7", "0.05", ["E_STAFF_BELOW_MINIMUM"]),
        ([*inventors("95%"), STAFF], "0.7", "0.05", []),
        ([*inventors("50%"), Line(Role.INVENTOR, Fraction(1, 2))], "0.5", None, []),
        ([*inventors("49.9%"), Line(Role.INVENTOR, Fraction(501, 1000))], "0.5", None, ["E_MAIN_BELOW_MINIMUM"]),
    ],
)
def test_a_plan_is_whole_and_keeps_the_minima(lines, main, staff, faults):
    found = sharing.plan_faults(lines, Decimal(main) if main else None, Decimal(staff) if staff else None)
    assert [each.value for each in found] == faults


@pytest.mark.parametrize(("office", "is_short"), [("0", False), ("1/3", False), ("0.33", True), ("0.34", False)])
def test_shandongs_office_gets_nothing_or_its_minimum(office, is_short):
    lines = [Line(Role.TRANSFER_OFFICE, fraction_of(office))] if office != "0" else []
    assert sharing.is_office_short(lines, Decimal("0.7"), Decimal("0.1")) is is_short


@pytest.mark.parametrize(
    ("floor", "own", "is_bound", "rate"),
    [
        ("0.5", None, True, Decimal("0.5")),
        ("0.5", "0.7", True, Decimal("0.7")),
        ("0.5", "0.499999", True, Fault.REWARD_BELOW_FLOOR),
        ("0.5", "0.3", False, Decimal("0.3")),
        (None, "0.2", True, Decimal("0.2")),
        (None, None, True, None),
    ],
)
def test_the_own_rate_holds_above_the_legal_one(floor, own, is_bound, rate):
    numbers = [Decimal(each) if each else None for each in (floor, own)]
    assert sharing.reward_rate(*numbers, is_bound=is_bound) == rate


def test_costs_are_taken_in_their_order_and_never_below_zero():
    found = sharing.net_income(Decimal(100), [Cost(1, Decimal(60)), Cost(2, Decimal(60)), Cost(3, Decimal(5))])
    assert (found.amount, found.costs, found.taken) == (0, 100, {1: 60, 2: 40})


def test_a_plan_has_the_same_hash_in_any_order_of_names_and_another_when_anything_differs():
    plan = {"number": 1, "lines": [{"name": "甲", "share": "1/3"}]}
    assert sharing.fingerprint(plan) == sharing.fingerprint(dict(reversed(plan.items())))
    assert sharing.fingerprint(plan) != sharing.fingerprint(plan | {"lines": [{"name": "甲", "share": "2/3"}]})


# Days and tax


@pytest.mark.parametrize(
    ("received", "months", "last"),
    [
        ("2027-01-31", 36, "2030-01-31"),
        ("2028-02-29", 36, "2031-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2027-02-01", 6, "2027-08-01"),
    ],
)
def test_a_window_ends_on_the_same_day_or_the_last_of_the_month(received, months, last):
    assert reward_days.last_day(date.fromisoformat(received), months) == date.fromisoformat(last)


def test_half_counts_as_wages_only_when_every_condition_holds():
    assert reward_days.hint(HALF, list(Condition)) == (HALF, tuple((each, True) for each in Condition))
    for missing in Condition:
        found = reward_days.hint(HALF, [each for each in Condition if each is not missing])
        assert (found.part, found.is_relieved, dict(found.conditions)[missing]) == (1, False, False)


@pytest.mark.parametrize(
    ("today", "step"),
    [("2027-06-30", None), ("2027-07-02", 30), ("2027-07-24", 30), ("2027-07-25", 7), ("2027-07-31", 1),
     ("2027-08-01", 1), ("2027-08-02", None)],
)  # fmt: skip
def test_somebody_is_told_thirty_seven_and_one_day_before(today, step):
    assert reward_days.step_reached(date(2027, 8, 1), date.fromisoformat(today)) == step


# Payouts


def test_the_file_has_one_line_a_transfer_and_adds_up():
    lines = [
        paying_out.Transfer(f"张{n}", f"622200{n}", "某银行,一支行", amount, "奖励") for n, amount in enumerate(AMOUNTS)
    ]
    text = paying_out.file_of(lines).decode("utf-8-sig")
    assert text.splitlines()[1] == '1,张0,6222000,"某银行,一支行",0.01,奖励'
    assert text.splitlines()[-1] == "合计,5,,,100000100.07,"
    assert paying_out.file_of(lines) == paying_out.file_of(list(lines))


@pytest.mark.parametrize(("text", "is_plain"), [("张三", True), ("=1+1", False), ("@x", False), ("-5", False)])
def test_a_cell_that_a_spreadsheet_computes_is_no_name(text, is_plain):
    assert paying_out.is_plain(text) is is_plain


def test_a_number_is_shown_by_its_last_four_digits():
    assert (paying_out.masked("6222000012345678"), paying_out.masked("")) == ("···· 5678", "")


def test_debts_are_set_off_oldest_first_and_never_above_the_share():
    debts = [paying_out.Debt(1, Decimal(30)), paying_out.Debt(2, Decimal(30))]
    assert paying_out.set_off(Decimal(40), debts) == {1: 30, 2: 10}
    assert paying_out.set_off(Decimal(100), debts) == {1: 30, 2: 30}
    assert paying_out.set_off(Decimal(0), debts) == {}


def test_a_line_of_people_is_of_the_reward_and_one_of_units_of_the_rest():
    parts = {role: Line(role, Fraction(1)).part for role in Role}
    assert [role for role in Role if parts[role] is Part.POOL] == [Role.INVENTOR, Role.STAFF]
