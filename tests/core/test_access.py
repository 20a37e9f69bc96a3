"""Every permission of the house is registered, and nobody holds one without being active."""

import pytest
import rules

from marketplace.core.access import SYSTEM, require
from marketplace.core.errors import Forbidden
from tests import factories


def test_the_system_holds_every_permission():
    assert all(SYSTEM.has_perm(name) for name in rules.permissions.permissions)


def test_a_permission_that_is_not_registered_is_nobodys(db):
    with pytest.raises(Forbidden):
        require("listings.invented", factories.make_member())


@pytest.mark.parametrize("name", sorted(rules.permissions.permissions))
def test_no_permission_is_held_on_nothing_by_a_person_without_a_role(db, name):
    open_to_all = {"parties.apply", "parties.apply_qualification", "notices.object"}
    assert rules.has_perm(name, factories.make_user(), None) is (name in open_to_all)


def test_a_person_switched_off_is_refused_whatever_their_role(staff):
    staff.is_active = False
    with pytest.raises(Forbidden):
        require("parties.verify", staff, factories.make_organisation(verified=False))
