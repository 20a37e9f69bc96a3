"""Notifications: what people are told in the page, which kinds of news there are, and who wants them by which way.

`letters.post` writes a notification beside each letter to a person, so that whoever posts a letter need not think of
it. The kind is the first word of the letter's key; a stage names its kinds with `add_kinds(lead_opened=_("…"))`.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from .acts import record
from .errors import NotFound
from .models import Mute, Notification

Text = str | Promise | Callable[[], Any]
"""What to say: a text, one that is translated when it is asked, or what makes one in the language of the moment."""
OTHER = "other"
SALT = "letters.off"
KEPT = timedelta(days=365)
"""For how long what was read stays in the list."""
LANGUAGES = ("zh-hans", "en")
CHANNELS = tuple(Mute.Channel.values)

_kinds: dict[str, Any] = {}


def add_kinds(**names: Any) -> None:
    """Name kinds of news, as they stand on the page of a person's switches."""
    _kinds.update(names)


def kinds() -> dict[str, Any]:
    """The kinds of news by name, what belongs to none of them last."""
    return _kinds | {OTHER: _("everything else")}


def kind_of(key: str) -> str:
    """The kind that the key of a letter begins with."""
    first = re.match(r"\w*", key)
    return first[0] if first and first[0] in _kinds else OTHER


def said(text: Text, language: str) -> str:
    """The text in a language."""
    with override(language):
        return str(text() if callable(text) else text)


# Telling


def notify(key: str, *, kind: str, text: Text, about: Text, user: Any, at: datetime) -> Notification:
    """Tell a person in the page. A notification with this key is there already: that one is returned."""
    bodies = [said(about, language) for language in LANGUAGES]
    texts = [short(said(text, language), 200) for language in LANGUAGES]
    notes = [short(without_links(body), 300) for body in bodies]
    about_zh, about_en = ("" if note == head else note for note, head in zip(notes, texts, strict=True))
    row, _is_new = Notification.objects.get_or_create(
        key=key,
        defaults={
            "user": user,
            "kind": kind,
            "text_zh": texts[0],
            "text_en": texts[1],
            "about_zh": about_zh,
            "about_en": about_en,
            "path": path_in(bodies[0]),
            "at": at,
        },
    )
    return row


def short(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def links() -> re.Pattern[str]:
    return re.compile(rf"{re.escape(settings.SITE_URL)}(/[^\s]*)")


def path_in(body: str) -> str:
    """The page that a letter leads to: its first link to this site."""
    found = links().search(body)
    return found[1] if found and len(found[1]) <= 300 and not found[1].startswith("//") else ""


def without_links(body: str) -> str:
    return links().sub("", body)


# Reading


def visible_to(user: Any) -> Any:
    """What this person was told until now, the newest first."""
    if not user.is_authenticated:
        return Notification.objects.none()
    return Notification.objects.filter(user_id=user.pk, at__lte=timezone.now())


def unread_count(user: Any) -> int:
    return int(visible_to(user).filter(read_at__isnull=True).count())


def read(public_id: str, *, by: Any) -> Notification:
    """One notification of one's own, read from now on; NotFound for anybody else's."""
    row: Notification | None = visible_to(by).filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    Notification.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=timezone.now())
    return row


def read_all(*, by: Any) -> int:
    """Everything that one was told until now is read; returns how much was not."""
    return int(visible_to(by).filter(read_at__isnull=True).update(read_at=timezone.now()))


def forget(now: datetime) -> int:
    """Delete what was read long ago, and return how many."""
    return Notification.objects.filter(read_at__lt=now - KEPT).delete()[0]


# Switches


class Switch(NamedTuple):
    """One kind of news, and by which ways a person gets it."""

    kind: str
    label: Any
    page: bool
    mail: bool


def ticked(boxes: Iterable[str]) -> list[tuple[str, str]]:
    """What a form with a box "kind:way" for each switch says to be on."""
    return [(kind, channel) for kind, _colon, channel in (box.partition(":") for box in boxes)]


def off_by(user: Any, kind: str) -> set[str]:
    """The ways by which the person does not want this kind."""
    return set(Mute.objects.filter(user_id=user.pk, kind=kind).values_list("channel", flat=True))


def switches(user: Any) -> list[Switch]:
    """Every kind of news with the person's switches."""
    off = set(Mute.objects.filter(user_id=user.pk).values_list("kind", "channel"))
    return [
        Switch(kind, label, (kind, Mute.Channel.PAGE) not in off, (kind, Mute.Channel.MAIL) not in off)
        for kind, label in kinds().items()
    ]


@transaction.atomic
def choose(wanted: Iterable[tuple[str, str]], *, by: Any) -> None:
    """Switch on exactly these (kind, way) and everything else off."""
    on = set(wanted)
    for kind in kinds():
        for channel in CHANNELS:
            change = switch_on if (kind, channel) in on else switch_off
            change(kind, channel, by=by)


@transaction.atomic
def turn(changes: Iterable[tuple[str, str, bool]], *, by: Any) -> None:
    """Turn these (kind, way, on) and leave the others as they are; NotFound for a kind that there is not."""
    for kind, channel, is_on in changes:
        (switch_on if is_on else switch_off)(kind, channel, by=by)


def switch_off(kind: str, channel: str, *, by: Any) -> None:
    """No more news of this kind by this way."""
    row, is_new = Mute.objects.get_or_create(user_id=by.pk, kind=known(kind), channel=channel)
    if is_new:
        record("core.switch_off", row, by=by, reason=f"{kind} {channel}")


def switch_on(kind: str, channel: str, *, by: Any) -> None:
    """News of this kind by this way again, from now on."""
    for row in Mute.objects.filter(user_id=by.pk, kind=known(kind), channel=channel):
        record("core.switch_on", row, by=by, reason=f"{kind} {channel}")
        row.delete()


def known(kind: str) -> str:
    if kind not in kinds():
        raise NotFound
    return kind


# Switched off from a letter, without logging in


class Off(NamedTuple):
    """What a token in a letter switches off: a kind for a person, or only what `about` names of it."""

    user_id: int
    kind: str
    about: str


def off_token(user: Any, kind: str, about: str = "") -> str:
    """A token that only this platform can make. It does nothing but end letters, so it does not expire."""
    return signing.dumps([user.pk, kind, about], salt=SALT)


def read_token(token: str) -> Off:
    """What the token of a letter switches off; NotFound for one that was not made here."""
    try:
        user_id, kind, about = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError) as fault:
        raise NotFound from fault
    return Off(user_id, kind, about)
