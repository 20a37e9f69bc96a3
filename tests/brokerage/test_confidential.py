"""What an agreement opens: to whom, of what, until when; and the log of every showing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.confidential import nda_for
from marketplace.brokerage.models import Deal, NdaShowing
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.workspace import list_url, page_url
from marketplace.discovery.models import Match
from marketplace.listings import services as listings
from marketplace.listings.models import Achievement
from marketplace.parties import services as parties
from marketplace.parties.models import Membership, User
from tests import factories
from tests.admin.conftest import enter  # noqa: F401  the same way to log in
from tests.api.conftest import call  # noqa: F401  the same way to call
from tests.api.test_tokens import ask, make_client, token_of  # noqa: F401  the same way to call with a token
from tests.tables import people_around

pytestmark = pytest.mark.django_db
SECRET = "配比为三比一,烧结温度一千二百度。"
TIERS = {"description": "nda", "advantage": "registered"}


@pytest.fixture
def achievement(university):
    return factories.make_published_achievement(university, description_zh=SECRET, tiers=TIERS)


@pytest.fixture
def open_deal(in_force):
    return in_force.deal


def fresh(user):
    """The person as a later request knows them: nothing is remembered."""
    return User.objects.get(pk=user.pk)


def may_open(user, deal, side="supplier"):
    return nda_for(fresh(user), Deal.objects.get(pk=deal.pk), side) is not None


def show(deal, by, side="supplier", how="page"):
    return services.show_listing(deal, side, how=how, by=fresh(by))


# What it opens


def test_the_agreement_opens_the_nda_tier_of_the_other_side(open_deal, sme):
    assert show(open_deal, sme).seen.texts["description_zh"] == SECRET
    assert show(open_deal, sme).seen.hidden == {}


def test_before_both_have_signed_it_opens_nothing(nda, joined, sme):
    services.sign_nda(nda, sha256=nda.document.sha256, by=sme)
    with pytest.raises(NotFound):
        show(joined, sme)


def test_it_opens_the_listings_of_this_deal_alone(open_deal, university, firm, sme, broker):
    other = factories.make_published_achievement(university, description_zh=SECRET, tiers=TIERS)
    match = Match.objects.create(achievement=other, demand=open_deal.demand, score=0.5, model_version="1", rank=1)
    deal = services.open_deal(match, by=broker)
    assert not may_open(sme, deal)
    assert not may_open(broker, deal)


def test_whom_it_opens_what(open_deal, university, firm, broker, sme, university_officer, in_force):
    people = people_around(university, firm)
    named = factories.make_member(firm, "reader")
    services.bind(in_force, named.memberships.get(), by=sme)
    people |= {"signer": sme, "named": named, "its manager": broker, "own officer": university_officer}
    for side, allowed in (("supplier", {"signer", "named", "its manager"}), ("seeker", {"own officer", "its manager"})):
        opened = {n for n, each in people.items() if each.is_authenticated and may_open(each, open_deal, side)}
        assert opened == allowed


def test_the_market_page_says_no_more_than_before(open_deal, sme, call):  # noqa: F811
    answer = call(sme, "get", f"achievements/{open_deal.achievement.public_id}/")
    assert SECRET not in answer.content.decode()
    assert {"name": "description", "tier": "nda"} in answer.json()["hidden"]


def test_rights_of_an_unpublished_application_are_named_under_the_agreement(university, in_force, sme):
    row = in_force.deal.achievement
    facts = {"kind": "02", "number": "201310699744.2", "title_zh": "涂层方法"}
    row.achievement.rights.add(listings.add_right(facts, owner=university, by=SYSTEM))
    Achievement.objects.filter(pk=row.achievement_id).update(ip_status="FILED")
    assert show(Deal.objects.get(pk=in_force.deal_id), sme).rights[0]["title_zh"] == "涂层方法"


def test_a_listing_that_left_the_market_is_shown_to_nobody(open_deal, sme, university_officer):
    listings.withdraw(open_deal.achievement.listing, by=university_officer)
    with pytest.raises(Conflict) as fault:
        show(Deal.objects.get(pk=open_deal.pk), sme)
    assert fault.value.code == "not_live"
    assert not NdaShowing.objects.exists()


# What closes it, at once


def end_membership(world):
    parties.end_membership(world["sme"].memberships.get(), by=world["staff"])


def return_after_leaving(world):
    end_membership(world)
    Membership.objects.create(user=world["sme"], organisation=world["firm"], role="officer")


def take_name_back(world):
    services.release(world["nda"].bound.get(side="seeker"), by=world["sme"])


def terminate(world):
    services.terminate_nda(world["nda"], note="不再需要。", by=world["university_officer"])


def lose(world):
    services.lose(world["nda"].deal, "TERMS_UNFIT", by=world["broker"])


def suspend_organisation(world):
    parties.suspend(world["firm"], reason="材料不实", by=world["staff"])


def suspend_account(world):
    User.objects.filter(pk=world["sme"].pk).update(is_active=False)


CLOSES = [
    end_membership, return_after_leaving, take_name_back, terminate, lose, suspend_organisation, suspend_account,
]  # fmt: skip


@pytest.fixture
def everybody(in_force, sme, firm, staff, broker, university_officer):
    return {
        "nda": in_force,
        "sme": sme,
        "firm": firm,
        "staff": staff,
        "broker": broker,
        "university_officer": university_officer,
    }


@pytest.mark.parametrize("closing", CLOSES, ids=lambda each: each.__name__)
def test_what_ends_closes_an_address_that_was_kept(closing, everybody, open_deal, sme, call):  # noqa: F811
    address = f"deals/{open_deal.public_id}/confidential/supplier/"
    assert call(sme, "get", address).status_code == 200
    closing(everybody)
    assert not may_open(sme, open_deal)
    assert SECRET not in call(fresh(sme), "get", address).content.decode()
    assert NdaShowing.objects.count() == 1


def test_a_token_that_was_kept_opens_nothing_any_more(everybody, open_deal, sme, ask):  # noqa: F811
    token, address = token_of(make_client(sme)), f"deals/{open_deal.public_id}/confidential/supplier/"
    assert SECRET in ask(token, path=address).content.decode()
    end_membership(everybody)
    assert ask(token, path=address).status_code == 404


def test_its_last_day_closes_it_before_the_nightly_task_has_run(open_deal, in_force, sme, go):
    go(in_force.ends_on)
    assert may_open(sme, open_deal)
    go(in_force.ends_on + timedelta(days=1))
    assert not may_open(sme, open_deal)


def test_a_manager_who_is_struck_from_the_register_is_shown_nothing(open_deal, broker):
    assert may_open(broker, open_deal)
    broker.technology_manager.__class__.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert not may_open(broker, open_deal)


def test_a_manager_who_joins_a_side_is_shown_nothing(open_deal, broker, university):
    Membership.objects.create(user=broker, organisation=university, role="reader")
    assert not may_open(broker, open_deal, "seeker")


def test_a_deal_that_another_manager_runs_is_closed_to_the_first(open_deal, broker):
    Deal.objects.filter(pk=open_deal.pk).update(manager=factories.make_technology_manager())
    assert not may_open(broker, open_deal)


# The log


def test_each_showing_is_one_line(open_deal, sme, broker, call):  # noqa: F811
    first = show(open_deal, sme)
    call(broker, "get", f"deals/{open_deal.public_id}/confidential/seeker/")
    lines = list(NdaShowing.objects.order_by("id").values_list("user", "side", "listing", "how", "shown_version"))
    version = open_deal.achievement.listing.version
    assert lines[0] == (sme.pk, "supplier", open_deal.achievement_id, "page", version)
    assert lines[1][:4] == (broker.pk, "seeker", open_deal.demand_id, "api")
    assert NdaShowing.objects.order_by("id").first().sha256 == first.sha256


def test_another_text_is_another_version(open_deal, sme):
    before = show(open_deal, sme)
    Achievement.objects.filter(pk=open_deal.achievement.achievement_id).update(description_zh="另一种配比。", version=9)
    after = show(Deal.objects.get(pk=open_deal.pk), sme)
    assert (before.sha256 != after.sha256, after.version) == (True, 9)


def test_the_log_is_read_by_the_side_that_was_shown_and_staff(open_deal, university, firm, sme, broker):
    show(open_deal, sme)
    people = people_around(university, firm) | {"its manager": broker, "reader of it": sme}
    seen = {name for name, person in people.items() if NdaShowing.objects.visible_to(person).exists()}
    assert seen == {"admin", "officer", "inventor", "reader", "staff", "staff who is a member"}


def test_nobody_edits_the_log(open_deal, sme):
    if connection.vendor != "postgresql":
        pytest.skip("a guard of PostgreSQL")
    show(open_deal, sme)
    with pytest.raises(IntegrityError), transaction.atomic():
        NdaShowing.objects.update(how="api")


# The pages


def test_the_page_shows_it_writes_it_down_and_is_kept_by_no_cache(open_deal, sme, university_officer, enter):  # noqa: F811
    client = enter(sme)
    deal_page = client.get(page_url(open_deal)).content.decode()
    address = page_url(open_deal).replace("/change/", "/confidential/supplier/")
    assert address in deal_page
    assert SECRET not in deal_page
    answer = client.get(address)
    assert SECRET in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    owner = enter(university_officer)
    assert "Shown to sme" in owner.get(page_url(open_deal)).content.decode()
    assert owner.get(list_url(NdaShowing)).context["cl"].queryset.count() == 1
    assert client.get(list_url(NdaShowing)).context["cl"].queryset.count() == 0


@pytest.mark.parametrize("who", ["outsider", "colleague", "university_officer", "staff"])
def test_to_others_the_page_is_not_there(who, open_deal, request, firm, enter):  # noqa: F811
    person = factories.make_member(firm) if who == "colleague" else request.getfixturevalue(who)
    address = page_url(open_deal).replace("/change/", "/confidential/supplier/")
    assert enter(person).get(address).status_code == 404
    assert enter(person).get(address.replace("supplier", "nobody")).status_code == 404


def test_the_page_of_an_agreement_has_its_text_its_signatures_and_its_people(in_force, sme, enter):  # noqa: F811
    page = enter(sme).get(page_url(in_force)).content.decode()
    assert in_force.document.sha256 in page
    assert "university officer" in page
    file = enter(sme).get(page_url(in_force).replace("/change/", "/file/"))
    assert file.content[:2] == b"PK"


# Twin worlds


def answers_to(person, deal, call, enter):  # noqa: F811
    """Everything around the deal that somebody without the agreement may read."""
    addresses = ["deals/", f"deals/{deal.public_id}/", f"achievements/{deal.achievement.public_id}/", "achievements/"]
    addresses += ["ndas/", "nda-showings/", f"deals/{deal.public_id}/confidential/supplier/", "matches/"]
    found = [call(person, "get", each).content for each in addresses]
    client = enter(person)
    pages = [page_url(deal), page_url(deal.achievement), page_url(deal).replace("/change/", "/confidential/supplier/")]
    return found, [plain(client.get(each).content.decode()) for each in pages]


def plain(page):
    """Without the tokens of forms, which differ each time."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "nonce" not in line]


def test_another_secret_changes_no_byte_for_those_it_is_not_shown_to(open_deal, firm, outsider, call, enter):  # noqa: F811
    colleague = factories.make_member(firm)
    before = [answers_to(fresh(person), open_deal, call, enter) for person in (colleague, outsider)]
    Achievement.objects.filter(pk=open_deal.achievement.achievement_id).update(
        description_zh="完全不同的秘密,长得多。" * 9
    )
    after = [answers_to(fresh(person), open_deal, call, enter) for person in (colleague, outsider)]
    assert before == after
