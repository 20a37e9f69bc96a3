"""A program logs in with client credentials and acts for the owner of its client."""

import pytest
from allauth.idp.oidc.models import Client, Token
from django.test import Client as Browser

from marketplace.parties.services import end_membership
from tests.factories import ACHIEVEMENT, make_member

pytestmark = pytest.mark.django_db
SECRET = "a secret of the integration"


def make_client(owner, scopes="market.read\nmarket.write"):
    client = Client(name="library system", owner=owner, scopes=scopes, default_scopes=scopes)
    client.grant_types = Client.GrantType.CLIENT_CREDENTIALS
    client.set_secret(SECRET)
    client.save()
    return client


def token_of(client):
    body = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": SECRET}
    return Browser().post("/identity/o/api/token", body).json()["access_token"]


@pytest.fixture
def ask():
    def asking(token, method="get", path="my-achievements/", body=None):
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return getattr(Browser(), method)(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    return asking


def test_a_program_acts_for_the_owner_of_its_client(ask, university, university_officer):
    token = token_of(make_client(university_officer))
    answer = ask(token, "post", body={**ACHIEVEMENT, "owner": university.public_id})
    assert answer.status_code == 201
    assert ask(token).json()["count"] == 1


def test_a_program_may_no_more_than_its_owner(ask, world):
    token = token_of(make_client(world.reader))
    assert ask(token, "post", f"my-achievements/{world.draft.public_id}/submit/").status_code == 403
    assert ask(token, path=f"my-demands/{world.demand_draft.public_id}/").status_code == 404


def test_a_program_that_may_only_read_writes_nothing(ask, university_officer, university):
    token = token_of(make_client(university_officer, "market.read"))
    answer = ask(token, "post", body={**ACHIEVEMENT, "owner": university.public_id})
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


def test_a_wrong_token_is_no_visitor(ask):
    answer = ask("wrong", path="achievements/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    "path", ["my-achievements/?q=%zz", "achievements/?q=%E4%BD", "achievements/?access_token=wrong"]
)
def test_an_odd_address_with_a_token_is_no_fault_of_ours(ask, university_officer, path):
    assert ask(token_of(make_client(university_officer)), path=path).status_code < 500


def test_a_client_without_an_owner_acts_for_nobody(ask):
    assert ask(token_of(make_client(None))).status_code == 401


def test_a_person_who_was_shut_out_is_out_with_every_token(ask, university_officer):
    token = token_of(make_client(university_officer))
    university_officer.is_active = False
    university_officer.save()
    assert ask(token).status_code == 401


def test_a_role_that_ended_ends_for_programs_at_once(ask, university, staff):
    leaving = make_member(university)
    token = token_of(make_client(leaving))
    end_membership(leaving.memberships.get(), by=staff)
    assert ask(token, "post", body={**ACHIEVEMENT, "owner": university.public_id}).status_code == 400


def test_a_revoked_token_is_refused(ask, university_officer):
    token = token_of(make_client(university_officer))
    Token.objects.all().delete()
    assert ask(token).status_code == 401


def test_a_visitor_is_told_how_to_log_in(call):
    answer = call(None, "get", "deals/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
