"""Leads and deals: every state × every verb × everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Deal
from marketplace.core.access import SYSTEM
from marketplace.core.acts import act
from tests.rows import reread
from tests.tables import expected, outcomes, people_around

DECIDERS = {"admin", "officer", "sme"}
LEAD_STATES = ("opened", "accepted", "declined", "lapsed", "withdrawn")
LEAD_MOVES = {
    "accept": {"opened": "accepted"},
    "decline": {"opened": "declined"},
    "withdraw": {"opened": "withdrawn"},
    "lapse": {"opened": "lapsed"},
}
LEAD_ALLOWED = {
    "accept": {"admin", "officer"},
    "decline": {"admin", "officer"},
    "withdraw": {"sme"},
    "lapse": {"the clock"},
}


def lapse(row, by):
    with act(row, "brokerage.lapse", by=by) as row:
        row.lapse()


LEAD_ACTS = {
    "accept": lambda row, by: services.accept(row, text="欢迎。", by=by),
    "decline": lambda row, by: services.decline(row, "CAPACITY", by=by),
    "withdraw": lambda row, by: services.withdraw_lead(row, by=by),
    "lapse": lapse,
}


def bring_to(state, lead, university_officer, sme):
    if state == "accepted":
        return services.accept(lead, by=university_officer)
    if state == "declined":
        return services.decline(lead, "CAPACITY", by=university_officer)
    if state == "withdrawn":
        return services.withdraw_lead(lead, by=sme)
    if state == "lapsed":
        services.lapse_leads(timezone.localdate() + timedelta(days=15))
    return reread(lead)


@pytest.mark.parametrize("state", LEAD_STATES)
def test_leads(state, lead, university, firm, university_officer, sme):
    lead = bring_to(state, lead, university_officer, sme)
    assert lead.state == state
    people = people_around(university, firm)
    found = outcomes(lead, people | {"the clock": SYSTEM}, LEAD_ACTS)
    found = {(verb, name): where for (verb, name), where in found.items() if name != "the clock" or verb == "lapse"}
    names = [*people, "the clock"]
    declared = expected(state, names, LEAD_ALLOWED, LEAD_MOVES)
    assert found == {cell: where for cell, where in declared.items() if cell in found}
    assert len(found) == 4 * len(people) + 1


@pytest.mark.parametrize("state", Deal.State.values)
def test_deals(state, deal, university, firm, broker):
    clock = {} if state in Deal.LIVE else {"awaited": "", "answer_by": None}
    Deal.objects.filter(pk=deal.pk).update(state=state, lost_code="TAKEN" if state == "lost" else "", **clock)
    people = people_around(university, firm) | {"its manager": broker}
    moves = {
        "lose": dict.fromkeys(("introduced", "under_nda", "negotiating"), "lost"),
        "take_up": {"lost": "introduced"},
    }
    acts = {
        "lose": lambda row, by: services.lose(row, "TERMS_UNFIT", by=by),
        "take_up": lambda row, by: services.take_up(row, "样件已合格。", by=by),
    }
    allowed = {key: {"its manager", *DECIDERS} for key in acts}
    assert outcomes(deal, people, acts) == expected(state, people, allowed, moves)
