"""What one page of a contract reads, once: its terms, what is owed, its rows, and who the reader is to it."""

from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from marketplace.core.workspace import Button, buttons
from marketplace.parties import access

from ..models import Contract, Fact, Milestone, SalesReport, Signature, TermSheet
from ..names import known_seller
from ..permissions import manages
from ..readiness import Gap, what_is_missing
from ..reading import parsed, statement_of
from ..rules.sheet import Sheet
from ..rules.statement import Statement

State = Contract.State
SELLER, BUYER = Signature.Side.SELLER, Signature.Side.BUYER
REPORTED = (*Contract.RUNNING, State.TERMINATED)
"""States in which sales are reported and books are looked at: after an early end for the last periods."""
AGREED = (State.GUARANTEE_PENDING, State.NOTICE_PENDING, State.READY)


class Page:
    """A contract as one reader sees it today."""

    def __init__(self, contract: Contract, user: Any) -> None:
        self.contract, self.user, self.today = contract, user, timezone.localdate()

    # Who reads

    @cached_property
    def sides(self) -> list[str]:
        """The sides that the reader decides for."""
        return sides_of(self.contract, self.user)

    @cached_property
    def belongs(self) -> list[str]:
        """The sides that the reader belongs to, whatever the role."""
        ids = {SELLER: self.contract.seller_id, BUYER: self.contract.buyer_id}
        return [side for side, pk in ids.items() if pk in access.roles(self.user)]

    @cached_property
    def manages(self) -> bool:
        return bool(manages(self.user, self.contract))

    @cached_property
    def is_third(self) -> bool:
        """A third party of the contract, such as its guarantor: reads what was agreed, not how it came about."""
        return not (self.belongs or self.contract.manager_id == self.user.pk or access.is_platform_staff(self.user))

    @cached_property
    def reads_evidence(self) -> bool:
        """Whether the reader may see the owner's own grounds: its people, the manager and staff, not the buyer's."""
        is_managers = self.manages and BUYER not in self.belongs
        return SELLER in self.belongs or is_managers or access.is_platform_staff(self.user)

    # What was agreed and what happened

    @cached_property
    def sheet(self) -> Sheet | None:
        return parsed(self.contract.sheet) if self.contract.sheet else None

    @cached_property
    def sheets(self) -> list[TermSheet]:
        """Every version that the reader may see, the latest first."""
        rows = TermSheet.objects.visible_to(self.user).filter(contract=self.contract)
        return list(rows.select_related("author").order_by("-number"))

    @property
    def statement(self) -> Statement | None:
        return statement_today(self.contract)

    @cached_property
    def facts(self) -> list[Fact]:
        return list(self.contract.facts.standing().order_by("on", "id"))

    @cached_property
    def milestones(self) -> list[Milestone]:
        return self._own(self.contract.milestones.order_by("due_on", "id"))

    @cached_property
    def reports(self) -> list[SalesReport]:
        return self._own(self.contract.sales_reports.order_by("first", "id"))

    @cached_property
    def guarantees(self) -> list[Any]:
        return self._own(self.contract.guarantees.select_related("guarantor").order_by("id"))

    @cached_property
    def signatures(self) -> list[Signature]:
        """Those of the text as it stands."""
        if self.contract.document is None:
            return []
        rows = self.contract.signatures.filter(sha256=self.contract.document.sha256)
        return list(rows.select_related("signer").order_by("id"))

    @cached_property
    def gaps(self) -> list[Gap]:
        """What stands between the agreed terms and a signature."""
        return what_is_missing(self.contract) if self.contract.state in AGREED else []

    @cached_property
    def buttons(self) -> list[Button]:
        """What the reader may press."""
        return buttons(self.user, self.contract)

    def _own(self, rows: Any) -> list[Any]:
        found = list(rows)
        for row in found:
            row.contract = self.contract  # so that no permission asks the database for it again
        return found


def sides_of(contract: Contract, user: Any) -> list[str]:
    """The sides that a person decides for today."""
    ids = {SELLER: contract.seller_id, BUYER: contract.buyer_id}
    return [side for side, pk in ids.items() if access.may_decide_for(user, pk)]


def page_of(user: Any, contract: Contract) -> Page:
    """The page of this row for this reader; made once per row object."""
    kept: Page | None = contract.__dict__.get("_page")
    if kept is None or kept.user != user:
        kept = contract.__dict__["_page"] = Page(contract, user)
    return kept


def statement_today(contract: Contract) -> Statement | None:
    """What is owed today, computed once per row object; None before the signature."""
    if "_statement" not in contract.__dict__:
        is_due = contract.is_signed and contract.sheet is not None
        contract.__dict__["_statement"] = statement_of(contract, timezone.localdate()) if is_due else None
    found: Statement | None = contract.__dict__["_statement"]
    return found


def other_side(user: Any, contract: Contract) -> Any:
    """Whom the reader deals with, as far as it may be named: both sides for who belongs to neither or to both."""
    page = page_of(user, contract)
    seller = known_seller(user, contract)
    if page.belongs == [SELLER]:
        return contract.buyer
    return seller if page.belongs == [BUYER] else (seller, contract.buyer)


def days_to(day: date, today: date) -> int:
    return (day - today).days
