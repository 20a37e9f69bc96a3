"""Mandates, introductions and disclosures by the pages of the workspace."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Disclosure, Interest, Introduction, Mandate
from marketplace.core.errors import Invalid
from marketplace.core.workspace import list_url, move_url, page_url
from tests import factories
from tests.admin.asking import queries, work
from tests.brokerage.mandating import make_mandate, make_signed_mandate
from tests.rows import reread

pytestmark = pytest.mark.django_db
ADD = reverse("admin:brokerage_mandate_add")


def press(client, row, name, **values):
    return client.post(move_url(row, name), {"version": row.version} | values)


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def form(**values):
    today = timezone.localdate()
    return {
        "side": "SUPPLY", "technical_fields": ["05", "07"], "places": ["CN"], "base": "RECEIVED", "tail_months": "12",
        "starts_on": today.isoformat(), "ends_on": (today + timedelta(days=365)).isoformat(),
        "rates": "0 5\n1,000,000 3%", "floor": "20000", "cap": "", "agency_percent": "50", "note": "",
    } | values  # fmt: skip


def test_a_principal_draws_a_mandate_up_and_both_sign_it(enter, university, university_officer, broker):
    client = enter(university_officer)
    answer = client.post(ADD, form(own=university.pk, manager=broker.pk, is_exclusive="on"))
    assert answer.status_code == 302, answer.context["adminform"].errors
    mandate = Mandate.objects.get()
    assert mandate.tiers == [{"from": "0", "rate": "0.05"}, {"from": "1000000", "rate": "0.03"}]
    assert (mandate.is_exclusive, mandate.agency_share, mandate.fields) == (True, 0, ["05", "07"])
    press(client, mandate, "sign")
    press(enter(broker), reread(mandate), "sign")
    assert reread(mandate).state == "active"
    page = enter(broker).get(page_url(mandate)).content.decode()
    assert "from CNY 1,000,000 on 3 %" in page
    assert "broker 100 %" in page


def test_a_broker_names_its_principal_by_credit_code(enter, university, broker):
    listing = factories.make_published_achievement(university)
    client = enter(broker)
    wrong = client.post(ADD, form(manager=broker.pk, principal_code=factories.make_credit_code()))
    assert "No verified organisation" in str(wrong.context["adminform"].errors)
    client.post(ADD, form(manager=broker.pk, principal_code=university.credit_code))
    mandate = Mandate.objects.get()
    change = form(technical_fields=[], offered=[listing.public_id], seen_version=str(mandate.version))
    assert client.post(page_url(mandate), change).status_code == 302
    assert list(mandate.listings.all()) == [listing]


def test_a_broker_is_offered_no_anonymous_listing(enter, university, university_officer, broker):
    hidden = factories.make_published_achievement(university, is_anonymous=True)
    mandate = make_mandate(university, manager=broker)
    assert hidden.title not in enter(broker).get(page_url(mandate)).content.decode()
    assert hidden.title in enter(university_officer).get(page_url(mandate)).content.decode()
    with pytest.raises(Invalid):
        services.edit_mandate(mandate, {"fields": [], "listings": [hidden]}, by=broker)


def test_what_cannot_be_stands_beside_its_field_and_nothing_is_lost(enter, university, university_officer, broker):
    answer = enter(university_officer).post(ADD, form(own=university.pk, manager=broker.pk, rates="five", places=[]))
    assert set(answer.context["adminform"].errors) == {"rates", "places"}
    both = enter(university_officer).post(ADD, form(own=university.pk, technical_fields=[]))
    assert "technical_fields" not in both.context["adminform"].errors
    assert Mandate.objects.count() == 0


def test_who_reads_is_offered_no_button(enter, university, broker, staff):
    mandate = make_mandate(university, manager=broker)
    for person in (factories.make_member(university, "reader"), staff):
        assert enter(person).get(page_url(mandate)).context["moves"] == []


def test_a_mandate_is_ended_by_both_and_terminated_by_one(enter, university, university_officer, broker):
    mandate = make_signed_mandate(university, manager=broker)
    press(enter(broker), mandate, "end", note="done")
    assert "asks to end it" in enter(university_officer).get(page_url(mandate)).content.decode()
    press(enter(university_officer), reread(mandate), "end", note="")
    assert reread(mandate).state == "ended"
    other = make_signed_mandate(university, manager=broker)
    press(enter(university_officer), other, "terminate", reason="no longer needed")
    assert reread(other).state == "terminated"


def test_the_front_page_says_what_is_to_be_signed_and_confirmed(market, enter, university, university_officer, broker):
    mandate = make_mandate(university, manager=broker)
    introduction = Introduction.objects.get()
    found = work(enter(university_officer))
    assert found["Mandates to sign"] == [page_url(mandate)]
    assert found["Introductions to confirm"] == [page_url(introduction)]
    assert work(enter(broker))["Mandates to sign"] == [page_url(mandate)]
    for person, other in ((university_officer, broker.name), (broker, university)):
        sections = enter(person).get("/workspace/").context["sections"]
        [waiting] = [each for each in sections if str(each.title) == "Mandates to sign"]
        assert waiting.lines[0].title == str(other)


def test_an_introduction_is_confirmed_disputed_and_printed(market, enter, university_officer, sme, broker, outsider):
    row = Introduction.objects.get()
    press(enter(sme), row, "confirm")
    press(enter(university_officer), row, "dispute", reason="met before")
    assert reread(row).state == "disputed"
    address = reverse("admin:brokerage_introduction_proof", args=[row.pk])
    page = enter(broker).get(address).content.decode()
    assert all(each in page for each in ("Jianglan University", "Chenhui", "met before", row.public_id.upper()))
    assert enter(outsider).get(address).status_code == 404


def test_a_broker_writes_an_introduction_down_on_a_listing(market, enter, broker, sme, university, outsider):
    theirs = outsider.memberships.get().organisation
    today = timezone.localdate().isoformat()
    answer = press(
        enter(broker), market.need, "log-introduction", other=theirs.credit_code, on=today, how="EVENT", note="路演"
    )
    row = Introduction.objects.get(supplier=theirs)
    assert answer.url == page_url(row)
    assert enter(sme).get(move_url(market.need, "log-introduction")).status_code == 403


def test_an_anonymous_side_is_not_named_to_the_other(enter, firm, sme, broker):
    owner = factories.make_organisation(name_en="Nameless Mountain")
    row = services.log_introduction(factories.make_published_achievement(owner, is_anonymous=True), firm, by=broker)
    client = enter(sme)
    for address in (list_url(Introduction), page_url(row)):
        assert "Nameless Mountain" not in client.get(address).content.decode()
    assert client.get(reverse("admin:brokerage_introduction_proof", args=[row.pk])).status_code == 404
    assert list(client.get(list_url(Introduction), {"q": "Nameless"}).context["cl"].queryset) == []


def test_a_disclosure_is_made_on_a_match_and_answered(market, enter, broker, firm, university_officer, sme):
    add = reverse("admin:brokerage_interest_add")
    client = enter(broker)
    client.post(add, {"other": firm.credit_code, "kind": "SHARES", "since": "2026-01-01", "note": "3 %", "holder": ""})
    assert Interest.objects.get().manager == broker
    refusal = press(client, market.match, "open-deal", note="")
    assert "Disclose it to both first" in refusal.content.decode()
    press(client, market.match, "disclose", note="I hold shares.")
    for person in (university_officer, sme):
        row = Disclosure.objects.get(party__memberships__user=person)
        assert "holds shares or options" in enter(person).get(page_url(row)).content.decode()
        press(enter(person), row, "acknowledge", answer="")
    press(client, market.match, "open-deal", note="")
    assert Introduction.objects.filter(demand=market.need).exists()


def test_more_rows_ask_no_more_questions(enter, university, university_officer, firm, broker):
    def grow():
        make_mandate(university, manager=broker)
        services.log_introduction(factories.make_published_achievement(university), firm, by=broker)

    pages = ("/workspace/", list_url(Mandate), list_url(Introduction), list_url(Disclosure))
    grow()
    grow()
    client = enter(university_officer)
    before = [queries(client, page) for page in pages]
    for _ in range(3):
        grow()
    assert [queries(client, page) for page in pages] == before
