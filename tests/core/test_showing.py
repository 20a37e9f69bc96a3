"""How amounts and rates are written for their reader."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from marketplace.core.showing import exact, fen, in_full, percent

RATES = [
    ("0.025", "2.5%", "2.5 %"),
    ("0.7", "70%", "70 %"),
    ("0.001234", "0.1234%", "0.1234 %"),
    ("1", "100%", "100 %"),
]


@pytest.mark.parametrize(("ratio", "chinese", "english"), RATES)
def test_a_rate_is_exact_and_spaced_as_its_reader_does(ratio, chinese, english):
    with override("zh-hans"):
        assert percent(Decimal(ratio)) == chinese
    with override("en"):
        assert percent(Decimal(ratio)) == english


def test_a_column_shows_every_fen():
    assert [fen(Decimal(each)) for each in ("11500", "0.1", "-1234567.89")] == ["11,500.00", "0.10", "-1,234,567.89"]


@pytest.mark.parametrize(
    ("language", "amounts"),
    [("zh-hans", ["10,200.00元", "0.50元", "−3.00元"]), ("en", ["CNY 10,200.00", "CNY 0.50", "−CNY 3.00"])],
)
def test_booked_amounts_stand_to_the_fen_with_their_unit(language, amounts):
    with override(language):
        assert [exact(Decimal(each)) for each in ("10200", "0.5", "-3")] == amounts


@pytest.mark.parametrize(
    ("language", "amounts"),
    [
        ("zh-hans", ["41,325.89元", "2,066.2945元", "30,000元", "0.50元", "−3元"]),
        ("en", ["CNY 41,325.89", "CNY 2,066.2945", "CNY 30,000", "CNY 0.50", "−CNY 3"]),
    ],
)
def test_an_amount_in_a_calculation_is_neither_rounded_nor_in_another_unit(language, amounts):
    with override(language):
        assert [in_full(Decimal(each)) for each in ("41325.89", "2066.29450", "30000", "0.5", "-3")] == amounts
