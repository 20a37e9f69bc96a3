"""Who may do what with templates and documents, by role."""

import pytest

from tests.tables import holders, people_around

pytestmark = pytest.mark.django_db
STAFF = {"staff", "staff who is a member"}
DRAFTERS = {"admin", "officer", "inventor"}
TABLE = {
    "documents.upload_template": STAFF,
    "documents.make": STAFF | DRAFTERS | {"broker"},
    "documents.keep": STAFF | DRAFTERS,
    "documents.clear": set(),
    "documents.quarantine": STAFF,
}


@pytest.mark.parametrize("permission", TABLE)
def test_the_permission_is_held_by_these_roles(permission, university, firm):
    assert holders(people_around(university, firm), permission, [university]) == TABLE[permission]
