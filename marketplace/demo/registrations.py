"""Registrations of the demonstration: one registered, with a change that waits, and one that waits for its decision."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import override

from marketplace.contracts.models import Contract
from marketplace.parties.models import Organisation, User
from marketplace.registration import services
from marketplace.registration.models import Registration

from .rewards import OFFICER

REGISTRAR = "authority@demo.example"
NUMBER = "3201012026000001"
FILLED = {
    "seller_nature": "022",
    "buyer_nature": "150",
    "objective": "10",
    "industry": "C",
    "contact": "转化专员 顾岚",
    "phone": "025-60000001",
    "leader": "季明",
}


@transaction.atomic
def make(organisations: Mapping[str, Organisation], people: Mapping[str, User]) -> None:
    """Make them once, after the contracts; a second time changes nothing."""
    seller, office = organisations["u01"], organisations["authority"]
    officer, registrar = people[OFFICER], people[REGISTRAR]
    if Registration.objects.exists():
        return
    rows = Contract.objects.filter(seller=seller, document__isnull=False).order_by("id")
    with override("zh-hans"):
        for state in (Contract.State.PAYING, Contract.State.IN_TRIAL):
            contract = rows.filter(state=state).first()
            if contract is None:
                continue
            row = services.draft(contract, office=office, **FILLED, by=officer)
            row = services.submit(row, by=officer)
            if state == Contract.State.PAYING:
                register(row, officer, registrar)


def register(row: Registration, officer: User, registrar: User) -> None:
    """It is registered, and what its royalty came to is to be added."""
    row = services.accept(row, by=registrar)
    row = services.register(row, number=NUMBER, reason="符合认定条件。", by=registrar)
    total = row.total_amount + Decimal(63_790)
    services.ask_change(row, total_amount=total, reason="累计提成结算金额计入合同成交总额。", by=officer)
