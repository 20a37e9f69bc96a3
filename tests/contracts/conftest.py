"""Days that pass, and licences that live through them."""

import pytest

from tests.contracts.living import ENTRY, SHEET, STOPPING, make_licence


@pytest.fixture
def licence(db, go):
    """Signed, its documents not handed over; kept when nobody elects."""
    return make_licence(go, SHEET)


@pytest.fixture
def stopping(db, go):
    """Signed, its documents not handed over; stopped when nobody elects."""
    return make_licence(go, STOPPING)


@pytest.fixture
def entry(db, go):
    """Signed and paid from the first day: no free phase."""
    return make_licence(go, ENTRY)
