"""Letters: an act writes them, with the notification in the page, in its own transaction; the sender takes them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from . import notifying, tasks
from .acts import act
from .errors import Conflict
from .models import Letter, Mute
from .notifying import Text, said
from .wake import wake


def post(
    key: str,
    *,
    subject: Text,
    body: Text,
    user: Any = None,
    to: str = "",
    language: str = "",
    due_at: datetime | None = None,
    about: str = "",
) -> Letter | None:
    """Write a letter to a user, or to an address; it leaves after commit, or at `due_at`.

    `key` says what is told to whom ("lead_opened:7:12"), and with its first word of what kind that is. A letter with
    this key is there already: nothing is written, and the first is returned. A user is told in the page as well. None
    when the user wants no letters, or none of this kind, or may not log in. `about` narrows what the link in the letter
    switches off: to one saved search, say.

    `body` is a sentence with a title that this reader may see, and a `link`. Never confidential text. Texts that are
    translated when they are asked, or functions that make them, are told in the page in the reader's language.
    """
    language = language or get_language() or settings.LANGUAGE_CODE
    due_at, kind = due_at or timezone.now(), notifying.kind_of(key)
    if user is not None:
        off = notifying.off_by(user, kind) if user.is_active else set(notifying.CHANNELS)
        if Mute.Channel.PAGE not in off:
            notifying.notify(key, kind=kind, text=subject, about=body, user=user, at=due_at)
        if user.mail_is_off or Mute.Channel.MAIL in off:
            return None
    token = notifying.off_token(user, kind, about) if user is not None else ""
    text = said(body, language).strip()
    letter, is_new = Letter.objects.get_or_create(
        key=key,
        defaults={
            "to": to or user.email,
            "user": user,
            "language": language,
            "kind": kind,
            "off_token": token,
            "subject": " ".join(said(subject, language).split())[:200],
            "body": f"{text}\n\n{closing(language, token)}" if user else text,
            "due_at": due_at,
        },
    )
    if is_new:
        wake(tasks.send_letters)
    return letter


def link(path: str) -> str:
    """The whole address of a page, for a letter."""
    return f"{settings.SITE_URL}{path}"


def closing(language: str, token: str) -> str:
    """How the reader stops letters of this kind, or all of them."""
    with override(language):
        these = _("No more letters of this kind: %(link)s") % {
            "link": link(resolve_url(settings.LETTER_OFF_URL, token))
        }
        every = _("Choose what you are told, and how: %(link)s") % {"link": link(resolve_url(settings.LETTERS_OFF_URL))}
    return f"{these}\n{every}"


def resend(letter: Letter, *, by: Any) -> Letter:
    """Try a letter again that was set aside."""
    with act(letter, "core.resend", by=by) as letter:
        if not letter.is_set_aside:
            raise Conflict
        letter.attempts, letter.due_at, letter.fault = 0, timezone.now(), ""
    wake(tasks.send_letters)
    return letter
