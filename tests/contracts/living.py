"""A signed licence that lives through its days: the people of both sides, and short words for what they do.

It is signed on 4 January 2027: a year free with the default at its end, 30 000 yuan for a pilot run that is due after
six months, 20 000 at the first sale, and 5 % of net sales each quarter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.contracts import services
from marketplace.contracts.models import Contract, Fact, Guarantee, GuarantorStanding, Milestone, SalesReport
from marketplace.contracts.reading import statement_of
from tests import factories
from tests.contracts.making import decider_of, make_signed_contract
from tests.rows import reread

SIGNED = date(2027, 1, 4)
WITNESSED = {"evidence": "验收报告", "declared_by": "BUYER", "confirmed_by": "SELLER", "silent_days": 15}
PILOT = {
    "id": "pilot",
    "kind": "FIXED",
    "label": {"zh": "中试完成", "en": "Pilot run finished"},
    "amount": "30000",
    "trigger": {"kind": "MILESTONE", "milestone": "pilot", "due": {"months": 6, "after": "SIGNATURE"}, **WITNESSED},
}
FIRST_SALE = {"id": "launch", "kind": "FIXED", "amount": "20000", "trigger": {"kind": "FIRST_SALE", **WITNESSED}}
ROYALTY = {
    "id": "royalty",
    "kind": "ROYALTY",
    "base": "NET_SALES",
    "tiers": [{"from": "0", "rate": "0.05"}],
    "deductions": ["RETURNS"],
    "deduction_cap": "0.10",
    "period": "QUARTER",
    "report_days": 30,
    "pay_days": 30,
    "answer_days": 15,
}
SHEET = {
    "form": "term-sheet/1",
    "mode": "ZERO_UPFRONT",
    "term": {"months": 60},
    "trial": {"months": 12, "at_end": "KEEP", "extensions": 1, "extension_months": 6},
    "late_interest": {"yearly_rate": "0.06", "grace_days": 0},
    "terms": [PILOT, FIRST_SALE, ROYALTY],
}
STOPPING = SHEET | {"trial": SHEET["trial"] | {"at_end": "STOP"}}
ENTRY = {
    "form": "term-sheet/1",
    "mode": "ENTRY_ROYALTY",
    "term": {"months": 60},
    "late_interest": {"yearly_rate": "0.06", "grace_days": 0},
    "terms": [
        {"id": "upfront", "kind": "FIXED", "amount": "50000", "trigger": {"kind": "SIGNATURE"}, "pay_days": 30},
        ROYALTY,
    ],
}
"""No free phase: 50 000 yuan are due on 3 February 2027."""


@dataclass
class Licence:
    """One contract with the two people who decide about it; `go` moves the day."""

    row: Contract
    seller: Any
    buyer: Any
    go: Callable[[date], None]

    @property
    def contract(self) -> Contract:
        return reread(self.row)

    @property
    def state(self) -> str:
        return self.contract.state

    def statement(self, day: date) -> Any:
        return statement_of(self.contract, day)

    def tick(self, day: date) -> Contract:
        """Let a day come, and the clock with it."""
        self.go(day)
        return services.tick(self.contract, day)

    def keys(self, kind: str) -> list[str]:
        return list(Fact.objects.standing().filter(contract=self.row, kind=kind).values_list("key", flat=True))

    def deliver(self, day: date = SIGNED) -> None:
        self.go(day)
        services.deliver(self.contract, by=self.buyer)

    def pay(self, amount: str, day: date, reference: str, **values: Any) -> Fact:
        self.go(day)
        return services.record_payment(self.contract, amount, on=day, reference=reference, by=self.seller, **values)

    def milestone(self, slug: str) -> Milestone:
        return Milestone.objects.get(contract=self.row, slug=slug)

    def report(self, first: date) -> SalesReport:
        return SalesReport.objects.get(contract=self.row, first=first, corrects=None)

    def sell(self, first: date, gross: str, day: date) -> SalesReport:
        """Hand in the report of a period and have it accepted on one day."""
        self.tick(day)
        report = services.submit_report(self.report(first), {"gross": gross}, by=self.buyer)
        return services.accept_report(report, by=self.seller)


def make_licence(go: Callable[[date], None], sheet: dict[str, Any] = SHEET, **values: Any) -> Licence:
    """A licence signed on `SIGNED`, its documents not handed over yet."""
    go(values.pop("signed_on", SIGNED))
    row = make_signed_contract(sheet=sheet, **values)
    return Licence(row, decider_of(row.seller), decider_of(row.buyer), go)


def make_guarantor(net_assets: str = "1000000.00", **values: Any) -> Any:
    """A guarantee company that has shown its net assets, and its officer."""
    organisation = factories.make_organisation("GUARANTOR")
    day = values.pop("proved_on", SIGNED)
    GuarantorStanding.objects.create(organisation=organisation, net_assets=net_assets, proved_on=day, **values)
    return organisation, factories.make_member(organisation)


def propose(licence_or_contract: Any, guarantor: Any, by: Any, **terms: Any) -> Guarantee:
    contract = getattr(licence_or_contract, "contract", licence_or_contract)
    values = {"cover_amount": "40000.00", "cover_share": "0.8", "liability": "JOINT", "period_months": 6} | terms
    return services.propose_guarantee(contract, "COMPANY", guarantor, values, by=by)
