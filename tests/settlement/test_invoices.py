"""Invoices: kept with number and file, for what is owed or paid; taken back by red letters; withdrawn as a mistake."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.settlement import services
from marketplace.settlement.models import Invoice, Obligation
from marketplace.settlement.rules import invoicing
from marketplace.settlement.rules.invoicing import Facts, Part
from marketplace.settlement.services.invoices import Paper, invoiced
from tests.contracts.making import PDF

DAY = date(2027, 1, 20)
FACTS = Facts(
    kind="DIGITAL_SPECIAL", number="27332000000012345678", on=DAY, net=D("1000.00"), rate=D("0.06"), tax=D("60.00")
)
PAPER = Paper("发票.pdf", PDF)


def facts(net="1000.00", number=1, **values):
    net = D(net)
    tax = values.pop("tax", invoicing.tax_of(net, D("0.06")))
    return replace(FACTS, net=net, tax=tax, number=f"{number:020}", **values)


def record(licence, given=FACTS, **values):
    licence.go(DAY)
    return services.record_invoice(licence.contract, given, paper=PAPER, by=licence.seller, **values)


def correct(licence, invoice, net, number=99, **values):
    return services.correct_invoice(invoice, facts(net, number, **values), paper=PAPER, by=licence.seller)


def parts(invoice):
    return {part.obligation.key: part.amount for part in invoice.parts.all()}


# Rules

FORMATS = {"DIGITAL": {"number": [20], "code": [0]}, "PAPER": {"number": [8], "code": [10, 12]}}
RATES = {D("0.06"), D("0")}
PAPER_FACTS = replace(FACTS, kind="PAPER_ORDINARY", number="12345678", code="3300212130")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (FACTS, set()),
        (PAPER_FACTS, set()),
        (replace(FACTS, number="123"), {"number"}),
        (replace(FACTS, number="１" * 20), {"number"}),
        (replace(FACTS, code="3300212130"), {"code"}),
        (replace(PAPER_FACTS, code=""), {"code"}),
        (replace(FACTS, on=date(2027, 1, 21)), {"on"}),
        (replace(FACTS, net=D(0), tax=D(0)), {"net"}),
        (replace(FACTS, rate=D("0.05")), {"rate"}),
        (replace(FACTS, tax=D("60.05")), {"tax"}),
        (replace(FACTS, tax=D("60.04")), set()),
        (replace(FACTS, rate=D(0), tax=D(0)), set()),
        (replace(FACTS, net=D("-1000"), tax=D("-60")), set()),
    ],
)
def test_what_stands_on_an_invoice_is_checked(given, wrong):
    assert set(invoicing.faults(given, FORMATS, RATES, DAY)) == wrong


FEN = st.integers(0, 10**8).map(lambda fen: D(fen) / 100)


@given(FEN, st.lists(FEN, max_size=5))
def test_an_invoice_is_spread_and_taken_back_to_the_fen(amount, amounts):
    spread, left = invoicing.spread(amount, [Part(str(place), each) for place, each in enumerate(amounts)])
    assert sum((part.amount for part in spread), left) == amount
    assert all(0 < part.amount <= amounts[int(part.key)] for part in spread)
    back = invoicing.take_back(amount - left, spread)
    assert {part.key: -part.amount for part in back} == {part.key: part.amount for part in spread}


# Recording


def test_an_invoice_is_for_what_is_owed(entry):
    invoice = record(entry)
    assert (invoice.amount, invoice.issuer, parts(invoice)) == (1060, entry.contract.seller, {"upfront": 1060})
    assert invoice.rate_rule == "vat.rate.general@CN/2026-01-01"
    assert set(invoice.paper.readers.all()) == {entry.contract.seller, entry.contract.buyer}


def test_the_licensee_is_told_once(entry):
    before = Letter.objects.count()
    record(entry)
    assert Letter.objects.count() == before + 1
    record(entry)
    assert Letter.objects.count() == before + 1


def test_the_same_invoice_twice_is_one(entry):
    assert record(entry).pk == record(entry).pk
    assert Invoice.objects.count() == 1


def test_another_invoice_of_the_same_number_is_refused(entry):
    record(entry)
    with pytest.raises(Conflict) as fault:
        record(entry, replace(FACTS, net=D("2000.00"), tax=D("120.00")))
    assert fault.value.code == "number_used"


def test_no_more_is_invoiced_than_is_owed(entry):
    record(entry, facts("40000"))
    with pytest.raises(Invalid) as fault:
        record(entry, facts("40000", 2))
    assert "net" in fault.value.fields


def test_an_invoice_names_the_payment_it_is_for_and_may_be_for_an_advance(entry):
    entry.go(DAY)
    payment = services.record(entry.contract, "63600", on=DAY, reference="T1", by=entry.seller)
    invoice = record(entry, facts("60000"), payment=payment)
    assert (invoice.amount, parts(invoice)) == (63600, {"upfront": 50000})
    with pytest.raises(Invalid):
        record(entry, facts("1", 2), payment=payment)


def test_what_the_law_does_not_know_is_refused_with_what_it_knows(entry):
    with pytest.raises(Invalid) as fault:
        record(entry, replace(FACTS, rate=D("0.05"), tax=D("50")))
    assert "6%" in str(fault.value.fields["rate"])


def test_rate_and_day_are_held_to_each_other(entry):
    """The reduced levy rate ends with 2027."""
    entry.go(date(2028, 1, 10))
    late = replace(FACTS, on=date(2028, 1, 10), rate=D("0.01"), tax=D("10"))
    with pytest.raises(Invalid):
        services.record_invoice(entry.contract, late, paper=PAPER, by=entry.seller)
    earlier = replace(late, on=DAY)
    assert services.record_invoice(entry.contract, earlier, paper=PAPER, by=entry.seller).rate == D("0.01")


def test_only_the_licensor_records_corrects_and_withdraws(entry):
    invoice = record(entry)
    for act in (
        lambda: services.record_invoice(entry.contract, facts("1", 2), paper=PAPER, by=entry.buyer),
        lambda: services.correct_invoice(invoice, facts("-1", 3), paper=PAPER, by=entry.buyer),
        lambda: services.withdraw_invoice(invoice, "录错", by=entry.buyer),
    ):
        with pytest.raises(Forbidden):
            act()


# Red letters


def test_a_red_letter_takes_all_of_it_back(entry):
    invoice = record(entry)
    red = correct(entry, invoice, "-1000")
    assert (red.amount, red.corrects, parts(red)) == (-1060, invoice, {"upfront": -1060})
    assert Invoice.objects.get(pk=invoice.pk).state == "corrected"
    assert invoiced(entry.contract) == {"upfront": 0}


def test_red_letters_take_back_no_more_than_there_was(entry):
    invoice = record(entry)
    correct(entry, invoice, "-600", 98)
    assert Invoice.objects.get(pk=invoice.pk).state == "recorded"
    with pytest.raises(Invalid):
        correct(entry, invoice, "-600")
    correct(entry, invoice, "-400")
    with pytest.raises(Conflict):
        correct(entry, Invoice.objects.get(pk=invoice.pk), "-1", 97)


def test_a_red_letter_is_not_taken_back_by_another(entry):
    red = correct(entry, record(entry), "-600", 98)
    with pytest.raises(Conflict):
        correct(entry, red, "-1")


def test_what_a_red_letter_took_back_may_be_invoiced_again(entry):
    correct(entry, record(entry, facts("40000")), "-40000")
    assert parts(record(entry, facts("40000", 3))) == {"upfront": 42400}


# Mistakes


def test_an_invoice_recorded_by_mistake_frees_its_number_and_what_it_was_for(entry):
    invoice = services.withdraw_invoice(record(entry, facts("40000")), "号码录错", by=entry.seller)
    assert (invoice.state, invoiced(entry.contract)) == ("withdrawn", {})
    assert record(entry, facts("40000")).pk != invoice.pk


def test_an_invoice_with_red_letters_is_not_withdrawn_before_them(entry):
    invoice = record(entry)
    red = correct(entry, invoice, "-1000")
    with pytest.raises(Conflict):
        services.withdraw_invoice(invoice, "录错", by=entry.seller)
    services.withdraw_invoice(red, "录错", by=entry.seller)
    assert Invoice.objects.get(pk=invoice.pk).state == "recorded"
    assert services.withdraw_invoice(invoice, "录错", by=entry.seller).state == "withdrawn"


def test_a_mistake_is_withdrawn_for_a_reason(entry):
    with pytest.raises(Invalid):
        services.withdraw_invoice(record(entry), " ", by=entry.seller)


def test_an_obligation_of_another_contract_is_refused(entry, licence):
    licence.deliver(DAY)
    foreign = Obligation(contract=licence.row, key="x")
    with pytest.raises(Invalid):
        record(entry, obligation=foreign)
