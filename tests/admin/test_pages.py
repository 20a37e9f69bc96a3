"""Every page of the workspace opens for everybody who may open it, in both languages, with a constant number of
queries."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.urls import reverse
from django.utils.translation import override

from marketplace.core.workspace import list_url, page_url
from marketplace.listings.models import Achievement, Offer
from tests.admin.conftest import ROLES

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_list_and_form_of_the_sidebar_opens(role, language, people, market, enter):
    client, request = enter(people[role], language), None
    for model, page in admin.site._registry.items():
        answer = client.get(list_url(model))
        request = answer.wsgi_request
        expected = 200 if page.has_view_permission(request) else 403
        assert answer.status_code == expected, (model, answer.status_code)
        if expected == 200:
            for row in page.get_queryset(request)[:2]:
                assert client.get(page_url(row)).status_code == 200, row
        add = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"))
        assert add.status_code == (200 if page.has_add_permission(request) else 403), model


def test_amounts_stand_in_columns_that_are_aligned(people, market, enter):
    """The style sheet sets what begins with `number_` to the right, in figures of one width."""
    request = enter(people["staff"], "en").get(list_url(Achievement)).wsgi_request
    with override("en"):
        columns = [
            (str(label_for_field(name, model, page)), name)
            for model, page in admin.site._registry.items()
            for name in page.get_list_display(request)
            if isinstance(name, str)
        ]
    amounts = [name for label, name in columns if "yuan" in label or "amount" in label]
    assert len(amounts) > 20
    assert [name for name in amounts if not name.startswith("number_")] == []


@pytest.mark.parametrize("role", ROLES)
def test_every_journal_opens_or_is_not_there(role, people, market, enter):
    client = enter(people[role])
    for row in (market.draft, market.lead, market.deal, market.match, market.right):
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk])
        assert client.get(url).status_code in (200, 404)


def test_numbers_of_rows_stay_plain_in_addresses_and_forms(enter, university, university_officer):
    draft = Achievement(pk=1234567, owner=university, title_zh="大号", field="05", region="110000")
    draft.save()
    Offer(pk=7654321, achievement=draft, mode="ROYALTY").save()
    client = enter(university_officer)
    assert page_url(draft) in client.get(list_url(Achievement)).content.decode()
    page = client.get(page_url(draft)).content.decode()
    assert 'value="7654321"' in page
    assert "1,234,567" not in page
    assert "7,654,321" not in page
