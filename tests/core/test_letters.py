"""Letters: written with the act, sent after it, once; a refusal waits longer each time; a killed worker loses none."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from config.celery import app
from marketplace.core import letters, sending
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.models import Entry, Letter
from marketplace.core.tasks import send_letters

pytestmark = pytest.mark.django_db
WORDS = {"subject": "有人对“涂层”感兴趣", "body": "请看 http://127.0.0.1:8000/workspace/"}
FAR = timedelta(days=30)


class Server(EmailBackend):
    """A mail server at the wall: refuses or drops whom it is told to, and counts how often it was called."""

    refuses: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    opened = 0
    is_down = False

    def open(self):
        type(self).opened += 1
        if self.is_down:
            raise ConnectionRefusedError("nobody listens")
        return True

    def send_messages(self, messages):
        for message in messages:
            if message.to[0] in self.drops:
                raise SMTPServerDisconnected("gone")
            if message.to[0] in self.refuses:
                raise SMTPRecipientsRefused({message.to[0]: (550, b"no such mailbox")})
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    """The server that this test may break."""
    server = type("Broken", (Server,), {})
    globals()["Broken"] = server
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    return server


@pytest.fixture
def now():
    return timezone.now() + timedelta(seconds=1)


def post(number, **special):
    return letters.post(f"test:{number}", **{"to": f"p{number}@example.org", **WORDS, **special})


def sent_to():
    return [message.to[0] for message in mail.outbox]


# Posting


def test_an_act_that_fails_takes_its_letter_back():
    with transaction.atomic():
        post(1)
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


def test_a_letter_leaves_after_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post(1)
        assert mail.outbox == []
    assert sent_to() == ["p1@example.org"]


def test_the_same_key_is_written_once(now):
    first = post(1)
    assert post(1, subject="anything else") == first
    sending.send_due(now)
    assert post(1) == first
    sending.send_due(now)
    assert len(mail.outbox) == 1


def test_who_wants_no_letters_gets_none(sme):
    sme.mail_is_off = True
    assert post(1, user=sme, to="") is None
    assert not Letter.objects.exists()


def test_who_may_not_log_in_gets_none(sme):
    sme.is_active = False
    assert post(1, user=sme) is None


def test_a_user_reads_how_to_switch_letters_off_in_the_letters_language(sme, now):
    post(1, user=sme, to="", language="en")
    sending.send_due(now)
    assert mail.outbox[0].to == [sme.email]
    assert "Choose what you are told, and how: http://127.0.0.1:8000/account/mail/" in mail.outbox[0].body
    assert mail.outbox[0].extra_headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/mail/off/")


def test_a_title_with_a_line_break_makes_no_header(now):
    post(1, subject="涂层\nBcc: everybody@example.org")
    sending.send_due(now)
    assert mail.outbox[0].subject == "涂层 Bcc: everybody@example.org"


# Sending


def test_due_letters_leave_over_one_connection_oldest_first(server, now):
    post(1, due_at=now - timedelta(minutes=1))
    post(2, due_at=now - timedelta(minutes=2))
    post(3, due_at=now + timedelta(minutes=1))
    assert sending.send_due(now) == 2
    assert (sent_to(), server.opened) == (["p2@example.org", "p1@example.org"], 1)


def test_without_a_due_letter_no_server_is_called(server, now):
    assert sending.send_due(now) == 0
    assert server.opened == 0


def test_the_message_id_follows_from_the_key():
    first, second = (sending.message(post(number)).extra_headers["Message-ID"] for number in (1, 2))
    again = sending.message(Letter(key="test:1", to="other@example.org")).extra_headers["Message-ID"]
    assert first == again != second
    assert first.endswith("@example.org>")


def test_a_refused_letter_waits_longer_each_time_and_holds_up_no_other(server, now):
    server.refuses = ("p1@example.org",)
    row = post(1)
    post(2)
    assert sending.send_due(now) == 1
    waits = []
    for _attempt in range(4):
        row.refresh_from_db()
        waits.append(row.due_at)
        sending.send_due(row.due_at)
    gaps = [later - earlier for earlier, later in zip([now, *waits], waits, strict=False)]
    assert gaps == sorted(gaps)
    assert sent_to() == ["p2@example.org"]


def test_after_the_fifth_refusal_it_is_set_aside_with_its_fault(server, now):
    server.refuses = ("p1@example.org",)
    row = post(1)
    for day in range(8):
        sending.send_due(now + day * FAR)
    row.refresh_from_db()
    assert (row.attempts, row.is_set_aside) == (5, True)
    assert "no such mailbox" in row.fault


def test_a_server_that_is_down_costs_no_letter_an_attempt(server, now):
    server.is_down = True
    post(1)
    assert sending.send_due(now) == 0
    assert Letter.objects.get().attempts == 0


def test_a_server_that_goes_away_ends_the_run(server, now):
    server.drops = ("p1@example.org",)
    post(1, due_at=now - timedelta(minutes=2))
    post(2, due_at=now - timedelta(minutes=1))
    assert sending.send_due(now) == 0
    assert list(Letter.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0]
    server.drops = ()
    assert sending.send_due(now + FAR) == 2


def test_an_address_that_cannot_be_written_holds_up_no_other(now):
    post(1, to="no\naddress@example.org")
    post(2)
    assert sending.send_due(now) == 1


def test_a_worker_killed_after_sending_sends_that_letter_twice_and_no_other(now):
    """Killed between the server's yes and the mark: what it had claimed looks unsent until the next attempt."""
    for number in (1, 2):
        post(number)

    taken = sending.claim(now)
    EmailBackend().send_messages([sending.message(taken)])  # … and here the worker dies
    assert sending.send_due(now) == 1
    assert sending.send_due(now + FAR) == 1
    assert sending.send_due(now + 2 * FAR) == 0
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert (len(ids), len(set(ids))) == (3, 2)


def test_a_letter_that_kills_its_worker_is_set_aside_too(now):
    row = post(1)
    for day in range(5):
        assert sending.claim(now + day * FAR) == row
    assert sending.claim(now + 6 * FAR) is None
    row.refresh_from_db()
    assert row.is_set_aside


def test_staff_try_a_letter_again_that_was_set_aside(server, staff, sme, now):
    server.refuses = ("p1@example.org",)
    row = post(1)
    with pytest.raises(Conflict):
        letters.resend(row, by=staff)
    for day in range(5):
        sending.send_due(now + day * FAR)
    with pytest.raises(Forbidden):
        letters.resend(row, by=sme)
    server.refuses = ()
    letters.resend(row, by=staff)
    assert sending.send_due(timezone.now()) == 1
    assert Entry.objects.filter(verb="core.resend", actor=staff).count() == 1


def test_the_clock_sends_letters_each_minute(now):
    assert app.conf.beat_schedule["send-letters"] == {"task": send_letters.name, "schedule": 60.0}
    post(1, due_at=now - timedelta(minutes=1))
    assert send_letters() == 1
