"""The bell, the list and the switches of the workspace and of the account; the link in a letter."""

import pytest
from django.test import Client

from marketplace.brokerage import services as brokerage
from marketplace.core import letters, notifying
from marketplace.core.models import Letter, Mute, Notification
from tests import factories
from tests.admin.asking import queries

pytestmark = pytest.mark.django_db
KINDS = ("lead_opened", "deal_opened")
LISTS = ["/workspace/notifications/", "/account/notifications/"]


@pytest.fixture
def told(market, university_officer):
    """The officer of the university was told of a lead and of a deal; what comes with a deal is put aside."""
    Notification.objects.exclude(kind__in=KINDS).delete()
    return list(notifying.visible_to(university_officer))


def test_a_lead_and_a_deal_are_told_to_who_decides_and_to_nobody_else(told, people):
    counts = {name: notifying.unread_count(person) for name, person in people.items()}
    assert {name for name, count in counts.items() if count} == {"university_officer", "sme"}
    assert {row.kind for row in told} == set(KINDS)


def test_the_answer_is_told_to_the_sender(market, university_officer, sme):
    brokerage.accept(market.lead, by=university_officer)
    assert notifying.visible_to(sme).filter(kind="lead_answered").get().text_en == "The owner wants to talk with you"


def test_an_introduction_names_no_anonymous_side(broker, sme, firm):
    owner = factories.make_organisation("UNIVERSITY", name_zh="无名山大学", name_en="Nameless Mountain")
    officer = factories.make_member(owner)
    supply = factories.make_published_achievement(owner, is_anonymous=True)
    need = factories.make_published_demand(firm)
    match = need.matches_as_demand.create(achievement=supply, score=0.5, model_version="1", rank=1)
    brokerage.open_deal(match, by=broker)
    said = [f"{row.text_zh}{row.about_zh}{row.text_en}{row.about_en}" for row in Notification.objects.all()]
    said += list(Letter.objects.values_list("body", flat=True))
    assert {row.user for row in Notification.objects.filter(kind="deal_opened")} == {officer, sme}
    assert not any("无名山" in each or "Nameless" in each for each in said)


def test_the_bell_counts_what_is_unread(told, enter, university_officer):
    assert "Notifications, 2 unread" in enter(university_officer).get("/workspace/").content.decode()
    assert "2 notifications" in enter(university_officer).get("/").content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_opening_one_marks_it_and_leads_on(address, told, enter, university_officer):
    client = enter(university_officer)
    answer = client.post(f"{address}{told[0].public_id}/")
    assert answer.headers["Location"] == told[0].path
    assert client.get(told[0].path).status_code == 200
    assert notifying.unread_count(university_officer) == 1
    client.post(f"{address}read/")
    assert notifying.unread_count(university_officer) == 0


@pytest.mark.parametrize("address", LISTS)
def test_somebody_elses_is_not_there(address, told, enter, sme):
    client = enter(sme)
    assert client.post(f"{address}{told[0].public_id}/").status_code == 404
    assert told[1].text not in client.get(address).content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_a_link_that_is_only_looked_at_marks_nothing(address, told, enter, university_officer):
    assert enter(university_officer).get(f"{address}{told[0].public_id}/").status_code == 405
    assert notifying.unread_count(university_officer) == 2


@pytest.mark.parametrize("address", LISTS)
def test_a_long_list_asks_no_more(address, told, enter, university_officer):
    client = enter(university_officer)
    before = queries(client, address)
    for number in range(20):
        letters.post(f"lead_opened:x{number}", subject="a", body="b", user=university_officer)
    assert queries(client, address) <= before


@pytest.mark.parametrize("address", ["/workspace/notifications/choice/", "/account/mail/kinds/"])
def test_the_switches_are_kept(address, enter, sme):
    client = enter(sme)
    client.post(address, {"on": ["lead_opened:page"]})
    assert Mute.objects.filter(user=sme, kind="lead_opened").values_list("channel", flat=True).get() == "mail"
    assert Mute.objects.filter(user=sme).count() == 2 * len(notifying.kinds()) - 1
    for page in ("/workspace/notifications/choice/", "/account/mail/"):
        assert client.get(page).content.decode().count(" checked") == 1


def test_the_link_in_a_letter_asks_first_and_then_ends_its_kind(told, sme):
    letter = Letter.objects.filter(user=sme).first()
    browser = Client(enforce_csrf_checks=True)
    address = f"/mail/off/{letter.off_token}/"
    assert browser.get(address).status_code == 200
    assert not Mute.objects.exists()
    assert browser.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Mute.objects.values_list("user", "kind", "channel").get() == (sme.pk, letter.kind, "mail")
    assert browser.post(address).status_code == 200


def test_a_made_up_link_is_not_there(db):
    assert Client().get("/mail/off/made-up/").status_code == 404
