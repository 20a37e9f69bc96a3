"""Yearly data: what is owed by when, what the platform knows, what is late, and who is reminded once."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.register import services
from marketplace.register.models import YearlyFiling
from marketplace.register.services.filing import years_to_file
from tests import factories
from tests.rows import reread

from .registering import make_agency, make_entry

pytestmark = pytest.mark.django_db
FIGURES = {"deals": 3, "contract_sum": Decimal("1200000"), "income": Decimal("36000.005")}


@pytest.fixture
def held(go):
    go(date(2027, 3, 1))
    found = make_entry()
    go(date(2028, 2, 1))
    return found


def test_a_year_is_filed_in_time(held):
    filing = services.file_year(held, 2027, FIGURES, by=held.user)
    assert (filing.due_on, filing.is_late, filing.counted) == (date(2028, 3, 31), False, 0)
    assert filing.income == Decimal("36000.01")
    assert years_to_file(held) == []


def test_a_late_filing_shows(held, go, staff):
    go(date(2028, 4, 1))
    assert services.file_year(held, 2027, FIGURES, by=held.user).is_late
    assert Letter.objects.filter(kind="register", user=staff).exists()


def test_a_correction_keeps_the_day_of_the_first_filing(held, go, authority):
    filing = services.file_year(held, 2027, FIGURES, by=held.user)
    services.return_filing(filing, "合同数与明细不符。", by=authority)
    go(date(2028, 5, 1))
    services.correct_filing(filing, FIGURES | {"deals": 2}, by=held.user)
    now = reread(filing)
    assert (now.state, now.deals, now.filed_on, now.fault, now.is_late) == ("filed", 2, date(2028, 2, 1), "", False)


@pytest.mark.parametrize("year", [2026, 2028, 2030])
def test_only_years_that_are_over_and_in_the_register_are_filed(held, year):
    with pytest.raises(Conflict):
        services.file_year(held, year, FIGURES, by=held.user)


def test_a_year_is_filed_once(held):
    services.file_year(held, 2027, FIGURES, by=held.user)
    with pytest.raises(Conflict):
        services.file_year(held, 2027, FIGURES, by=held.user)


def test_fewer_contracts_than_the_platform_knows_are_explained(held, monkeypatch):
    monkeypatch.setattr("marketplace.register.services.filing.contracts_in", lambda holder, year: 4)
    with pytest.raises(Invalid) as fault:
        services.file_year(held, 2027, FIGURES, by=held.user)
    assert fault.value.code == "E_FIGURES_UNEXPLAINED"
    assert services.file_year(held, 2027, FIGURES | {"note": "一份已撤销。"}, by=held.user).counted == 4


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"contract_sum": Decimal(-1)}, "contract_sum"), ({"income": None}, "income"), ({"deals": -1}, "deals"),
     ({"note": "x" * 1001}, "note")],
)  # fmt: skip
def test_wrong_figures_are_said_by_field(held, wrong, field):
    with pytest.raises(Invalid) as fault:
        services.file_year(held, 2027, FIGURES | wrong, by=held.user)
    assert set(fault.value.fields) == {field}


def test_an_agency_files_its_staff(go):
    go(date(2027, 3, 1))
    held = make_agency()
    go(date(2028, 2, 1))
    administrator = held.organisation.memberships.get().user
    with pytest.raises(Invalid) as fault:
        services.file_year(held, 2027, FIGURES, by=administrator)
    assert set(fault.value.fields) == {"staff"}
    assert services.file_year(held, 2027, FIGURES | {"staff": 7}, by=administrator).staff == 7


def test_nobody_files_for_somebody_else_or_accepts_their_own(held, authority):
    with pytest.raises(Forbidden):
        services.file_year(held, 2027, FIGURES, by=authority)
    filing = services.file_year(held, 2027, FIGURES, by=held.user)
    with pytest.raises(Forbidden):
        services.accept_filing(filing, by=held.user)
    services.accept_filing(filing, by=authority)
    with pytest.raises(Conflict):
        services.correct_filing(filing, FIGURES, by=held.user)


def test_who_must_file_or_renew_is_reminded_once(go, held):
    def told():
        return set(Letter.objects.filter(user=held.user, kind="register").values_list("subject", flat=True))

    before = told()
    for day in (date(2028, 2, 29), date(2028, 3, 1), date(2028, 3, 2), date(2028, 4, 1), date(2028, 4, 2)):
        go(day)
        services.remind(day)
    assert len(told() - before) == 2  # it comes, it is late
    services.file_year(held, 2027, FIGURES, by=held.user)
    before = told()
    for day in (date(2030, 1, 28), date(2030, 1, 30), date(2030, 2, 28)):
        go(day)
        services.remind(day)
    ends = [subject for subject in told() - before if "2030" in subject]
    assert len(ends) == 1


def test_figures_are_seen_by_the_entry_and_the_keepers(held, authority, outsider):
    filing = services.file_year(held, 2027, FIGURES, by=held.user)
    people = (held.user, authority, outsider, factories.make_user())
    seen = {one for one in people if filing in YearlyFiling.objects.visible_to(one)}
    assert seen == {held.user, authority}
