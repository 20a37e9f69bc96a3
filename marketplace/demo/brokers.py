"""Mandates of the demonstration market, an introduction and its commission. Making them twice changes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Mandate
from marketplace.core.access import SYSTEM
from marketplace.law.rules.days import add_months
from marketplace.listings.models import Achievement
from marketplace.parties.models import Agency, Organisation, User
from marketplace.settlement import services as settlement
from marketplace.settlement.models import CommissionLine

from . import cast, fiction

MANAGER, AGENCYS_MANAGER = "manager@demo.example", "manager2@demo.example"
SLIDING = [{"from": "0", "rate": "0.05"}, {"from": "1000000", "rate": "0.03"}]
MONTHS_AGO = 30


@transaction.atomic
def give_mandates(organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
    """The university's manager of two years with a deal that pays, and a firm's offer that waits for a signature."""
    if Mandate.objects.exists():
        return
    university, firm, today = organisations["u01"], organisations[cast.SEEKER], timezone.localdate()
    standing = {
        "principal": university,
        "manager": people[MANAGER],
        "side": "SUPPLY",
        "fields": ["*"],
        "tiers": SLIDING,
        "cap": Decimal(300_000),
        "starts_on": add_months(today, -MONTHS_AGO),
        "ends_on": today + timedelta(days=200),
        "note": "挖掘可转化成果，寻找受让方，协助谈判、签约和登记。",
    }
    services.take_over_mandate(standing, by=SYSTEM)
    introduce(firm, people)
    offered = {
        "principal": firm,
        "agency": Agency.objects.get(organisation=organisations["agency"]),
        "manager": people[AGENCYS_MANAGER],
        "side": "DEMAND",
        "fields": ["05", "07"],
        "tiers": [{"from": "0", "rate": "0.03"}],
        "floor": Decimal(20_000),
        "agency_share": Decimal("0.6"),
        "starts_on": today,
        "ends_on": today + timedelta(days=365),
    }
    services.draft_mandate(offered, by=people[AGENCYS_MANAGER])


def introduce(firm: Organisation, people: Mapping[str, User]) -> None:
    """The two who have a contract that pays were brought together in the first month of the mandate."""
    row = Achievement.objects.get(source=fiction.SOURCE, source_id="a-11-006").projection
    day, note = add_months(timezone.localdate(), 1 - MONTHS_AGO), "带企业技术负责人到实验室看样机。"
    written = services.log_introduction(row, firm, on=day, how="MEETING", note=note, by=people[MANAGER])
    for email in ("officer@demo.example", "firm@demo.example"):
        services.confirm_introduction(written, by=people[email])


@transaction.atomic
def settle_commissions(people: Mapping[str, User]) -> None:
    """The manager has invoiced the first two receipts, and the university has paid the first."""
    lines = CommissionLine.objects.order_by("payment__on", "pk")[:2]
    if any(line.state != CommissionLine.State.DUE for line in lines):
        return
    for number, line in enumerate(lines, 1):
        settlement.bill_commission(line, f"2633{number:016}", by=people[MANAGER])
    for line in lines[:1]:
        day = min(line.payment.on + timedelta(days=20), timezone.localdate())
        settlement.pay_commission(line, on=day, reference="DEMO-C1", by=people["officer@demo.example"])
