"""Days that pass, licences whose money is followed, and owners who share what they receive."""

import pytest

from tests.contracts.conftest import entry, licence
from tests.settlement.sharing import make_sharing

__all__ = ["entry", "licence"]


@pytest.fixture
def sharing(db, go):
    """A university in Beijing that licensed something, and has shared nothing yet."""
    return make_sharing(go)
