"""kill -9 of the web process between commit and answer: sent again under its key, it is one payment, thirty times."""

import http.client
import json
from contextlib import suppress

import pytest
from django.utils import timezone

from marketplace.core import idempotency
from marketplace.core.models import KeptAnswer, new_public_id
from marketplace.settlement.checking import differences
from marketplace.settlement.models import Journal, Payment
from tests.api.test_tokens import make_client, token_of
from tests.contracts.living import ENTRY, make_licence
from tests.services.racing import race
from tests.services.running import WebServer

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
TIMES = 30


class MortalServer(WebServer):
    """gunicorn, whose workers die when a request tells them to; the master starts others."""

    def __init__(self, *, log, env):
        super().__init__(log=log, env=env)
        self.command = tuple("tests.services.dying" if each == "config.wsgi" else each for each in self.command)


@pytest.fixture
def licence(postgres):
    return make_licence(lambda _day: None, ENTRY, signed_on=timezone.localdate())


@pytest.fixture
def web(service_env, tmp_path):
    server = MortalServer(log=tmp_path / "web.log", env=service_env("") | {"CELERY_BROKER_URL": "memory://"})
    server.start()
    yield server
    server.stop()


def post(web, licence, token, key, reference, *, dies=False):
    """Status and body; None when the process died before it answered."""
    body = json.dumps({"amount": "10.00", "on": timezone.localdate().isoformat(), "reference": reference})
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}", "Idempotency-Key": key}
    connection = http.client.HTTPConnection(web.url.removeprefix("http://"), timeout=60)
    with suppress(http.client.HTTPException, ConnectionError):
        path = f"/api/v1/contracts/{licence.row.public_id}/payments/"
        connection.request("POST", path, body, headers | ({"X-Die": "yes"} if dies else {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    return None


@pytest.mark.parametrize("times", [TIMES])
def test_a_process_killed_between_commit_and_answer_leaves_one_payment_and_no_stuck_key(web, licence, times):
    token = token_of(make_client(licence.seller))
    for number in range(times):
        key, reference = f"key-{number}", f"T{number}"
        assert post(web, licence, token, key, reference, dies=True) is None
        assert Payment.objects.filter(reference=reference).count() == 1, "it was not killed after the commit"
        first, again = (post(web, licence, token, key, reference) for _ in range(2))
        assert (first[0], first) == (201, again)
    assert Payment.objects.count() == Journal.objects.filter(kind="RECEIVED").count() == times
    assert not KeptAnswer.objects.filter(status=0).exists()
    assert differences() == []


def once_without_guard(route, key, content, does, *, by):
    return does()


@pytest.fixture(params=[True, False], ids=["guarded", "guard off"])
def guarded(request, postgres):
    return request.param


def test_sixteen_requests_under_one_key_have_one_effect(guarded, staff):
    """The effect here is a row that nothing else keeps single: what is proved is the key alone."""
    once = idempotency.once if guarded else once_without_guard

    def does():
        KeptAnswer.objects.create(actor=staff, route="effect", key=f"{new_public_id()}", fingerprint="0" * 64)
        return 201, {"done": True}

    results = race(*(lambda: once("route", "key", {"a": 1}, does, by=staff) for _ in range(16)))
    assert results == [(201, {"done": True})] * 16
    assert (KeptAnswer.objects.filter(route="effect").count() == 1) is guarded
