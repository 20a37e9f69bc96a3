"""A contract that was signed elsewhere is entered with its history, and runs on from here."""

from datetime import date, timedelta

import pytest
import time_machine

from marketplace.contracts import services
from marketplace.contracts.models import Contract, Milestone, SalesReport
from marketplace.contracts.reading import statement_of
from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Invalid
from marketplace.documents import services as documents
from tests import factories
from tests.contracts import making

pytestmark = pytest.mark.django_db
TODAY = date(2026, 8, 1)
HISTORY = (
    {"id": "signed", "kind": "SIGNED", "on": "2025-01-10"},
    {"id": "delivered", "kind": "DELIVERED", "on": "2025-01-20"},
    {"id": "election", "kind": "KEPT", "on": "2025-12-01"},
    {"id": "pilot", "kind": "MILESTONE", "on": "2025-12-15", "milestone": "pilot"},
    {
        "id": "q1", "kind": "SALES", "on": "2026-04-20", "royalty": "royalty",
        "from": "2026-01-01", "to": "2026-03-31", "gross": "500000.00",
    },
    {
        "id": "q1b", "kind": "SALES", "on": "2026-06-20", "royalty": "royalty", "corrects": "q1",
        "from": "2026-01-01", "to": "2026-03-31", "gross": "600000.00",
    },
)  # fmt: skip


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY, tick=False):
        yield


def elsewhere(history=HISTORY, **values):
    achievement = values.pop("achievement", None) or factories.make_achievement(factories.make_organisation("FIRM"))
    buyer = making.make_small_firm()
    sides = [achievement.owner, buyer]
    text = documents.keep_document(making.PDF, filename="a.pdf", title="合同", readers=sides, by=SYSTEM)
    facts = {"particulars": making.LICENCE, "sheet": making.ZERO_UPFRONT} | values
    return services.Elsewhere(
        seller=achievement.owner, buyer=buyer, achievement=achievement, history=history, text=text, **facts
    )


def test_it_runs_on_where_its_history_leaves_it():
    contract = services.take_over(elsewhere(), by=SYSTEM)
    assert (contract.state, contract.signed_on) == (Contract.State.PAYING, date(2025, 1, 10))
    lines = statement_of(contract, TODAY).lines
    assert [(line.key, str(line.amount)) for line in lines][:2] == [
        ("pilot", "30000.00"),
        ("royalty:2026-Q1", "15000.00"),
    ]


def test_what_has_happened_stands_as_rows():
    contract = services.take_over(elsewhere(), by=SYSTEM)
    assert contract.milestones.get().state == Milestone.State.ACHIEVED
    first, correction = contract.sales_reports.filter(state=SalesReport.State.ACCEPTED).order_by("pk")
    assert correction.corrects == first


def test_the_clock_goes_on_and_opens_the_next_report():
    contract = services.take_over(elsewhere(), by=SYSTEM)
    services.tick_all(TODAY)
    due = contract.sales_reports.filter(state=SalesReport.State.DUE)
    assert (date(2026, 4, 1), date(2026, 6, 30)) in due.values_list("first", "last")


def test_a_trial_that_runs_is_on_trial():
    history = [HISTORY[0] | {"on": "2026-05-01"}, HISTORY[1] | {"on": "2026-05-02"}]
    contract = services.take_over(elsewhere(history), by=SYSTEM)
    assert (contract.state, contract.trial_ends_on) == (Contract.State.IN_TRIAL, date(2027, 5, 2))


def test_it_takes_its_scope_and_gives_way_to_an_exclusive_one():
    achievement = factories.make_achievement(factories.make_organisation("FIRM"))
    paid = {"sheet": making.ENTRY_ROYALTY, "history": HISTORY[:2], "achievement": achievement}
    exclusive = {"particulars": making.LICENCE | {"licence_kind": "EXCLUSIVE"}}
    services.take_over(elsewhere(**paid, **exclusive), by=SYSTEM)
    with pytest.raises(Conflict) as refusal:
        services.take_over(elsewhere(**paid), by=SYSTEM)
    assert refusal.value.code == "exclusive_conflict"


@pytest.mark.parametrize(
    ("history", "word"),
    [
        (HISTORY[1:], "/events/delivered"),  # never signed
        ((*HISTORY, {"id": "m", "kind": "MILESTONE", "on": "2026-01-01", "milestone": "other"}), "/events/m"),
        ((*HISTORY, {"id": "p", "kind": "PAID", "on": "2026-01-01", "amount": "1.00"}), "history"),
        ((HISTORY[0] | {"on": (TODAY + timedelta(days=1)).isoformat()},), "history"),
        (({"id": "signed", "kind": "NONSENSE", "on": "2025-01-10"},), "kind"),
    ],
)
def test_a_history_that_cannot_be_is_refused_and_nothing_is_kept(history, word):
    given = elsewhere(history)
    with pytest.raises(Invalid) as refusal:
        services.take_over(given, by=SYSTEM)
    assert word in " ".join(refusal.value.fields)
    assert not Contract.objects.exists()
