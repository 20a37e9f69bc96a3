"""How often one person or address may do the same thing. When the cache does not answer, nobody is shut out."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from .errors import TooOften

log = logging.getLogger(__name__)


def spend(what: str, request: HttpRequest, *, most: int, seconds: int = 3600) -> None:
    """Count one more of `what` by whoever asks; raise TooOften past `most` within that time."""
    key = f"spent:{what}:{who(request)}"
    try:
        cache.add(key, 0, seconds)
        count = cache.incr(key)
    except Exception:  # each cache backend raises its own
        log.warning("The cache does not answer: %s is not counted.", what, exc_info=True)
        return
    if count > most:
        raise TooOften


def who(request: HttpRequest) -> str:
    """The person who is logged in, else the address that the request came from."""
    user = getattr(request, "user", None)
    return f"person-{user.pk}" if user is not None and user.is_authenticated else f"address-{address(request)}"


def address(request: HttpRequest) -> str:
    """The visitor's address: as many proxies are believed as stand in front, or anybody could name their own."""
    named = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",") if each.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    return named[-count] if 0 < count <= len(named) else str(request.META.get("REMOTE_ADDR", ""))
