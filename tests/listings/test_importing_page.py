"""The import page of the workspace: upload, look, confirm; who may, and what a second press does."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.listings.importing.reading import read
from marketplace.listings.models import Achievement
from tests import factories
from tests.listings.sheets import ROW, opened, row, sheet_of

pytestmark = pytest.mark.django_db
GOOD = row(成果名称="第二项成果", 单位内部编号="2")
BAD = row(成果名称="第三项成果", 单位内部编号="3", 技术领域="没有")


@pytest.fixture
def upload(client, university, university_officer):
    client.force_login(university_officer)

    def post(content: bytes, name: str = "sheet.xlsx"):
        form = {"organisation": university.pk, "file": SimpleUploadedFile(name, content)}
        return client.post(reverse("admin:listings_achievement_import"), form)

    return post


def confirm(client, page, **form):
    return client.post(reverse("admin:listings_achievement_import_confirm"), {"token": page.context["token"], **form})


def test_a_sheet_is_looked_at_then_confirmed(client, upload):
    page = upload(sheet_of(ROW, GOOD))
    assert page.context["taken"] == 2
    assert not Achievement.objects.exists()
    done = confirm(client, page)
    assert done.context["is_done"]
    assert Achievement.objects.count() == 2


def test_a_second_press_writes_nothing_more(client, upload):
    page = upload(sheet_of(ROW))
    confirm(client, page)
    assert "notice" in confirm(client, page).context
    assert Achievement.objects.count() == 1


def test_faults_are_shown_by_row_and_column(upload):
    page = upload(sheet_of(ROW, BAD)).content.decode()
    assert "技术领域" in page
    assert "第三项成果" in page


def test_rows_with_faults_are_left_out_only_when_asked(client, upload):
    page = upload(sheet_of(ROW, BAD))
    assert not confirm(client, page).context.get("is_done")
    assert not Achievement.objects.exists()
    assert confirm(client, page, skip_errors="1").context["is_done"]
    assert Achievement.objects.count() == 1


@pytest.mark.parametrize("content", [b"x", b"%PDF-1.7", b"PK\x03\x04", b"<html>"])
def test_a_file_that_is_no_sheet_is_a_fault_of_the_field(upload, content):
    page = upload(content)
    assert page.status_code == 200
    assert page.context["form"].errors["file"]


def test_another_organisation_cannot_be_chosen(client, upload, firm):
    form = {"organisation": firm.pk, "file": SimpleUploadedFile("s.xlsx", sheet_of(ROW))}
    page = client.post(reverse("admin:listings_achievement_import"), form)
    assert page.context["form"].errors["organisation"]


def test_another_persons_upload_is_not_found(client, upload, university):
    page = upload(sheet_of(ROW))
    client.force_login(factories.make_member(university))
    assert "notice" in confirm(client, page).context
    assert not Achievement.objects.exists()


def test_a_role_that_ended_meanwhile_imports_nothing(client, upload, university, university_officer):
    page = upload(sheet_of(ROW))
    university_officer.memberships.update(ended_on="2099-01-01")
    assert confirm(client, page).status_code in (302, 200)
    assert not Achievement.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("officer", 200), ("inventor", 200), ("reader", 404)])
def test_those_who_may_draft_may_import(client, university, role, status):
    client.force_login(factories.make_member(university, role))
    assert client.get(reverse("admin:listings_achievement_import")).status_code == status


def test_a_technology_manager_has_nothing_to_import(client, broker):
    client.force_login(broker)
    assert client.get(reverse("admin:listings_achievement_import")).status_code == 404


def test_a_visitor_is_asked_to_log_in(client):
    page = client.get(reverse("admin:listings_achievement_import"))
    assert page.status_code == 302


def test_the_template_can_be_downloaded_and_read(client, university_officer):
    client.force_login(university_officer)
    page = client.get(reverse("admin:listings_achievement_import_template"))
    assert read(page.content).rows == []


def test_an_export_holds_ones_own_achievements_alone(client, university, university_officer, firm):
    own = factories.make_achievement(university)
    factories.make_achievement(firm)
    client.force_login(university_officer)
    sheet = opened(client.get(reverse("admin:listings_achievement_export_sheet")).content)
    assert [line[0].value for line in sheet.iter_rows(min_row=2)] == [own.public_id]
