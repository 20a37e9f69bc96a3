"""Writing: what was typed comes back with every refusal beside its field, and goes through the services."""

import pytest
from django.urls import reverse

from marketplace.core.models import Entry
from marketplace.core.workspace import page_url
from marketplace.listings import services as listings
from marketplace.listings.models import Achievement, Demand, Offer, Right
from marketplace.parties.models import Membership, Organisation
from tests import factories

pytestmark = pytest.mark.django_db
ADD = "/workspace/listings/achievement/add/"
NO_OFFERS = {"offers-TOTAL_FORMS": "0", "offers-INITIAL_FORMS": "0"}
ONE_OFFER = {
    "offers-TOTAL_FORMS": "1", "offers-INITIAL_FORMS": "0",
    "offers-0-mode": "ZERO_UPFRONT", "offers-0-price_low": "200000", "offers-0-price_high": "400000",
    "offers-0-free_months": "6",
}  # fmt: skip


def values(owner=None, **changed):
    """An achievement as the browser sends it."""
    form = {
        name: ", ".join(value) if isinstance(value, list) else value for name, value in factories.ACHIEVEMENT.items()
    }
    form |= {"owner": owner.pk} if owner else {}
    return {name: value for name, value in (form | NO_OFFERS | changed).items() if value is not None}


def errors(answer):
    return answer.context["adminform"].form.errors


def test_an_officer_writes_an_achievement_with_offers_tiers_and_keywords(enter, university, university_officer):
    form = values(university, technology_keywords_zh="陶瓷涂层,铝合金、电解", tier_summary="registered", **ONE_OFFER)
    answer = enter(university_officer).post(ADD, form)
    row = Achievement.objects.get()
    assert answer.url == page_url(row)
    assert row.technology_keywords_zh == ["陶瓷涂层", "铝合金", "电解"]
    assert row.tiers == {"summary": "registered"}
    assert row.offers.get().free_months == 6
    assert Entry.objects.filter(verb="listings.draft", actor=university_officer).exists()


