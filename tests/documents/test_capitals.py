"""Amounts in capitals: the examples of the regulation, the traps, and that every amount can be read back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from marketplace.documents.rules.capitals import in_capitals

TABLE = {
    # 支付结算办法, 附一: the regulation's own examples
    "1409.50": "壹仟肆佰零玖元伍角整",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    # ten is 壹拾, never 拾
    "10": "壹拾元整",
    "16": "壹拾陆元整",
    "100000": "壹拾万元整",
    # zeros inside a group, between groups, and over an empty group
    "101": "壹佰零壹元整",
    "1001": "壹仟零壹元整",
    "1010": "壹仟零壹拾元整",
    "10001": "壹万零壹元整",
    "100500": "壹拾万零伍佰元整",
    "105000": "壹拾万伍仟元整",
    "200005": "贰拾万零伍元整",
    "10001000": "壹仟万壹仟元整",
    "100000000": "壹亿元整",
    "100000005": "壹亿零伍元整",
    "100010000": "壹亿零壹万元整",
    "120000000": "壹亿贰仟万元整",
    "1010101010": "壹拾亿壹仟零壹拾万壹仟零壹拾元整",
    # 角 and 分
    "0": "零元整",
    "0.05": "伍分",
    "0.50": "伍角整",
    "0.53": "伍角叁分",
    "12.30": "壹拾贰元叁角整",
    "20.30": "贰拾元零叁角整",
    "-12.5": "负壹拾贰元伍角整",
    "-0.01": "负壹分",
    "999999999999.99": "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
}
DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}
GROUPS = {"万": 10**4, "亿": 10**8}


@pytest.mark.parametrize("amount", TABLE)
def test_an_amount_is_written_as_the_regulation_has_it(amount):
    assert in_capitals(amount) == f"人民币{TABLE[amount]}"


@pytest.mark.parametrize("amount", ["1000000000000", "-1000000000000", "0.001", "1.005", "NaN", "x"])
def test_what_cannot_be_written_exactly_is_refused(amount):
    with pytest.raises(ValueError, match=r"too large|fractions|no.* amount|not an amount"):
        in_capitals(amount)


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        in_capitals(0.1)  # type: ignore[arg-type]


def read_back(text):
    """The amount that a reader of the capitals understands."""
    text = text.removeprefix("人民币")
    sign = -1 if text.startswith("负") else 1
    whole, has_yuan, rest = text.removeprefix("负").partition("元")
    whole, rest = (whole, rest) if has_yuan else ("", whole)
    total, group, digit = 0, 0, 0
    for sign_of in whole:
        if sign_of in DIGITS:
            digit = DIGITS[sign_of]
        elif sign_of in PLACES:
            group, digit = group + digit * PLACES[sign_of], 0
        else:
            total, group, digit = total + (group + digit) * GROUPS[sign_of], 0, 0
    fen = (total + group + digit) * 100
    for unit, worth in (("角", 10), ("分", 1)):
        if unit in rest:
            fen += DIGITS[rest[rest.index(unit) - 1]] * worth
    return sign * Decimal(fen) / 100


AMOUNTS = some.decimals(Decimal("-999999999999.99"), Decimal("999999999999.99"), places=2)
ROUND = some.builds(lambda digit, zeros: Decimal(digit) * 10**zeros, some.integers(0, 99), some.integers(0, 9))


@given(some.one_of(AMOUNTS, ROUND))
def test_every_amount_can_be_read_back(amount):
    assert read_back(in_capitals(amount)) == amount


@given(some.one_of(AMOUNTS, ROUND))
def test_no_zero_stands_twice_and_the_end_is_marked(amount):
    text = in_capitals(amount)
    assert "零零" not in text
    assert text.endswith("分") != text.endswith("整")
