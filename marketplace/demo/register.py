"""The register of the demonstration market: entries, one that waits, late yearly data. Twice changes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.law.rules.days import add_months
from marketplace.parties import services as parties
from marketplace.parties.models import Agency, Organisation, TechnologyManager, User
from marketplace.register import services
from marketplace.register.asking import asked_at
from marketplace.register.models import Consent
from marketplace.register.services import Evidence

APPLICANT = "applicant@demo.example"
LONG_AGO, LEFT = 34, timedelta(days=62)
CERTIFICATE = Evidence("培训合格证书.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")


def registered_agency(organisation: Organisation) -> Agency:
    """In the register for nearly three years: its renewal is due, and so is the data of last year."""
    found = Agency.objects.filter(organisation=organisation).first()
    if found is None:
        values = {"fields": ["01", "03", "05"], "services": "成果挖掘、需求对接、许可谈判、合同登记。"}
        found = parties.apply_as_agency(organisation, values, by=SYSTEM)
        today = timezone.localdate()
        entered = add_months(today, -LONG_AGO)
        services.take_over(found, number="JSJG-2024-0001", entered_on=entered, valid_until=today + LEFT, by=SYSTEM)
        figures = {"deals": 14, "contract_sum": Decimal(8_600_000), "income": Decimal(412_000), "staff": 9}
        services.file_year(found, entered.year, figures | {"note": "含线下促成的合同。"}, by=SYSTEM)
    return found


def registered_manager(user: User, values: dict[str, Any], number: str) -> None:
    """In the register since the beginning of the year."""
    if not TechnologyManager.objects.filter(user=user).exists():
        manager = parties.apply_as_manager(values, by=user)
        today = timezone.localdate()
        entered = today.replace(month=1, day=1)
        until = max(add_months(entered, 36), today + timedelta(days=730))
        services.take_over(manager, number=number, entered_on=entered, valid_until=until, by=SYSTEM)


def let_somebody_apply(people: Mapping[str, User]) -> None:
    """An application that waits for a decision."""
    user = people[APPLICANT]
    if TechnologyManager.objects.filter(user=user).exists():
        return
    values = {"level": "INTERMEDIATE", "fields": ["03", "06"], "languages": ["zh", "en"]}
    values |= {"introduction": "五年高校成果转化工作经历，熟悉生物医药和现代农业领域。"}
    declared = [each.code for each in asked_at("CN", "manager", "INTERMEDIATE").requirements]
    statement = "2024年在国家技术转移人才培养基地完成中级技术经纪人培训。"
    services.apply_as_manager(values, declared=declared, statement=statement, evidence=[CERTIFICATE], by=user)


def show_record(people: Mapping[str, User]) -> None:
    """The manager's contract may be counted by both sides; whether it may be named waits for their answer."""
    manager = TechnologyManager.objects.get(user=people["manager@demo.example"])
    contract = services.cases_of(manager).last()
    if contract is None or Consent.objects.exists():
        return
    for consent in services.ask_consent(contract, Consent.Scope.COUNT, by=manager.user):
        services.give_consent(consent, by=SYSTEM)
    services.ask_consent(contract, Consent.Scope.NAME, by=manager.user)
    services.make_portfolio(manager, [contract.public_id], by=manager.user)
