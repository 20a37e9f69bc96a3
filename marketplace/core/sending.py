"""Sending: takes due letters one by one, and never holds the database while a mail server thinks.

A letter is claimed by a short transaction that counts the attempt and names the time of the next one; then it is sent;
then it is marked. A worker killed in between leaves one letter that looks unsent: it is sent again at that time, with
the same Message-ID, which is how a mailbox recognises it. So each letter is sent at least once, and the one in hand at
most twice.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from smtplib import SMTPException, SMTPServerDisconnected
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import models, transaction
from django.shortcuts import resolve_url
from django.utils import timezone

from .models import Letter

log = logging.getLogger(__name__)
# Until the next attempt, after the first, the second, … The shortest is longer than any conversation with a server.
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8), timedelta(days=1))


class LineFault(Exception):
    """The server is gone; it makes no sense to go on now."""


def send_due(now: datetime) -> int:
    """Send the letters due at `now` over one connection, and return how many left.

    A letter that the server refuses waits longer each time and is set aside after the fifth. A server that does not
    answer ends the run; letters that were not taken up yet lose no attempt by it.
    """
    sent = 0
    try:
        if waiting(now).exists():
            with get_connection() as server:
                for letter in claims(now):
                    sent += deliver(letter, server)
    except (LineFault, OSError) as fault:  # SMTPException is an OSError
        log.warning("The mail server does not answer: %s", fault)
    return sent


def waiting(now: datetime) -> models.QuerySet[Letter]:
    return Letter.objects.filter(sent_at__isnull=True, due_at__lte=now, attempts__lt=Letter.MOST_ATTEMPTS)


def claims(now: datetime) -> Iterator[Letter]:
    while (letter := claim(now)) is not None:
        yield letter


@transaction.atomic
def claim(now: datetime) -> Letter | None:
    """The next due letter, its attempt counted; one that another worker holds is passed over."""
    letter = waiting(now).select_for_update(skip_locked=True).order_by("due_at", "pk").first()
    if letter is None:
        return None
    letter.due_at = max(now, timezone.now()) + WAITS[letter.attempts]
    letter.attempts += 1
    letter.save(update_fields=["due_at", "attempts", "changed_at"])
    return letter


def deliver(letter: Letter, server: Any) -> bool:
    """Whether the server took the letter. What it says against it is kept; LineFault when it is gone."""
    try:
        server.send_messages([message(letter)])
    except (SMTPException, OSError, ValueError) as fault:  # ValueError: an address or header that cannot be sent
        Letter.objects.filter(pk=letter.pk).update(fault=f"{type(fault).__name__}: {fault}"[:300])
        is_refusal = isinstance(fault, SMTPException | ValueError) and not isinstance(fault, SMTPServerDisconnected)
        if is_refusal:
            return False
        raise LineFault(str(fault)) from fault
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), fault="")
    return True


def message(letter: Letter) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{sha256(letter.key.encode()).hexdigest()[:40]}@{domain}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday replies
        "Content-Language": letter.language,
    }
    if letter.off_token:
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{resolve_url(settings.LETTER_OFF_URL, letter.off_token)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return EmailMessage(letter.subject, letter.body, to=[letter.to], headers=headers)
