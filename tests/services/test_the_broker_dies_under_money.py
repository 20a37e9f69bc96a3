"""Redis emptied and stopped in the middle of 500 pending jobs: once it is back, all are done, each effect once.

Half of the jobs come while it is gone, so that no message ever told of them: the clock's sweepers find their rows.
"""

import sys
from email import message_from_bytes

import pytest
from django.utils import timezone

from config.celery import app
from marketplace.core import letters
from marketplace.core.models import Letter
from marketplace.settlement.checking import differences
from marketplace.settlement.models import Journal, Obligation
from marketplace.settlement.services import billing
from tests.contracts.copies import copies
from tests.contracts.living import ENTRY, make_licence
from tests.services.running import Service, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
EACH = 125  # contracts, and letters: before Redis goes, and again while it is gone
LONG = 600.0


@pytest.fixture
def contract(postgres):
    return make_licence(lambda _day: None, ENTRY, signed_on=timezone.localdate()).contract


@pytest.fixture
def mailbox(tmp_path, monkeypatch):
    """A folder to which every process delivers its letters."""
    folder = tmp_path / "mail"
    monkeypatch.setenv("EMAIL_URL", f"filemail:///{folder}")  # of the address one slash is taken off
    return folder


@pytest.fixture
def clock(service_env, redis_server, tmp_path):
    command = (sys.executable, "-m", "celery", "-A", "config", "beat", "--schedule", str(tmp_path / "beat"))
    env = service_env(redis_server.url)
    beat = Service(*command, "--loglevel", "INFO", "--pidfile", "", log=tmp_path / "beat.log", env=env)
    beat.start(lambda: "beat: Starting" in beat.log)
    yield beat
    beat.stop()


def add_jobs(contract, first):
    """Contracts to be billed and letters to be sent, all due at once."""
    copies(contract, EACH)
    for number in range(first, first + EACH):
        letters.post(f"job:{number}", to=f"p{number}@example.org", subject="x", body="x")


def undone():
    unsent = Letter.objects.filter(key__startswith="job:", sent_at=None).count()
    return unsent + billing.waiting(timezone.localdate()).count()


def delivered(mailbox):
    texts = [part for file in mailbox.glob("*") for part in file.read_bytes().split(b"-" * 79 + b"\n") if part.strip()]
    return [message_from_bytes(text)["Message-ID"] for text in texts if b"@example.org" in text]


def test_all_are_done_once_when_it_is_back(contract, mailbox, redis_server, use_queue, start_worker, clock):
    use_queue(redis_server.url)
    add_jobs(contract, 0)
    start_worker(redis_server.url, "--concurrency", "2")
    app.send_task("settlement.bill_contracts")
    app.send_task("core.send_letters")
    wait_until(lambda: undone() < 2 * EACH, "the first job", LONG)
    redis_server.client.flushall()
    redis_server.kill()
    add_jobs(contract, EACH)
    assert undone() > 0
    redis_server.start()
    wait_until(lambda: undone() == 0, "the last job", LONG)
    wait_until(lambda: len(delivered(mailbox)) >= 2 * EACH, "the last letter", LONG)
    assert len(delivered(mailbox)) == len(set(delivered(mailbox))) == 2 * EACH
    assert Obligation.objects.exclude(contract=contract).count() == 2 * EACH
    assert Journal.objects.exclude(contract=contract).filter(kind="BILLED").count() == 2 * EACH
    assert differences() == []
