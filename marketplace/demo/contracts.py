"""Contracts of the demonstration market, one in each interesting state. Making them twice changes nothing."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.contracts import services
from marketplace.contracts.models import Contract
from marketplace.contracts.reading import statement_of
from marketplace.contracts.rules.days import later, periods
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.sheet import Mode, Period, Sheet
from marketplace.contracts.rules.writing import write_sheet
from marketplace.core.access import SYSTEM
from marketplace.law.rules.days import add_months
from marketplace.listings.models import Achievement
from marketplace.parties.models import Organisation, User
from marketplace.settlement import services as settlement

from . import cast, fiction, invoices

PLACE = {"territory": ["CN"], "sublicence": "FORBIDDEN", "licence_kind": "ORDINARY"}
GUARANTEE = {
    "kind": "COMPANY",
    "cover_amount": "150000.00",
    "cover_share": "0.8",
    "liability": "JOINT",
    "period_months": 6,
    "waiting_days": 30,
    "fee": "2250.00",
}
WANTS = "我们有现成的产线和客户，想先试用半年做小批量验证，达到约定的里程碑后付费。"
PAY_LATER = ("ZERO_UPFRONT", "DEFERRED", "TRIAL_TRANSFER")
OFFICER, FIRM, MANAGER = "officer@demo.example", "firm@demo.example", "manager@demo.example"


class Contracts:
    """What the two sides of the demonstration have agreed, are agreeing, and have been paying for."""

    def __init__(self, organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
        self.seller, self.buyer = organisations["u01"], organisations[cast.SEEKER]
        self.guarantor = organisations["guarantor"]
        self.officer, self.firm, self.manager = (people[email] for email in (OFFICER, FIRM, MANAGER))
        self.today = timezone.localdate()

    @transaction.atomic
    def make(self) -> None:
        if Contract.objects.exists():
            return
        services.keep_standing(
            self.guarantor, net_assets=Decimal(200_000_000), serves_small_firms=True, proved_on=self.today, by=SYSTEM
        )
        self.applied()
        self.negotiated()
        self.guaranteed()
        self.on_trial()
        self.paying()
        services.tick_all(self.today)

    def applied(self) -> None:
        """A firm asks to use first and pay later; the owner's clock runs."""
        row = self.achievement("a-05-010").projection
        mode = next(
            (each for each in row.modes if each in ("ZERO_UPFRONT", "DEFERRED", "TRIAL_TRANSFER")), row.modes[0]
        )
        contract = services.apply(row, buyer=self.buyer, mode=mode, message=WANTS, by=self.firm)
        services.submit(contract, by=self.firm)

    def negotiated(self) -> None:
        """Two versions of the terms: the owner's, and the firm's answer to it."""
        contract = self.drafted("a-05-007", Mode.ENTRY_ROYALTY)
        first = build(Mode.ENTRY_ROYALTY, Figures(upfront=Decimal(100_000), rate=Decimal("0.03")))
        second = build(
            Mode.ENTRY_ROYALTY,
            Figures(upfront=Decimal(80_000), rate=Decimal("0.025"), total_cap=Decimal(1_500_000)),
        )
        services.propose(contract, write_sheet(first), side="SELLER", note="按同类许可的水平提出。", by=self.officer)
        services.propose(contract, write_sheet(second), side="BUYER", note="希望入门费低一些，并设上限。", by=self.firm)

    def guaranteed(self) -> None:
        """Agreed, and waiting for the guarantor and for the owner's decision."""
        contract = self.drafted("a-02-007", Mode.ZERO_UPFRONT)
        terms = write_sheet(zero_upfront()) | {"guarantees": [GUARANTEE]}
        sheet = services.propose(contract, terms, side="SELLER", by=self.officer)
        services.accept_terms(contract, sheet.number, by=self.firm)
        cover = {name: GUARANTEE[name] for name in GUARANTEE if name != "kind"}
        cover |= {name: Decimal(str(cover[name])) for name in ("cover_amount", "cover_share", "fee")}
        services.propose_guarantee(contract, "COMPANY", self.guarantor, cover, by=self.officer)

    def on_trial(self) -> None:
        """A free phase whose election day is near."""
        delivered = self.today - timedelta(days=345)
        history = [
            signed(delivered - timedelta(days=9)),
            happened("delivered", "DELIVERED", delivered),
            *self.sales(delivered, kept=self.today),
        ]
        self.take_over("a-07-001", zero_upfront(), history)

    def paying(self) -> None:
        """Two years of royalties: a milestone, reports with one correction, payments with one of them late."""
        start = add_months(self.today, -27)
        sheet = zero_upfront()
        history = [
            signed(start),
            happened("delivered", "DELIVERED", later(start, days=5)),
            happened("election", "KEPT", later(start, months=3)),
            happened("m1", "MILESTONE", later(start, months=4), milestone="m1"),
            *self.sales(later(start, days=5), kept=later(start, months=3)),
        ]
        contract = self.take_over("a-11-006", sheet, history)
        settlement.bill(contract, by=SYSTEM)
        for number, row in enumerate(list(contract.obligations.filter(amount__gt=0).order_by("due_on"))[:-1]):
            late = 25 if number == 2 else -3
            on = min(row.due_on + timedelta(days=late), self.today)
            line = statement_of(contract, on).line(row.key)
            assert line is not None  # it arose before it fell due
            amount = line.unpaid + line.interest - line.interest_paid
            payment = settlement.record(contract, amount, on=on, reference=f"DEMO{number:04d}", by=self.officer)
            if number < 3:  # the later ones wait for their invoice
                invoices.record(payment, number, by=self.officer)

    def sales(self, start: date, *, kept: date) -> Iterator[dict[str, Any]]:
        """A report for every quarter but the last. Nothing was sold in the trial; the fourth was corrected."""
        quarters = [each for each in periods(start, self.today, Period.QUARTER) if each.last < self.today]
        for number, quarter in enumerate(quarters[:-1]):
            gross = Decimal(120_000 + 65_000 * number) if quarter.first > kept else Decimal(0)
            on = min(later(quarter.last, days=18), self.today)
            yield report(f"s{number}", on, quarter, gross)
            if number == 3 and gross:
                yield report("s3b", later(on, days=20), quarter, gross + 42_000, corrects="s3")

    def drafted(self, number: str, mode: Mode) -> Contract:
        row = self.achievement(number)
        facts = PLACE | {"fields_of_use": [row.field]}
        return services.draft(
            self.seller, self.buyer, achievement=row, mode=mode.value, particulars=facts, by=self.officer
        )

    def take_over(self, number: str, sheet: Sheet, history: list[dict[str, Any]]) -> Contract:
        row = self.achievement(number)
        given = services.Elsewhere(
            seller=self.seller,
            buyer=self.buyer,
            achievement=row,
            sheet=write_sheet(sheet),
            history=history,
            particulars=PLACE | {"fields_of_use": [row.field]},
            manager_id=self.manager.pk,
        )
        return services.take_over(given, by=SYSTEM)

    def achievement(self, number: str) -> Achievement:
        return Achievement.objects.get(source=fiction.SOURCE, source_id=number)


def zero_upfront() -> Sheet:
    """Nothing to start, a sum at each of two milestones, and a share of the sales."""
    figures = Figures(
        milestones=(Decimal(30_000), Decimal(60_000)),
        rate=Decimal("0.02"),
        total_cap=Decimal(500_000),
        late_rate=Decimal("0.06"),
    )
    return build(Mode.ZERO_UPFRONT, figures)


def signed(on: date) -> dict[str, Any]:
    return happened("signed", "SIGNED", on)


def happened(id: str, kind: str, on: date, **content: Any) -> dict[str, Any]:
    return {"id": id, "kind": kind, "on": on.isoformat(), **content}


def report(id: str, on: date, quarter: Any, gross: Decimal, **content: Any) -> dict[str, Any]:
    span = {"royalty": "royalty", "from": quarter.first.isoformat(), "to": quarter.last.isoformat()}
    return happened(id, "SALES", on, gross=f"{gross:.2f}", **span, **content)
