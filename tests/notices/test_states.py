"""Notices and objections: every state × every verb × everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.notices import services
from marketplace.notices.models import Notice, Objection
from tests.notices.conftest import SOMEBODY, end
from tests.rows import reread
from tests.tables import expected, outcomes, people_around

DECIDERS = {"admin", "officer", "opener"}
MOVES = {
    "close": {"open": "closed_clean"},
    "void": {"open": "void", "objected": "void"},
}
ACTS = {
    "close": lambda row, by: services.close(row, by=by),
    "void": lambda row, by: services.void(row, "WITHDRAWN", by=by),
}
ANSWERS = {"dismiss": {"filed": "dismissed"}, "uphold": {"filed": "upheld"}}
ANSWERING = {
    "dismiss": lambda row, by: services.dismiss(row, "所述专利保护范围不同。", by=by),
    "uphold": lambda row, by: services.uphold(row, "属实,重新议价。", by=by),
}


@pytest.fixture
def people(university, firm, opener):
    return people_around(university, firm) | {"opener": opener}


def bring_to(state, notice, person):
    if state == "objected":
        services.object_to(notice, **SOMEBODY, by=person)
    if state == "void":
        services.void(notice, "WITHDRAWN", by=person)
    end(notice, timezone.localdate() - timedelta(days=1))  # its time is over: only its state says no
    if state == "closed_clean":
        services.close(notice, by=person)
    return reread(notice)


@pytest.mark.parametrize("state", Notice.State.values)
def test_notices(state, notice, people):
    Notice.objects.filter(pk=notice.pk).update(opened_on=timezone.localdate() - timedelta(days=20))
    notice = bring_to(state, notice, people["opener"])
    assert notice.state == state
    allowed = dict.fromkeys(MOVES, DECIDERS)
    assert outcomes(notice, people, ACTS) == expected(state, people, allowed, MOVES)


@pytest.mark.parametrize("state", Objection.State.values)
def test_objections(state, notice, objection, people):
    if state == "lapsed":
        services.void(notice, "WITHDRAWN", by=people["admin"])
    elif state != "filed":
        ANSWERING["dismiss" if state == "dismissed" else "uphold"](objection, people["admin"])
    objection = reread(objection)
    assert objection.state == state
    allowed = {verb: {"admin", "officer"} for verb in ANSWERS}
    assert outcomes(objection, people, ANSWERING) == expected(state, people, allowed, ANSWERS)
