"""Two licensees of the demonstration that did not pay, and the guarantor behind them: one claim waits for its review,
one was compensated, and part of it has been recovered. Making them twice changes nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from unittest import mock

from django.db import transaction
from django.utils import timezone

from marketplace.contracts import services as contracts
from marketplace.contracts.models import Contract, Guarantee
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.sheet import Mode
from marketplace.contracts.rules.writing import write_sheet
from marketplace.core.access import SYSTEM
from marketplace.listings.models import Achievement
from marketplace.parties.models import Organisation, User
from marketplace.settlement import services
from marketplace.settlement.models import Claim, Recourse

from . import fiction
from .contracts import OFFICER, PLACE, happened, signed

GUARANTOR = "guarantor@demo.example"
UNDER_REVIEW, COMPENSATED = ("a-10-006", "f-10-1"), ("a-03-019", "f-03-2")
FIGURES = Figures(
    price=Decimal(240_000), instalments=3, instalment_months=12, term_months=60, late_rate=Decimal("0.06")
)
COVER = {"cover_amount": Decimal(150_000), "cover_share": Decimal("0.8"), "liability": "JOINT", "period_months": 6}
FEE = Decimal(3_000)
STATEMENT = "首期许可费到期未付，已书面催告，三十日内仍未支付，也未提出异议。"
RECOVERED = Decimal(30_000)


def make(organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
    """Make them once, after the contracts; a second time changes nothing."""
    Claims(organisations, people).make()


@contextmanager
def days_ago(days: int) -> Iterator[date]:
    """What is done now is dated by an earlier day: a demand has its thirty days, and a demonstration cannot wait."""
    day = timezone.localdate() - timedelta(days=days)
    noon = datetime.combine(day, time(12), timezone.get_default_timezone())
    with mock.patch.object(timezone, "now", return_value=noon):
        yield day


class Claims:
    """What one owner claims of one guarantor."""

    def __init__(self, organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
        self.organisations = organisations
        self.officer, self.guarantor = people[OFFICER], people[GUARANTOR]

    @transaction.atomic
    def make(self) -> None:
        if not Claim.objects.exists():
            self.under_review()
            self.compensated()

    def under_review(self) -> None:
        """The first instalment is overdue, the days of the demand are over, and the guarantor has the claim."""
        contract = self.signed(*UNDER_REVIEW, ago=85)
        guarantee = self.guaranteed(contract, ago=83)
        self.demand(contract, ago=48)
        self.claim(guarantee, ago=3)
        contracts.tick(contract, timezone.localdate())

    def compensated(self) -> None:
        """The guarantor has paid, and the licensee has paid a part of it back."""
        contract = self.signed(*COMPENSATED, ago=300)
        guarantee = self.guaranteed(contract, ago=298)
        self.demand(contract, ago=262)
        claim = self.claim(guarantee, ago=215)
        with days_ago(205):
            claim = services.accept_claim(claim, by=self.guarantor)
        with days_ago(196) as day:
            services.compensate(claim, claim.amount, on=day, reference="DEMODC01", by=self.officer)
        with days_ago(90) as day:
            recourse = Recourse.objects.get(claim=claim)
            recovery = services.record_recovery(recourse, RECOVERED, on=day, reference="DEMOZC01", by=self.guarantor)
        with days_ago(80) as day:
            services.pass_on(recovery, on=day, reference="DEMOZC02", by=self.officer)
        contracts.tick(contract, timezone.localdate())

    def signed(self, number: str, firm: str, *, ago: int) -> Contract:
        on = timezone.localdate() - timedelta(days=ago)
        row = Achievement.objects.get(source=fiction.SOURCE, source_id=number)
        given = contracts.Elsewhere(
            seller=row.owner, buyer=self.organisations[firm], achievement=row,
            sheet=write_sheet(build(Mode.INSTALMENTS, FIGURES)),
            history=[signed(on), happened("delivered", "DELIVERED", on + timedelta(days=1))],
            particulars=PLACE | {"fields_of_use": [row.field]},
        )  # fmt: skip
        return contracts.take_over(given, by=SYSTEM)

    def guaranteed(self, contract: Contract, *, ago: int) -> Guarantee:
        with days_ago(ago):
            cover = COVER | {"fee": FEE}
            row = contracts.propose_guarantee(
                contract, "COMPANY", self.organisations["guarantor"], cover, by=self.officer
            )
            return contracts.issue(row, number=f"FQ-{contract.pk:04d}", by=self.guarantor)

    def demand(self, contract: Contract, *, ago: int) -> None:
        with days_ago(ago) as day:
            services.bill(contract, by=SYSTEM)
            contracts.demand(contract, by=self.officer)
            contracts.tick(contract, day)

    def claim(self, guarantee: Guarantee, *, ago: int) -> Claim:
        with days_ago(ago) as day:
            contracts.tick(guarantee.contract, day)
            return services.file_claim(guarantee, note=STATEMENT, by=self.officer)
