"""A university's licence whose receipts are shared: its people, a signed plan, and short words for what they do."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from marketplace.documents import services as documents
from marketplace.notices.models import Notice
from marketplace.parties.models import Organisation
from marketplace.settlement import services
from marketplace.settlement.models import Distribution, Payee, Payment, Payout, SharingPlan
from marketplace.settlement.services.ledger import trial_balance
from tests import factories
from tests.contracts.living import ENTRY, Licence, make_licence
from tests.contracts.making import PDF, close
from tests.rows import reread

THIRDS = ("1/3", "1/3", "1/3")
RECEIVED = date(2027, 2, 1)


@dataclass
class Sharing:
    """A licence with what its owner shares; `people` are payees in the order of the plan."""

    licence: Licence
    approver: Any
    people: list[Payee] = field(default_factory=list)

    @property
    def book(self) -> Any:
        return Organisation.objects.get(pk=self.licence.row.seller_id)

    @property
    def officer(self) -> Any:
        return self.licence.seller

    def paper(self, words: bytes = b"") -> Any:
        return documents.keep_document(
            PDF + words, filename="a.pdf", title="依据", readers=[self.book], by=self.officer
        )

    def payee(self, name: str = "", **values: Any) -> Payee:
        """Somebody with an account here and one at a bank."""
        user = factories.make_member(self.book, "inventor", name=name)
        row = services.keep_payee(self.book, {"name": name or user.name, "user": user, **values}, by=self.officer)
        account = {"holder": row.name, "bank": "某银行某支行", "account_number": f"62220000{row.pk:08d}"}
        return services.keep_account(row, **account, by=user)

    def plan(self, *shares: str, is_main: bool = True, rest: Any = (), staff: str = "") -> SharingPlan:
        """A plan of these shares among inventors, signed by each."""
        while len(self.people) < len(shares) + bool(staff):
            self.people.append(self.payee(f"发明人{len(self.people) + 1}"))
        lines = [
            services.Given("INVENTOR", share, payee=payee, is_main=is_main)
            for share, payee in zip(shares, self.people, strict=False)
        ]
        lines += [services.Given("STAFF", staff, payee=self.people[len(shares)])] if staff else []
        lines += [services.Given(role, share) for role, share in rest]
        return self.signed(services.draft_plan(self.licence.contract, lines, by=self.officer))

    def signed(self, plan: SharingPlan) -> SharingPlan:
        for line in plan.lines.filter(role="INVENTOR"):
            services.sign_plan(plan, plan.sha256, by=line.payee.user)
        return reread(plan)

    def receive(self, amount: str = "50000", day: date = RECEIVED, reference: str = "R1") -> Payment:
        self.licence.go(day)
        return services.record(self.licence.contract, amount, on=day, reference=reference, by=self.officer)

    def cost(self, amount: str, kind: str = "TAX", on: date | None = None) -> Any:
        return services.record_cost(
            self.licence.contract, kind=kind, amount=amount, on=on or timezone.localdate(), note="附票据",
            document=self.paper(), by=self.officer,
        )  # fmt: skip

    def rule(self, rate: str, **values: Any) -> Any:
        facts = {"method": "transfer_license", "effective_from": date(2027, 1, 1), "title": "成果转化奖励办法"}
        return services.record_rule(self.book, rate=rate, document=self.paper(), by=self.officer, **(facts | values))

    def propose(self, payment: Payment, **values: Any) -> Distribution:
        return services.propose(payment, by=self.officer, **values)

    def noticed(self, row: Distribution) -> Distribution:
        """Shown in public, and nobody objected."""
        row = services.show_reward(row, by=self.officer)
        for notice in Notice.objects.filter(pk__in=[row.notice_id, row.leader_notice_id]):
            close(notice)
        return reread(row)

    def approved(self, row: Distribution) -> Distribution:
        return services.approve(self.noticed(row), by=self.approver)

    def sent(self) -> Payout:
        """A batch whose file somebody took."""
        payout = services.make_payout(self.book, by=self.officer)
        services.take_file(payout, by=self.officer)
        return reread(payout)

    def paid(self, payout: Payout | None = None) -> Payout:
        facts = {"on": timezone.localdate(), "reference": "BANK1"}
        return services.mark_paid(payout or self.sent(), by=self.officer, **facts)

    def shared(self, amount: str = "50000", **values: Any) -> Distribution:
        """Received, proposed, shown, approved and paid."""
        row = self.approved(self.propose(self.receive(amount, **values)))
        self.paid()
        return reread(row)


def make_sharing(
    go: Any, region: str = "110000", kind: str = "UNIVERSITY", sheet: Any = ENTRY, **values: Any
) -> Sharing:
    """An owner of a place: signed in Beijing, whose notices ask for less, and moved before anything is received."""
    seller = factories.make_organisation(kind)
    factories.make_member(seller, name="officer")
    licence = make_licence(go, sheet, seller=seller, **values)
    type(seller).objects.filter(pk=seller.pk).update(region=region)
    type(licence.row).objects.filter(pk=licence.row.pk).update(law_place=region)
    licence.row = reread(licence.row)
    return Sharing(licence, factories.make_member(seller, "admin", name="approver"))


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def books(sharing: Sharing) -> dict[str, Any]:
    """The accounts of the owner that are not zero."""
    return {kind: amount for kind, amount in trial_balance(sharing.book).items() if amount}


def amounts(row: Distribution) -> list[Any]:
    """What each share comes to, in the order of the plan."""
    return list(row.shares.order_by("id").values_list("amount", flat=True))
