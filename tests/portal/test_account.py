"""Login pages stand in the same house: same layout, both languages, no page broken."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

pytestmark = pytest.mark.django_db
VISITOR = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
PASSWORD = "a-long-pass-phrase-7"
MEMBER = ["account_email", "account_change_password", "account_logout", "mfa_index", "account_reauthenticate"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", VISITOR)
def test_pages_for_visitors_have_the_house_s_layout(page, name, language):
    assert 'class="site-head"' in page(reverse(name), language=language)


@pytest.fixture
def inside(client, sme):
    """A browser in which somebody has just logged in with a password, from a confirmed address."""
    sme.set_password(PASSWORD)
    sme.save()
    EmailAddress.objects.create(user=sme, email=sme.email, verified=True, primary=True)
    assert client.post(reverse("account_login"), {"login": sme.email, "password": PASSWORD}).url == "/start/"
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", MEMBER)
def test_pages_of_an_account_have_the_house_s_layout(inside, name, language):
    text = inside.get(reverse(name), headers={"accept-language": language}).content.decode()
    assert 'class="site-head"' in text
    assert 'class="account-nav"' in text or 'class="entrance"' in text


def test_login_speaks_chinese(page):
    assert "登录" in page(reverse("account_login"))


def test_setting_up_an_authenticator_shows_its_code(inside):
    asked = inside.get(reverse("mfa_activate_totp"))
    text = inside.post(asked.url, {"password": PASSWORD}, follow=True).content.decode()
    assert 'class="qr"' in text
    assert "data:image/svg+xml" in text


def test_a_wrong_password_is_said_above_the_form(client, sme):
    answer = client.post(reverse("account_login"), {"login": sme.email, "password": "wrong"})
    assert 'role="alert"' in answer.content.decode()
