"""Rules of registration: what is proposed, what is technical, what would be sent back, and by when it is decided."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.reading import read_sheet
from marketplace.contracts.rules.sheet import Mode
from marketplace.registration.models import Registration
from marketplace.registration.rules import amounts, checking, proposing
from marketplace.registration.rules.checking import OneRight
from marketplace.registration.rules.clocks import Days, days_to_decide
from marketplace.registration.rules.numbers import is_number
from tests.contracts.living import ENTRY, SHEET

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("kind", "rights", "in_shares", "expected"),
    [
        ("3", {"02"}, False, ("3", "31", "02", "MAIN_RIGHT")),
        ("3", {"01", "03"}, False, ("3", "31", "03", "MAIN_RIGHT")),
        ("3", {"05", "01"}, False, ("3", "33", "05", "MAIN_RIGHT")),
        ("3", {"01"}, False, ("3", "32", "01", "MAIN_RIGHT")),
        ("3", {"06"}, False, ("3", "34", "06", "MAIN_RIGHT")),
        ("3", {"08"}, False, ("3", "36", "08", "MAIN_RIGHT")),
        ("3", {"98"}, False, ("3", "39", "98", "MAIN_RIGHT")),
        ("3", set(), False, ("5", "51", "99", "NO_RIGHT")),
        ("3", {"02"}, True, ("2", "21", "02", "SHARES")),
        ("2", {"05"}, False, ("2", "22", "05", "MAIN_RIGHT")),
        ("2", set(), False, ("5", "51", "99", "NO_RIGHT")),
        ("1", set(), False, ("1", "11", "99", "KIND")),
        ("4", {"02"}, False, ("4", "41", "02", "KIND")),
    ],
)
def test_the_type_follows_from_the_contract_and_its_main_right(kind, rights, in_shares, expected):
    assert proposing.proposal(kind, rights, is_paid_in_shares=in_shares) == expected


@pytest.mark.parametrize("mode", [each for each in Mode if each is not Mode.OPEN])
def test_every_mode_has_its_way_of_payment(mode):
    figures = Figures(
        price=Decimal(1000), rate=Decimal("0.05"), equity_percent=Decimal("0.2"), equity_valuation=Decimal(5000)
    )
    assert proposing.payment_method(build(mode, figures)) == proposing.METHODS[mode]


def test_the_price_of_a_royalty_is_open():
    assert proposing.has_open_price(read_sheet(ENTRY))
    assert not proposing.has_open_price(build(Mode.BUYOUT, Figures(price=Decimal(1000))))


def test_the_amount_is_what_the_terms_name_with_conditional_parts():
    assert amounts.agreed_total(read_sheet(SHEET)) == Decimal("50000.00")  # the pilot run and the first sale
    assert amounts.agreed_total(read_sheet(ENTRY)) == Decimal("50000.00")


def test_shares_count_with_the_value_of_the_part():
    figures = Figures(equity_percent=Decimal("0.2"), equity_valuation=Decimal(2_000_000))
    assert amounts.agreed_total(build(Mode.EQUITY, figures)) == Decimal("400000.00")


def test_a_yearly_fee_counts_for_the_whole_term():
    fee = {"id": "fee", "kind": "MAINTENANCE", "amount": "1000", "until": "END"}
    assert amounts.agreed_total(read_sheet(ENTRY | {"terms": [*ENTRY["terms"], fee]})) == Decimal("55000.00")


def test_what_is_deducted_is_not_technical():
    row = Registration(total_amount=Decimal("100.00"))
    row.deducted_amount = amounts.deducted([Decimal("12.34"), Decimal("0.01")])
    assert row.technical_amount == Decimal("87.65")


# What would be sent back


def form(**values):
    texts = dict.fromkeys(checking.REQUIRED, "有") | {"payment_method": "LUMP", "payment_note": ""}
    usual = {
        "values": texts | values.pop("texts", {}), "type": "3", "subtype_parent": "3", "ip_type": "02",
        "total": Decimal(100), "deducted": Decimal(0), "is_open_priced": False, "has_expectations": False,
        "signed_on": date(2027, 1, 4), "starts_on": date(2027, 1, 4), "ends_on": date(2033, 1, 4),
        "is_in_force": True, "has_text": True, "regions_known": True,
    }  # fmt: skip
    return checking.Form(**usual | values)


def found(**values):
    return [(each.code, each.field) for each in checking.findings(form(**values), TODAY)]


def test_a_complete_form_is_handed_in():
    assert found() == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"has_text": False}, ("E_ORAL", "")),
        ({"is_in_force": False}, ("E_NOT_EFFECTIVE", "starts_on")),
        ({"starts_on": date(2027, 3, 2)}, ("E_NOT_EFFECTIVE", "starts_on")),
        ({"ends_on": date(2027, 2, 28)}, ("E_CONTRACT_EXPIRED", "ends_on")),
        ({"regions_known": False}, ("E_REGION_CODE", "buyer_region")),
        ({"subtype_parent": "2"}, ("E_SUBTYPE_MISMATCH", "subtype")),
        ({"ip_type": "99"}, ("E_IP_REQUIRED", "ip_type")),
        ({"ip_type": ""}, ("E_IP_REQUIRED", "ip_type")),
        ({"deducted": Decimal("100.01")}, ("E_TECH_GT_TOTAL", "total_amount")),
        ({"total": Decimal(0)}, ("E_PRICE_UNCLEAR", "total_amount")),
        ({"texts": {"payment_method": "ROYALTY"}}, ("E_REQUIRED", "payment_note")),
        ({"type": "2", "subtype_parent": "2"}, ("E_EXPECTED_OUTPUT", "expected_output")),
        ({"texts": {"contact": ""}}, ("E_REQUIRED", "contact")),
    ],
)
def test_each_fault_has_its_code_and_field(values, expected):
    assert expected in found(**values)


@pytest.mark.parametrize(
    "values",
    [{"total": Decimal(0), "is_open_priced": True}, {"total": Decimal(0), "texts": {"payment_method": "FREE"}}],
)
def test_a_price_of_nothing_is_clear_where_it_is_said(values):
    assert not [code for code, _field in found(**values) if code.startswith("E_")]


def test_a_service_needs_no_right():
    assert found(type="5", subtype_parent="5", ip_type="99") == []


def patent(filed_on, years, kind="02"):
    return OneRight(kind=kind, filed_on=filed_on, years=years)


@pytest.mark.parametrize(
    ("rights", "is_fault"),
    [
        ([patent(date(2006, 1, 3), 20)], True),
        ([patent(date(2007, 1, 4), 20)], False),  # its last day is that of the signature
        ([patent(date(2006, 1, 3), 20), patent(date(2020, 1, 1), 20)], False),
        ([patent(None, 20)], False),
        ([patent(date(1999, 1, 1), None)], False),
        ([OneRight(kind="01")], False),
    ],
)
def test_a_licence_of_patents_that_ran_out_is_none(rights, is_fault):
    assert (("E_PATENT_EXPIRED", "ip_type") in found(rights=tuple(rights))) is is_fault


def test_what_does_not_stop_is_said():
    assert found(ends_on=date(2032, 1, 3), is_licence=True, relief_years=5) == [("W_LICENCE_LT_5Y", "ends_on")]
    assert found(ends_on=date(2032, 1, 4), is_licence=True, relief_years=5) == []
    assert found(is_licence=True, recordal_months=3) == [("W_CNIPA_3_MONTHS", "")]
    assert found(is_licence=True, recordal_months=1) == [("W_CNIPA_LATE", "")]
    assert found(is_open_priced=True) == [("W_AMOUNT_OPEN", "total_amount")]
    assert not any(each.stops for each in checking.findings(form(is_open_priced=True), TODAY))


# The office's clock, and its number


def test_a_large_amount_may_take_longer():
    table = {"ordinary": 15, "large": 30, "large_from": "5000000"}
    assert days_to_decide(30, "calendar_days", Decimal(1)) == Days(30, "calendar_days")
    assert days_to_decide(table, "working_days", Decimal("4999999.99")) == Days(15, "working_days")
    assert days_to_decide(table, "working_days", Decimal(5_000_000)) == Days(30, "working_days")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("4403012027000001", True), ("440301202700001", False), ("44030120270000011", False), ("440301202700000A", False)],
)
def test_a_number_has_sixteen_digits(text, is_one):
    assert is_number(text) is is_one
    assert not is_number("４４０３０１２０２７００００１")
