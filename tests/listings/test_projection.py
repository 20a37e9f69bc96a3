"""What leaves its owner: a secret text appears in no public row, no match, no reason and no journal line."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from time_machine import travel

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict
from marketplace.core.models import Entry
from marketplace.discovery import services as discovery
from marketplace.discovery.indexing import MARKET
from marketplace.discovery.models import Match
from marketplace.listings import rules, services
from marketplace.listings.models import Achievement, Demand, Projection
from marketplace.listings.projection import BLANK
from marketplace.parties.models import Organisation
from tests import factories
from tests.rows import reread, values
from tests.tables import Undo

CANARIES = {"zh": "鑫犇淼秘方", "en": "zyxwcanary"}
NOTE = {"public_note_zh": "用于铝合金防护,细节签约后提供。"}
TEXTS = ("summary", "description", "advantage", "economics")
WORDS = ("technology_keywords", "market_keywords")


def all_stored(*models):
    """Everything stored in these tables, as one text."""
    rows = [list(model.objects.values()) for model in models]
    return json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False)


def canaries_in(text):
    return {language for language, canary in CANARIES.items() if canary in text}


def with_canary(name):
    """Values that put the canary into both languages of a text, or among the words."""
    if name in WORDS:
        return {f"{name}_{language}": [canary] for language, canary in CANARIES.items()}
    return {f"{name}_{language}": f"{canary} 6061" for language, canary in CANARIES.items()}


@pytest.mark.parametrize("name", [*TEXTS, *WORDS])
@pytest.mark.parametrize("tier", rules.TIERS)
@pytest.mark.parametrize("ip_status", Achievement.IpStatus.values)
def test_an_achievements_text_is_public_only_in_the_public_tier(university, firm, name, tier, ip_status):
    achievement = {**with_canary(name), **NOTE, "tiers": {name: tier}, "ip_status": ip_status}
    row = factories.make_published_achievement(university, **achievement)
    # The demand asks for exactly the secret, so that a leak would become a score and a reason.
    demand = factories.make_published_demand(firm, **with_canary("description"))
    discovery.sweep()
    is_public = row.achievement.effective_tiers[name] == rules.PUBLIC
    seen = all_stored(Entry, Match) + json.dumps(values(row), cls=DjangoJSONEncoder, ensure_ascii=False)
    assert canaries_in(seen) == (set(CANARIES) if is_public else set())
    assert Match.objects.filter(achievement=row, demand=demand).exists()


@pytest.mark.parametrize("name", ["summary", "description", "target", "acceptance", *WORDS])
@pytest.mark.parametrize("tier", rules.TIERS)
def test_a_demands_text_is_public_only_in_the_public_tier(university, firm, name, tier):
    row = factories.make_published_demand(firm, **with_canary(name), **NOTE, tiers={name: tier})
    factories.make_published_achievement(university, **with_canary("description"))
    discovery.sweep()
    shown = json.dumps(values(row), cls=DjangoJSONEncoder, ensure_ascii=False)
    assert canaries_in(shown) == (set(CANARIES) if tier == rules.PUBLIC else set())
    assert not canaries_in(all_stored(Entry))


@pytest.mark.parametrize("tier", [rules.REGISTERED, rules.NDA])
def test_no_reason_shows_a_demands_secret(university, firm, tier):
    """The achievement has the word in public; the demand keeps it secret: it must not become a reason."""
    factories.make_published_demand(firm, **with_canary("target"), tiers={"target": tier}, **NOTE)
    factories.make_published_achievement(university, **with_canary("description"))
    discovery.sweep()
    assert Match.objects.exists()
    assert not canaries_in(all_stored(Match))


def test_an_unfiled_invention_shows_its_note_and_not_how_it_works(university):
    row = factories.make_published_achievement(university, ip_status="UNFILED", **NOTE)
    assert set(row.texts) == {"public_note_zh", "advantage_zh", "economics_zh"}
    assert (row.keywords_zh, row.keywords_en) == ([], [])


def test_a_filed_application_keeps_its_description(university):
    row = factories.make_published_achievement(university, ip_status="FILED", **NOTE)
    assert "summary_zh" in row.texts
    assert not {"description_zh", "description_en"} & set(row.texts)


@pytest.mark.parametrize("ip_status", Achievement.IpStatus.values)
def test_an_application_that_is_not_published_shows_its_kind_alone(university, ip_status):
    facts = {"kind": "02", "number": "201310699744.2", "title_zh": CANARIES["zh"], "title_en": CANARIES["en"]}
    right = services.add_right(facts, owner=university, by=SYSTEM)
    listing = factories.make_achievement(university, ip_status=ip_status, **NOTE)
    row = factories.publish(services.edit(listing, {}, rights=[right], by=SYSTEM)).projection
    hidden = ip_status in ("UNFILED", "FILED")
    assert row.rights == [{"kind": "02"} if hidden else facts]


@pytest.mark.parametrize("tier", rules.TIERS)
def test_a_price_is_shown_only_in_the_public_tier_and_the_modes_always(university, tier):
    offer = {"mode": "BUYOUT", "price_low": "777777.77", "price_high": "888888.88", "note": CANARIES["zh"]}
    row = factories.make_published_achievement(university, offers=[offer], tiers={"price": tier})
    shown = json.dumps(values(row), cls=DjangoJSONEncoder, ensure_ascii=False)
    found = [secret in shown for secret in ("777777.77", "888888.88", CANARIES["zh"])]
    assert found == [tier == rules.PUBLIC] * 3
    assert row.modes == ["BUYOUT"]


@pytest.mark.parametrize("tier", rules.TIERS)
def test_a_budget_is_shown_only_in_the_public_tier(firm, tier):
    row = factories.make_published_demand(firm, budget_low="777777.77", budget_high="888888.88", tiers={"price": tier})
    shown = json.dumps(values(row), cls=DjangoJSONEncoder)
    assert [secret in shown for secret in ("777777.77", "888888.88")] == [tier == rules.PUBLIC] * 2


def test_an_anonymous_owner_is_named_nowhere(university):
    right = services.add_right({"kind": "01", "title_zh": "江澜配方"}, owner=university, by=SYSTEM)
    listing = factories.make_achievement(university, is_anonymous=True)
    row = factories.publish(services.edit(listing, {}, rights=[right], by=SYSTEM)).projection
    shown = json.dumps(values(row), cls=DjangoJSONEncoder, ensure_ascii=False)
    assert not any(name in shown for name in ("江澜", "Jianglan", university.credit_code, "UNIVERSITY"))
    assert row.rights == []


def test_an_owner_who_gives_the_name_is_named(university):
    row = factories.make_published_achievement(university)
    assert (row.owner_name_zh, row.owner_name_en, row.owner_kind) == ("江澜大学", "Jianglan University", "UNIVERSITY")


@pytest.mark.parametrize("leave", [services.withdraw, services.revise])
def test_a_listing_off_the_market_leaves_a_blank_row(university, leave):
    row = factories.make_published_achievement(university)
    leave(row.achievement, by=SYSTEM)
    row = reread(row)
    assert (row.is_live, row.is_open_for_interest) == (False, False)
    assert {name: getattr(row, name) for name in BLANK} == BLANK
    stored = json.dumps(values(row), cls=DjangoJSONEncoder, ensure_ascii=False)
    assert "铝" not in stored
    assert "coating" not in stored


def test_a_draft_has_no_public_row(university):
    services.submit(factories.make_achievement(university), by=SYSTEM)
    assert not Projection.objects.exists()


def test_a_published_text_cannot_be_changed_behind_the_reviewers_back(university):
    """Neither the listing nor a right that it names; the interest switch shows what was reviewed."""
    right = services.add_right({"kind": "01", "title_zh": "配方"}, owner=university, by=SYSTEM)
    listing = services.edit(factories.make_achievement(university), {}, rights=[right], by=SYSTEM)
    listing = factories.publish(listing)
    for change in (
        lambda: services.edit(listing, {"title_zh": "别的"}, by=SYSTEM),
        lambda: services.set_offers(listing, [], by=SYSTEM),
        lambda: services.edit_right(right, {"title_zh": "别的"}, by=SYSTEM),
    ):
        with pytest.raises(Conflict):
            change()
    services.set_interest(listing, False, by=SYSTEM)
    assert "别的" not in all_stored(Projection)


def test_a_clock_that_is_behind_hides_no_change_from_the_matcher(university):
    with travel("2027-03-01T12:00:00+08:00"):
        row = factories.make_published_achievement(university)
        discovery.sweep()
    with travel("2027-03-01T11:00:00+08:00"):  # another machine
        services.withdraw(row.achievement, by=SYSTEM)
    assert reread(row) in Projection.objects.unindexed()


# Twin worlds


SECRET_FIELDS = [f"{name}_{language}" for name in TEXTS for language in ("zh", "en")]
SECRET_WORDS = [f"{name}_{language}" for name in WORDS for language in ("zh", "en")]
HIDDEN = dict.fromkeys((*TEXTS, *WORDS, "price"), "nda")


def world(secret, price):
    """A small market in which one achievement's hidden texts are `secret`; all that others can read of it."""
    MARKET.forget()
    hidden = dict.fromkeys(SECRET_FIELDS, secret) | {name: [secret[:40]] for name in SECRET_WORDS}
    offer = {"mode": "BUYOUT", "price_low": price, "price_high": price, "note": secret[:300]}
    snapshot = None
    try:
        with travel("2027-03-01T12:00:00+08:00", tick=False), transaction.atomic():
            owner, seeker = factories.make_organisation(), factories.make_organisation()
            Organisation.objects.filter(pk=owner.pk).update(public_id="o" * 16, name_zh="甲", name_en="")
            Organisation.objects.filter(pk=seeker.pk).update(public_id="p" * 16, name_zh="乙", name_en="")
            for number in range(6):
                own = hidden | {"tiers": HIDDEN, "offers": [offer]} | NOTE if number == 0 else {}
                row = factories.make_achievement(reread(owner), title_zh=f"铝合金涂层技术{number}", **own)
                Achievement.objects.filter(pk=row.pk).update(public_id=f"a{number:015d}")
                factories.publish(reread(row))
                wish = {"title_zh": f"铝合金涂层需求{number}", "summary_zh": f"秘方{number}"}
                row = factories.make_demand(reread(seeker), **wish)
                Demand.objects.filter(pk=row.pk).update(public_id=f"d{number:015d}")
                factories.publish(reread(row))
            discovery.sweep()
            snapshot = observed()
            raise Undo
    except Undo:
        return snapshot


def observed():
    """Public rows, matches in their order, journal lines; without running numbers, which count up between worlds."""
    running = {"id", "achievement_id", "demand_id", "public_id", "subject_id", "subject_label"}
    told = []
    for rows in (
        Projection.objects.order_by("public_id"),
        Match.objects.order_by("demand__public_id", "rank"),
        Entry.objects.order_by("id"),
    ):
        told.append([{k: v for k, v in row.items() if k not in running} for row in rows.values()])
    pairs = Match.objects.order_by("demand__public_id", "rank")
    told.append(list(pairs.values_list("demand__public_id", "achievement__public_id")))
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


@pytest.mark.parametrize(
    ("secret", "price"),
    [
        ("秘方5 铝合金涂层技术 盐雾1000小时 6061", "1.00"),
        ("zyxwcanary plasma electrolytic oxidation", "999999999.99"),
        ("", None),
        ("铝合金涂层" * 60, "300000.00"),
    ],
)
def test_another_secret_changes_nothing_that_others_can_see(db, secret, price):
    one, other = world("平凡的文字", "200000.00"), world(secret or "空", price)
    assert one == other
    assert len(json.loads(one)[1]) >= 6
