"""A message is a hint: it goes out after the commit, and a broker that is away is no error of the person's."""

import logging

from celery import Celery, shared_task
from django.db import transaction

from marketplace.core.wake import Rest, _send, wake

rang = []


@shared_task(name="tests.ring")
def ring(number):
    rang.append(number)


def broken_task():
    """A task whose broker answers nobody."""
    app = Celery("nowhere", broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.update(broker_transport_options={"socket_connect_timeout": 0.2}, task_publish_retry=False)

    @app.task(name="tests.lost")
    def lost():
        pass

    return lost


def test_a_task_is_woken_after_the_commit(db, django_capture_on_commit_callbacks):
    rang.clear()
    with django_capture_on_commit_callbacks(execute=True):
        wake(ring, 7)
        assert rang == []
    assert rang == [7]


def test_a_rollback_wakes_nobody(transactional_db):
    rang.clear()
    with transaction.atomic():
        wake(ring, 7)
        transaction.set_rollback(True)
    assert rang == []


def test_a_broker_that_is_away_is_logged_and_never_raised(db, django_capture_on_commit_callbacks, caplog):
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        wake(broken_task())
    assert "the sweeper will find the row" in caplog.text


def test_after_it_was_away_nobody_waits_for_it_again_until_it_had_its_rest(monkeypatch):
    lost, tried = broken_task(), []
    _send(lost, ())
    monkeypatch.setattr(lost, "apply_async", lambda *args, **options: tried.append(args))
    _send(lost, ())
    assert tried == []
    monkeypatch.setattr(Rest, "until", 0.0)
    _send(lost, (7,))
    assert tried == [((7,),)]
