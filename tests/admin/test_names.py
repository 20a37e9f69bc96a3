"""An introduction names no anonymous side to the other: on no page, in no search, by no order."""

import pytest

from marketplace.brokerage import services
from marketplace.brokerage.models import Deal
from marketplace.core.workspace import list_url, page_url
from marketplace.discovery.models import Match
from marketplace.listings import services as listings
from tests import factories

pytestmark = pytest.mark.django_db

HIDDEN = "Nameless Mountain"


@pytest.fixture
def hidden():
    return factories.make_organisation(name_zh=HIDDEN, name_en=HIDDEN)


@pytest.fixture
def plain():
    return factories.make_organisation()


@pytest.fixture(params=["supplier", "seeker"])
def deal(request, hidden, plain, broker):
    supplier, seeker = (hidden, plain) if request.param == "supplier" else (plain, hidden)
    achievement = factories.make_published_achievement(supplier, is_anonymous=supplier == hidden)
    demand = factories.make_published_demand(seeker, is_anonymous=seeker == hidden)
    match = Match.objects.create(achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1)
    return services.open_deal(match, by=broker)


def pages(client, deal):
    return [client.get(each).content.decode() for each in ("/workspace/", list_url(Deal), page_url(deal))]


def test_the_other_side_reads_the_name_nowhere(enter, deal, plain):
    assert [HIDDEN in page for page in pages(enter(factories.make_member(plain)), deal)] == [False] * 3


def test_its_own_people_the_manager_and_staff_read_it(enter, deal, hidden, broker, staff):
    for user in (factories.make_member(hidden), broker, staff):
        assert all(HIDDEN in page for page in pages(enter(user), deal)[1:])


def test_the_name_finds_no_deal(enter, deal, plain):
    answer = enter(factories.make_member(plain)).get(list_url(Deal), {"q": HIDDEN})
    assert list(answer.context["cl"].queryset) == []


def test_no_column_sorts_by_a_name(enter, deal, plain):
    client = enter(factories.make_member(plain))
    for number in range(1, 8):
        rows = client.get(list_url(Deal), {"o": str(number)}).context["cl"].queryset
        assert not {"supplier", "seeker"} & {str(each).lstrip("-").split("__")[0] for each in rows.query.order_by}


def test_a_listing_that_left_the_market_names_its_owner_no_sooner(enter, deal, hidden, plain, staff):
    row = deal.achievement if deal.supplier == hidden else deal.demand
    listings.withdraw(row.listing, by=staff)
    assert HIDDEN not in pages(enter(factories.make_member(plain)), deal)[2]
