"""People and organisations: applying, verifying, members coming and going, the register."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Entry
from marketplace.listings import services as listings
from marketplace.listings.models import Projection
from marketplace.parties import access, services
from marketplace.parties.models import Membership, Organisation, TechnologyManager, User
from tests import factories
from tests.rows import reread

HOSTILE = ["\x00", "\ud800", "\x1b[31m", "\u202e倒写"]


def particulars(**values):
    return {
        "name_zh": "新星科技有限公司",
        "kind": "FIRM",
        "credit_code": factories.make_credit_code(),
        "region": "110000",
    } | values


@pytest.fixture
def administrator(university):
    return factories.make_member(university, "admin")


def again(user):
    """The user as the next request loads them."""
    return User.objects.get(pk=user.pk)


# Organisations


def test_who_applies_becomes_the_first_administrator(db):
    user = factories.make_user()
    organisation = services.apply(particulars(), by=user)
    assert organisation.state == "applied"
    assert access.roles(again(user)) == {organisation.pk: "admin"}


def test_a_credit_code_is_stored_in_one_form(db):
    code = factories.make_credit_code()
    organisation = services.apply(particulars(credit_code=f" {code[:8].lower()}-{code[8:]} "), by=SYSTEM)
    assert organisation.credit_code == code


def test_a_wrong_check_digit_is_refused_on_its_field(db):
    code = factories.make_credit_code()
    wrong = code[:17] + ("0" if code[17] != "0" else "1")
    with pytest.raises(Invalid) as fault:
        services.apply(particulars(credit_code=wrong), by=SYSTEM)
    assert (fault.value.code, list(fault.value.fields)) == ("E_USCC_CHECK", ["credit_code"])


def test_the_same_firm_cannot_apply_twice(firm):
    with pytest.raises(Conflict) as fault:
        services.apply(particulars(credit_code=firm.credit_code), by=SYSTEM)
    assert fault.value.code == "credit_code_taken"


@pytest.mark.parametrize("name", ["name_zh", "name_en", "size_proof", "region"])
@pytest.mark.parametrize("text", HOSTILE)
def test_control_characters_in_particulars_are_refused_on_their_field(db, name, text):
    with pytest.raises(Invalid) as fault:
        services.apply(particulars(**{name: text}), by=SYSTEM)
    assert list(fault.value.fields) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name_zh", ""),
        ("name_zh", "长" * 201),
        ("name_zh", None),
        ("name_en", None),
        ("kind", "CHURCH"),
        ("credit_code", 911100001234567890),
        ("credit_code", None),
        ("region", "1100000"),
        ("size", "HUGE"),
        ("size_proved_on", "yesterday"),
    ],
)
def test_a_particular_of_the_wrong_shape_is_refused_on_its_field(db, name, value):
    with pytest.raises(Invalid) as fault:
        services.apply(particulars(**{name: value}), by=SYSTEM)
    assert list(fault.value.fields) == [name]


def test_a_size_class_needs_its_dated_proof(db):
    with pytest.raises(Invalid):
        services.apply(particulars(size="SMALL"), by=SYSTEM)


def test_state_and_version_cannot_be_smuggled_in(db):
    organisation = services.apply(particulars(state="verified", version=9, public_id="x"), by=factories.make_user())
    assert (organisation.state, organisation.version) == ("applied", 1)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_suspension_without_a_reason_is_refused(firm, staff, reason):
    with pytest.raises(Invalid) as fault:
        services.suspend(firm, by=staff, reason=reason)
    assert list(fault.value.fields) == ["reason"]


def test_a_suspension_takes_the_listings_off_the_market_at_once(university, staff):
    rows = [factories.make_published_achievement(university), factories.make_published_demand(university)]
    services.suspend(university, by=staff, reason="证照过期。")
    assert not Projection.objects.live().exists()
    assert {reread(row).listing.state for row in rows} == {"withdrawn"}


def test_a_suspension_spares_the_listings_of_others(university, firm, staff):
    row = factories.make_published_demand(firm)
    services.suspend(university, by=staff, reason="证照过期。")
    assert list(Projection.objects.live()) == [row]


def test_a_suspended_organisation_submits_and_publishes_nothing(university, university_officer, staff):
    draft, waiting = factories.make_achievement(university), factories.make_achievement(university)
    waiting = listings.submit(waiting, by=university_officer)
    services.suspend(university, by=staff, reason="证照过期。")
    for act in (lambda: listings.submit(draft, by=university_officer), lambda: listings.publish(waiting, by=staff)):
        with pytest.raises(Conflict) as fault:
            act()
        assert fault.value.code == "not_verified"


def test_its_verification_does_not_bring_the_listings_back_by_itself(university, staff):
    factories.make_published_achievement(university)
    services.suspend(university, by=staff, reason="证照过期。")
    services.verify(Organisation.objects.get(pk=university.pk), by=staff)
    assert not Projection.objects.live().exists()


# Members


def test_an_administrator_admits_somebody_who_has_an_account(university, administrator):
    user = factories.make_user(email="new@example.org")
    services.admit(university, " New@Example.org ", "officer", by=administrator)
    assert access.roles(again(user)) == {university.pk: "officer"}


def test_a_new_role_ends_the_earlier_one(university, administrator, inventor):
    services.admit(university, inventor.email, "officer", by=administrator)
    assert access.roles(again(inventor)) == {university.pk: "officer"}
    assert Membership.objects.filter(user=inventor).count() == 2


@pytest.mark.parametrize("email", ["nobody@example.org", "", "\x00@example.org", "x" * 1000])
def test_an_address_without_an_account_is_refused_on_its_field(university, administrator, email):
    with pytest.raises(Invalid) as fault:
        services.admit(university, email, "reader", by=administrator)
    assert list(fault.value.fields) == ["email"]


def test_a_role_that_does_not_exist_is_refused_on_its_field(university, administrator, inventor):
    with pytest.raises(Invalid) as fault:
        services.admit(university, inventor.email, "emperor", by=administrator)
    assert list(fault.value.fields) == ["role"]


@pytest.mark.parametrize("email", ["inventor@example.org", "nobody@example.org"])
def test_a_stranger_learns_nothing_about_accounts(university, outsider, email):
    factories.make_user(email="inventor@example.org")
    with pytest.raises(Forbidden):
        services.admit(university, email, "reader", by=outsider)


def test_the_last_administrator_stays(university, administrator):
    membership = Membership.objects.get(user=administrator)
    with pytest.raises(Conflict) as fault:
        services.end_membership(membership, by=administrator)
    assert fault.value.code == "last_administrator"


def test_the_last_administrator_cannot_be_given_a_lower_role_either(university, administrator):
    with pytest.raises(Conflict):
        services.admit(university, administrator.email, "reader", by=administrator)
    assert access.roles(again(administrator)) == {university.pk: "admin"}


def test_an_administrator_who_is_switched_off_does_not_count(university, administrator):
    factories.make_member(university, "admin", is_active=False)
    with pytest.raises(Conflict):
        services.end_membership(Membership.objects.get(user=administrator), by=administrator)


def test_a_membership_ends_once(university, administrator, inventor):
    ended = services.end_membership(Membership.objects.get(user=inventor), by=administrator)
    with pytest.raises(Conflict):
        services.end_membership(ended, by=administrator)


def test_an_ended_membership_takes_effect_on_the_next_request(university, administrator, inventor):
    listing = factories.make_achievement(university)
    services.end_membership(Membership.objects.get(user=inventor), by=administrator)
    with pytest.raises(Forbidden):
        listings.edit(listing, {"trl": 1}, by=again(inventor))
    assert not type(listing).objects.visible_to(again(inventor)).exists()


def test_roles_are_asked_once_a_request_because_each_request_loads_its_own_user(
    university, administrator, inventor, django_assert_num_queries
):
    """The memory lives on the user object and dies with the request: it is never shared between two."""
    with django_assert_num_queries(1):
        assert access.roles(inventor) == access.roles(inventor) == {university.pk: "inventor"}
    services.end_membership(Membership.objects.get(user=inventor), by=administrator)
    assert access.roles(inventor) == {university.pk: "inventor"}  # the request that is under way
    assert access.roles(again(inventor)) == {}  # the next one


def test_two_requests_of_one_session_do_not_share_a_user(client, university, administrator, inventor, rf):
    """Django loads the user of a session anew for each request."""
    client.force_login(inventor, backend="django.contrib.auth.backends.ModelBackend")
    requests = [rf.get("/"), rf.get("/")]
    for request in requests:
        request.session = client.session
    one, two = map(get_user, requests)
    assert one == two
    assert one is not two


# The register


def test_a_manager_applies_and_is_registered_with_number_and_term(staff):
    user = factories.make_user()
    row = services.apply_as_manager({"fields": ["05"], "languages": ["zh"], "state": "registered"}, by=user)
    assert not access.is_technology_manager(user)
    term = timezone.localdate() + timedelta(days=1)
    services.register_qualification(row, number=" JSJL-1 ", valid_until=term, by=staff)
    assert access.is_technology_manager(again(user))
    assert reread(row).register_number == "JSJL-1"


def test_nobody_applies_as_manager_twice(broker):
    with pytest.raises(Conflict):
        services.apply_as_manager({}, by=broker)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fields", ["99"]),
        ("fields", "05"),
        ("fields", [["05"]]),
        ("fields", {"05": 1}),
        ("languages", ["\x00"]),
        ("languages", [1]),
        ("level", "GRAND"),
        ("introduction", "x" * 1001),
        ("introduction", "\x00"),
        ("introduction", None),
    ],
)
def test_an_application_of_the_wrong_shape_is_refused_on_its_field(db, name, value):
    with pytest.raises(Invalid) as fault:
        services.apply_as_manager({name: value}, by=factories.make_user())
    assert list(fault.value.fields) == [name]


@pytest.mark.parametrize(
    ("number", "days", "field"),
    [
        ("", 1, "register_number"),
        ("x" * 41, 1, "register_number"),
        ("\x00", 1, "register_number"),
        ("1", -1, "valid_until"),
    ],
)
def test_a_registration_needs_a_number_and_a_term_to_come(db, staff, number, days, field):
    row = TechnologyManager.objects.create(user=factories.make_user())
    with pytest.raises(Invalid) as fault:
        services.register_qualification(
            row, number=number, valid_until=timezone.localdate() + timedelta(days=days), by=staff
        )
    assert list(fault.value.fields) == [field]


def test_a_register_number_is_given_once(broker, staff):
    row = TechnologyManager.objects.create(user=factories.make_user())
    taken = reread(broker.technology_manager)
    with pytest.raises(Conflict):
        services.register_qualification(row, number=taken.register_number, valid_until=taken.valid_until, by=staff)


def test_a_struck_manager_is_none_from_the_next_request_on(broker, staff):
    services.remove_qualification(broker.technology_manager, by=staff, reason="到期未续。")
    assert not access.is_technology_manager(again(broker))


def test_a_manager_whose_term_has_run_out_is_none(broker):
    TechnologyManager.objects.filter(user=broker).update(valid_until=timezone.localdate() - timedelta(days=1))
    assert not access.is_technology_manager(again(broker))


def test_the_journal_tells_the_story_of_an_organisation(staff):
    organisation = factories.make_organisation(verified=False)
    services.verify(organisation, by=staff)
    services.suspend(reread(organisation), by=staff, reason="证照过期。")
    told = Entry.objects.filter(subject_type="parties.organisation", subject_id=organisation.pk).order_by("id")
    assert [line.verb for line in told] == ["parties.apply", "parties.verify", "parties.suspend"]
    assert told.last().reason == "证照过期。"
