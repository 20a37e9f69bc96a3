"""Rewards of the demonstration: a plan signed by all, a receipt paid out, one shown in public, more that wait."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM
from marketplace.documents import services as documents
from marketplace.law.rules.days import add_months
from marketplace.listings.models import Achievement
from marketplace.notices import services as notices
from marketplace.notices.models import Notice
from marketplace.parties.models import Organisation, User
from marketplace.settlement import services
from marketplace.settlement.models import Distribution, Payee, Payment, SharingPlan
from marketplace.settlement.services import Given

from . import fiction, invoices

ACHIEVEMENT = "a-11-006"  # the contract that has been paid for two years
OFFICER, DIRECTOR = "officer@demo.example", "admin@demo.example"
INVENTOR, SECRETARY = "inventor@demo.example", "reader@demo.example"
TEXT = "DEMONSTRATION - MADE UP"
REST = (("OWNER", "60%", ""), ("COLLEGE", "30%", "材料学院"), ("TRANSFER_OFFICE", "10%", "技术转移中心"))
SHOWN_DAYS = 30


def make(organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
    """Make them once; a second time changes nothing."""
    Rewards(organisations["u01"], people).make()


class Rewards:
    """What one owner shares of what one contract earned."""

    def __init__(self, owner: Organisation, people: Mapping[str, User]) -> None:
        self.owner, self.people = owner, people
        self.officer, self.director = people[OFFICER], people[DIRECTOR]
        self.today = timezone.localdate()

    @transaction.atomic
    def make(self) -> None:
        achievement = Achievement.objects.filter(source=fiction.SOURCE, source_id=ACHIEVEMENT).first()
        contract = Contract.objects.filter(achievement=achievement, seller=self.owner).first()
        if achievement is None or contract is None or SharingPlan.objects.exists():
            return
        receipts = list(contract.payments.standing().order_by("on", "id")[:2])
        self.record_grounds(contract, receipts[0].on if receipts else self.today)
        self.sign_plan(contract)
        if len(receipts) == 2:
            self.pay_out(self.approved(receipts[0]))
            services.show_reward(self.proposed(receipts[1]), by=self.officer)

    def record_grounds(self, contract: Contract, day: date) -> None:
        """The owner's rule, and what the deal cost."""
        services.record_rule(
            self.owner, method="transfer_license", rate=Decimal("0.7"), effective_from=add_months(self.today, -36),
            title="江澜大学科技成果转化奖励办法", document=self.paper("奖励办法"), by=self.officer,
        )  # fmt: skip
        services.record_cost(
            contract, kind="VALUATION", amount=Decimal(1_500), on=day, note="许可价值评估费",
            document=self.paper("评估费发票"), by=self.officer,
        )  # fmt: skip

    def sign_plan(self, contract: Contract) -> None:
        """Two inventors, one of whom signs on paper, and one of the office."""
        first, second = self.payee("季明", INVENTOR), self.payee("林教授")
        lines = [
            Given("INVENTOR", "60%", payee=first, is_main=True),
            Given("INVENTOR", "1/3", payee=second, is_main=True),
            Given("STAFF", "1/15", payee=self.payee("何晓", SECRETARY)),
            *(Given(role, share, name=name) for role, share, name in REST),
        ]
        plan = services.draft_plan(contract, lines, by=self.officer)
        services.sign_plan(plan, plan.sha256, by=self.people[INVENTOR])
        services.sign_on_paper(plan.lines.get(payee=second), self.paper("已签署的分配方案"), by=self.officer)

    def payee(self, name: str, email: str = "") -> Payee:
        values = {"name": name, "user": self.people[email] if email else None}
        row = services.keep_payee(self.owner, values, by=self.officer)
        number = f"622200000000{row.pk:04d}"
        return services.keep_account(row, holder=name, bank="示例银行江澜支行", account_number=number, by=self.officer)

    def proposed(self, receipt: Payment) -> Distribution:
        return services.propose(receipt, by=self.officer)

    def approved(self, receipt: Payment) -> Distribution:
        """Shown for the days of the law, which lie in the past here, and approved by a second person."""
        row = services.show_reward(self.proposed(receipt), by=self.officer)
        yesterday = self.today - timedelta(days=1)
        assert row.notice is not None  # a university shows its rewards
        shown = Notice.objects.filter(pk=row.notice.pk)
        shown.update(opened_on=yesterday - timedelta(days=SHOWN_DAYS), ends_on=yesterday)
        notices.close(shown.get(), by=SYSTEM)
        return services.approve(Distribution.objects.get(pk=row.pk), by=self.director)

    def pay_out(self, row: Distribution) -> None:
        payout = services.make_payout(self.owner, distributions=[row], by=self.officer)
        services.take_file(payout, by=self.officer)
        services.mark_paid(payout, on=self.today, reference="DEMO-BANK-0001", by=self.officer)

    def paper(self, title: str) -> Any:
        page = invoices.page(TEXT)
        return documents.keep_document(page, filename="paper.pdf", title=title, readers=[self.owner], by=self.officer)
