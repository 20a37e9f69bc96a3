"""Plans by the pages of the workspace: people entered, a plan drafted in a table, signed by each, rules and costs."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.core.workspace import list_url, move_url, page_url
from marketplace.settlement import services
from marketplace.settlement.models import Cost, Payee, RewardRule, SharingPlan
from tests import factories
from tests.admin.asking import queries
from tests.contracts.making import PDF
from tests.rows import reread
from tests.settlement.conftest import sharing

__all__ = ["sharing"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def two(sharing):
    sharing.people = [sharing.payee("季明"), sharing.payee("何晓")]
    return sharing


def table(*rows):
    """Lines as the browser sends them: role, payee, name of a unit, share, main contributor."""
    columns = ("role", "payee", "name", "share", "is_main")
    cells = [(place, zip(columns, row, strict=True)) for place, row in enumerate(rows)]
    sent = {f"lines-{place}-{column}": value for place, row in cells for column, value in row}
    return {name: value for name, value in sent.items() if value or name.endswith("role")}


def inventors(sharing, *shares):
    pairs = zip(sharing.people, shares, strict=True)
    return [("INVENTOR", payee.public_id, "", share, "on") for payee, share in pairs]


def drafted(sharing):
    contract = sharing.licence.contract
    lines = [services.Given("INVENTOR", "1/2", payee=each, is_main=True) for each in sharing.people]
    return services.draft_plan(contract, lines, by=sharing.officer)


def test_a_person_is_entered_and_gives_the_own_account(enter, sharing):
    user = factories.make_member(sharing.book, "inventor", name="季明")
    add = reverse("admin:settlement_payee_add")
    body = {"book": sharing.book.pk, "name": "季明", "user": user.pk, "office": "NONE"}
    enter(sharing.officer).post(add, body)
    payee = Payee.objects.get()
    assert (payee.user, payee.masked_number) == (user, "")
    account = {"holder": "季明", "bank": "某银行", "account_number": "6222 0000 1111 2222"}
    enter(user).post(move_url(payee, "keep-account"), account)
    page = enter(user).get(page_url(payee)).content.decode()
    assert "···· 2222" in page
    assert "6222000011112222" not in page


def test_an_office_without_its_day_comes_back_in_the_form(enter, sharing):
    body = {"book": sharing.book.pk, "name": "院长", "office": "HEAD"}
    answer = enter(sharing.officer).post(reverse("admin:settlement_payee_add"), body)
    assert answer.status_code == 200
    assert not Payee.objects.exists()


def test_a_plan_is_drafted_in_a_table_and_units_share_the_rest(enter, two):
    rest = [("OWNER", "", "", "60%", ""), ("COLLEGE", "", "材料学院", "40%", ""), ("", "", "", "", "")]
    body = table(*inventors(two, "1/3", "2/3"), *rest) | {"note": ""}
    answer = enter(two.officer).post(move_url(two.licence.row, "draft-plan"), body)
    plan = SharingPlan.objects.get()
    assert answer.url == page_url(plan)
    assert [str(line) for line in plan.lines.all()][:2] == ["季明 1/3", "何晓 2/3"]
    assert plan.lines.get(role="COLLEGE").name == "材料学院"


def test_a_wrong_line_is_named_and_what_was_typed_stays(enter, two):
    body = table(*inventors(two, "1/3", "a half")) | {"note": ""}
    page = enter(two.officer).post(move_url(two.licence.row, "draft-plan"), body).content.decode()
    assert "Line 2: " in page
    assert 'value="a half"' in page


def test_shares_that_are_not_the_whole_are_refused_with_a_sentence(enter, two):
    body = table(*inventors(two, "1/3", "1/3")) | {"note": ""}
    page = enter(two.officer).post(move_url(two.licence.row, "draft-plan"), body).content.decode()
    assert "exactly 100 %" in page
    assert not SharingPlan.objects.exists()


def test_the_next_draft_begins_with_the_lines_of_the_last(enter, two):
    drafted(two)
    page = enter(two.officer).get(move_url(two.licence.row, "draft-plan")).content.decode()
    assert page.count('value="50%"') == 2


def test_each_inventor_reads_all_of_it_and_signs_what_was_read(enter, two):
    plan = drafted(two)
    for payee in two.people:
        client = enter(payee.user)
        assert all(each.name in client.get(page_url(plan)).content.decode() for each in two.people)
        seen = client.get(move_url(plan, "sign")).context["form"]["seen"].initial
        client.post(move_url(plan, "sign"), {"seen": seen})
    assert reread(plan).state == "signed"


def test_another_plan_than_the_one_that_was_read_is_not_signed(enter, two):
    plan = drafted(two)
    client = enter(two.people[0].user)
    answer = client.post(move_url(plan, "sign"), {"seen": "0" * 64})
    assert "Read it again" in answer.content.decode()
    assert reread(plan).state == "drafted"


def test_the_page_says_whose_signature_it_waits_for(enter, two):
    plan = services.sign_plan(drafted(two), SharingPlan.objects.get().sha256, by=two.people[0].user)
    page = enter(two.officer).get(page_url(plan)).content.decode()
    assert "It waits for the signature of: 何晓." in page
    assert move_url(plan, "sign") not in page


def test_a_signature_on_paper_is_recorded_with_its_paper(enter, sharing):
    sharing.people = [services.keep_payee(sharing.book, {"name": "退休教授"}, by=sharing.officer)]
    plan = drafted_alone(sharing)
    body = {"line": f"{plan.lines.get().pk}", "paper": SimpleUploadedFile("a.pdf", PDF)}
    enter(sharing.officer).post(move_url(plan, "sign-on-paper"), body)
    assert reread(plan).state == "signed"
    readers = plan.lines.get().paper.readers.all()
    assert sharing.licence.row.buyer not in readers


def drafted_alone(sharing):
    line = services.Given("INVENTOR", "1", payee=sharing.people[0], is_main=True)
    return services.draft_plan(sharing.licence.contract, [line], by=sharing.officer)


def test_a_rule_is_entered_in_percent_with_its_document(enter, sharing):
    body = {
        "book": sharing.book.pk, "title": "成果转化奖励办法", "method": "transfer_license", "percent": "70",
        "effective_from": "2027-01-01", "pay_within_months": "6", "file": SimpleUploadedFile("a.pdf", PDF),
    }  # fmt: skip
    client = enter(sharing.officer)
    client.post(reverse("admin:settlement_rewardrule_add"), body)
    row = RewardRule.objects.get()
    assert (f"{row.rate:.2f}", row.pay_within_months) == ("0.70", 6)
    assert "70 %" in client.get(page_url(row)).content.decode()


def test_a_rule_below_the_law_comes_back_with_the_sentence(enter, sharing):
    body = {
        "book": sharing.book.pk, "title": "办法", "method": "transfer_license", "percent": "40",
        "effective_from": "2027-01-01", "file": SimpleUploadedFile("a.pdf", PDF),
    }  # fmt: skip
    page = enter(sharing.officer).post(reverse("admin:settlement_rewardrule_add"), body).content.decode()
    assert "below the legal minimum" in page
    assert not RewardRule.objects.exists()


def test_a_cost_is_recorded_on_the_contract_and_taken_back(enter, sharing):
    client = enter(sharing.officer)
    body = {"kind": "TAX", "amount": "200", "on": date(2027, 1, 4).isoformat(), "note": "完税证明"}
    client.post(move_url(sharing.licence.row, "record-cost"), body | {"document": SimpleUploadedFile("a.pdf", PDF)})
    cost = Cost.objects.get()
    assert cost.amount == 200
    client.post(move_url(cost, "withdraw"), {"reason": "重复录入"})
    assert reread(cost).withdrawn_reason == "重复录入"


@pytest.fixture
def everything(two):
    two.rule("0.6")
    two.cost("100")
    return [drafted(two), Payee.objects.first(), RewardRule.objects.get(), Cost.objects.get()]


def test_the_other_side_and_strangers_find_no_trace(enter, two, everything, outsider):
    for user in (two.licence.buyer, outsider):
        client = enter(user)
        for row in everything:
            assert client.get(page_url(row)).status_code == 404, row
        assert "Who shares in what arrives" not in client.get(page_url(two.licence.row)).content.decode()


def test_who_shares_sees_the_plan_and_the_own_account_alone(enter, two, everything):
    plan, _first, rule, cost = everything
    client = enter(two.people[0].user)
    assert [client.get(page_url(row)).status_code for row in (plan, rule, cost)] == [200, 404, 404]
    assert [client.get(page_url(row)).status_code for row in two.people] == [200, 404]
    assert list(client.get(list_url(Payee)).context["cl"].queryset) == two.people[:1]


def test_staff_read_no_account(enter, two, everything, staff):
    client = enter(staff)
    assert client.get(list_url(Payee)).status_code == 403
    assert client.get(page_url(two.people[0])).status_code == 404


def test_more_plans_ask_no_more_questions(enter, two):
    plan = drafted(two)
    client = enter(two.officer)
    before = [queries(client, list_url(SharingPlan)), queries(client, page_url(plan))]
    for _each in range(3):
        last = drafted(two)
    assert [queries(client, list_url(SharingPlan)), queries(client, page_url(last))] == before
