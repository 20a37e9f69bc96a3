"""Small and large receipts among few and many people: exact in the rows, the notice, the ledger and the bank's file."""

import csv
from decimal import Decimal
from fractions import Fraction

import pytest

from marketplace.core.showing import fen
from marketplace.settlement import services
from marketplace.settlement.checking import differences
from marketplace.settlement.models import LedgerLine
from marketplace.settlement.services.ledger import trial_balance
from tests.contracts.living import ENTRY
from tests.rows import reread
from tests.settlement.living_books import yuan
from tests.settlement.sharing import make_sharing
from tests.settlement.simple_shares import dealt

AMOUNTS = (1, 2, 5, 100_00, 99_999_999_99)
"""In fen."""
PLANS = {
    "three thirds": ["1/3"] * 3,
    "seven sevenths": ["1/7"] * 7,
    "eleven elevenths": ["1/11"] * 11,
    "70, 29.9 and 0.1 %": ["70%", "29.9%", "0.1%"],
    "70 and 29.9 %, and nine who share 0.1 %": ["70%", "29.9%", *["1/9000"] * 9],
}
LARGE = ENTRY | {"terms": [ENTRY["terms"][0] | {"amount": "100000100.07"}, ENTRY["terms"][1]]}


def exact(text):
    return Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)


def lines_of(sharing, account):
    """What was booked on an account, in its order."""
    rows = LedgerLine.objects.filter(account__book=sharing.book, account__kind=account).order_by("id")
    return list(rows.values_list("amount", flat=True))


@pytest.fixture(params=PLANS)
def shares(request):
    return PLANS[request.param]


@pytest.fixture
def sharing(db, go, shares):
    """All of the net income is the reward, by the owner's own rule."""
    made = make_sharing(go, sheet=LARGE)
    made.rule("1")
    made.plan(*shares)
    return made


@pytest.fixture
def parts(shares):
    """Who gets how much of each amount in fen: the floor of each share, and one fen more for the largest remainders."""
    return [dealt(amount, [exact(share) for share in shares]) for amount in AMOUNTS]


@pytest.fixture
def distributions(sharing):
    """One of each amount, shown and approved."""
    return [
        sharing.approved(sharing.propose(sharing.receive(yuan(amount), reference=f"R{amount}"))) for amount in AMOUNTS
    ]


def test_rows_notice_ledger_and_file_say_the_same_to_the_fen(sharing, distributions, shares, parts):
    total = sum(yuan(amount) for amount in AMOUNTS)
    for row, amount, mine in zip(distributions, AMOUNTS, parts, strict=True):
        assert sum(mine) == amount
        assert all(abs(part - amount * exact(share)) < 1 for part, share in zip(mine, shares, strict=True))
        assert (row.received, row.net, row.pool, row.retained) == (yuan(amount), yuan(amount), yuan(amount), 0)
        assert list(row.shares.order_by("id").values_list("amount", flat=True)) == [yuan(part) for part in mine]
        told = [f"发明人{number} {fen(yuan(part))}" for number, part in enumerate(mine, 1)]
        assert sorted(reread(row.notice).content["shares"]) == sorted(told)
    assert lines_of(sharing, "REWARD_OWED") == [-yuan(amount) for amount in AMOUNTS]
    paid = [yuan(part) for mine in parts for part in mine if part]
    payout = sharing.sent()
    content = services.take_file(payout, by=sharing.officer).decode("utf-8-sig").splitlines()
    assert [Decimal(row[4]) for row in list(csv.reader(content))[1:-1]] == paid
    assert content[-1] == f"合计,{len(paid)},,,{total:.2f},"
    sharing.paid(payout)
    assert lines_of(sharing, "PAID_OUT") == [-amount for amount in paid]
    books = trial_balance(sharing.book)
    assert (books["SHARED"], books["REWARD_OWED"], books["PAID_OUT"]) == (total, 0, -total)
    assert differences() == []
