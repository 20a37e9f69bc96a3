"""Two people who reverse two distributions of one batch at the same moment do not wait for each other for ever."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, local

import pytest
from django.utils import timezone

from marketplace.settlement import services
from marketplace.settlement.checking_shares import of_sharing
from marketplace.settlement.models import Distribution, Payout, Share
from marketplace.settlement.services import reversing
from tests.contracts.living import ENTRY, make_licence
from tests.rows import reread
from tests.services.racing import HOLD, race
from tests.settlement.sharing import Sharing, make_sharing

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]


@pytest.fixture
def two(postgres):
    """An owner who has approved what two licences paid; both wait in one batch."""
    first = make_sharing(lambda _day: None, signed_on=timezone.localdate())
    licence = make_licence(lambda _day: None, ENTRY, seller=first.book, signed_on=timezone.localdate())
    second = Sharing(licence, first.approver, first.people)
    for number, each in enumerate((first, second)):
        each.plan("50%", "50%")
        each.approved(each.propose(each.receive("10000", timezone.localdate(), f"R{number}")))
    return first, second


def let_both_hold_their_own(monkeypatch):
    """Whoever has locked the contract that it reverses under waits a moment for the other to have done so too."""
    both_hold, lock, mine = Barrier(2), reversing.lock, local()

    def meet(row):
        fresh = lock(row)
        if not hasattr(mine, "first"):
            mine.first = row
            with suppress(BrokenBarrierError):
                both_hold.wait(2 * HOLD)
        return fresh

    monkeypatch.setattr(reversing, "lock", meet)


def test_two_reversals_in_one_batch_both_happen(two, monkeypatch):
    """Each holds its own contract when it comes to the batch."""
    payout = services.make_payout(two[0].book, by=two[0].officer)
    let_both_hold_their_own(monkeypatch)
    rows = Distribution.objects.order_by("id")
    by = two[0].officer
    results = race(*(lambda row=row: services.reverse_distribution(row, "分错", by=by) for row in rows))
    assert [str(getattr(each, "state", each)) for each in results] == ["reversed", "reversed"]
    assert reread(payout).state == Payout.State.WITHDRAWN
    assert set(Share.objects.values_list("state", flat=True)) == {"void"}
    assert list(of_sharing()) == []


def test_a_file_is_taken_or_its_batch_withdrawn(two):
    """Whoever comes second finds what the first has done: never both."""
    payout = services.make_payout(two[0].book, by=two[0].officer)
    row, by = Distribution.objects.earliest("id"), two[0].officer
    race(
        lambda: services.reverse_distribution(row, "分错", by=by),
        lambda: services.take_file(payout, by=by),
    )
    payout = reread(payout)
    assert (payout.taken_at is None) is (payout.state == Payout.State.WITHDRAWN)
    assert reread(row).state == "reversed"
    assert list(of_sharing()) == []
