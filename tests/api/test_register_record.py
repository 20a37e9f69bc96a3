"""Consents, portfolios and their numbers over the API; the switches of notifications."""

import hashlib

import pytest
from rest_framework.test import APIClient

from marketplace.contracts.models import Contract
from marketplace.core import notifying
from marketplace.core.models import Mute
from tests import factories
from tests.contracts import making
from tests.rows import reread

pytestmark = pytest.mark.django_db


def calling(user):
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


@pytest.fixture
def signed(broker):
    contract = making.make_signed_contract()
    Contract.objects.filter(pk=contract.pk).update(manager=broker)
    return reread(contract)


def test_a_manager_asks_both_sides_and_each_answers_for_itself(signed, broker):
    asked = calling(broker).post("/api/v1/consents/", {"contract": signed.public_id, "scope": "COUNT"}, format="json")
    assert [each["state"] for each in asked.json()] == ["asked", "asked"]
    for side, verb, state in ((signed.seller, "give", "given"), (signed.buyer, "refuse", "refused")):
        client = calling(factories.make_member(side))
        (row,) = client.get("/api/v1/consents/", {"contract": signed.public_id}).json()["results"]
        assert client.post(f"/api/v1/consents/{row['id']}/{verb}/").json()["state"] == state
    again = calling(broker).post("/api/v1/consents/", {"contract": signed.public_id, "scope": "COUNT"}, format="json")
    assert [each["organisation"]["id"] for each in again.json()] == [signed.buyer.public_id]


def test_the_second_answer_to_the_same_version_is_refused(signed, broker):
    calling(broker).post("/api/v1/consents/", {"contract": signed.public_id, "scope": "NAME"}, format="json")
    client = calling(factories.make_member(signed.seller))
    (row,) = client.get("/api/v1/consents/").json()["results"]
    tag = {"HTTP_IF_MATCH": f'"{row["version"]}"'}
    assert client.post(f"/api/v1/consents/{row['id']}/give/", **tag).status_code == 200
    assert client.post(f"/api/v1/consents/{row['id']}/withdraw/", **tag).status_code == 412


def test_a_portfolio_is_made_read_and_verified_by_anybody(signed, broker):
    made = calling(broker).post("/api/v1/portfolios/", {"contracts": [signed.public_id]}, format="json").json()
    content = calling(broker).get(f"/api/v1/portfolios/{made['id']}/content/").content
    assert hashlib.sha256(content).hexdigest() == made["sha256"]
    found = calling(None).get("/api/v1/portfolios/verify/", {"number": f" {made['number'].lower()} "}).json()
    assert (found["sha256"], found["cases"]) == (made["sha256"], 1)
    assert set(found) == {"number", "manager", "made_on", "cases", "sha256"}


@pytest.mark.parametrize("number", ["", "JSAL-NOTHING", "\x00", "案例", "x" * 90])
def test_an_unknown_number_is_not_found(db, number):
    assert calling(None).get("/api/v1/portfolios/verify/", {"number": number}).status_code == 404


def test_a_portfolio_of_anothers_contract_is_refused(broker):
    other = making.make_signed_contract()
    answer = calling(broker).post("/api/v1/portfolios/", {"contracts": [other.public_id]}, format="json")
    assert answer.status_code == 400


def test_a_switch_is_turned_alone_and_is_ones_own(broker, outsider):
    client = calling(broker)
    turned = client.patch(
        "/api/v1/notification-switches/", {"switches": [{"kind": "deal", "mail": False}]}, format="json"
    ).json()
    off = {each["kind"] for each in turned["switches"] if not each["mail"]}
    assert off == {"deal"}
    assert all(each["page"] for each in turned["switches"])
    assert notifying.off_by(broker, "deal") == {Mute.Channel.MAIL}
    assert notifying.off_by(outsider, "deal") == set()
    client.patch("/api/v1/notification-switches/", {"switches": [{"kind": "deal", "mail": True}]}, format="json")
    assert not Mute.objects.exists()


@pytest.mark.parametrize(
    "body", [{"switches": [{"kind": "nothing", "mail": False}]}, {"switches": [{"mail": False}]}, {}, {"switches": 1}]
)
def test_what_is_no_switch_is_refused(broker, body):
    assert calling(broker).patch("/api/v1/notification-switches/", body, format="json").status_code == 400
    assert not Mute.objects.exists()
