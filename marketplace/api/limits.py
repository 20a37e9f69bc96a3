"""How many requests a caller has a minute. When the cache does not answer, nobody is shut out."""

import logging
from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


class Lenient(SimpleRateThrottle):
    """Counts in the cache; a cache that is gone is logged and counts nothing."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)
        except Exception:  # each cache backend raises its own
            log.warning("The cache does not answer: requests are not counted.", exc_info=True)
            return True


class VisitorLimit(Lenient, AnonRateThrottle):
    """By address."""


class PersonLimit(Lenient, UserRateThrottle):
    """By person; a program shares the count of the person it acts for."""
