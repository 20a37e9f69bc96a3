"""A university officer takes fifty achievements over from a spreadsheet and hands one of them to review."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import load_workbook

from marketplace.listings.models import Achievement
from tests.browser.steps import button, give_password, log_in, path_of, press

SAMPLE = Path(settings.BASE_DIR) / "fixtures/import/sample.xlsx"
NUMBER, TITLE, READINESS = 2, 3, 15  # columns of the template
GOOD = 50


@pytest.fixture
def sheet():
    """The fifty of the sample; one more without a title and one more of readiness twelve."""
    book = load_workbook(SAMPLE)
    rows = book.active
    for place, column, value in ((GOOD + 2, TITLE, None), (GOOD + 3, READINESS, 12)):
        rows.append([cell.value for cell in rows[2]])
        rows.cell(place, NUMBER, f"JL-2026-{place}")
        rows.cell(place, TITLE, f"第{place}行的成果")
        rows.cell(place, column).value = value
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def officer_page(open_page, university_officer):
    give_password(university_officer)
    page = open_page()
    log_in(page, university_officer)
    return page


def look_at(page, sheet):
    press(page, page.locator('nav a[href$="/achievement/import/"], aside a[href$="/achievement/import/"]').first)
    file = {"name": "成果.xlsx", "mimeType": "application/octet-stream", "buffer": sheet}
    page.locator("input[type=file]").set_input_files(file)
    press(page, page.locator(".ws-ask button[type=submit]"))


def confirm(page):
    page.locator("[name=skip_errors]").check()
    press(page, page.locator('form[action$="/confirm/"] button[type=submit]'))


def test_an_officer_sees_what_is_wrong_with_two_rows_before_anything_is_written(officer_page, sheet, screenshot):
    look_at(officer_page, sheet)
    screenshot(officer_page, "preview")
    rows = officer_page.locator("tbody tr")
    assert rows.count() == GOOD + 2
    faulty = [rows.nth(place).inner_text() for place in (0, 1)]  # the faulty ones come first
    assert "成果名称" in faulty[0]
    assert "技术成熟度" in faulty[1]
    assert not Achievement.objects.exists()


def test_an_officer_imports_fifty_drafts_and_hands_one_to_review(officer_page, sheet, screenshot):
    look_at(officer_page, sheet)
    confirm(officer_page)
    screenshot(officer_page, "imported")
    assert Achievement.objects.filter(state="draft").count() == GOOD
    press(officer_page, officer_page.locator('[role=status] a[href$="/achievement/"]'))
    screenshot(officer_page, "drafts")
    press(officer_page, officer_page.locator("#result_list tbody a").first)
    press(officer_page, button(officer_page, "submit"))
    screenshot(officer_page, "submitted")
    assert Achievement.objects.filter(state="submitted").count() == 1


def test_a_sheet_that_is_none_is_refused_in_words(officer_page, screenshot):
    look_at(officer_page, b"PK\x03\x04 no workbook")
    screenshot(officer_page, "refused")
    assert path_of(officer_page).endswith("/achievement/import/")
    assert officer_page.locator("input[type=file]").is_visible()
    assert officer_page.locator(".errorlist, [role=alert], .text-red-600, .text-red-500").first.inner_text().strip()
