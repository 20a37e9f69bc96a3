"""A firm applies, uses a coating free for half a year, keeps it, and pays until the licence is over.

From the application to completion through the services, day by day as the calendar goes: a public notice of fifteen
days, a trial, two milestones, four royalty periods with one correction, one payment that comes late.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.contracts import services
from marketplace.contracts.models import Contract, Fact
from marketplace.contracts.readiness import needed_clearances
from marketplace.contracts.reading import statement_of
from marketplace.core.models import Entry
from marketplace.documents import services as documents
from marketplace.notices import services as notices
from marketplace.parties.models import Organisation, User
from tests import factories
from tests.contracts.making import PDF
from tests.rows import reread

PAPERS = {"evidence": "验收报告或发票", "declared_by": "BUYER", "confirmed_by": "SELLER", "silent_days": 15}
SHEET = {
    "form": "term-sheet/1",
    "mode": "ZERO_UPFRONT",
    "term": {"months": 24},
    "trial": {"months": 6, "at_end": "STOP"},
    "late_interest": {"yearly_rate": "0.06", "grace_days": 0},
    "terms": [
        {
            "id": "pilot",
            "kind": "FIXED",
            "label": {"zh": "中试完成", "en": "Pilot run finished"},
            "amount": "30000",
            "trigger": {
                "kind": "MILESTONE",
                "milestone": "pilot",
                "due": {"months": 8, "after": "SIGNATURE"},
                **PAPERS,
            },
        },
        {"id": "launch", "kind": "FIXED", "amount": "20000", "trigger": {"kind": "FIRST_SALE", **PAPERS}},
        {
            "id": "royalty",
            "kind": "ROYALTY",
            "base": "NET_SALES",
            "tiers": [{"from": "0", "rate": "0.05"}],
            "deductions": ["RETURNS"],
            "period": "HALF_YEAR",
            "report_days": 30,
            "pay_days": 30,
        },
    ],
}
APPLIED, SIGNED, DELIVERED = date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)
HALVES = [date(2027, 1, 1), date(2027, 7, 1), date(2028, 1, 1), date(2028, 7, 1)]


class Story:
    """The two sides, the contract between them, and the day it is."""

    def __init__(self, university, officer, firm, sme, go):
        self.university, self.officer, self.firm, self.sme = university, officer, firm, sme
        self.go, self.row, self.states = go, None, []

    def on(self, day):
        """Let a day come; the clock runs first, as it does at night."""
        self.go(day)
        services.tick_all(day)
        notices.close_due(day)

    @property
    def contract(self):
        return reread(self.row)

    def note(self):
        self.states.append(self.contract.state)

    def statement(self, day):
        return statement_of(self.contract, day)

    def report(self, first, gross, day):
        self.on(day)
        report = self.contract.sales_reports.get(first=first, corrects=None)
        services.submit_report(report, {"gross": gross}, by=self.sme)
        return services.accept_report(report, by=self.officer)

    def pay(self, amount, day):
        self.on(day)
        services.record_payment(self.contract, amount, on=day, reference=f"转账 {day} {amount}", by=self.officer)


@pytest.fixture
def story(university, university_officer, firm, sme, go):
    proof = {"size": "SMALL", "size_proof": "2025年度财务报表", "size_proved_on": date(2026, 6, 30)}
    Organisation.objects.filter(pk=firm.pk).update(**proof)
    return Story(university, university_officer, reread(firm), sme, go)


def apply_and_agree(story):
    story.on(APPLIED)
    shown = factories.make_published_achievement(story.university)
    words = "我们想在沿海支架上试用半年。"
    story.row = services.apply(shown, buyer=story.firm, mode="ZERO_UPFRONT", message=words, by=story.sme)
    services.submit(story.contract, by=story.sme)
    services.accept_application(story.contract, by=story.officer)
    services.edit(story.contract, {"territory": ["CN"], "fields_of_use": ["05"]}, by=story.officer)
    proposed = services.propose(story.contract, SHEET, side="SELLER", by=story.officer)
    services.accept_terms(story.contract, proposed.number, by=story.sme)
    story.note()


def decide_and_sign(story):
    services.record_decision(
        story.contract, meeting="校长办公会", held_on=APPLIED, attendees=["林校长", "周处长", "陈教授"], votes_for=3,
        resolution="同意先使用后付费,不要求担保。", by=story.officer,
    )  # fmt: skip
    services.waive_guarantee(story.contract, "金额小,企业信用良好。", by=story.officer)
    story.note()
    services.open_price_notice(story.contract, by=story.officer)
    for kind in needed_clearances(story.contract):
        services.record_clearance(
            story.contract, kind, "NOT_NEEDED", party="本单位", note="已核实,无此情形。", by=story.officer
        )
    story.on(SIGNED)  # the fifteen days are over
    sides = [story.university, story.firm]
    paper = documents.keep_document(PDF, filename="c.pdf", title="许可合同", readers=sides, by=story.officer)
    services.use_text(story.contract, paper, by=story.officer)
    services.sign(story.contract, side="SELLER", sha256=paper.sha256, by=story.officer)
    services.sign(story.contract, side="BUYER", sha256=paper.sha256, by=User.objects.get(pk=story.sme.pk))
    story.note()


def try_and_keep(story):
    story.on(DELIVERED)
    services.deliver(story.contract, by=story.sme)
    story.note()
    story.on(date(2027, 6, 1))
    services.keep(story.contract, by=story.sme)
    story.note()


def reach_two_milestones(story):
    pilot, launch = story.contract.milestones.get(kind="MILESTONE"), story.contract.milestones.get(kind="FIRST_SALE")
    story.on(date(2027, 6, 20))
    services.claim(pilot, reached_on=date(2027, 6, 18), note="中试验收报告。", by=story.sme)
    services.accept(pilot, by=story.officer)
    services.claim(launch, reached_on=date(2027, 6, 19), note="首张发票。", by=story.sme)
    story.pay("30000", date(2027, 7, 1))
    story.on(date(2027, 7, 6))  # nobody answered for fifteen days: silence has confirmed the first sale
    story.pay("20000", date(2027, 7, 20))


def pay_four_periods(story):
    """Nothing sold in the trial; a million, paid twenty days late; a correction; and the last half year."""
    story.report(HALVES[0], "0", date(2027, 7, 10))
    story.report(HALVES[1], "1000000", date(2028, 1, 20))
    late = statement_of(story.contract, date(2028, 1, 20)).line("royalty:2027-H2").due_on + timedelta(days=20)
    story.pay("50164.38", late)
    first = story.report(HALVES[2], "400000", date(2028, 7, 10))
    story.pay("20000", date(2028, 8, 1))
    correction = services.correct(first, {"gross": "500000"}, note="漏报两张发票。", by=story.sme)
    services.accept_report(correction, by=story.officer)
    story.pay("5000", date(2028, 8, 20))
    story.report(HALVES[3], "200000", date(2029, 1, 10))
    story.note()
    story.pay("10000", date(2029, 2, 1))


@pytest.fixture
def told(story):
    for part in (apply_and_agree, decide_and_sign, try_and_keep, reach_two_milestones, pay_four_periods):
        part(story)
    story.on(date(2029, 2, 2))
    story.note()
    return story


def test_a_licence_is_tried_kept_paid_and_completed(told):
    assert told.states == [
        *("guarantee_pending", "notice_pending", "signed", "in_trial", "paying", "paying", "completed"),
    ]
    statement = told.statement(date(2029, 2, 2))
    assert (statement.owed, statement.interest) == (Decimal("135000.00"), Decimal("164.38"))
    assert (statement.paid, statement.overdue, statement.credit) == (Decimal("135164.38"), 0, 0)


def test_its_end_is_written_down_and_its_clock_stands_still(told):
    assert told.contract.ended_on == date(2029, 2, 2)
    assert told.contract.ends_on == date(2028, 12, 31)
    assert told.contract.next_clock_on is None


def test_the_correction_is_a_line_of_its_own(told):
    lines = {line.key: line.amount for line in told.statement(date(2029, 2, 2)).lines}
    assert lines["royalty:2028-H1"] == Decimal("20000.00")
    assert [amount for key, amount in lines.items() if key.startswith("royalty:2028-H1:adj")] == [Decimal("5000.00")]


def test_everything_that_happened_is_a_fact_once(told):
    kinds = list(Fact.objects.filter(contract=told.row).order_by("on", "id").values_list("kind", flat=True))
    assert sorted(kinds) == sorted(
        ["SIGNED", "DELIVERED", "KEPT", "MILESTONE", "FIRST_SALE", *["SALES"] * 5, *["PAID"] * 6]
    )


def test_the_journal_names_every_step(told):
    rows = Entry.objects.filter(subject_type="contracts.contract", subject_id=told.row.pk)
    verbs = set(rows.values_list("verb", flat=True))
    assert verbs >= {"contracts.apply", "contracts.sign", "contracts.deliver", "contracts.elect", "contracts.complete"}
    assert Contract.objects.get(pk=told.row.pk).version > len(told.states)
