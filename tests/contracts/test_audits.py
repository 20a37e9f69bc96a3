"""Audits: announced in time, once a year, answered by the licensee."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services
from marketplace.core.errors import Conflict, Forbidden, Invalid

ANNOUNCED = date(2027, 6, 1)
BEGINS = date(2027, 7, 1)


@pytest.fixture
def audit(entry):
    entry.deliver()
    entry.go(ANNOUNCED)
    return services.announce_audit(entry.contract, starts_on=BEGINS, by=entry.seller)


def finish(audit, entry, found):
    entry.go(BEGINS)
    services.begin_audit(audit, by=entry.seller)
    amounts = {"reported_amount": Decimal(1000), "found_amount": Decimal(found)}
    services.report_findings(audit, **amounts, by=entry.seller)
    services.agree_audit(audit, by=entry.buyer)
    return services.settle_audit(audit, by=entry.seller)


def test_an_audit_keeps_its_notice(entry):
    entry.deliver()
    entry.go(ANNOUNCED)
    with pytest.raises(Invalid) as fault:
        services.announce_audit(entry.contract, starts_on=date(2027, 6, 30), by=entry.seller)
    assert fault.value.code == "E_AUDIT_TOO_SOON"


def test_only_the_licensor_announces(entry):
    with pytest.raises(Forbidden):
        services.announce_audit(entry.contract, starts_on=BEGINS, by=entry.buyer)


def test_nobody_begins_before_the_day(audit, entry):
    with pytest.raises(Conflict) as fault:
        services.begin_audit(audit, by=entry.seller)
    assert fault.value.code == "E_AUDIT_TOO_SOON"


def test_one_audit_at_a_time(audit, entry):
    with pytest.raises(Conflict) as fault:
        services.announce_audit(entry.contract, starts_on=date(2028, 9, 1), by=entry.seller)
    assert fault.value.code == "audit_open"


def test_there_is_a_year_of_rest_when_nothing_was_missing(audit, entry):
    finish(audit, entry, "1000")
    with pytest.raises(Invalid) as fault:
        services.announce_audit(entry.contract, starts_on=date(2028, 7, 1), by=entry.seller)
    assert fault.value.code == "E_AUDIT_TOO_SOON"
    assert services.announce_audit(entry.contract, starts_on=date(2028, 7, 2), by=entry.seller).state == "noticed"


def test_there_is_no_rest_after_a_shortfall(audit, entry):
    finish(audit, entry, "1300")
    assert services.announce_audit(entry.contract, starts_on=date(2027, 8, 1), by=entry.seller).state == "noticed"


def test_the_licensee_may_object_and_says_why(audit, entry):
    entry.go(BEGINS)
    services.begin_audit(audit, by=entry.seller)
    services.report_findings(audit, reported_amount=Decimal(1), found_amount=Decimal(2), by=entry.seller)
    with pytest.raises(Invalid):
        services.object_to_audit(audit, "", by=entry.buyer)
    assert services.object_to_audit(audit, "样本有误。", by=entry.buyer).state == "disputed"
