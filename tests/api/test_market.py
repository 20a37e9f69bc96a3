"""Public listings: their shape, who reads which tier, and that nothing hidden moves an answer."""

import pytest
from django.db import transaction

from marketplace.discovery.models import Match
from marketplace.listings.models import Projection
from tests.factories import make_organisation, make_published_achievement, make_published_demand

from .conftest import make_match

pytestmark = pytest.mark.django_db
HIDDEN = {
    "tiers": {"description": "nda", "economics": "registered", "technology_keywords": "nda", "price": "nda"},
    "public_note_zh": "细节签署保密协议后提供。",
}


def test_a_card_has_exactly_its_public_fields(call, university):
    row = make_published_achievement(university)
    (card,) = call(None, "get", "achievements/").json()["results"]
    assert card == {
        "id": row.public_id,
        "title": row.title_en,
        "title_zh": row.title_zh,
        "title_en": row.title_en,
        "summary": row.texts["summary_en"],
        "owner": {
            "name": "Jianglan University",
            "name_zh": "江澜大学",
            "name_en": "Jianglan University",
            "kind": "UNIVERSITY",
            "kind_display": "university or college",
        },
        "field": "05",
        "field_display": "New materials and their application",
        "region": "110000",
        "region_display": "Beijing",
        "modes": ["ZERO_UPFRONT"],
        "modes_display": card["modes_display"],
        "currency": "CNY",
        "is_open_for_interest": True,
        "published_on": row.published_on.isoformat(),
        "expires_on": row.expires_on.isoformat(),
        "trl": 7,
        "stage": "MIDDLE",
        "stage_display": "middle: pilot, before production",
        "ip_status": "GRANTED",
        "ip_status_display": "granted",
        "price_low": "200000.00",
        "price_high": "400000.00",
    }


def test_names_of_codes_are_in_the_readers_language(call):
    row = make_published_demand()
    seen = call(None, "get", f"demands/{row.public_id}/", **{"Accept-Language": "zh-hans"}).json()
    assert (seen["field_display"], seen["region_display"]) == ("新材料及其应用", "广东省")
    assert seen["title"] == row.title_zh


def test_a_visitor_reads_the_public_tier_and_what_is_hidden(call):
    row = make_published_achievement(**HIDDEN)
    seen = call(None, "get", f"achievements/{row.public_id}/").json()
    assert not {"description_zh", "economics_zh"} & set(seen["texts"])
    assert (seen["price_low"], seen["offers"], seen["keywords_zh"]) == (None, [], [])
    assert {"name": "economics", "tier": "registered"} in seen["hidden"]


def test_a_registered_reader_reads_the_registered_tier_and_never_the_nda(call, sme):
    row = make_published_achievement(**HIDDEN)
    seen = call(sme, "get", f"achievements/{row.public_id}/").json()
    assert seen["texts"]["economics_zh"]
    assert "description_zh" not in seen["texts"]
    assert {each["tier"] for each in seen["hidden"]} == {"nda"}


def test_an_anonymous_owner_is_named_nowhere(call, university, sme, broker):
    row = make_published_achievement(university, is_anonymous=True)
    make_match(row, make_published_demand(sme.memberships.get().organisation))
    paths = ["achievements/", f"achievements/{row.public_id}/", "achievements/?q=Jianglan", "matches/"]
    answers = [call(user, "get", path).content.decode() for user in (None, sme, broker) for path in paths]
    assert not any(name in text for name in ("江澜", "Jianglan", university.public_id) for text in answers)


def test_the_receiver_of_a_lead_stays_anonymous_until_it_accepts(call, university, university_officer, sme, firm):
    row = make_published_achievement(university, is_anonymous=True)
    body = {"listing": row.public_id, "sender": firm.public_id, "pitch": "我们做支架。", "why_fit": "相符。"}
    lead = call(sme, "post", "leads/", body).json()
    assert lead["receiver"] is None
    call(university_officer, "post", f"leads/{lead['id']}/accept/")
    assert call(sme, "get", f"leads/{lead['id']}/").json()["receiver"]["id"] == university.public_id


def test_an_introduction_does_not_name_an_anonymous_side_to_the_other(call, university, firm, sme, broker):
    row = make_published_achievement(university, is_anonymous=True)
    match = make_match(row, make_published_demand(firm))
    deal = call(broker, "post", f"matches/{match.public_id}/open-deal/").json()
    assert deal["supplier"]["id"] == university.public_id
    assert call(sme, "get", f"deals/{deal['id']}/").json()["supplier"] is None


