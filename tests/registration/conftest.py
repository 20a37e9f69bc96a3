"""A contract that its seller may have registered."""

import pytest

from tests.registration.registering import make_registering


@pytest.fixture
def ours(db, go):
    return make_registering(go)
