"""Claims on the front page."""

import pytest

from marketplace.core.showing import exact
from tests.settlement.claiming import make_defaulted

pytestmark = pytest.mark.django_db


def test_recourse_says_what_is_still_owed(enter, go):
    defaulted = make_defaulted(go)
    defaulted.file()
    paid = defaulted.accept().amount
    defaulted.compensate(str(paid))
    left = paid - defaulted.recover("10000").guarantor_part
    for person in (defaulted.guarantor, defaulted.buyer):
        sections = enter(person).get("/workspace/").context["sections"]
        line = next(line for each in sections if str(each.title) == "Recourse that is owed" for line in each.lines)
        assert line.side == exact(left)
