"""Contracts that run, on real PostgreSQL: two hands at one guarantor's limit, a clock that is killed at its work."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from config.celery import app
from marketplace.contracts import services
from marketplace.contracts.models import Fact, Guarantee, Milestone, Reminder, SalesReport
from marketplace.contracts.services import clocks
from marketplace.core.acts import lock
from marketplace.core.errors import Conflict
from marketplace.core.models import Entry, Letter
from tests.contracts.living import ENTRY, ROYALTY, SHEET, make_guarantor, make_licence, propose
from tests.contracts.making import decider_of, make_agreed_contract
from tests.services.racing import race, reads_meet, winners
from tests.services.running import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
LONG = 600.0
"""Seconds to wait for what must happen; none of it is a promise of speed."""


# A guarantor's limit


@pytest.fixture(params=[True, False], ids=["locked", "lock off"])
def locked(request, postgres):
    """Both with the row lock and without it: without it the race must be lost."""
    return request.param


def test_two_guarantees_in_one_moment_do_not_pass_the_limit_together(locked, monkeypatch):
    """Net assets of 6 000 yuan allow 60 000; two contracts ask for 40 000 each."""
    cover = {"kind": "COMPANY", "cover_amount": "40000", "cover_share": "0.8", "liability": "JOINT", "period_months": 6}
    organisation, officer = make_guarantor("6000.00")
    contracts = [make_agreed_contract(sheet=ENTRY | {"guarantees": [cover]}) for _ in range(2)]
    rows = [propose(each, organisation, decider_of(each.seller)) for each in contracts]
    reads_meet(monkeypatch, locked=locked)
    results = race(*(lambda row=row: services.issue(row, by=officer) for row in rows))
    assert (winners(results) == 1) is locked, results
    assert (services.exposure_of(organisation, timezone.localdate()) <= Decimal(60_000)) is locked
    if locked:
        (refused,) = [each for each in results if isinstance(each, Conflict)]
        assert refused.code == "E_GUARANTEE_LIMIT"
        assert Guarantee.objects.filter(state="issued").count() == 1


# The clock

MONTHLY = SHEET | {"terms": [*SHEET["terms"][:-1], ROYALTY | {"period": "MONTH"}]}


@pytest.fixture
def make_old_licences(postgres, time_machine):
    """Make licences signed and delivered 400 days ago and never ticked since; afterwards it is today again."""

    def make(count):
        now = timezone.now()
        time_machine.move_to(now - timedelta(days=400))
        today = timezone.localdate()
        licences = [make_licence(lambda _day: None, MONTHLY, signed_on=today) for _ in range(count)]
        for each in licences:
            each.deliver(today)
        time_machine.move_to(now)
        return licences

    return make


def traces(licence):
    """All that a clock leaves behind: counted, it shows whether something was forgotten or done twice."""
    contract, reports = licence.contract, SalesReport.objects.filter(contract=licence.row)
    ids = {"contracts.contract": [contract.pk], "contracts.salesreport": reports.values_list("pk", flat=True)}
    ids["contracts.milestone"] = Milestone.objects.filter(contract=contract).values_list("pk", flat=True)
    return (
        contract.state,
        contract.next_clock_on,
        sorted(Fact.objects.filter(contract=contract).values_list("key", "on")),
        sorted(reports.values_list("first", "last", "due_on", "state")),
        sorted(Reminder.objects.filter(contract=contract).values_list("about", "due_on", "step", "side")),
        Letter.objects.filter(key__startswith=f"contract:{contract.public_id}:").count(),
        sum(Entry.objects.filter(subject_type=name, subject_id__in=list(rows)).count() for name, rows in ids.items()),
    )


def test_two_clocks_at_once_do_everything_once(make_old_licences):
    model, *licences = make_old_licences(7)
    today = timezone.localdate()
    services.tick(model.contract, today)
    results = race(*(lambda: services.tick_all(today) for _ in range(3)))
    assert sum(each.ticked for each in results) == len(licences)
    assert all(traces(each) == traces(model) for each in licences)


@pytest.mark.slow
@pytest.mark.redis
def test_a_clock_killed_again_and_again_forgets_nothing_and_does_nothing_twice(make_old_licences, queue, start_worker):
    model, *licences = make_old_licences(25)
    today = timezone.localdate()
    services.tick(model.contract, today)
    full = len(traces(model)[3])
    worker = start_worker(queue, "--concurrency", "1")
    for kill in range(5):
        before = waiting(today)
        app.send_task("contracts.tick_contracts")
        wait_until(lambda before=before: waiting(today) < before, "the first contract of a round", LONG)
        worker.kill()
        assert waiting(today), f"the clock had come to its end before kill {kill + 1}: not in the middle"
        assert {each.contract.sales_reports.count() for each in licences} <= {0, full}  # nothing half done
        worker.start()
    app.send_task("contracts.tick_contracts")
    wait_until(lambda: not waiting(today), "the end of the queue", LONG)
    assert all(traces(each) == traces(model) for each in licences)


def waiting(today):
    return clocks.waiting(today).count()


def test_a_contract_that_somebody_holds_is_left_to_them(make_old_licences):
    """While a person's act holds the row, the clock passes it over; the next round finds it."""
    (licence,) = make_old_licences(1)
    today = timezone.localdate()
    with transaction.atomic():
        lock(licence.contract)
        (passed_over,) = race(lambda: services.tick_all(today))
    assert passed_over == (0, 0)
    assert services.tick_all(today) == (1, 0)
