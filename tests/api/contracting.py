"""Contracts of one firm with another for tests of the API, with everybody who might try something with them."""

from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.contracts import services
from marketplace.contracts.models import Contract, ThirdParty
from tests import factories
from tests.contracts import making
from tests.rows import reread

from .conftest import make_match

COVER = {"cover_amount": "40000.00", "cover_share": "0.8", "liability": "JOINT", "period_months": 6}
NO_TRIAL = making.ENTRY_ROYALTY


def make_table(broker: Any, outsider: Any, staff: Any) -> SimpleNamespace:
    """Two firms, a technology manager, a guarantor, and strangers."""
    here = SimpleNamespace(outsider=outsider, staff=staff, manager=broker)
    here.seller_firm, here.buyer_firm = factories.make_organisation("FIRM"), making.make_small_firm()
    here.guarantor_firm = factories.make_organisation("GUARANTOR")
    here.seller, here.buyer = factories.make_member(here.seller_firm), factories.make_member(here.buyer_firm)
    here.reader = factories.make_member(here.buyer_firm, "reader")
    here.guarantor = factories.make_member(here.guarantor_firm)
    offers = [{"mode": "ZERO_UPFRONT"}, {"mode": "ENTRY_ROYALTY"}]
    here.achievement = factories.make_published_achievement(here.seller_firm, offers=offers)
    return here


def cast_of(table: SimpleNamespace) -> list[Any]:
    """In the order of the columns of the table."""
    return [None, table.outsider, table.reader, table.buyer, table.seller, table.manager, table.guarantor, table.staff]


def make(table: SimpleNamespace, stage: str, sheet: dict[str, Any] = NO_TRIAL) -> Contract:
    """A contract of the two firms at a stage, with its technology manager and the guarantor beside it."""
    sides = {"seller": table.seller_firm, "buyer": table.buyer_firm, "achievement": table.achievement.achievement}
    if stage in ("applied", "screening"):
        contract = apply(table)
        if stage == "screening":
            contract = services.submit(contract, by=table.buyer)
    elif stage in ("negotiating", "proposed"):
        contract = making.make_contract(mode=sheet["mode"], **sides)
        if stage == "proposed":
            services.propose(contract, sheet, side="SELLER", by=table.seller)
    else:
        makers = {"agreed": making.make_agreed_contract, "ready": making.make_ready_contract}
        contract = makers.get(stage, making.make_signed_contract)(sheet=sheet, **sides)
    if stage == "running":
        contract = services.deliver(contract, by=table.buyer)
    Contract.objects.filter(pk=contract.pk).update(manager=table.manager)
    ThirdParty.objects.create(contract=contract, organisation=table.guarantor_firm, role="GUARANTOR")
    return reread(contract)


def apply(table: SimpleNamespace) -> Contract:
    said = {"mode": "ZERO_UPFRONT", "message": "用于泵阀密封面。"}
    return services.apply(table.achievement, buyer=table.buyer_firm, **said, by=table.buyer)


def make_deal(table: SimpleNamespace) -> Any:
    demand = factories.make_published_demand(table.buyer_firm)
    deal = brokerage.open_deal(make_match(table.achievement, demand), by=table.manager)
    for verb, person in product((brokerage.join, brokerage.waive_nda), (table.seller, table.buyer)):
        deal = verb(deal, by=person)
    return deal


def make_guarantee(contract: Contract, table: SimpleNamespace) -> Any:
    return services.propose_guarantee(contract, "RISK_POOL", table.guarantor_firm, dict(COVER), by=table.seller)


def make_clearance(contract: Contract, table: SimpleNamespace) -> Any:
    return services.ask_clearance(contract, "CO_OWNER", party="共有权人", by=table.seller)


def make_report(contract: Contract) -> Any:
    """The report of a quarter that is over, to be filled in."""
    first = timezone.localdate() - timedelta(days=100)
    return contract.sales_reports.create(
        royalty="royalty", first=first, last=first + timedelta(days=89), due_on=timezone.localdate()
    )


def make_audit(contract: Contract, table: SimpleNamespace) -> Any:
    return services.announce_audit(contract, starts_on=timezone.localdate() + timedelta(days=60), by=table.seller)


def populate(table: SimpleNamespace, stage: str) -> None:
    """Put a contract at this stage on the table, with the rows that its addresses name."""
    table.today = timezone.localdate().isoformat()
    table.buyer_code, table.guarantor_code = table.buyer_firm.credit_code, table.guarantor_firm.credit_code
    table.outsider_code = table.outsider.memberships.get().organisation.credit_code
    table.working_copy = table.achievement.achievement
    if not stage:
        table.deal = make_deal(table)
        return
    sheet = making.ZERO_UPFRONT if stage == "staged" else NO_TRIAL
    table.contract = contract = make(table, stage, sheet)
    if stage == "agreed":
        table.clearance = make_clearance(contract, table)
    if stage == "negotiating":
        table.guarantee = make_guarantee(contract, table)
    if stage == "staged":
        table.milestone = contract.milestones.get()
    if stage == "running":
        table.report, table.audit = make_report(contract), make_audit(contract, table)
    table.document = contract.document
