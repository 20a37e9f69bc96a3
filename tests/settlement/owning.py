"""A university's stake in a firm: recorded, divided by a signed plan, and short words for what its people do."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.sheet import Mode
from marketplace.contracts.rules.writing import write_sheet
from marketplace.settlement import services
from marketplace.settlement.models import Allotment, Departure, Holding, Nominee, Payee, SharingPlan, Stake
from marketplace.settlement.services import Given
from tests.contracts.living import SIGNED
from tests.contracts.making import close
from tests.rows import reread
from tests.settlement.sharing import Sharing, make_sharing

ZHEJIANG, SHANDONG = "330000", "370000"
SHEET = write_sheet(build(Mode.EQUITY, Figures(equity_percent=Decimal("0.2"), equity_valuation=Decimal(2_000_000))))
"""A fifth of the firm for what is worth two million yuan."""
FACTS = {"instrument": "ARTICLES", "basis": "APPRAISAL", "valued_on": date(2026, 12, 1)}


@dataclass
class Owning:
    """A contract for shares; `sharing` has its people."""

    sharing: Sharing

    @property
    def officer(self) -> Any:
        return self.sharing.officer

    @property
    def approver(self) -> Any:
        return self.sharing.approver

    @property
    def contract(self) -> Any:
        return self.sharing.licence.contract

    def paper(self, words: bytes = b"") -> Any:
        return self.sharing.paper(words)

    def record(self, **values: Any) -> Stake:
        papers = {"instrument_paper": self.paper(b"1"), "valuation_paper": self.paper(b"2")}
        return services.record_stake(self.contract, **{**FACTS, **papers, **values}, by=self.officer)

    def register(self, stake: Stake, on: date = SIGNED) -> Stake:
        return services.register_stake(stake, on=on, paper=self.paper(b"3"), by=self.officer)

    def draft(self, stake: Stake, *shares: str, staff: str = "") -> SharingPlan:
        people = self.sharing.people
        while len(people) < len(shares) + bool(staff):
            people.append(self.sharing.payee(f"发明人{len(people) + 1}"))
        lines = [
            Given("INVENTOR", share, payee=payee, is_main=True) for share, payee in zip(shares, people, strict=False)
        ]
        lines += [Given("STAFF", staff, payee=people[len(shares)])] if staff else []
        return services.draft_plan(self.contract, lines, stake=stake, by=self.officer)

    def plan(self, stake: Stake, *shares: str, staff: str = "") -> SharingPlan:
        return self.sharing.signed(self.draft(stake, *shares, staff=staff))

    def allot(self, stake: Stake) -> Allotment:
        return services.allot(stake, by=self.officer)

    def earns(self, holding: Holding, months: int = 48, cliff: int = 12, begins_on: date = SIGNED) -> Holding:
        given = {"begins_on": begins_on, "months": months, "cliff": cliff, "paper": self.paper(b"4")}
        return services.set_vesting(holding, **given, by=self.officer)

    def noticed(self, row: Allotment) -> Allotment:
        close(services.show_leaders(row, by=self.officer).notice)
        return reread(row)

    def approve(self, row: Allotment) -> Allotment:
        return services.approve_allotment(row, by=self.approver)

    def leave(self, holding: Holding, on: date | None = None) -> Departure:
        on = on or timezone.localdate()
        return services.leave(holding, on=on, reason="调离本单位。", paper=self.paper(b"5"), by=self.officer)

    def head(self, row: Holding, since: date | None = None, until: date | None = None) -> Holding:
        """The holder took office as head after the part was agreed."""
        since = since or row.stake.agreed_on + timedelta(days=1)
        Payee.objects.filter(pk=row.payee_id).update(office=Payee.Office.HEAD, office_from=since, office_to=until)
        return reread(row)

    def entrust(self, row: Holding, **values: Any) -> Nominee:
        today = timezone.localdate()
        given = {"name": "某持股公司", "begins_on": today, "unwinds_on": today + timedelta(days=365)}
        return services.entrust(row, **given | {"paper": self.paper(b"6")} | values, by=self.officer)

    def unwind(self, row: Holding, on: date | None = None, reason: str = "离任,还原登记。") -> Nominee:
        return services.unwind(row, on=on or timezone.localdate(), reason=reason, by=self.officer)

    def owned(self, *shares: str) -> Allotment:
        """Recorded, divided among inventors and approved."""
        stake = self.record()
        self.plan(stake, *shares)
        return self.approve(self.allot(stake))


def make_owning(go: Any, region: str = "110000", sheet: Any = SHEET, **values: Any) -> Owning:
    return Owning(make_sharing(go, region, sheet=sheet, **values))


def of(row: Allotment, name: str) -> Holding:
    return row.holdings.get(name=name)


def units(row: Allotment) -> list[int]:
    return list(row.holdings.order_by("id").values_list("units", flat=True))
