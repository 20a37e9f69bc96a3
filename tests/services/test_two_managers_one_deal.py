"""Two tabs, one deal: who comes second is told what changed, and nothing of the first is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Deal
from marketplace.core.errors import Conflict, Stale
from marketplace.discovery.models import Match
from tests import factories
from tests.rows import reread
from tests.services.racing import race

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]


def race_for(version):
    """Two moves of one deal at once, each by what its reader saw; the deal and what came of both."""
    university, firm = factories.make_organisation("UNIVERSITY"), factories.make_organisation("FIRM")
    achievement, demand = factories.make_published_achievement(university), factories.make_published_demand(firm)
    match = Match.objects.create(achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1)
    broker, officer = factories.make_technology_manager(), factories.make_member(university)
    deal = services.open_deal(match, by=broker)
    seen = deal.version if version else None
    until = timezone.localdate() + timedelta(days=30)
    results = race(
        lambda: services.give_time(deal, until, version=seen, by=broker),
        lambda: services.join(deal, version=seen, by=officer),
    )
    return reread(deal), results


def test_the_second_is_refused_and_told_what_changed():
    for _ in range(20):
        deal, results = race_for(version=True)
        stale = [each for each in results if isinstance(each, Stale)]
        assert len(stale) == 1
        assert deal.version == 2
        assert bool(deal.supplier_joined_at) == isinstance(results[1], Deal)


def test_without_the_version_both_pass_and_the_second_overwrites_the_clock():
    deal, results = race_for(version=False)
    assert all(isinstance(each, Deal) for each in results)
    assert deal.version == 3


def lost_deal():
    """A deal that the firm closed, its match, and who may take it up again."""
    university, firm = factories.make_organisation("UNIVERSITY"), factories.make_organisation("FIRM")
    achievement, demand = factories.make_published_achievement(university), factories.make_published_demand(firm)
    match = Match.objects.create(achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1)
    broker, officer = factories.make_technology_manager(), factories.make_member(university)
    deal = services.lose(services.open_deal(match, by=broker), "CAPACITY", by=factories.make_member(firm))
    return deal, match, broker, officer


@pytest.mark.parametrize("with_version", [True, False])
def test_of_two_who_take_a_lost_deal_up_again_one_does(with_version):
    for _ in range(5):
        deal, _match, broker, officer = lost_deal()
        seen = deal.version if with_version else None
        results = race(
            lambda deal=deal, seen=seen, by=broker: services.take_up(deal, "经理的理由。", version=seen, by=by),
            lambda deal=deal, seen=seen, by=officer: services.take_up(deal, "高校的理由。", version=seen, by=by),
        )
        won = [isinstance(each, Deal) for each in results]
        assert sorted(won) == [False, True]
        assert isinstance(results[won.index(False)], Stale if with_version else Conflict)
        assert reread(deal).taken_up_note == ("经理的理由。", "高校的理由。")[won.index(True)]


def test_a_lost_deal_and_a_new_one_of_the_same_pair_are_not_both_opened():
    for _ in range(5):
        deal, match, _broker, officer = lost_deal()
        results = race(
            lambda deal=deal, by=officer: services.take_up(deal, "高校的理由。", by=by),
            lambda match=match: services.open_deal(match, by=factories.make_technology_manager()),
        )
        assert sorted(isinstance(each, Deal) for each in results) == [False, True]
        assert [each.code for each in results if isinstance(each, Conflict)] == ["deal_open"]
        assert Deal.objects.filter(achievement=match.achievement, state__in=Deal.LIVE).count() == 1
