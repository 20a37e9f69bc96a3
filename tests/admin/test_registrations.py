"""Registrations in the workspace: begun on the page of the contract, filled in, decided; what each one sees."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.core.workspace import move_url, page_url
from marketplace.registration import services
from marketplace.registration.models import Change, Registration
from tests.contracts.making import PDF
from tests.registration.registering import FILLED, NUMBER, make_registering

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(db, go):
    return make_registering(go)


@pytest.fixture
def client_of(client):
    def logged_in(user):
        client.force_login(user)
        return client

    return logged_in


def text(answer):
    return answer.content.decode()


def do(client, row, name, **values):
    return client.post(move_url(row, name), {"version": row.version, **values}, follow=True)


def filled_form(row, **values):
    """The form as the browser sends it."""
    given = {name: getattr(row, name) for name in FILLED}
    given |= {"name": row.name, "starts_on": row.starts_on, "ends_on": row.ends_on, "total_amount": row.total_amount}
    given |= {"office": row.office_id or "", "field": row.field, "payment_method": row.payment_method}
    given |= {"payment_note": row.payment_note, "is_open_priced": "on", "leader": "", "seen_version": row.version}
    costs = {"costs-TOTAL_FORMS": 1, "costs-INITIAL_FORMS": 0, "costs-0-kind": "EQUIPMENT", "costs-0-what": "电源"}
    return given | costs | {"costs-0-amount": "12000"} | values


def test_it_is_begun_on_the_page_of_the_contract(ours, client_of):
    client = client_of(ours.officer)
    assert "办理认定登记" in text(client.get(page_url(ours.contract)))
    answer = do(client, ours.contract, "have-registered")
    row = Registration.objects.get()
    assert (row.office, answer.redirect_chain[-1][0]) == (ours.office, page_url(row))
    assert "建议类别" in text(answer)
    assert "提交前还需完成" in text(answer)
    assert "办理认定登记" not in text(client.get(page_url(ours.contract))).split("ws-registration")[0]


def test_the_form_is_filled_in_with_what_is_deducted(ours, client_of):
    row = services.draft(ours.contract, **FILLED, office=ours.office, by=ours.officer)
    answer = client_of(ours.officer).post(page_url(row), filled_form(row, contact="李老师"), follow=True)
    row.refresh_from_db(fields=["contact", "deducted_amount", "version"])
    assert (row.contact, f"{row.technical_amount:.2f}") == ("李老师", "38000.00")
    assert "38,000.00元" in text(answer)
    assert "内容已完整，可以提交" in text(answer)


def test_what_cannot_be_stays_in_the_form_with_its_sentence(ours, client_of):
    row = services.draft(ours.contract, **FILLED, office=ours.office, by=ours.officer)
    sent = filled_form(row, total_amount="1000", contact="李老师")
    answer = client_of(ours.officer).post(page_url(row), sent)
    assert "超过合同成交总额" in text(answer)
    assert "李老师" in text(answer)
    assert Registration.objects.get().contact == FILLED["contact"]


def test_the_office_decides_it_on_its_page(ours, client_of):
    row = ours.submitted()
    client = client_of(ours.registrar)
    page = text(client.get(page_url(row)))
    assert ours.contract.document.title in page
    assert page_url(ours.contract) not in page
    row = Registration.objects.get()
    do(client, row, "accept")
    answer = do(client, Registration.objects.get(), "register", number=NUMBER, reason="", certificate="")
    assert Registration.objects.get().number == NUMBER
    assert NUMBER in text(answer)


def test_the_text_opens_for_the_office_alone(ours, client_of, authority):
    ours.submitted()
    where = page_url(ours.contract.document)
    assert client_of(ours.registrar).get(where).status_code == 200
    assert client_of(authority).get(where).status_code == 404


def test_a_number_from_elsewhere_is_entered_with_its_certificate(ours, client_of):
    row = ours.draft(office=None)
    file = SimpleUploadedFile("证明.pdf", PDF)
    values = {"number": NUMBER, "on": ours.contract.signed_on, "office_name": "某处", "certificate": file}
    do(client_of(ours.officer), row, "record", **values)
    row = Registration.objects.get()
    assert (row.state, row.certificate.filename) == ("registered", "证明.pdf")


def test_a_change_is_asked_and_entered(ours, client_of):
    row = ours.registered()
    values = {"total_amount": "90000", "deducted_amount": "0", "ends_on": row.ends_on, "reason": "提成。"}
    do(client_of(ours.officer), row, "ask-change", **values)
    change = Change.objects.get()
    client = client_of(ours.registrar)
    assert "90,000.00" in text(client.get(page_url(change)))
    do(client, change, "make-change")
    assert "90,000.00元" in text(client.get(page_url(row)))


@pytest.mark.parametrize("who", ["officer", "buyer", "registrar"])
def test_my_day_and_the_menu_lead_there(ours, client_of, who):
    ours.submitted()
    user = ours.licence.buyer if who == "buyer" else getattr(ours, who)
    page = text(client_of(user).get(reverse("admin:index")))
    assert reverse("admin:registration_registration_changelist") in page
    assert ("待办结的合同登记" in page) is (who == "registrar")


def test_contracts_that_nobody_had_registered_wait(ours, client_of):
    assert "待办理登记的合同" in text(client_of(ours.officer).get(reverse("admin:index")))
    ours.draft()
    page = text(client_of(ours.officer).get(reverse("admin:index")))
    assert "待办理登记的合同" not in page
    assert "待提交的合同登记" in page


def test_a_stranger_finds_nothing(ours, client_of, authority, outsider):
    row = ours.submitted()
    for user in (authority, outsider):
        assert client_of(user).get(page_url(row)).status_code == 404