QUERIES = [
    ("achievements/?field=05", 2), ("achievements/?field=01,05", 2), ("achievements/?field=01", 0),
    ("achievements/?region=110000", 2), ("achievements/?stage=MIDDLE", 2), ("achievements/?stage=EARLY", 0),
    ("achievements/?trl_min=7", 2), ("achievements/?trl_min=8", 0), ("achievements/?mode=ZERO_UPFRONT,OPEN", 2),
    ("achievements/?mode=OPEN", 0), ("achievements/?price_max=200000", 1), ("achievements/?price_max=199999.99", 0),
    ("achievements/?price_min=400000", 1), ("achievements/?price_min=400000.01", 0), ("achievements/?q=陶瓷", 2),
    ("achievements/?q=陶瓷 石墨烯", 0), ("achievements/?is_open_for_interest=false", 0),
    ("demands/?trl_max=6", 1), ("demands/?trl_max=5", 0), ("demands/?budget_min=500000", 1),
    ("demands/?budget_min=500001", 0), ("demands/?mode=OPEN", 1), ("demands/?budget_max=99999", 0),
]  # fmt: skip


@pytest.fixture
def market(db):
    make_published_achievement(title_zh="陶瓷涂层一")
    make_published_achievement(title_zh="陶瓷涂层二", tiers={"price": "nda"})
    make_published_demand()


@pytest.mark.parametrize(("path", "count"), QUERIES)
def test_filters_narrow_by_public_values_only(call, market, path, count):
    assert call(None, "get", path).json()["count"] == count


def test_order_is_by_the_day_of_publication(call, market):
    newest = call(None, "get", "achievements/").json()["results"]
    oldest = call(None, "get", "achievements/?ordering=published_on").json()["results"]
    assert [each["id"] for each in oldest] == [each["id"] for each in reversed(newest)]


def test_no_cache_keeps_what_one_person_reads(call, market, sme):
    assert call(sme, "get", "achievements/")["Cache-Control"] == "no-store"


def test_drafts_and_what_is_in_review_are_not_on_the_market(call, world):
    for row in (world.draft, world.submitted):
        assert call(world.staff, "get", f"achievements/{row.public_id}/").status_code == 404


WORLDS = {
    "description_zh": ("以硅酸盐电解液处理", "以铝酸盐电解液处理石墨烯"),
    "economics_zh": ("每平方分米成本0.8元", "每平方分米成本0.3元"),
    "technology_keywords_zh": (["等离子体"], ["石墨烯", "溅射"]),
    "offers": ({"price_low": "1.00", "price_high": "2.00"}, {"price_low": "5000000.00", "price_high": "9000000.00"}),
}
ASKED = [
    "achievements/", "achievements/?q=石墨烯", "achievements/?q=铝酸盐", "achievements/?price_max=100",
    "achievements/?price_min=1000000", "achievements/?ordering=published_on", "achievements/?mode=ZERO_UPFRONT",
    "matches/", "matches/?verdict=open", "demands/", "achievements/aaaaaaaaaaaaaaaa/", "nothing/",
]  # fmt: skip


def answers_of_world(call, readers, which):
    """The whole market with one or the other secret, as everybody reads it; ids and titles are the same."""
    secret = {name: pair[which] for name, pair in WORLDS.items() if name != "offers"}
    offers = [{"mode": "ZERO_UPFRONT", **WORLDS["offers"][which]}]
    tiers = {"description": "nda", "economics": "nda", "technology_keywords": "nda", "price": "nda"}
    owner = make_organisation("UNIVERSITY", name_zh="同一大学", name_en="Same University")
    row = make_published_achievement(owner, title_zh="同名", offers=offers, tiers=tiers, public_note_zh="略", **secret)
    firm = make_organisation("FIRM", name_zh="同一公司", name_en="Same Company")
    demand = make_published_demand(firm, title_zh="同一需求")
    Projection.objects.filter(pk=row.pk).update(public_id="a" * 16)
    Projection.objects.filter(pk=demand.pk).update(public_id="b" * 16)
    match = make_match(row, demand)
    Match.objects.filter(pk=match.pk).update(public_id="c" * 16, found_at="2026-01-01T00:00:00Z")
    return [call(reader, "get", path).content for reader in readers for path in ASKED]


def test_another_secret_changes_no_byte_of_any_answer(call, broker, sme):
    worlds = []
    for which in (0, 1):
        with transaction.atomic():
            worlds.append(answers_of_world(call, [None, sme, broker], which))
            transaction.set_rollback(True)
    assert worlds[0] == worlds[1]
