"""Tells the people who decide for an organisation, each once, in the page and by letter."""

from typing import Any

from django.conf import settings

from marketplace.core.letters import link, post
from marketplace.core.notifying import Text

from . import access


def tell(organisation_id: int, key: str, *, subject: Text, about: Text, path: str, by: Any) -> None:
    """Tell administrators and officers, but not the one who did it, about something on the page at `path`.

    `key` begins with the kind of news and says what happened; each person is told once about it. The letter is in the
    language of the platform: nobody knows in which language somebody reads letters.
    """

    def body() -> str:
        return f"{about() if callable(about) else about}\n{link(path)}"

    for user in access.deciders(organisation_id):
        if user.pk != by.pk:
            post(f"{key}:{user.pk}", subject=subject, body=body, user=user, language=settings.LANGUAGE_CODE)
