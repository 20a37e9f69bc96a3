"""Staff see what became of each letter, and never what it says."""

import pytest
from django.utils import timezone

from marketplace.core import letters
from marketplace.core.models import Letter
from marketplace.core.workspace import list_url, move_url, page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(sme):
    row = letters.post("test:1", user=sme, subject="A lead on “coating”", body="Only the reader reads this.")
    Letter.objects.filter(pk=row.pk).update(attempts=5, fault="SMTPRecipientsRefused: no such mailbox")
    return row


def test_the_list_tells_state_and_fault_and_no_text(enter, staff, letter):
    client = enter(staff)
    for address in (list_url(Letter), page_url(letter)):
        page = client.get(address).content.decode()
        assert "set aside" in page
        assert "no such mailbox" in page
        assert "Only the reader" not in page
        assert "(&#x27;" not in page


@pytest.mark.parametrize(("state", "count"), [("sent", 0), ("waiting", 0), ("set_aside", 1)])
def test_letters_are_found_by_state(enter, staff, letter, state, count):
    assert enter(staff).get(list_url(Letter), {"state": state}).context["cl"].queryset.count() == count


def test_a_letter_that_was_set_aside_is_tried_again_by_a_button(enter, staff, letter):
    enter(staff).post(move_url(letter, "resend"), {"version": letter.version})
    row = Letter.objects.get()
    assert (row.attempts, row.due_at <= timezone.now()) == (0, True)


@pytest.mark.parametrize("role", ["university_officer", "broker", "sme"])
def test_nobody_else_finds_letters(role, people, enter, letter):
    client = enter(people[role])
    assert (client.get(list_url(Letter)).status_code, client.get(page_url(letter)).status_code) == (403, 404)
