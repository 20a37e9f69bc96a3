"""A document over the API: its facts in the list, its file as a download that no browser runs, each opening noted."""

import pytest

from marketplace.documents import services
from marketplace.documents.models import Showing

from .conftest import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(world):
    return f"documents/{world.document.public_id}/"


def test_the_list_tells_the_facts_and_no_content(call, world):
    row = call(world.officer, "get", "documents/").json()["results"][0]
    assert (row["title"], row["size"], row["sha256"]) == ("检测报告", len(PDF), services.sha256_of(PDF))
    assert "content" not in row


def test_the_file_is_saved_under_its_name_and_never_run(call, world, path):
    answer = call(world.officer, "get", f"{path}content/", **{"Accept": "application/pdf"})
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


def test_each_opening_is_noted_and_a_refused_one_is_not(call, world, path):
    call(world.officer, "get", f"{path}content/")
    call(world.outsider, "get", f"{path}content/")
    assert list(Showing.objects.values_list("user", "how")) == [(world.officer.pk, "api")]


def test_a_file_in_quarantine_is_a_conflict_in_a_problem_document(call, world, path):
    services.quarantine(world.document, reason="x", by=world.staff)
    answer = call(world.officer, "get", f"{path}content/")
    assert (answer.status_code, answer.json()["code"]) == (409, "quarantined")
    assert answer["Content-Type"] == "application/problem+json"


def test_whether_this_very_file_is_kept_can_be_asked_by_its_hash(call, world):
    asked = f"documents/?sha256={services.sha256_of(PDF)}"
    assert call(world.officer, "get", asked).json()["count"] == 1
    assert call(world.outsider, "get", asked).json()["count"] == 0
