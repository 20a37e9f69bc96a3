"""The front page tells staff what became of the matcher's suggestions, and nobody else."""

import pytest

from marketplace.discovery import services

pytestmark = pytest.mark.django_db
TITLE = "Verdicts on current matches"


def lines(client):
    sections = {str(each.title): each for each in client.get("/workspace/").context["sections"]}
    return [(str(line.title), str(line.note)) for line in sections[TITLE].lines] if TITLE in sections else None


def test_staff_see_how_many_were_kept_and_why_others_were_not(market, enter, staff, broker):
    assert lines(enter(staff)) == []
    services.dismiss(market.match, "TOO_COSTLY", by=broker)
    assert [note for _, note in lines(enter(staff))] == ["0 of 1 (0 %)", "1 of 1 (100 %)"]


def test_others_do_not(market, enter, broker, university_officer):
    assert [lines(enter(person)) for person in (broker, university_officer)] == [None, None]
