"""The same thing again and again is refused, by person or by address, and a lost cache shuts nobody out."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.core import limits
from marketplace.core.errors import TooOften


@pytest.fixture
def ask(rf):
    def make(address="10.0.0.1", user=None, forwarded=""):
        request = rf.get("/", REMOTE_ADDR=address, headers={"X-Forwarded-For": forwarded} if forwarded else {})
        request.user = user or AnonymousUser()
        return request

    return make


def test_what_is_too_often_is_refused(ask):
    for _ in range(3):
        limits.spend("objection", ask(), most=3)
    with pytest.raises(TooOften):
        limits.spend("objection", ask(), most=3)


def test_another_address_and_another_thing_have_counts_of_their_own(ask):
    limits.spend("objection", ask(), most=1)
    limits.spend("objection", ask("10.0.0.2"), most=1)
    limits.spend("feedback", ask(), most=1)


@pytest.mark.django_db
def test_a_person_is_counted_wherever_they_are(ask, sme):
    limits.spend("objection", ask(user=sme), most=1)
    with pytest.raises(TooOften):
        limits.spend("objection", ask("10.0.0.2", user=sme), most=1)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "10.0.0.1"),  # nobody stands in front: the header is made up
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (3, "1.1.1.1, 2.2.2.2", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_address_is_believed_from_the_proxies_alone(ask, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    assert limits.address(ask(forwarded=forwarded)) == address


def test_a_lost_cache_shuts_nobody_out(ask, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://[::1]:1"}
    }
    limits.spend("objection", ask(), most=0)
