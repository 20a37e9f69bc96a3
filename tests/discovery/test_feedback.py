"""Feedback becomes rows to learn from, and a figure of how many suggestions were kept."""

import pytest

from marketplace.brokerage.models import Deal
from marketplace.discovery import feedback, services
from marketplace.discovery.models import Match
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def match(university, firm):
    achievement, demand = factories.make_published_achievement(university), factories.make_published_demand(firm)
    parts = {"text": 0.6, "field": 1.0}
    return Match.objects.create(
        achievement=achievement, demand=demand, score=0.5, components=parts, model_version="2", rank=1
    )


def kept():
    return [row.kept for row in feedback.rows()]


def test_a_shortlisted_match_was_kept_and_a_dismissed_one_not(match, broker):
    services.shortlist(match, by=broker)
    assert kept() == [True]
    services.dismiss(match, "WORDS_ONLY", by=broker)
    assert kept() == [False]


@pytest.mark.parametrize("code", ["KNOWN", "SETTLED"])
def test_a_dismissal_that_is_not_about_fit_teaches_nothing(match, broker, code):
    services.dismiss(match, code, by=broker)
    assert kept() == []


def test_a_tie_of_verdicts_teaches_nothing(match, broker):
    services.shortlist(match, by=broker)
    services.dismiss(match, "TOO_COSTLY", by=factories.make_technology_manager())
    assert kept() == []


def test_a_deal_outweighs_a_dismissal(match, broker, university, firm):
    services.dismiss(match, "TOO_COSTLY", by=broker)
    Deal.objects.create(
        achievement=match.achievement, demand=match.demand, supplier=university, seeker=firm, manager=broker
    )
    assert kept() == [True]


def test_a_row_learns_from_the_fixed_score_even_after_another_was_given(match, broker):
    match.components |= {"fixed": 0.4}
    match.save()
    services.shortlist(match, by=broker)
    assert [(row.fixed, dict(row.components)) for row in feedback.rows()] == [(0.4, {"text": 0.6, "field": 1.0})]


def test_precision_counts_verdicts_and_their_reasons(match, broker):
    assert feedback.precision().share is None
    services.shortlist(match, by=broker)
    services.dismiss(match, "TOO_COSTLY", by=factories.make_technology_manager())
    found = feedback.precision()
    assert (found.judged, found.kept, found.share, found.reasons) == (2, 1, 0.5, (("TOO_COSTLY", 1),))


def test_precision_leaves_out_what_dropped_out(match, broker):
    services.shortlist(match, by=broker)
    Match.objects.update(rank=None)
    assert feedback.precision().judged == 0
