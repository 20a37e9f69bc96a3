"""The buttons: drawn for those who may, doing what they say, and answering a refusal with a sentence."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from marketplace.brokerage.models import Deal, Lead
from marketplace.core.errors import Conflict, Stale
from marketplace.core.models import Entry
from marketplace.core.workspace import list_url, move_url, page_url
from marketplace.discovery.models import Judgement, Match
from marketplace.listings import services as listings
from marketplace.listings.models import Achievement
from marketplace.parties.models import Membership, Organisation, TechnologyManager
from tests import factories
from tests.register.registering import apply_as_manager

pytestmark = pytest.mark.django_db


def names(client, row):
    return {button.name for button in client.get(page_url(row)).context["moves"]}


def press(client, row, name, **values):
    return client.post(move_url(row, name), {"version": row.version} | values)


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


@pytest.mark.parametrize(
    ("role", "row", "expected"),
    [
        ("university_officer", "draft", {"submit", "withdraw", "order-service"}),
        ("inventor", "draft", set()),
        ("reader", "draft", set()),
        ("staff", "draft", {"withdraw"}),
        ("staff", "waiting", {"publish", "return", "withdraw"}),
        ("university_officer", "waiting", {"revise", "withdraw", "order-service"}),
        ("university_officer", "lead", {"accept", "decline"}),
        ("inventor", "lead", set()),
        ("sme", "lead", {"withdraw"}),
        ("broker", "match", {"open-deal", "shortlist", "dismiss", "disclose"}),
        ("sme", "match", {"express-interest", "shortlist", "dismiss"}),
        ("reader", "match", set()),
        ("broker", "deal", {"give-time", "lose", "add-task", "write", "write-meeting"}),
        ("sme", "deal", {"join", "lose", "add-file", "add-task", "write", "write-meeting"}),
    ],
)
def test_the_buttons_are_those_of_role_and_state(role, row, expected, people, market, enter):
    assert names(enter(people[role]), getattr(market, row)) == expected


def test_a_listing_goes_from_draft_to_the_market_by_buttons(market, enter, university_officer, staff):
    press(enter(university_officer), market.draft, "submit")
    press(enter(staff), Achievement.objects.get(pk=market.draft.pk), "publish")
    assert Achievement.objects.get(pk=market.draft.pk).state == "published"
    assert [entry.actor for entry in Entry.objects.order_by("-id")[:2]] == [staff, university_officer]


def test_returning_asks_for_a_reason_and_the_owner_reads_it(market, enter, university_officer, staff):
    client = enter(staff)
    assert client.get(move_url(market.waiting, "return")).status_code == 200
    empty = press(client, market.waiting, "return")
    assert set(empty.context["form"].errors) == {"return_code", "return_note"}
    press(client, market.waiting, "return", return_code="NO_FIGURES", return_note="Name the standard.")
    page = enter(university_officer).get(page_url(market.waiting))
    assert "Name the standard." in page.content.decode()


def test_an_incomplete_draft_is_told_what_is_missing(enter, university, university_officer):
    draft = factories.make_achievement(university, offers=(), advantage_zh="")
    answer = press(enter(university_officer), draft, "submit")
    assert "Advantage in Chinese".lower() in said(answer).lower()
    assert Achievement.objects.get().state == "draft"


def test_a_reviewer_does_not_publish_what_changed_after_reading(market, enter, university_officer, staff):
    client = enter(staff)
    seen = client.get(page_url(market.waiting)).context["moves"][0].version
    changed = listings.revise(market.waiting, by=university_officer)
    changed = listings.edit(changed, {"summary_zh": "另一段文字"}, by=university_officer)
    listings.submit(changed, by=university_officer)
    answer = client.post(move_url(market.waiting, "publish"), {"version": seen})
    assert said(answer).startswith(str(Stale.sentence))
    assert Achievement.objects.get(pk=market.waiting.pk).state == "submitted"


def test_the_second_of_two_reviewers_reads_that_it_is_done(market, enter, staff):
    first, second = enter(staff), enter(factories.make_user(is_staff=True))
    for client in (first, second):
        client.get(page_url(market.waiting))
    client.post(move_url(market.waiting, "publish"))
    answer = first.post(move_url(market.waiting, "publish"))
    assert said(answer) == str(Conflict.sentence)


def test_a_deal_is_two_clicks_from_the_list_of_matches(market, enter, broker):
    client = enter(broker)
    page = client.get(list_url(Match)).content.decode()
    assert move_url(market.match, "open-deal") in page
    assert client.get(move_url(market.match, "open-deal")).status_code == 200
    answer = press(client, market.match, "open-deal", note="You should talk.")
    deal = Deal.objects.get(demand=market.need)
    assert answer.url == page_url(deal)
    assert (deal.manager, deal.note) == (broker, "You should talk.")


def test_two_technology_managers_open_one_deal(market, enter, broker):
    other = enter(factories.make_technology_manager())
    press(enter(broker), market.match, "open-deal")
    answer = press(other, market.match, "open-deal")
    assert "open already" in said(answer)
    assert Deal.objects.filter(demand=market.need).count() == 1


def test_a_manager_who_belongs_to_one_side_opens_no_deal(market, enter, broker, firm):
    Membership.objects.create(user=broker, organisation=firm, role="reader")
    client = enter(broker)
    assert "open-deal" not in names(client, market.match)
    assert press(client, market.match, "open-deal").status_code == 403


def test_a_dismissed_match_leaves_the_list_until_restored(market, enter, sme, firm):
    client = enter(sme)
    press(client, market.match, "dismiss", reason_code="WORDS_ONLY", note="")
    assert Judgement.objects.get().organisation == firm
    assert market.match not in client.get(list_url(Match)).context["cl"].queryset
    assert market.match in client.get(list_url(Match), {"verdict": "dismissed"}).context["cl"].queryset
    press(client, market.match, "restore")
    assert market.match in client.get(list_url(Match)).context["cl"].queryset


def test_one_sides_judgement_is_not_the_others(market, enter, sme, broker):
    press(enter(sme), market.match, "shortlist")
    assert "shortlist" not in names(enter(sme), market.match)
    assert "shortlist" in names(enter(broker), market.match)


def test_interest_from_a_match_names_the_own_listing(market, enter, university_officer):
    press(enter(university_officer), market.match, "express-interest", pitch="We coat.", why_fit="30 µm", question="")
    lead = Lead.objects.get(listing=market.need)
    assert lead.own_listing == market.supply


def test_a_second_interest_is_refused_with_a_sentence(market, enter, sme):
    answer = press(enter(sme), market.match, "express-interest", pitch="Again", why_fit="x", question="")
    assert "already waits for an answer" in said(answer)


def test_declining_needs_a_reason_and_counts_as_an_answer(market, enter, university_officer):
    client = enter(university_officer)
    assert "decline_code" in press(client, market.lead, "decline", text="No.").context["form"].errors
    press(client, market.lead, "decline", decline_code="CAPACITY", text="Not this year.")
    assert Lead.objects.get(pk=market.lead.pk).state == "declined"


def test_a_move_of_another_role_is_forbidden_though_the_row_is_seen(market, enter, reader, sme):
    assert press(enter(reader), market.draft, "submit").status_code == 403
    assert press(enter(sme), market.lead, "accept", text="").status_code == 403


def test_a_link_to_a_button_does_nothing_by_itself(market, enter, university_officer):
    enter(university_officer).get(move_url(market.draft, "submit"))
    assert Achievement.objects.get(pk=market.draft.pk).state == "draft"


def test_a_button_sends_nobody_to_another_site(market, enter, university_officer):
    answer = press(enter(university_officer), market.draft, "submit", next="https://evil.example/")
    assert answer.url == page_url(market.draft)


def test_renewing_is_offered_in_the_last_thirty_days(market, enter, university_officer):
    row, client = market.supply.achievement, enter(university_officer)
    assert "renew" not in names(client, row)
    today = timezone.localdate()
    Achievement.objects.filter(pk=row.pk).update(
        published_on=today - timedelta(days=350), expires_on=today + timedelta(days=15)
    )
    assert "renew" in names(client, row)
    press(client, row, "renew")
    assert Achievement.objects.get(pk=row.pk).has_been_renewed


@pytest.mark.parametrize(
    ("days", "is_renewed", "words"),
    [(15, False, ""), (14, False, "unless it is renewed"), (1, True, "has been renewed once")],
)
def test_a_listing_warns_on_its_page_in_the_last_fourteen_days(
    market, enter, university_officer, days, is_renewed, words
):
    row, end = market.supply.achievement, timezone.localdate() + timedelta(days=days)
    Achievement.objects.filter(pk=row.pk).update(expires_on=end, has_been_renewed=is_renewed)
    page = enter(university_officer).get(page_url(row)).content.decode()
    assert ("It leaves the market after" in page) == bool(words)
    assert words in page


def test_interest_is_closed_and_opened_by_one_button(market, enter, university_officer):
    row, client = market.supply.achievement, enter(university_officer)
    press(client, row, "close-for-interest")
    assert "open-for-interest" in names(client, row)
    assert not Achievement.objects.get(pk=row.pk).is_open_for_interest


def test_staff_verify_and_suspend_an_organisation(enter, staff):
    row = factories.make_organisation(verified=False)
    client = enter(staff)
    press(client, row, "verify")
    assert Organisation.objects.get().is_verified
    press(client, row, "suspend", reason="The licence has ended.")
    assert Organisation.objects.get().state == "suspended"


def test_the_register_is_decided_with_number_and_reason(enter, staff):
    row = apply_as_manager()
    client = enter(staff)
    silent = press(client, row, "grant", number="JS-1", reason="")
    assert "reason" in silent.context["form"].errors
    press(client, row, "grant", number="JS-1", reason="条件齐备。")
    assert TechnologyManager.objects.get().is_valid


def test_the_last_administrator_stays(enter, staff):
    row = factories.make_organisation()
    factories.make_member(row, "admin")
    answer = press(enter(staff), row.memberships.get(), "end")
    assert "another administrator" in said(answer)
