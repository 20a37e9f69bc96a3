"""Every template that a person may be shown was looked at: a few pages that use them all, on both widths."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client as Program
from django.test import Client
from django.urls import reverse

from marketplace.brokerage.models import Deal
from marketplace.contracts.models import Contract
from marketplace.core import notifying
from marketplace.core.workspace import moves_of, page_url
from marketplace.core.workspace.moves import move_url
from marketplace.settlement.models import Obligation
from tests import factories
from tests.browser.barriers.looking import DESK, look, settle
from tests.browser.barriers.market import build_market
from tests.browser.steps import SESSION
from tests.secrets.walking import addresses, browser

pytestmark = [pytest.mark.slow, pytest.mark.any_database]
READERS = ("visitor", "newcomer", "staff", "officer", "seeker", "registered")
OF_ACCOUNTS = (
    *("account_login", "account_signup", "account_email", "account_change_password", "account_set_password"),
    *("account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done"),
    *("account_reauthenticate", "account_logout", "account_inactive", "account_email_verification_sent"),
    *("mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
    *("idp:oidc:device_authorization", "idp:oidc:logout"),
)
FAULTS = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "bare.html", "contracts/faults.html"}
"""Seen when something is wrong: test_no_barriers looks at them."""
DRAWN_BY_SWAGGER = "/api/v1/docs/"
"""Its colours and roles are those of Swagger UI, which draws it after it has loaded."""
BACK = "https://program.example/back"
PASSWORD = "a long way to the mill"


def own_templates() -> set[str]:
    home = Path(__file__).parents[2] / "templates"
    return {str(each.relative_to(home)) for each in home.rglob("*.html")}


def further(people: dict) -> list[str]:
    """Every contract with its moves, every obligation, the parts of a room: more than the first and last row of each.

    And what is reached by a parameter: the steps of a proposal, the link in a letter, a program that asks for consent.
    """
    found = [page_url(row) for row in Obligation.objects.all()]
    for row in Contract.objects.all():
        found += [page_url(row), *(move_url(row, move.name) for move in moves_of(Contract))]
        found += [f"{move_url(row, 'propose')}?way={way}" for way in ("ZERO_UPFRONT", "document")]
    rooms = [reverse("admin:brokerage_deal_room", args=[row.pk]) for row in Deal.objects.all()]
    found += [f"{each}?view={view}" for each in rooms for view in ("tasks", "meetings")]
    token = notifying.off_token(people["seeker"], "lead_opened")
    return [*found, reverse("portal:mail_off", args=[token]), asking_for_consent()]


def asking_for_consent() -> str:
    program = Program.objects.create(name="ledger of a firm", scopes="openid", redirect_uris=BACK)
    asked = {"client_id": program.pk, "response_type": "code", "scope": "openid", "redirect_uri": BACK, "state": "1"}
    return f"{reverse('idp:oidc:authorization')}?{urlencode(asked)}"


def log_in(person) -> Client:
    """By the pages, twice: some of an account ask again who is there."""
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
    client = browser(None)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.session["_auth_user_id"] == str(person.pk)
    return client


def pages(clients: dict[str, Client], where: list[str]) -> dict[frozenset, tuple[str, str]]:
    """One page for each set of templates that a page is made of: its reader and its address."""
    found: dict[frozenset, tuple[str, str]] = {}
    for reader, client in clients.items():
        for address in where:
            answer = client.get(address)
            if answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/html"):
                made_of = frozenset(each.name for each in answer.templates if each.name)
                found.setdefault(made_of, (reader, address))
    return found


def fewest(found: dict[frozenset, tuple[str, str]]) -> list[tuple[str, str]]:
    """Pages that use every template between them: the one with the most new ones next."""
    left, chosen = set().union(*found), []
    while left:
        best = max(found, key=lambda made_of: (len(made_of & left), found[made_of]))
        chosen.append(found[best])
        left -= best
    return sorted(chosen)


def test_every_template_is_seen_and_keeps_nobody_out(open_page, live_server, go, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600  # seconds; a slow machine needs more than 300
    people = build_market(go).people | {"newcomer": factories.make_user()}
    clients = {name: browser(None) if name == "visitor" else log_in(people[name]) for name in READERS}
    found, faults, windows = pages(clients, [*addresses(), *further(people), *map(reverse, OF_ACCOUNTS)]), {}, {}
    unseen = sorted(own_templates() - set().union(*found) - FAULTS)
    assert unseen == []
    for reader, address in fewest(found):
        if address == DRAWN_BY_SWAGGER:
            continue
        if reader not in windows:
            windows[reader] = open_page()
            if SESSION in clients[reader].cookies:
                cookie = {"name": SESSION, "value": clients[reader].cookies[SESSION].value, "url": live_server.url}
                windows[reader].context.add_cookies([cookie])
        page = windows[reader]
        page.set_viewport_size(DESK)
        assert page.goto(address).status == 200, (reader, address)
        settle(page)
        if told := look(page):
            faults[f"{address} as {reader}"] = told
    assert faults == {}
