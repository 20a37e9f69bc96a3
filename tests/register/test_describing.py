"""What an entry says of itself: changed by its holder alone, shown at once, written in the journal."""

import pytest
from django.urls import reverse

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid, Stale
from marketplace.core.models import Entry
from marketplace.core.workspace import move_url, page_url
from marketplace.parties import services
from marketplace.parties.models import Agency, TechnologyManager
from tests import factories
from tests.rows import reread

from .registering import make_agency, make_entry

pytestmark = pytest.mark.django_db
SAID = {
    "fields": ["05", "01", "05"],
    "languages": ["de"],
    "contact": "010-62780000",
    "introduction": "专做涂层。",
    "introduction_en": "Coatings only.",
}


@pytest.fixture
def entry():
    return make_entry()


def test_describe_changes_what_the_entry_says_and_nothing_that_was_decided(entry):
    changed = services.describe_qualification(entry, SAID | {"level": "SENIOR"}, by=entry.user)
    assert (changed.fields, changed.languages, changed.contact) == (["05", "01"], ["de"], "010-62780000")
    assert (changed.level, changed.register_number) == (entry.level, entry.register_number)


def test_describe_leaves_alone_what_is_left_out(entry):
    assert services.describe_qualification(entry, {"contact": "x"}, by=entry.user).fields == entry.fields


def test_describe_is_in_the_journal_with_the_names_of_its_fields(entry):
    services.describe_qualification(entry, {"contact": "010-1", "introduction": "新"}, by=entry.user)
    line = Entry.objects.filter(subject_type="parties.technologymanager", subject_id=entry.pk).latest("id")
    assert (line.verb, line.actor_id) == ("parties.describe_qualification", entry.user_id)
    assert line.changed_fields == ["contact", "introduction"]


def test_nobody_else_describes_it_not_the_keepers_either(entry, staff, authority):
    for somebody in (staff, authority, factories.make_user()):
        with pytest.raises(Forbidden):
            services.describe_qualification(entry, SAID, by=somebody)


def test_an_officer_of_an_agency_does_not_describe_it_but_its_administrator_does(db):
    agency = make_agency()
    administrator = agency.organisation.memberships.get().user
    with pytest.raises(Forbidden):
        services.describe_qualification(
            agency, {"contact": "x"}, by=factories.make_member(agency.organisation, "officer")
        )
    assert services.describe_qualification(agency, {"services_en": "Law."}, by=administrator).services_en == "Law."


@pytest.mark.parametrize(
    ("name", "value"), [("fields", ["99"]), ("languages", "zh"), ("contact", "x" * 121), ("introduction", "\x00")]
)
def test_what_does_not_fit_is_refused_on_its_field(entry, name, value):
    with pytest.raises(Invalid) as fault:
        services.describe_qualification(entry, {name: value}, by=entry.user)
    assert list(fault.value.fields) == [name]


def test_a_removed_entry_stays_as_it_was(entry):
    services.remove_qualification(entry, by=SYSTEM, reason="本人申请。")
    with pytest.raises(Conflict):
        services.describe_qualification(entry, SAID, by=entry.user)


def test_the_second_of_two_tabs_is_told_what_the_first_changed(entry):
    services.describe_qualification(entry, {"contact": "010-1"}, by=entry.user, version=entry.version)
    with pytest.raises(Stale, match="联系方式"):
        services.describe_qualification(entry, {"contact": "010-2"}, by=entry.user, version=entry.version)


def test_the_holder_edits_on_the_page_of_the_entry_and_the_directory_shows_it(entry, client):
    client.force_login(entry.user)
    assert "describe" in {move.name for move in client.get(page_url(entry)).context["moves"]}
    values = {"version": entry.version, "facts": ["01"], "languages": ["zh", "de"], "contact": "010-3"}
    client.post(move_url(entry, "describe"), values | {"introduction": "中文介绍", "introduction_en": "In English"})
    page = reverse("portal:manager", args=[entry.public_id])
    shown = client.get(page).content.decode()
    assert all(each in shown for each in ("010-3", "中文介绍", "德语"))
    assert "In English" not in shown
    assert "In English" in client.get(page, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_the_form_opens_with_what_is_there(client):
    agency = make_agency()
    administrator = agency.organisation.memberships.get().user
    services.describe_qualification(agency, {"contact": "010-7", "services": "法律"}, by=administrator)
    client.force_login(administrator)
    form = client.get(move_url(Agency.objects.get(), "describe")).context["form"]
    assert {name: form[name].initial for name in ("contact", "services")} == {"contact": "010-7", "services": "法律"}


def test_nobody_else_is_offered_it(entry, client, staff):
    client.force_login(staff)
    moves = client.get(page_url(TechnologyManager.objects.get())).context["moves"]
    assert "describe" not in {move.name for move in moves}
    assert reread(entry).contact == ""
