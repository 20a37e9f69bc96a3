"""A person switches letters off and on in the account pages."""

import pytest
from django.urls import reverse

from marketplace.core.errors import Forbidden
from marketplace.core.models import Entry
from marketplace.parties import services
from marketplace.parties.models import User

pytestmark = pytest.mark.django_db
PAGE = "/account/mail/"


def wants_none(user):
    return User.objects.get(pk=user.pk).mail_is_off


def test_letters_are_on_until_they_are_switched_off_and_on_again(page, client, sme):
    assert sme.email in page(PAGE, sme, language="en")
    client.post(PAGE, {"letters": "off"})
    assert wants_none(sme)
    assert "You get no letters." in page(PAGE, sme, language="en")
    client.post(PAGE, {"letters": "on"})
    assert not wants_none(sme)


def test_the_page_is_in_the_account_menu_and_marks_itself(page, sme):
    assert f'href="{PAGE}" aria-current="page"' in page(PAGE, sme)


def test_a_visitor_is_asked_to_log_in(client):
    assert client.get(PAGE).url.startswith(reverse("account_login"))


def test_switching_twice_writes_one_journal_line(client, sme):
    for _press in range(2):
        sme.refresh_from_db()
        services.switch_mail_off(sme, by=sme)
    assert Entry.objects.filter(verb="parties.switch_mail_off").count() == 1


def test_nobody_switches_for_another(sme, staff):
    with pytest.raises(Forbidden):
        services.switch_mail_off(sme, by=staff)
    assert not wants_none(sme)
