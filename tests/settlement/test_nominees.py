"""A part that its holder got before becoming head may be held by a nominee for a time, and comes back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from marketplace.core.errors import Forbidden, Invalid
from marketplace.settlement import equity, services
from marketplace.settlement.models import Holding
from marketplace.workspace.kinds.shares import of_new_heads, to_unwind
from tests.refusals import code_of
from tests.rows import reread
from tests.settlement.owning import make_owning

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def owning(db, go):
    return make_owning(go)


@pytest.fixture
def part(owning):
    return owning.owned("1/2", "1/2").holdings.first()


def test_who_became_head_has_the_part_held_and_gets_it_back(owning, part, go):
    first = owning.entrust(owning.head(part))
    today = timezone.localdate()
    assert (first.holding, first.begins_on, first.ended_on) == (part, today, None)
    assert reread(part).units == part.units  # it stays the holder's own
    go(today + YEAR)
    assert owning.unwind(part).ended_on == today + YEAR
    assert not part.nominees.running().exists()


def test_a_nominee_is_for_who_became_head_after_getting_the_part(owning, part):
    assert code_of(owning.entrust, part) == "E_NOT_A_LATER_HEAD"
    assert code_of(owning.entrust, owning.head(part, part.stake.agreed_on)) == "E_NOT_A_LATER_HEAD"
    assert code_of(owning.entrust, part.allotment.holdings.get(payee=None)) == "not_held"


def test_one_nominee_holds_a_part_at_a_time_and_none_before_the_last_gave_it_back(owning, part, go):
    owning.entrust(owning.head(part))
    begun = timezone.localdate()
    assert code_of(owning.entrust, part) == "E_NOMINEE_RUNS"
    go(begun + YEAR)
    owning.unwind(part)
    assert code_of(owning.unwind, part) == "no_nominee"
    with pytest.raises(Invalid) as fault:
        owning.entrust(part, begins_on=begun + timedelta(days=1), unwinds_on=begun + 2 * YEAR)
    assert "begins_on" in fault.value.fields
    assert owning.entrust(part, unwinds_on=begun + 2 * YEAR).ended_on is None


@pytest.mark.parametrize(("name", "days"), [("begins_on", 1), ("begins_on", -9999), ("unwinds_on", 0)])
def test_a_day_that_cannot_be_is_refused_at_its_field(owning, part, name, days):
    owning.head(part)
    with pytest.raises(Invalid) as fault:
        owning.entrust(part, **{name: timezone.localdate() + timedelta(days=days)})
    assert name in fault.value.fields


def test_a_nominee_has_a_name_and_gives_back_with_a_reason(owning, part):
    owning.head(part)
    with pytest.raises(Invalid):
        owning.entrust(part, name=" ")
    owning.entrust(part)
    with pytest.raises(Invalid):
        owning.unwind(part, reason=" ")
    with pytest.raises(Invalid):
        owning.unwind(part, timezone.localdate() + timedelta(days=1))


def test_what_is_not_held_any_more_is_entrusted_to_nobody(owning, part):
    owning.leave(owning.head(part))
    assert code_of(owning.entrust, part) == "not_held"


def test_of_a_stake_that_has_ended_meanwhile_nothing_is_entrusted(owning, part):
    row = owning.head(part)
    assert row.stake.state == row.allotment.stake.state == "agreed"  # as somebody read it before
    given = {"ending": "SOLD", "on": timezone.localdate(), "reason": "转让。"}
    services.end_stake(reread(row.stake), **given, by=owning.officer)
    assert code_of(owning.entrust, row) == "not_held"


def test_holders_and_strangers_record_no_nominee(owning, part, outsider):
    given = {"name": "甲", "begins_on": timezone.localdate(), "unwinds_on": date(2040, 1, 1), "paper": owning.paper()}
    owning.head(part)
    for by in (part.payee.user, outsider, owning.sharing.licence.buyer):
        with pytest.raises(Forbidden):
            services.entrust(part, **given, by=by)
        with pytest.raises(Forbidden):
            services.unwind(part, on=timezone.localdate(), reason="还原", by=by)


def test_a_new_head_parts_with_shares_in_three_months_or_they_are_frozen_a_year_longer(owning, part):
    assert equity.head_days(part) is None
    days = equity.head_days(owning.head(part, date(2027, 11, 30)))
    assert (days.part_by, days.frozen_until) == (date(2028, 2, 29), None)
    assert "教技〔2016〕3号" in days.citation
    days = equity.head_days(owning.head(part, date(2027, 11, 30), date(2030, 6, 30)))
    assert days.frozen_until == date(2031, 6, 30)


def test_my_day_says_what_of_heads_and_nominees_waits(owning, part, go):
    today = timezone.localdate()
    assert list(of_new_heads(owning.officer)) == []
    owning.head(part)
    assert list(of_new_heads(owning.officer)) == [part]
    owning.entrust(part, unwinds_on=today + timedelta(days=31))
    assert list(of_new_heads(owning.officer)) == []
    assert list(to_unwind(owning.officer)) == []
    go(today + timedelta(days=1))
    assert [(row, row.ends_on) for row in to_unwind(owning.officer)] == [(part, today + timedelta(days=31))]
    owning.unwind(part)
    assert list(to_unwind(owning.officer)) == []
    assert list(of_new_heads(part.payee.user) or Holding.objects.none()) == []
