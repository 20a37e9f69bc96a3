"""One listing that makes the matcher raise keeps nobody waiting, is tried a few times, and is then set aside."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.discovery import indexing, refreshing
from marketplace.discovery.models import Match
from marketplace.listings import services
from marketplace.listings.models import MOST_ATTEMPTS, Projection
from tests.factories import make_published_achievement, make_published_demand, publish

pytestmark = pytest.mark.django_db


class Poisonous(Exception):
    pass


@pytest.fixture
def poison(monkeypatch):
    """The matcher raises on every listing with this word in its title."""
    document = indexing.document

    def fails_on_it(row):
        if "毒药" in row.title_zh:
            raise Poisonous(f"cannot read {row.public_id}")
        return document(row)

    monkeypatch.setattr(indexing, "document", fails_on_it)


def let_time_pass():
    Projection.objects.update(index_after=None)


def sweep_all():
    while refreshing.sweep():
        pass


def test_the_others_of_its_batch_are_matched(poison):
    spoilt = make_published_achievement(title_zh="毒药")
    demands = [make_published_demand() for _ in range(3)]
    good = [make_published_achievement() for _ in range(4)]
    sweep_all()
    assert Match.objects.count() == len(demands) * len(good)
    assert list(Projection.objects.unindexed()) == [spoilt]


def test_a_demand_that_cannot_be_asked_stops_no_achievement(poison):
    demand = make_published_demand()
    spoilt = make_published_demand(title_zh="毒药")
    make_published_achievement()
    sweep_all()
    assert [match.demand for match in Match.objects.all()] == [demand]
    assert list(Projection.objects.unindexed()) == [spoilt]


def test_a_demand_that_spoils_later_is_put_off_and_not_the_achievement_beside_it(monkeypatch):
    spoilt, demand = make_published_demand(title_zh="铝合金毒药陶瓷涂层"), make_published_demand()
    sweep_all()
    best = indexing.Market.best

    def fails_on_it(self, rows, *rest):
        if any(row.pk == spoilt.pk for row in rows):
            raise Poisonous
        return best(self, rows, *rest)

    monkeypatch.setattr(indexing.Market, "best", fails_on_it)
    achievement = make_published_achievement()
    sweep_all()
    assert list(Match.objects.current().values_list("achievement", "demand")) == [(achievement.pk, demand.pk)]
    assert list(Projection.objects.unindexed()) == [spoilt]


def test_it_waits_longer_after_each_failure_and_is_then_set_aside(poison):
    spoilt = make_published_achievement(title_zh="毒药")
    waits = []
    while refreshing.sweep():
        spoilt.refresh_from_db()
        waits.append(spoilt.index_after - timezone.now())
        let_time_pass()
    assert len(waits) == MOST_ATTEMPTS
    assert all(longer > shorter + timedelta(seconds=5) for shorter, longer in pairwise(waits[:4]))
    assert [row.index_fault for row in Projection.objects.set_aside()] == [f"Poisonous: cannot read {spoilt.public_id}"]


def test_before_its_wait_is_over_nobody_tries_it_again(poison):
    spoilt = make_published_achievement(title_zh="毒药")
    sweep_all()
    assert refreshing.sweep() == 0
    assert refreshing.refresh(spoilt.pk) is False


def test_a_new_text_is_a_new_chance(poison):
    spoilt = make_published_achievement(title_zh="毒药")
    Projection.objects.update(index_attempts=MOST_ATTEMPTS, index_fault="Poisonous")
    demand = make_published_demand()
    retitle(spoilt.achievement, "铝合金陶瓷涂层")
    sweep_all()
    assert list(Match.objects.values_list("achievement", "demand")) == [(spoilt.pk, demand.pk)]
    assert not Projection.objects.unindexed().exists()


def retitle(listing, title):
    listing = services.revise(listing, by=SYSTEM)
    publish(services.edit(listing, {"title_zh": title}, by=SYSTEM))


def test_the_night_gives_what_was_set_aside_one_more_attempt(poison):
    make_published_achievement(title_zh="毒药")
    Projection.objects.update(index_attempts=MOST_ATTEMPTS, index_after=timezone.now() + timedelta(days=1))
    refreshing.refresh_all()
    assert refreshing.sweep() == 1
    assert refreshing.sweep() == 0
    assert Projection.objects.set_aside().count() == 1


def die_with(count):
    """A worker claims rows and is killed."""
    refreshing.claim(Projection.objects.due(timezone.now()).order_by("index_attempts", "pk"), count)


def test_rows_whose_worker_died_are_tried_again_when_its_lease_is_over():
    rows = [make_published_demand() for _ in range(3)]
    die_with(3)
    assert refreshing.sweep() == 0
    let_time_pass()
    assert refreshing.sweep() == 3
    assert not Projection.objects.filter(pk__in=[row.pk for row in rows]).unindexed().exists()


def test_rows_whose_workers_die_come_in_smaller_parties_and_at_last_alone():
    for _ in range(12):
        make_published_demand()
    die_with(12)
    let_time_pass()
    die_with(10)
    let_time_pass()
    assert [refreshing.sweep() for _ in range(12)] == [2, *[1] * 10, 0]


def test_deaths_at_random_moments_set_no_innocent_row_aside():
    for _ in range(12):
        make_published_demand()
    for _ in range(MOST_ATTEMPTS + 5):
        let_time_pass()
        least = Projection.objects.order_by("index_attempts").first().index_attempts
        die_with({0: 100, 1: 10}.get(least, 1))
    assert not Projection.objects.set_aside().exists()
