"""Taking over a collection: the same checks as one by one, one journal line each, and nobody but the system."""

from datetime import date

import pytest

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Forbidden
from marketplace.core.models import Entry
from marketplace.listings.models import Achievement, Demand, Offer, Projection, Right
from marketplace.listings.projection import blank, public_values, write_down
from marketplace.listings.services import Newcomer, take_over
from tests import factories

pytestmark = pytest.mark.django_db
PATENT = {"kind": "02", "number": "201310699744.2", "title_zh": "一种方法"}


def newcomer(owner, number: int = 1, **values) -> Newcomer:
    named = {"title_zh": f"第{number}项", "source_id": str(number)}
    return Newcomer(Achievement, owner, factories.ACHIEVEMENT | named | values, (factories.OFFER,), (PATENT,))


def taken(*newcomers: Newcomer, by=SYSTEM):
    return take_over(newcomers, source="test", by=by)


def test_a_collection_is_published_with_offers_rights_history_and_journal(university):
    report = taken(*(newcomer(university, number) for number in range(1, 4)))
    assert report.published == ["1", "2", "3"]
    assert {row.state for row in Achievement.objects.all()} == {"published"}
    assert (Offer.objects.count(), Right.objects.count(), Achievement.history.count()) == (3, 1, 3)
    assert Entry.objects.filter(verb="listings.take_over", to_state="published", actor=None).count() == 3


def test_its_projections_are_those_of_single_publication(university):
    taken(newcomer(university, tiers={"description": "nda"}, public_note_zh="另行提供", is_anonymous=True))
    row, listing = Projection.objects.get(), Achievement.objects.get()
    alone = write_down(listing, blank(listing))
    assert {name: getattr(row, name) for name in public_values(listing)} == {
        name: getattr(alone, name) for name in public_values(listing)
    }
    assert row.is_live


def test_its_rows_wait_for_the_matcher(university):
    taken(newcomer(university))
    assert Projection.objects.unindexed().count() == 1


def test_the_second_time_changes_nothing(university):
    taken(newcomer(university))
    report = taken(newcomer(university))
    assert (report.published, report.unchanged) == ([], ["1"])


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"summary_zh": "长" * 501}, "summary_zh"),
        ({"field": "99"}, "field"),
        ({"secrecy_level": "SECRET"}, "secrecy_level"),
        ({"advantage_zh": ""}, "advantage_zh"),
        ({"is_anonymous": True, "summary_zh": "江澜大学的成果"}, "summary_zh"),
        ({"title_zh": "第 2 项"}, "title_zh"),
    ],
)
def test_what_could_not_be_published_alone_is_refused_here(university, values, name):
    report = taken(newcomer(university, 2), newcomer(university, 3, **values))
    assert list(report.refused) == ["3"]
    assert name in report.refused["3"]
    assert [row.source_id for row in Achievement.objects.all()] == ["2"]


def test_a_day_of_publication_decides_the_day_of_expiry(firm):
    values = factories.DEMAND | {"source_id": "d", "deadline": date(2099, 1, 1)}
    taken(Newcomer(Demand, firm, values, published_on=date(2026, 1, 31)))
    assert Demand.objects.get().expires_on == date(2027, 1, 31)


def test_an_unverified_owner_publishes_nothing(db):
    stranger = factories.make_organisation(verified=False)
    assert list(taken(newcomer(stranger)).refused) == ["1"]


def test_people_may_not_take_over(university, university_officer, staff):
    for person in (university_officer, staff):
        with pytest.raises(Forbidden):
            taken(newcomer(university), by=person)


def test_a_hundred_ask_hardly_more_of_the_database_than_ten(university, django_assert_max_num_queries):
    patentless = [Newcomer(each.model, each.owner, each.values, each.offers) for each in
                  (newcomer(university, number) for number in range(100))]  # fmt: skip
    with django_assert_max_num_queries(60):
        taken(*patentless)
