"""When something fails, a page says what to do, in the reader's language."""

import pytest
from django.template.loader import get_template
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_missing_page_offers_the_lists(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "/achievements/" in answer.content.decode()


def test_an_old_form_says_reload(sme):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "x"}, headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
def test_the_barest_pages_need_nothing(name):
    assert "<h1>" in get_template(name).render()


def test_a_forbidden_page_leads_to_one_s_own(rf):
    assert "/start/" in get_template("403.html").render({}, rf.get("/"))
