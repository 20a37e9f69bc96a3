"""Contracts for tests of the workspace: the cast's university licenses to its firm, in the state that a test names."""

from datetime import timedelta

from django.contrib.messages import get_messages
from django.utils import timezone

from marketplace.contracts.models import Contract
from marketplace.core.workspace import move_url, page_url
from marketplace.parties.models import Organisation
from tests.contracts import living, making
from tests.rows import reread

YEAR = timedelta(days=365)


def small(firm):
    """The cast's firm with its proof of size, so that it may use first and pay later."""
    proof = {"size": "SMALL", "size_proof": "2026年度财务报表", "size_proved_on": timezone.localdate()}
    Organisation.objects.filter(pk=firm.pk).update(**proof)
    return reread(firm)


def negotiating(university, firm, **values):
    return making.make_contract(seller=university, buyer=small(firm), mode="ZERO_UPFRONT", **values)


def signed(university, firm, sheet=None):
    return making.make_signed_contract(seller=university, buyer=small(firm), sheet=sheet or living.SHEET)


def names(client, row):
    return {button.name for button in client.get(page_url(row)).context["moves"]}


def press(client, row, name, **values):
    return client.post(move_url(row, name), {"version": reread(row).version} | values)


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def text(client, row):
    return client.get(page_url(row)).content.decode()


def now(row):
    return Contract.objects.get(pk=row.pk)
