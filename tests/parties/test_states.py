"""Organisations, qualifications and memberships: every state × verb × everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.parties import services
from marketplace.parties.models import Agency, TechnologyManager
from tests import factories
from tests.rows import reread
from tests.tables import expected, outcomes, people_around

STAFF = {"staff", "staff who is a member"}
TERM = timezone.localdate() + timedelta(days=365)
ORGANISATION_MOVES = {
    "verify": {"applied": "verified", "suspended": "verified"},
    "suspend": {"applied": "suspended", "verified": "suspended"},
    "edit": {state: state for state in ("applied", "verified", "suspended")},
}
ORGANISATION_ALLOWED = {"verify": STAFF, "suspend": STAFF, "edit": {"admin", *STAFF}}
ORGANISATION_ACTS = {
    "verify": lambda row, by: services.verify(row, by=by),
    "suspend": lambda row, by: services.suspend(row, by=by, reason="证照过期。"),
    "edit": lambda row, by: services.edit(row, {"name_en": "New Name"}, by=by),
}
QUALIFICATION_MOVES = {
    "register": {"applied": "registered", "removed": "registered"},
    "remove": {"applied": "removed", "registered": "removed"},
}
QUALIFICATION_ACTS = {
    "register": lambda row, by: services.register_qualification(row, number="X-1", valid_until=TERM, by=by),
    "remove": lambda row, by: services.remove_qualification(row, by=by, reason="本人申请。"),
}


@pytest.mark.parametrize("state", ["applied", "verified", "suspended"])
def test_organisations(state, firm):
    organisation = factories.make_organisation("UNIVERSITY", verified=state != "applied")
    if state == "suspended":
        organisation = services.suspend(organisation, by=SYSTEM, reason="x")
    people = people_around(organisation, firm)
    found = outcomes(organisation, people, ORGANISATION_ACTS)
    assert found == expected(state, people, ORGANISATION_ALLOWED, ORGANISATION_MOVES)


@pytest.mark.parametrize("kind", ["manager", "agency"])
@pytest.mark.parametrize("state", ["applied", "registered", "removed"])
def test_qualifications(kind, state, university, firm):
    people = people_around(university, firm)
    row = (
        TechnologyManager.objects.create(user=people["outsider"])
        if kind == "manager"
        else Agency.objects.create(organisation=university)
    )
    if state != "applied":
        row = services.register_qualification(row, number="X-2", valid_until=TERM, by=SYSTEM)
    if state == "removed":
        row = services.remove_qualification(row, by=SYSTEM, reason="x")
    allowed = {"register": STAFF, "remove": STAFF}
    assert outcomes(row, people, QUALIFICATION_ACTS) == expected(state, people, allowed, QUALIFICATION_MOVES)


@pytest.mark.parametrize("name", ["name_zh", "kind", "credit_code"])
@pytest.mark.parametrize("state", ["applied", "verified"])
def test_what_was_verified_is_changed_by_staff_alone(name, state, firm):
    organisation = factories.make_organisation("UNIVERSITY", verified=state == "verified")
    value = {"name_zh": "新名称", "kind": "INSTITUTE", "credit_code": factories.make_credit_code()}[name]
    people = people_around(organisation, firm)
    acts = {"edit": lambda row, by: services.edit(row, {name: value}, by=by)}
    allowed = {"edit": STAFF | ({"admin"} if state == "applied" else set())}
    assert outcomes(organisation, people, acts) == expected(state, people, allowed, {"edit": {state: state}})


def test_a_registration_that_has_run_out_is_no_registration(broker):
    row = reread(broker.technology_manager)
    row.valid_until = timezone.localdate()
    assert row.is_valid
    row.valid_until -= timedelta(days=1)
    assert not row.is_valid
