"""Compiling: decides whether the compiled index can be used here, and loads it only then."""

import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING

from matching.index import TextIndex

if TYPE_CHECKING:
    from matching.fast import FastIndex

log = logging.getLogger(__name__)


def compiled(plain: TextIndex) -> "TextIndex | FastIndex":
    """The same documents in the compiled index; the plain one itself where numba is missing or broken."""
    if find_spec("numba") is None:
        return plain
    try:
        from matching.fast import FastIndex

        return FastIndex.of(plain)
    except (ImportError, RuntimeError) as error:  # a numba that does not fit, or nowhere to keep its cache
        log.warning("The compiled index cannot be used, the plain one answers in its place: %s", error)
        return plain
