"""The exposure of a guarantor on any day, past or to come, and the page and the limit that go with it."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import services as contracts
from marketplace.settlement import exposure, services
from tests import factories
from tests.contracts.living import make_guarantor, make_licence, propose

from .claiming import COVER, ENTRY, make_defaulted, make_stranger

ISSUED, MARCH = date(2027, 1, 4), date(2027, 3, 15)


@pytest.fixture
def defaulted(db, go):
    return make_defaulted(go)


def on(found, day):
    return exposure.exposure_on(found.guarantee.guarantor, day)


def test_a_guarantee_counts_from_its_issue(defaulted):
    assert [on(defaulted, day).total for day in (date(2027, 1, 3), ISSUED, MARCH)] == [0, 40_000, 40_000]


def test_what_was_compensated_counts_no_more_from_its_day(defaulted):
    defaulted.file()
    defaulted.accept(amount=Decimal(15_000), reasons="部分认可。")
    defaulted.compensate("15000")
    assert [on(defaulted, date(2027, 3, day)).total for day in (19, 20)] == [40_000, 25_000]


def test_it_says_by_due_day_what_could_be_asked_for(defaulted):
    row = on(defaulted, MARCH).rows[0]
    due = row.dues[0]
    assert (due.due_on, due.open, due.covered) == (date(2027, 2, 3), Decimal("50328.77"), Decimal(40_000))
    assert due.until == date(2027, 8, 3)


def test_on_a_day_to_come_the_terms_say_what_will_be_due(db, go):
    go(ISSUED)
    licence = make_licence(go, ENTRY)
    found = exposure.exposure_on(guarantor_of(licence), date(2027, 2, 10))
    assert [(due.due_on, due.open > 50_000) for due in found.rows[0].dues] == [(date(2027, 2, 3), True)]


def guarantor_of(licence):
    organisation, officer = make_guarantor()
    row = propose(licence, organisation, licence.seller)
    contracts.issue(row, by=officer)
    return organisation


def test_a_released_guarantee_counts_until_its_day(defaulted):
    contracts.release(defaulted.guarantee, by=defaulted.seller)
    assert [on(defaulted, day).total for day in (date(2027, 3, 14), MARCH)] == [40_000, 0]


def test_after_the_end_it_runs_out_with_the_last_period(defaulted):
    contracts.terminate(defaulted.contract, "逾期不付。", by=defaulted.seller)
    assert on(defaulted, MARCH).rows[0].ends_on == date(2027, 9, 15)
    assert [on(defaulted, date(2027, 9, day)).total for day in (15, 16)] == [40_000, 0]


def test_the_limit_counts_what_the_page_counts(defaulted):
    contracts.terminate(defaulted.contract, "逾期不付。", by=defaulted.seller)
    days = [date(2027, 9, day) for day in (15, 16)]
    assert [contracts.exposure_of(defaulted.guarantee.guarantor, day) for day in days] == [40_000, 0]


def file_late(defaulted):
    """Terminated in March; a claim of 20 % less than all is filed on the last day."""
    contracts.terminate(defaulted.contract, "逾期不付。", by=defaulted.seller)
    defaulted.go(date(2027, 8, 3))
    return defaulted.file()


def test_what_was_claimed_in_time_counts_until_it_is_settled(defaulted):
    claim, later = file_late(defaulted), date(2028, 1, 10)
    guarantor = claim.guarantee.guarantor
    assert (on(defaulted, later).total, contracts.exposure_of(guarantor, later)) == (40_000, 40_000)
    defaulted.accept(amount=Decimal(15_000), reasons="部分认可。")
    assert (on(defaulted, later).total, contracts.exposure_of(guarantor, later)) == (15_000, 15_000)
    defaulted.compensate("15000", on=date(2027, 8, 5))
    assert (on(defaulted, later).total, contracts.exposure_of(guarantor, later)) == (0, 0)


@pytest.mark.parametrize("end", ["refuse", "withdraw"])
def test_a_claim_that_came_to_nothing_counts_until_its_day(defaulted, end):
    claim, later = file_late(defaulted), date(2028, 1, 10)
    defaulted.go(later)
    if end == "refuse":
        services.refuse_claim(claim, "EVIDENCE", "证据不足。", by=defaulted.guarantor)
    else:
        services.withdraw_claim(claim, "另行处理。", by=defaulted.seller)
    assert [on(defaulted, date(2028, 1, day)).total for day in (9, 10)] == [40_000, 0]
    assert contracts.exposure_of(claim.guarantee.guarantor, later) == 0


def test_what_was_claimed_counts_until_a_part_is_accepted(defaulted):
    file_late(defaulted)
    defaulted.go(date(2028, 1, 10))
    defaulted.accept(amount=Decimal(15_000), reasons="部分认可。")
    assert [on(defaulted, date(2028, 1, day)).total for day in (9, 10)] == [40_000, 15_000]


def test_the_sums_are_over_all_guarantees_and_the_largest_are_shown(defaulted, monkeypatch):
    second = contracts.propose_guarantee(
        defaulted.contract,
        "RISK_POOL",
        defaulted.guarantee.guarantor,
        {**COVER, "cover_amount": 5_000},
        by=defaulted.seller,
    )
    contracts.issue(second, by=defaulted.guarantor)
    monkeypatch.setattr(exposure, "MOST_GUARANTEES", 1)
    found = on(defaulted, MARCH)
    assert (found.total, found.guarantee_count, found.is_cut) == (45_000, 2, True)
    assert [row.guarantee for row in found.rows] == [defaulted.guarantee]


def test_the_limit_is_what_the_law_allows_for_its_net_assets(defaulted):
    found = on(defaulted, MARCH)
    assert (found.limit, found.room) == (Decimal(10_000_000), Decimal(9_960_000))


def test_the_questions_to_the_database_do_not_grow_with_the_guarantees(defaulted, django_assert_max_num_queries, go):
    with django_assert_max_num_queries(8):
        on(defaulted, MARCH)
    licence = make_licence(go, ENTRY, signed_on=MARCH)
    row = propose(licence, defaulted.guarantee.guarantor, licence.seller)
    contracts.issue(row, by=defaulted.guarantor)
    with django_assert_max_num_queries(8):
        assert len(on(defaulted, MARCH).rows) == 2


def test_a_guarantor_reads_its_own_exposure_alone(defaulted, staff):
    own = defaulted.guarantee.guarantor
    assert list(exposure.guarantors_of(defaulted.guarantor)) == [own]
    assert list(exposure.guarantors_of(make_stranger())) == []
    assert own in exposure.guarantors_of(staff)
    assert own not in exposure.guarantors_of(factories.make_member(defaulted.contract.seller))