def test_a_firm_writes_a_demand_with_several_modes(enter, firm, sme):
    form = {k: ", ".join(v) if isinstance(v, list) else v for k, v in factories.DEMAND.items()}
    form |= {"owner": firm.pk, "deadline": "2099-01-01", "modes": ["ROYALTY", "OPEN"], "regions_accepted": ["440000"]}
    enter(sme).post("/workspace/listings/demand/add/", form)
    row = Demand.objects.get()
    assert (row.modes, row.regions_accepted) == (["ROYALTY", "OPEN"], ["440000"])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"summary_zh": "长" * 501}, "summary_zh"),
        ({"title_zh": ""}, "title_zh"),
        ({"technology_keywords_zh": "一,二,三,四,五,六"}, "technology_keywords_zh"),
        ({"trl": "12"}, "trl"),
        ({"field": "99"}, "field"),
        ({"tier_summary": "secret"}, "tier_summary"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_lost(changed, field, enter, university, university_officer):
    answer = enter(university_officer).post(ADD, values(university, description_zh="保留的文字", **changed))
    assert answer.status_code == 200
    assert field in errors(answer)
    assert "保留的文字" in answer.content.decode()
    assert not Achievement.objects.exists()


def test_what_the_service_refuses_comes_back_in_the_form(enter, university, university_officer):
    first = factories.make_achievement(university)
    answer = enter(university_officer).post(ADD, values(university, title_zh=first.title_zh, **ONE_OFFER))
    assert "already have a listing with this title" in str(errors(answer)["__all__"])
    assert 'value="200000"' in answer.content.decode()
    assert Achievement.objects.count() == 1


def test_nobody_writes_for_another_organisation(enter, university, sme):
    answer = enter(sme).post(ADD, values(university))
    assert "owner" in errors(answer)


def test_a_foreign_right_cannot_be_named(enter, market, sme, firm):
    answer = enter(sme).post(ADD, values(firm, rights=[market.right.pk]))
    assert "rights" in errors(answer)


def test_state_owner_and_version_are_not_written_by_a_form(enter, market, university_officer, firm):
    form = values(state="published", owner=firm, version="9", public_id="x", source="y", has_been_renewed="on")
    enter(university_officer).post(page_url(market.draft), form)
    row = Achievement.objects.get(pk=market.draft.pk)
    assert (row.state, row.owner, row.source) == ("draft", market.draft.owner, market.draft.source)


def test_offers_are_changed_with_their_listing(enter, market, university_officer):
    offer = market.draft.offers.get()
    form = {
        "offers-TOTAL_FORMS": "2", "offers-INITIAL_FORMS": "1",
        "offers-0-id": offer.pk, "offers-0-achievement": market.draft.pk, "offers-0-mode": offer.mode,
        "offers-0-DELETE": "on", "offers-1-achievement": market.draft.pk, "offers-1-mode": "ROYALTY",
        "offers-1-royalty_percent": "5",
    }  # fmt: skip
    answer = enter(university_officer).post(page_url(market.draft), values(**form))
    assert answer.status_code == 302
    assert [each.mode for each in Offer.objects.filter(achievement=market.draft)] == ["ROYALTY"]


def test_unchanged_offers_leave_no_line_in_the_journal(enter, market, university_officer):
    enter(university_officer).post(page_url(market.draft), values(seen_version=market.draft.version))
    verbs = Entry.objects.filter(subject_type="listings.achievement", subject_id=market.draft.pk)
    assert list(verbs.values_list("verb", flat=True))[:1] == ["listings.edit"]


def test_two_people_editing_lose_nothing(enter, market, university_officer, inventor):
    seen = market.draft.version
    listings.edit(market.draft, {"summary_zh": "同事的文字"}, by=inventor)
    client = enter(university_officer)
    answer = client.post(page_url(market.draft), values(summary_zh="我的文字", seen_version=seen))
    assert "Your text is kept here" in answer.content.decode()
    assert "我的文字" in answer.content.decode()
    assert Achievement.objects.get(pk=market.draft.pk).summary_zh == "同事的文字"
    again = client.post(
        page_url(market.draft), values(summary_zh="我的文字", seen_version=answer.context["seen_version"])
    )
    assert again.status_code == 302


def test_what_was_typed_while_a_colleague_submitted_comes_back(enter, market, university_officer, inventor):
    listings.submit(market.draft, by=university_officer)
    answer = enter(inventor).post(page_url(market.draft), values(summary_zh="我的文字"))
    assert "Take it back to draft" in answer.content.decode()
    assert "我的文字" in answer.content.decode()


def test_a_reader_and_a_reviewer_read_and_write_nothing(enter, market, reader, staff):
    for client in (enter(reader), enter(staff)):
        assert client.get(page_url(market.draft)).status_code == 200
        assert client.post(page_url(market.draft), values(summary_zh="x")).status_code == 403


def test_a_wrong_number_of_a_right_is_explained_beside_it(enter, university, university_officer):
    form = {"owner": university.pk, "kind": "02", "number": "123", "title_zh": "一种涂层"}
    answer = enter(university_officer).post(reverse("admin:listings_right_add"), form)
    assert "number" in errors(answer)
    assert not Right.objects.exists()


def test_an_administrator_admits_a_colleague_by_address(enter, university):
    admin, colleague = factories.make_member(university, "admin"), factories.make_user()
    form = {"organisation": university.pk, "email": colleague.email, "role": "officer"}
    enter(admin).post(reverse("admin:parties_membership_add"), form)
    assert Membership.objects.get(user=colleague).role == "officer"


def test_a_stranger_to_the_platform_cannot_be_admitted_yet(enter, university):
    admin = factories.make_member(university, "admin")
    form = {"organisation": university.pk, "email": "nobody@example.org", "role": "officer"}
    answer = enter(admin).post(reverse("admin:parties_membership_add"), form)
    assert "sign up first" in str(errors(answer)["email"])


def test_a_wrong_credit_code_is_explained_beside_it(enter, staff):
    row = factories.make_organisation(verified=False)
    form = {"name_zh": row.name_zh, "kind": row.kind, "region": row.region, "credit_code": "91110000600037341M"}
    answer = enter(staff).post(page_url(row), form)
    assert "check character" in str(errors(answer)["credit_code"])
    assert Organisation.objects.get().credit_code == row.credit_code


def test_the_name_of_a_verified_organisation_is_staffs_to_change(enter, university):
    admin = factories.make_member(university, "admin")
    form = {"name_zh": "别名大学", "kind": university.kind, "region": "110000", "credit_code": university.credit_code}
    answer = enter(admin).post(page_url(university), form)
    assert "changed by staff only" in str(errors(answer)["__all__"])


def test_days_and_numbers_are_written_the_same_in_both_languages(enter, market, staff):
    Achievement.objects.filter(pk=market.draft.pk).update(published_on="2026-03-01", expires_on="2027-03-01")
    for language in ("zh-hans", "en"):
        page = enter(staff, language).get(page_url(market.draft)).content.decode()
        assert "2026-03-01" in page
        assert "200,000.00" in page
