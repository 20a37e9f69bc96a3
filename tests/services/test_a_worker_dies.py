"""kill -9 of a worker between commit and answer, thirty times: the message may come again, each payment is one."""

import sys

import pytest
from django.utils import timezone

from config.celery import app
from marketplace.contracts.models import Contract, Fact
from marketplace.settlement import services
from marketplace.settlement.checking import differences
from marketplace.settlement.models import Journal, Payment
from tests.contracts.living import ENTRY, make_licence
from tests.services.running import Worker, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.slow]
TIMES = 30
LONG = 600.0


@pytest.fixture
def licence(postgres):
    return make_licence(lambda _day: None, ENTRY, signed_on=timezone.localdate())


@pytest.fixture
def mortal(service_env, queue, tmp_path):
    """A worker that dies once for each `order`, started again by whoever watches over it."""
    order = tmp_path / "die"
    quiet = ("--loglevel", "INFO", "--without-gossip", "--without-mingle", "--concurrency", "1")
    command = (sys.executable, "-m", "celery", "-A", "tests.services.dying_worker", "worker", *quiet)
    worker = Worker(*command, log=tmp_path / "worker.log", env=service_env(queue) | {"DIES_AT": str(order)})
    worker.start()
    yield worker, order
    worker.stop()


def arrive(licence, number):
    """A transfer stands in the history, and no payment is made of it yet."""
    content = {"amount": "10.00", "reference": f"T{number}"}
    Fact.objects.create(
        contract=licence.row, key=f"paid-{number}", kind="PAID", on=timezone.localdate(), content=content
    )
    Contract.objects.filter(pk=licence.row.pk).update(changed_at=timezone.now())


def test_a_worker_killed_between_commit_and_answer_leaves_one_payment_each(licence, mortal):
    worker, order = mortal
    for number in range(TIMES):
        arrive(licence, number)
        order.write_text(f"T{number}")
        app.send_task("settlement.bill_contracts")
        wait_until(lambda: worker.process.poll() is not None and worker.is_gone(), "the worker's death", LONG)
        assert Payment.objects.filter(reference=f"T{number}").count() == 1, "it was not killed after the commit"
        worker.start()
        app.send_task("settlement.bill_contracts")  # asked again, whether the first message comes back or not
    before = services.trial_balance(licence.row.seller)
    arrive(licence, "last")
    app.send_task("settlement.bill_contracts")
    wait_until(lambda: Payment.objects.filter(reference="Tlast").exists(), "the end of the queue", LONG)
    after = services.trial_balance(licence.row.seller)
    assert (sum(after.values()), after["BANK"] - before["BANK"]) == (0, 10)
    assert Payment.objects.count() == Journal.objects.filter(kind="RECEIVED").count() == TIMES + 1
    assert differences() == []
