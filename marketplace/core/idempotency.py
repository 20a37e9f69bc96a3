"""Idempotency keys: a request that is sent again under its key has its effect once, and the same answer.

The answer is a row of the transaction of the effect: whoever is killed between commit and answer leaves both, whoever
is killed before leaves neither, so no key is ever stuck. A second request that comes while the first one runs waits at
the unique row until it has ended. What is refused leaves no row and may be sent again under its key.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from .errors import Conflict, Invalid
from .models import KeptAnswer
from .validation import is_unfit

KEPT = timedelta(days=30)
"""For how long a request may be sent again."""
Answer = tuple[int, Any]
"""A status and a body of plain JSON values."""


class KeyReused(Conflict):
    """The key belongs to another request."""

    code = "idempotency_key_reused"
    sentence = _("This Idempotency-Key was used for another request. Use a new one.")


@transaction.atomic
def once(route: str, key: str, content: Any, does: Callable[[], Answer], *, by: Any) -> Answer:
    """What `does` answers; for a request that was answered under this key before, that answer and no second effect.

    Raises Invalid for a key that is empty or too long, KeyReused when `content` is another one.
    """
    check_key(key)
    row = KeptAnswer(actor_id=by.pk, route=route, key=key, fingerprint=fingerprint(content))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return again(row)
    status, body = does()
    row.status, row.body = status, json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False)
    row.save(update_fields=["status", "body"])
    return status, json.loads(row.body)


def again(asked: KeptAnswer) -> Answer:
    """The answer that was given under the key."""
    kept = KeptAnswer.objects.get(actor_id=asked.actor_id, route=asked.route, key=asked.key)
    if kept.fingerprint != asked.fingerprint:
        raise KeyReused
    return kept.status, json.loads(kept.body)


def check_key(key: str) -> None:
    if not key.strip() or len(key) > KeptAnswer.LONGEST_KEY or is_unfit(key):
        sentence = _("Send an Idempotency-Key of 1 to %(most)d characters, a new one for each act.")
        raise Invalid(sentence % {"most": KeptAnswer.LONGEST_KEY}, code="idempotency_key")


def fingerprint(content: Any) -> str:
    """The hash of a request's content; the order of names does not count."""
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def forget_answers(now: datetime) -> int:
    """Delete the answers that are kept no longer, and return how many."""
    return KeptAnswer.objects.filter(at__lt=now - KEPT).delete()[0]
