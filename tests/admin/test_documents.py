"""Documents in the workspace: staff upload templates, readers download, strangers find nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.core.workspace import list_url, move_url, page_url
from marketplace.documents import services
from marketplace.documents.models import Document, Showing, Template
from tests.documents.conftest import word

pytestmark = pytest.mark.django_db
ADD = "admin:documents_template_add"
PDF = b"%PDF-1.7\n%EOF"


def file_url(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_file", args=[row.pk])


def upload(client, content, kind="NOTICE"):
    file = SimpleUploadedFile("模板.docx", content)
    return client.post(reverse(ADD), {"kind": kind, "language": "zh", "file": file})


@pytest.fixture
def document(firm, sme):
    return services.keep_document(PDF, filename="检测报告.pdf", title="检测报告", readers=[firm], by=sme)


def test_staff_upload_a_template_and_it_is_in_use(enter, staff):
    client = enter(staff)
    assert 'enctype="multipart/form-data"' in client.get(reverse(ADD)).content.decode()
    assert upload(client, word("{{ owner_name }}")).status_code == 302
    assert services.current_template("NOTICE", "zh").uploaded_by == staff


def test_what_a_template_may_not_hold_is_said_beside_the_file(enter, staff):
    form = upload(enter(staff), word("{{ secret }}")).context["adminform"].form
    assert "secret" in form.errors["file"][0]


def test_a_template_is_downloaded_to_be_changed(enter, staff):
    row = services.current_template("NOTICE", "zh")
    answer = enter(staff).get(file_url(row))
    assert answer.content == bytes(row.content)
    assert f"NOTICE.zh.{row.edition}.docx" in answer["Content-Disposition"]


@pytest.mark.parametrize("role", ["university_officer", "broker"])
def test_templates_are_for_staff(role, people, enter):
    client, row = enter(people[role]), Template.objects.first()
    assert client.get(list_url(Template)).status_code == 403
    assert client.get(file_url(row)).status_code == 404
    assert client.get(reverse(ADD)).status_code == 403


def test_a_reader_downloads_and_staff_read_who_did(enter, document, sme, staff):
    answer = enter(sme).get(file_url(document))
    assert answer.content == PDF
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert Showing.objects.get().user == sme
    page = enter(staff).get(page_url(document)).content.decode()
    assert "sme" in page
    assert "(&#x27;" not in page


def test_a_stranger_finds_no_document(enter, document, outsider):
    client = enter(outsider)
    assert [client.get(url).status_code for url in (page_url(document), file_url(document))] == [404, 404]
    assert not Showing.objects.exists()


def test_a_file_in_quarantine_is_answered_with_a_sentence(enter, document, sme, staff):
    enter(staff).post(move_url(document, "quarantine"), {"reason": "Found by hand.", "version": document.version})
    assert Document.objects.get().scan_state == "quarantined"
    page = enter(sme).get(file_url(document), follow=True).content.decode()
    assert "in quarantine" in page
    assert not Showing.objects.exists()
