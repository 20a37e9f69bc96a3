"""Shares by the pages of the workspace: recorded, divided, earned; each one reads the own part, the other side none."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from marketplace.core.workspace import list_url, move_url, page_url
from marketplace.settlement.models import Allotment, Departure, Holding, SharingPlan, Stake
from tests import factories
from tests.admin.asking import queries, work
from tests.contracts.living import SIGNED
from tests.contracts.making import PDF
from tests.rows import reread
from tests.settlement.owning import ZHEJIANG, make_owning

from .test_sharing_plans import table

pytestmark = pytest.mark.django_db


@pytest.fixture
def owning(go):
    return make_owning(go)


def paper(words=b""):
    return SimpleUploadedFile("a.pdf", PDF + words, content_type="application/pdf")


def text(client, row):
    return client.get(page_url(row)).content.decode()


def press(client, row, name, /, **values):
    return client.post(move_url(row, name), {"version": row.version, **values})


def recording(owning, **values):
    contract = owning.contract
    return {
        "term": "shares", "instrument": "ARTICLES", "instrument_paper": paper(b"1"), "percent": "20",
        "credit_code": contract.buyer.credit_code, "valuation": "2000000", "basis": "APPRAISAL",
        "valued_on": "2026-12-01", "valuation_paper": paper(b"2"), "agreed_on": SIGNED.isoformat(), **values,
    }  # fmt: skip


def test_the_contract_says_that_its_shares_are_not_recorded(enter, owning):
    page = text(enter(owning.officer), owning.contract)
    assert "The terms give shares, and what became of them is not recorded yet." in page
    assert move_url(owning.contract, "record-stake") in page
    assert "The terms give shares" not in text(enter(owning.sharing.licence.buyer), owning.contract)


def test_a_stake_is_recorded_from_the_contract(enter, owning):
    client, contract = enter(owning.officer), owning.contract
    asked = client.get(move_url(contract, "record-stake")).content.decode()
    assert contract.buyer.credit_code in asked
    assert 'value="20"' in asked
    press(client, contract, "record-stake", **recording(owning))
    stake = Stake.objects.get()
    assert (stake.percent, stake.company, stake.state) == (Decimal("0.2"), contract.buyer.name_zh, "agreed")
    assert page_url(stake) in text(client, contract)


def test_what_is_wrong_stands_beside_its_field(enter, owning):
    answer = press(enter(owning.officer), owning.contract, "record-stake", **recording(owning, percent="15"))
    assert "This is not the percent of the contract" in answer.content.decode()
    assert not Stake.objects.exists()


def test_papers_and_the_register(enter, owning):
    stake, client = owning.record(valuation_paper=None), enter(owning.officer)
    assert "missing" in text(client, stake)
    on = {"on": SIGNED.isoformat()}
    refused = press(client, stake, "register", **on, paper=paper())
    assert "A paper is missing" in refused.content.decode()
    press(client, stake, "keep-paper", kind="valuation_paper", paper=paper())
    stake = reread(stake)
    press(client, stake, "register", **on, paper=paper())
    assert reread(stake).state == "registered"


def test_holders_are_drafted_signed_divided_and_approved(enter, owning):
    stake, client = owning.record(), enter(owning.officer)
    people = owning.sharing.people = [owning.sharing.payee("季明"), owning.sharing.payee("何晓")]
    lines = [("INVENTOR", each.public_id, "", share, "on") for each, share in zip(people, ("2/3", "1/3"), strict=True)]
    press(client, stake, "draft-plan", note="", **table(*lines))
    plan = SharingPlan.objects.get(stake=stake)
    assert stake.company in text(enter(people[0].user), plan)
    owning.sharing.signed(plan)
    press(client, stake, "allot")
    row = Allotment.objects.get()
    page = text(client, row)
    for said in ("50 % of it is for people: the legal minimum of this place.", "66,667", "33,333", "6.6667 %"):
        assert said in page
    assert move_url(row, "approve") not in page
    press(enter(owning.approver), row, "approve")
    assert reread(row).state == "approved"


def test_zhejiang_is_cited_beside_its_seventy_percent(enter, go):
    owning = make_owning(go, ZHEJIANG)
    stake = owning.record()
    owning.plan(stake, "95%", staff="5%")
    page = text(enter(owning.officer), owning.allot(stake))
    assert "70 % of it is for people" in page
    assert "Zhejiang Regulation on Promoting the Transformation of Achievements" in page


@pytest.fixture
def earning(owning):
    """Two inventors, one of whom earns the part over four years."""
    stake = owning.record(shares=1_000_000)
    owning.plan(stake, "1/2", "1/2")
    owning.row = owning.allot(stake)
    owning.earns(owning.row.holdings.first())
    owning.approve(owning.row)
    return owning


def test_the_page_shows_what_each_one_has_earned_today(enter, earning, go):
    go(date(2028, 1, 4))
    page = text(enter(earning.officer), earning.row.stake)
    assert "62,500" in page
    assert "187,500" in page
    assert "over 48 months from 2027-01-04, nothing before 12" in page
    assert "A hint with its source, no tax advice." in page


def test_a_person_reads_the_own_line_and_calendar_alone(enter, earning, go):
    go(date(2028, 1, 4))
    own, other = earning.row.holdings.all()[:2]
    client = enter(own.payee.user)
    page = text(client, own)
    assert "2028-02-04" in page
    assert "Decided under" not in page
    assert own.name in text(client, own.stake)
    assert other.name not in text(client, own.stake)
    assert client.get(page_url(other)).status_code != 200
    assert [row.pk for row in client.get(list_url(Holding)).context["cl"].result_list] == [own.pk]


def test_the_licensee_reads_the_stake_and_not_who_holds_it(enter, earning):
    client = enter(earning.sharing.licence.buyer)
    page = text(client, earning.row.stake)
    assert "20 %" in page
    for name in ("发明人1", "发明人2", "How it was divided", "Papers"):
        assert name not in page
    assert client.get(page_url(earning.row)).status_code != 200


def test_others_read_nothing(enter, earning):
    client = enter(factories.make_member())
    rows = (earning.row.stake, earning.row, earning.row.holdings.first())
    assert [client.get(page_url(row)).status_code == 200 for row in rows] == [False] * 3


def test_time_is_set_and_a_holder_leaves_by_the_pages(enter, owning, go):
    stake = owning.record()
    owning.plan(stake, "1/2", "1/2")
    row, client = owning.allot(stake), enter(owning.officer)
    person = row.holdings.first()
    given = {"begins_on": SIGNED.isoformat(), "cliff": "12", "months": "48", "paper": paper()}
    press(client, person, "set-vesting", **given)
    assert reread(person).vest_months == 48
    owning.approve(reread(row))
    go(date(2028, 1, 4))
    client = enter(owning.officer)  # a session does not last a year
    press(client, reread(person), "leave", on="2028-01-04", reason="调离。", paper=paper(b"5"))
    assert Departure.objects.get().returned == 37_500
    page = text(client, person)
    assert "37,500 units went back to the owner" in page
    assert "137,500" in text(client, stake)
    assert move_url(person, "leave") not in page


def test_a_nominee_is_recorded_and_gives_back_by_the_page(enter, owning):
    row, client = owning.owned("1/2", "1/2"), enter(owning.officer)
    person, today = row.holdings.first(), timezone.localdate()
    assert move_url(person, "entrust") not in text(client, person)
    owning.head(person)
    assert "Shares of new heads to transfer or entrust" in work(client)
    given = {"begins_on": today.isoformat(), "unwinds_on": "2031-01-01", "paper": paper(b"6")}
    press(client, person, "entrust", name="某持股公司", **given)
    page = text(client, person)
    assert "Held by the nominee 某持股公司" in page
    assert "教技〔2016〕3号" in page
    assert "Shares of new heads to transfer or entrust" not in work(client)
    press(client, reread(person), "unwind", on=today.isoformat(), reason="离任。")
    assert f"given back on {today}: 离任。" in text(client, person)
    assert "某持股公司" in text(enter(person.payee.user), person)
    assert "某持股公司" not in text(client, row.holdings.all()[1])


def test_it_ends_by_its_page(enter, owning):
    stake = owning.record()
    given = {"ending": "SOLD", "on": timezone.localdate().isoformat(), "proceeds": "3000000", "reason": "转让。"}
    press(enter(owning.officer), stake, "end", **given)
    stake = reread(stake)
    assert (stake.state, stake.proceeds) == ("ended", Decimal(3_000_000))


def test_the_list_is_copied_with_its_exit_days_and_no_formula(enter, owning):
    stake = owning.record(credit_code=factories.make_credit_code(), company="=1+1")
    owning.register(stake)
    address = reverse("admin:settlement_stake_file")
    client = enter(owning.officer)
    assert address in client.get(list_url(Stake)).content.decode()
    answer = client.get(address)
    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == 2
    assert "'=1+1" in lines[1]
    assert SIGNED.isoformat() in lines[1]
    assert len(list(csv.reader(StringIO(enter(factories.make_member()).get(address).content.decode())))) == 1


def test_the_menu_offers_divisions_to_who_keeps_the_books(enter, earning):
    def menu(user):
        return enter(user).get(reverse("admin:index")).content.decode()

    person = earning.sharing.people[0].user
    assert list_url(Holding) in menu(person)
    assert list_url(Allotment) not in menu(person)
    assert list_url(Allotment) in menu(earning.officer)


def test_the_technology_manager_of_the_contract_reads_the_stake_alone(enter, earning):
    manager = factories.make_technology_manager()
    type(earning.contract).objects.filter(pk=earning.contract.pk).update(manager=manager)
    client = enter(manager)
    assert earning.row.stake.company in text(client, earning.row.stake)
    assert "发明人1" not in text(client, earning.row.stake)
    assert client.get(page_url(earning.row.holdings.first())).status_code != 200


def test_each_step_waits_for_the_person_who_may_take_it(enter, owning):
    stake, officer, approver = owning.record(), enter(owning.officer), enter(owning.approver)
    assert "Stakes to divide" not in work(officer)
    person = owning.sharing.payee("周院长", office="LEADER", office_from=SIGNED)
    owning.sharing.people = [person]
    owning.plan(stake, "1")
    assert work(officer)["Stakes to divide"] == [page_url(stake)]
    row = owning.allot(stake)
    assert "Stakes to divide" not in work(officer)
    assert work(officer)["Leaders' shares to show in public"] == [page_url(row)]
    assert "Divisions of stakes to approve" not in work(approver)
    row = owning.noticed(row)
    assert "Leaders' shares to show in public" not in work(officer)
    assert "Divisions of stakes to approve" not in work(officer)
    assert work(approver)["Divisions of stakes to approve"] == [page_url(row)]
    owning.approve(row)
    assert "Divisions of stakes to approve" not in work(approver)


def test_what_needs_no_notice_waits_for_a_second_person_at_once(enter, owning):
    stake = owning.record()
    owning.plan(stake, "1")
    row = owning.allot(stake)
    assert work(enter(owning.approver))["Divisions of stakes to approve"] == [page_url(row)]
    assert "Divisions of stakes to approve" not in work(enter(owning.officer))


def test_queries_do_not_grow_with_the_holders(enter, go):
    owning = make_owning(go)

    def asked(*shares):
        """The list, the division and the stake, of so many holders."""
        row = owning.owned(*shares)
        client = enter(owning.officer)
        found = [queries(client, each) for each in (list_url(Holding), page_url(row), page_url(row.stake))]
        Holding.objects.filter(allotment=row).delete()
        Allotment.objects.filter(pk=row.pk).delete()
        SharingPlan.objects.get(stake=row.stake).lines.all().delete()
        SharingPlan.objects.all().delete()
        Stake.objects.all().delete()
        return found

    few = asked("1/2", "1/2")
    many = asked(*["1/8"] * 8)
    assert all(more <= less for more, less in zip(many, few, strict=True)), (few, many)
