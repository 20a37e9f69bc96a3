"""Commissions by the pages of the workspace: why this number, invoiced, paid, disputed."""

import pytest
from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.core.workspace import list_url, move_url, page_url
from marketplace.settlement import services
from marketplace.settlement.models import Commission, CommissionLine
from tests import factories
from tests.admin.asking import queries, work
from tests.brokerage.mandating import make_signed_mandate
from tests.contracts import making
from tests.contracts.living import ENTRY
from tests.rows import reread

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return factories.make_organisation("FIRM")


@pytest.fixture
def line(owner, broker):
    """What a receipt of 20 000 yuan earned at five per cent."""
    firm, listing = making.make_small_firm(), factories.make_published_achievement(owner)
    make_signed_mandate(owner, manager=broker)
    brokerage.log_introduction(listing, firm, by=broker)
    contract = making.make_signed_contract(achievement=listing.achievement, seller=owner, buyer=firm, sheet=ENTRY)
    today = timezone.localdate()
    services.record(contract, "20000", on=today, reference="T1", by=making.decider_of(owner))
    return CommissionLine.objects.get()


def test_the_page_says_why_and_the_front_page_what_to_do(enter, line, owner, broker):
    page = enter(broker).get(page_url(line)).content.decode()
    assert "CNY 20,000 at 5 %: CNY 1,000" in page
    assert "All receipts of this commission" in page
    assert work(enter(broker))["Commissions to invoice"] == [page_url(line)]
    assert work(enter(making.decider_of(owner)))["Commissions to pay"] == [page_url(line)]
    whole = enter(broker).get(page_url(line.commission)).content.decode()
    assert "5 % of: all money received" in whole


def test_it_is_invoiced_disputed_settled_and_paid_by_buttons(enter, line, owner, broker):
    principal = enter(making.decider_of(owner))
    enter(broker).post(move_url(line, "bill"), {"number": "NO-1"})
    principal.post(move_url(line, "dispute"), {"reason": "not theirs"})
    assert (reread(line).state, reread(line).invoice) == ("disputed", "NO-1")
    principal.post(move_url(line, "settle"))
    principal.post(move_url(line, "pay"), {"on": timezone.localdate().isoformat(), "reference": "P1"})
    assert reread(line).state == "paid"


def test_the_other_side_finds_no_trace_of_it(enter, line, outsider):
    buyer = making.decider_of(line.commission.contract.buyer)
    for person in (buyer, outsider):
        client = enter(person)
        for row in (line, line.commission):
            assert client.get(page_url(row)).status_code == 404
            assert list(client.get(list_url(type(row))).context["cl"].queryset) == []
    contract = enter(buyer).get(page_url(line.commission.contract)).content.decode()
    assert not any(trace in contract for trace in (page_url(line), page_url(line.commission), "CNY 1,000<"))


def test_who_is_gone_around_claims_and_hears_that_it_is_opened_already(enter, line, broker):
    introduction = line.commission.introduction
    answer = enter(broker).post(move_url(introduction, "claim-commission"), {"side": "SUPPLY"})
    assert "a principal pays one" in answer.content.decode()
    assert Commission.objects.count() == 1


def test_more_receipts_ask_no_more_questions(enter, line, owner, broker):
    client, officer = enter(broker), making.decider_of(owner)
    before = [queries(client, list_url(CommissionLine)), queries(client, page_url(line.commission))]
    for number in range(3):
        today = timezone.localdate()
        services.record(line.commission.contract, "100", on=today, reference=f"M{number}", by=officer)
    assert [queries(client, list_url(CommissionLine)), queries(client, page_url(line.commission))] == before
