"""What is anonymous or confidential shows nowhere: not in text, not in meta tags, not through a search."""

import pytest
from django.urls import reverse

from marketplace.core.access import SYSTEM
from marketplace.listings.services import withdraw

from .conftest import FOR_REGISTERED, SECRET

pytestmark = pytest.mark.django_db
LISTS = ["/", "/achievements/", "/demands/", "/sitemap.xml", "/achievements/?q=匿名", "/demands/?q=匿名"]


def address(row):
    return reverse(f"portal:{row.kind}", args=[row.public_id])


@pytest.mark.parametrize("reader", ["", "outsider", "broker", "staff"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_anonymous_owner_is_named_nowhere(hidden_achievement, hidden_demand, page, request, reader, language):
    user = request.getfixturevalue(reader) if reader else None
    owners = [hidden_achievement.listing.owner, hidden_demand.listing.owner]
    names = [name for owner in owners for name in (owner.name_zh, owner.name_en, owner.public_id, owner.credit_code)]
    for path in [*LISTS, address(hidden_achievement), address(hidden_demand)]:
        text = page(path, user, language=language)
        assert [name for name in names if name in text] == []


def test_the_form_of_interest_does_not_name_an_anonymous_owner(hidden_achievement, sme, page):
    text = page(address(hidden_achievement) + "interest/", sme)
    assert hidden_achievement.listing.owner.name_zh not in text


@pytest.mark.parametrize("reader", ["", "outsider", "broker", "staff", "university_officer"])
def test_text_under_an_nda_is_shown_to_nobody(hidden_achievement, page, request, reader):
    user = request.getfixturevalue(reader) if reader else None
    for path in [*LISTS, address(hidden_achievement), f"/achievements/?q={SECRET}"]:
        assert SECRET not in page(path, user).replace(f'value="{SECRET}"', "")
    assert page(f"/achievements/?q={SECRET}", user).count('class="card"') == 0


def test_registered_text_waits_for_a_registered_reader(hidden_achievement, sme, page):
    assert FOR_REGISTERED not in page(address(hidden_achievement))
    assert FOR_REGISTERED in page(address(hidden_achievement), sme)


def test_registered_text_is_in_no_list_even_for_registered_readers(hidden_achievement, sme, page):
    for path in LISTS:
        assert FOR_REGISTERED not in page(path, sme)


def test_a_visitor_is_told_who_may_read_what(hidden_achievement, page):
    text = page(address(hidden_achievement), language="en")
    assert "registered readers can read this" in text
    assert "under an NDA" in text
    assert "细节登录后可读。" in text


def test_a_withdrawn_listing_is_gone(open_achievement, page):
    withdraw(open_achievement.listing, by=SYSTEM)
    page(address(open_achievement), status=404)
    assert "公开的涂层技术" not in page("/")
