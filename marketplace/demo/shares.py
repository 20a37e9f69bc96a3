"""A stake of the demonstration: shares for a coated film, registered, divided, in part earned over years."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.contracts import services as contracts
from marketplace.contracts.models import Contract
from marketplace.contracts.rules.modes import Figures, build
from marketplace.contracts.rules.sheet import Mode
from marketplace.contracts.rules.writing import write_sheet
from marketplace.core.access import SYSTEM
from marketplace.documents import services as documents
from marketplace.law.rules.days import add_months
from marketplace.listings.models import Achievement
from marketplace.parties.models import Organisation, User
from marketplace.settlement import services
from marketplace.settlement.models import Payee, Stake
from marketplace.settlement.services import Given

from . import cast, fiction, invoices
from .contracts import PLACE, signed
from .rewards import DIRECTOR, INVENTOR, OFFICER, TEXT

ACHIEVEMENT = "a-05-016"
MONTHS_AGO, YEARS, CLIFF = 20, 48, 12
FIGURES = Figures(equity_percent=Decimal("0.15"), equity_valuation=Decimal(3_000_000))
SHARES = 3_000_000


def make(organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
    """Make it once, after the rewards whose payees hold it; a second time changes nothing."""
    Shares(organisations, people).make()


class Shares:
    """What one owner received of one firm for what it contributed."""

    def __init__(self, organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
        self.owner, self.firm, self.people = organisations["u01"], organisations[cast.SEEKER], people
        self.officer = people[OFFICER]
        self.signed_on = add_months(timezone.localdate(), -MONTHS_AGO)

    @transaction.atomic
    def make(self) -> None:
        row = Achievement.objects.filter(source=fiction.SOURCE, source_id=ACHIEVEMENT, owner=self.owner).first()
        payees = list(Payee.objects.filter(book=self.owner).order_by("id"))
        if row is None or len(payees) < 2 or Stake.objects.exists():
            return
        stake = self.recorded(self.contract_of(row))
        self.sign_plan(stake, payees)
        self.divide(stake)

    def contract_of(self, row: Achievement) -> Contract:
        given = contracts.Elsewhere(
            seller=self.owner, buyer=self.firm, achievement=row, sheet=write_sheet(build(Mode.EQUITY, FIGURES)),
            history=[signed(self.signed_on)], particulars=PLACE | {"fields_of_use": [row.field]},
        )  # fmt: skip
        return contracts.take_over(given, by=SYSTEM)

    def recorded(self, contract: Contract) -> Stake:
        """The firm has shares; its articles, the appraisal and the extract of the register are there."""
        stake = services.record_stake(
            contract, instrument="ARTICLES", shares=SHARES, basis="APPRAISAL",
            valued_on=self.signed_on - timedelta(days=40), instrument_paper=self.paper("公司章程"),
            valuation_paper=self.paper("技术作价评估报告"), by=self.officer,
        )  # fmt: skip
        on = self.signed_on + timedelta(days=26)
        return services.register_stake(stake, on=on, paper=self.paper("准予变更登记通知书"), by=self.officer)

    def sign_plan(self, stake: Stake, payees: list[Payee]) -> None:
        """Two inventors, one of whom signs on paper."""
        lines = [
            Given("INVENTOR", share, payee=payee, is_main=True)
            for share, payee in zip(("2/3", "1/3"), payees, strict=False)
        ]
        plan = services.draft_plan(stake.contract, lines, stake=stake, by=self.officer)
        for line in plan.lines.select_related("payee"):
            if line.payee is not None and line.payee.user is not None:
                services.sign_plan(plan, plan.sha256, by=line.payee.user)
                continue
            services.sign_on_paper(line, self.paper("已签署的持股方案"), by=self.officer)

    def divide(self, stake: Stake) -> None:
        """The first inventor earns the part over four years; the director approves."""
        row = services.allot(stake, by=self.officer)
        first = row.holdings.get(payee__user=self.people[INVENTOR])
        services.set_vesting(
            first,
            begins_on=self.signed_on,
            cliff=CLIFF,
            months=YEARS,
            paper=self.paper("股权归属约定"),
            by=self.officer,
        )
        services.approve_allotment(row, by=self.people[DIRECTOR])

    def paper(self, title: str) -> Any:
        page = invoices.page(TEXT)
        return documents.keep_document(page, filename="paper.pdf", title=title, readers=[self.owner], by=self.officer)
