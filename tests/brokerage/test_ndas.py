"""The non-disclosure agreement of a deal: drawn up, signed by both sides, its people named, ended in every way."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Deal, Nda, NdaSignature
from marketplace.brokerage.rules import ndas as rules
from marketplace.core.errors import Forbidden, Invalid, NotFound, Stale
from marketplace.core.models import Entry, Letter
from marketplace.documents.models import Showing
from marketplace.parties.models import Membership
from tests import factories
from tests.documents.conftest import read
from tests.refusals import code_of
from tests.rows import reread
from tests.tables import attempt, holders, people_around

from .conftest import sign as signed

pytestmark = pytest.mark.django_db
State = Nda.State
TODAY = timezone.localdate


def drafted_for(deal, by, **values):
    return services.draft_nda(deal, **{"ends_on": TODAY() + timedelta(days=90)} | values, by=by)


def waits(deal):
    deal = reread(deal)
    return deal.state, deal.awaited


# The rules


@pytest.mark.parametrize(
    ("ends_on", "may"),
    [
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), True),
        (date(2037, 1, 1), True),
        (date(2037, 1, 2), False),
    ],
)
def test_the_last_day_is_from_today_to_ten_years_ahead(ends_on, may):
    assert rules.may_end_on(ends_on, date(2027, 1, 1)) is may


def test_ten_years_after_a_leap_day_is_the_end_of_february():
    assert rules.latest_end(date(2028, 2, 29)) == date(2038, 2, 28)


# Who may


DECIDERS = {"admin", "officer", "sme"}


@pytest.mark.parametrize(
    ("verb", "allowed"),
    [
        ("draft_nda", {*DECIDERS, "its manager"}),
        ("withdraw_nda", {*DECIDERS, "its manager"}),
        ("sign_nda", DECIDERS),
        ("bind", DECIDERS),
        ("release", DECIDERS),
        ("terminate_nda", DECIDERS),
        ("end_nda", set()),
        ("follow_nda", set()),
    ],
)
def test_who_holds_it(verb, allowed, joined, university, firm, broker):
    people = people_around(university, firm) | {"its manager": broker}
    assert holders(people, f"brokerage.{verb}", joined) == allowed
    assert holders(people, f"brokerage.{verb}", Nda(deal=joined)) == allowed


def test_who_sees_the_deal_sees_its_agreement(nda, university, firm, broker):
    people = people_around(university, firm) | {"its manager": broker}
    seen = {name for name, person in people.items() if nda in Nda.objects.visible_to(person)}
    assert seen == {name for name, person in people.items() if nda.deal in Deal.objects.visible_to(person)}
    assert "outsider" not in seen


# The text


def test_the_text_names_both_sides_what_it_is_about_and_its_term(nda, broker, sme):
    text = read(services.open_nda_text(nda, how="page", by=broker))
    for words in ("江澜大学", "晨辉机电有限公司", nda.public_id.upper(), nda.ends_on.isoformat(), "继续3年"):
        assert words in text
    services.open_nda_text(nda, how="api", by=sme)
    assert list(Showing.objects.order_by("id").values_list("user", "how")) == [(broker.pk, "page"), (sme.pk, "api")]


def test_a_stranger_does_not_read_the_text(nda, outsider):
    with pytest.raises(NotFound):
        services.open_nda_text(nda, how="page", by=outsider)


def test_the_deal_waits_for_both_signatures(nda, joined):
    assert (nda.state, waits(joined)) == ("drafted", ("introduced", "both"))
    assert Entry.objects.filter(verb="brokerage.draft_nda").count() == 2  # on the deal, and on the agreement


def test_only_sides_that_want_to_talk_draw_one_up(deal, broker):
    assert code_of(lambda: drafted_for(deal, broker)) == "not_joined"


def test_a_lost_deal_has_none(joined, broker):
    services.lose(joined, "TERMS_UNFIT", by=broker)
    assert code_of(lambda: drafted_for(joined, broker)) == "deal_over"


def test_a_deal_has_one_live_agreement(nda, joined, sme):
    assert code_of(lambda: drafted_for(joined, sme)) == "nda_exists"
    services.withdraw_nda(nda, by=sme)
    assert drafted_for(joined, sme).state == "drafted"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": date(2020, 1, 1)}, "ends_on"),
        ({"ends_on": date(2999, 1, 1)}, "ends_on"),
        ({"secrecy_years": 0}, "secrecy_years"),
        ({"secrecy_years": 51}, "secrecy_years"),
        ({"purpose": "x" * 501}, "purpose"),
    ],
)
def test_a_term_that_cannot_be_is_refused(values, field, joined, broker):
    with pytest.raises(Invalid) as fault:
        drafted_for(joined, broker, **values)
    assert set(fault.value.fields) == {field}
    assert not Nda.objects.exists()


def test_who_saw_an_older_deal_is_told(joined, broker):
    services.give_time(joined, TODAY() + timedelta(days=20), by=broker)
    with pytest.raises(Stale):
        drafted_for(joined, broker, version=joined.version)


# The signatures


def test_both_signatures_bring_the_deal_under_the_nda(nda, joined, university_officer, sme):
    half = signed(nda, university_officer)
    assert (half.state, waits(joined)) == ("drafted", ("introduced", "seeker"))
    whole = signed(half, sme)
    assert (whole.state, whole.began_on, waits(joined)) == ("in_force", TODAY(), ("under_nda", "manager"))
    assert list(NdaSignature.objects.values_list("side", "sha256")) == [
        ("supplier", nda.document.sha256),
        ("seeker", nda.document.sha256),
    ]


def test_who_signs_may_read(in_force, university_officer, sme):
    assert {each.membership.user for each in in_force.bound.all()} == {university_officer, sme}


def test_everybody_concerned_is_told_once(nda, joined, university_officer, sme, broker):
    Letter.objects.all().delete()
    signed(nda, university_officer, sme)
    told = Letter.objects.filter(key__contains=":signed:").values_list("user", flat=True)
    assert sorted(told) == sorted([university_officer.pk, broker.pk])  # not who signed last


def test_another_text_is_not_signed(nda, sme):
    assert code_of(lambda: services.sign_nda(nda, sha256="0" * 64, by=sme)) == "other_text"


def test_a_side_signs_once(nda, sme, firm):
    signed(nda, sme)
    assert code_of(lambda: signed(nda, sme)) == "already_signed"
    assert code_of(lambda: signed(nda, factories.make_member(firm))) == "already_signed"


def test_one_person_does_not_sign_for_both(nda, university_officer, firm):
    Membership.objects.create(user=university_officer, organisation=firm)
    both = type(university_officer).objects.get(pk=university_officer.pk)
    half = services.sign_nda(nda, sha256=nda.document.sha256, side="supplier", by=both)
    assert code_of(lambda: services.sign_nda(half, sha256=nda.document.sha256, side="seeker", by=both)) == "same_signer"


@pytest.mark.parametrize("name", ["inventor", "broker", "staff", "outsider"])
def test_who_does_not_decide_signs_nothing(name, nda, request):
    with pytest.raises(Forbidden):
        signed(nda, request.getfixturevalue(name))


def test_nobody_signs_for_an_organisation_that_is_suspended(nda, sme, university):
    type(university).objects.filter(pk=university.pk).update(state="suspended")
    assert code_of(lambda: signed(nda, sme)) == "not_verified"


def test_after_its_last_day_nobody_signs(nda, sme, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=100))
    assert code_of(lambda: signed(nda, sme)) == "nda_late"


def test_talks_that_run_already_go_on_as_they_are(joined, university_officer, sme, broker):
    for person in (university_officer, sme):
        services.waive_nda(joined, by=person)
    before = waits(joined)
    signed(drafted_for(joined, broker), university_officer, sme)
    assert waits(joined) == before == ("negotiating", "manager")


# The people


def membership(user):
    return user.memberships.get()


def test_a_side_names_its_own_people(in_force, sme, firm, university_officer):
    colleague = factories.make_member(firm, "reader")
    person = services.bind(in_force, membership(colleague), by=sme)
    assert person.side == "seeker"
    assert Letter.objects.filter(user=colleague, key__contains=":bound:").count() == 1
    with pytest.raises(Forbidden):
        services.bind(in_force, membership(factories.make_member(firm)), by=university_officer)


def test_a_person_is_named_once(in_force, sme):
    assert services.bind(in_force, membership(sme), by=sme) == in_force.bound.get(side="seeker")


@pytest.mark.parametrize("who", ["outsider", "former", "suspended"])
def test_nobody_else_is_named(who, in_force, sme, firm, university):
    person = people_around(firm, university)[who]
    with pytest.raises(Invalid) as fault:
        services.bind(in_force, person.memberships.get(), by=sme)
    assert set(fault.value.fields) == {"person"}


def test_a_name_is_taken_back_by_its_own_side_and_may_be_given_again(in_force, sme, university_officer):
    person = in_force.bound.get(side="seeker")
    with pytest.raises(Forbidden):
        services.release(person, by=university_officer)
    assert services.release(person, by=sme).released_at
    assert code_of(lambda: services.release(person, by=sme)) == "released"
    assert services.bind(in_force, membership(sme), by=sme) != person


def test_an_agreement_that_has_ended_names_nobody(in_force, sme):
    services.terminate_nda(in_force, note="不再需要。", by=sme)
    assert code_of(lambda: services.bind(in_force, membership(sme), by=sme)) == "wrong_state"


# Its end


def test_either_side_ends_it_and_says_why(in_force, sme):
    ended = services.terminate_nda(in_force, note="不再需要。", by=sme)
    assert (ended.state, ended.ended_on, ended.end_code) == ("ended", TODAY(), "terminated")
    with pytest.raises(Invalid):
        services.terminate_nda(in_force, note=" ", by=sme)


def test_after_its_last_day_it_ends_by_itself(in_force):
    assert services.turn_ndas(in_force.ends_on) == 0
    assert services.turn_ndas(in_force.ends_on + timedelta(days=1)) == 1
    assert services.turn_ndas(in_force.ends_on + timedelta(days=1)) == 0
    assert (reread(in_force).state, reread(in_force).end_code) == ("ended", "expired")


def test_people_are_told_a_fortnight_before_its_last_day_once(in_force):
    Letter.objects.all().delete()
    services.turn_ndas(in_force.ends_on - timedelta(days=15))
    assert not Letter.objects.exists()
    for days in (14, 3):
        services.turn_ndas(in_force.ends_on - timedelta(days=days))
    assert Letter.objects.count() == 3


def test_a_lost_deal_ends_what_is_in_force(in_force, joined, broker):
    services.lose(joined, "TERMS_UNFIT", by=broker)
    assert (reread(in_force).state, reread(in_force).end_code) == ("ended", "deal_lost")


def test_a_lost_deal_withdraws_what_is_not_signed(nda, joined, broker):
    services.lose(joined, "TERMS_UNFIT", by=broker)
    assert reread(nda).state == "withdrawn"


ACTS = {
    "sign": lambda nda, by: services.sign_nda(nda, sha256=nda.document.sha256, by=by),
    "withdraw": lambda nda, by: services.withdraw_nda(nda, by=by),
    "terminate": lambda nda, by: services.terminate_nda(nda, note="不再需要。", by=by),
}
FOLLOWS = {
    "drafted": {"sign": "drafted", "withdraw": "withdrawn", "terminate": "conflict"},
    "in_force": {"sign": "conflict", "withdraw": "conflict", "terminate": "ended"},
    "ended": {"sign": "conflict", "withdraw": "conflict", "terminate": "conflict"},
    "withdrawn": {"sign": "conflict", "withdraw": "conflict", "terminate": "conflict"},
}


@pytest.mark.parametrize("state", State.values)
def test_which_state_may_follow_which(state, nda, university_officer, sme):
    if state in ("in_force", "ended"):
        nda = signed(nda, university_officer, sme)
    if state == "ended":
        services.terminate_nda(nda, note="不再需要。", by=sme)
    if state == "withdrawn":
        services.withdraw_nda(nda, by=sme)
    tried = {act: attempt(nda, lambda row, act=act: ACTS[act](row, sme)) for act in FOLLOWS[state]}
    assert tried == FOLLOWS[state]
