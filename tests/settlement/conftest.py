"""Days that pass, licences whose money is followed, and owners who share what they receive."""

import pytest

from marketplace.settlement.checking import differences
from tests.contracts.conftest import entry, licence
from tests.settlement.sharing import make_sharing

__all__ = ["entry", "licence"]


@pytest.fixture
def sharing(db, go):
    """A university in Beijing that licensed something, and has shared nothing yet."""
    return make_sharing(go)


@pytest.fixture
def everything_adds_up(db):
    """After each test that asks for it, rows, claims, shares, books and engine agree."""
    yield
    assert differences() == []
