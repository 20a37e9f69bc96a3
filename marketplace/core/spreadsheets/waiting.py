"""Uploaded files that wait for their owner's yes: kept an hour, for the person who uploaded them.

Each lies in a session record of its own, which nobody is logged in with: every web process reaches it, it needs
no table, and `clearsessions` takes away what was forgotten.
"""

from base64 import b64decode, b64encode
from typing import Any

from django.contrib.sessions.backends.db import SessionStore

from ..errors import NotFound

KEPT = 3600  # seconds


def keep(content: bytes, *, organisation_id: int, by: Any) -> str:
    """Put a file aside; return the token under which its uploader finds it again."""
    store = SessionStore()
    store["waiting_sheet"] = {"by": by.pk, "organisation": organisation_id, "content": b64encode(content).decode()}
    store.set_expiry(KEPT)
    store.create()
    return str(store.session_key)


def fetch(token: str, *, by: Any) -> tuple[bytes, int]:
    """The file and the organisation it is for. Raises NotFound when it is gone or somebody else's."""
    kept = SessionStore(session_key=token).get("waiting_sheet")
    if not kept or kept["by"] != by.pk:
        raise NotFound
    return b64decode(kept["content"]), int(kept["organisation"])


def drop(token: str) -> None:
    SessionStore(session_key=token).delete()
