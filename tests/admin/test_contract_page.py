"""What a contract's page adds up, what it says of shares, of a trial that there is not, and of evidence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from marketplace.contracts.admin import comparing, panels, standing
from marketplace.contracts.admin.figures import FiguresForm
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.modes.presets import REPORT
from marketplace.contracts.rules.sheet import Mode
from marketplace.contracts.rules.statement import LineState, Obligation, Phase, Statement
from marketplace.contracts.wording import evidence_name

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)
LATE = Obligation(
    key="fee", term="fee", kind="FIXED", cause="SIGNED", arose_on=DAY, due_on=DAY, amount=Decimal("10000.00"),
    paid=Decimal("4000.00"), interest=Decimal("70.50"), interest_paid=Decimal("20.25"), state=LineState.OVERDUE,
)  # fmt: skip
LESS = replace(LATE, key="less", amount=Decimal("-500.00"), paid=Decimal(0), interest=Decimal(0),
               interest_paid=Decimal(0), state=LineState.OPEN)  # fmt: skip
STATEMENT = Statement(
    as_of=DAY, phase=Phase.PAYING, lines=(LATE, LESS), owed=Decimal("9500.00"), paid=Decimal("4020.25"),
    overdue=Decimal("6000.00"), interest=Decimal("70.50"),
)  # fmt: skip


def test_the_sums_of_what_is_owed_add_up():
    with override("en"):
        found = {label: Decimal(said.removeprefix("CNY ").replace(",", "")) for label, said in panels.sums(STATEMENT)}
    assert found["charged so far"] == found["principal paid"] + found["principal open"]
    assert STATEMENT.interest == found["late interest paid"] + found["late interest open"]
    assert found["open today in all"] == found["principal open"] + found["late interest open"] == Decimal("5550.25")


def test_who_is_to_pay_reads_how_much_and_how_much_of_it_is_interest():
    with override("en"):
        said = standing.to_pay([LATE])
    assert "CNY 6,050.25, of it CNY 6,000.00 agreed and CNY 50.25 interest to today" in said


def test_what_is_owed_in_shares_is_no_unpaid_money():
    sheet = build(Mode.EQUITY, Figures())
    with override("en"):
        line = panels.in_words(replace(LATE, kind="EQUITY", state=LineState.OPEN), sheet)
    assert (line.amount, line.state) == ("–", "performed in shares")


@pytest.mark.parametrize(("base", "is_bounded"), [("NET_SALES", True), ("GROSS_MARGIN", True), ("UNITS", False)])
def test_a_royalty_is_at_most_all_that_is_sold_but_by_the_unit(base, is_bounded):
    form = FiguresForm(Mode.ROYALTY, {"base": base, "rate": "300"})
    assert ("rate" in form.errors) is is_bounded


def test_a_comparison_without_a_trial_speaks_of_none():
    without, with_one = (build(Mode.ZERO_UPFRONT, replace(Figures(), trial_months=months)) for months in (0, 12))
    with override("en"):
        assert "trial" not in str(comparing.title_of("bad", [without]))
        assert "trial" in str(comparing.title_of("bad", [without, with_one]))


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "双方签字的验收报告"), ("en", "acceptance report signed by")]
)
def test_the_usual_evidence_is_named_in_the_readers_language(language, said):
    with override(language):
        assert evidence_name(REPORT).startswith(said)
        assert evidence_name("三批合格 / pass") == "三批合格 / pass"
