"""A licence lives at random through everything that moves money; after each step all that should be equal is.

The rules and the simple models are in `living_books.py` and beside it. `HYPOTHESIS_PROFILE=nightly` runs twenty times
as long.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.contracts.living import make_licence
from tests.settlement.living_books import SHEET, Life, noon
from tests.settlement.living_claims import Claims, make_covers
from tests.settlement.living_invoices import Invoices
from tests.settlement.living_shares import Shares, make_owner

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
PARTS = {
    "invoices": (Invoices,),
    "claims": (Claims,),
    "shares": (Shares,),
}
STEPS, RULES = 50, 33_334 if NIGHTLY else 1_667
OPTIONS = settings(
    stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=False,
    phases=tuple(Phase) if NIGHTLY else (Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes long
)  # fmt: skip


def make_life(part, go):
    """A machine of some of the rules, with the people and papers that they need; each life is undone at its end."""
    sharing = make_owner(go, SHEET) if Shares in PARTS[part] else None
    licence = sharing.licence if sharing else make_licence(go, SHEET)
    guarantees = make_covers(licence) if Claims in PARTS[part] else ()
    values = {"licence": licence, "sharing": sharing, "guarantees": guarantees, "done": Counter()}
    return type(f"LifeWith{part.title()}", (*PARTS[part], Life), values)


@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS)
def test_everything_adds_up(part, time_machine):
    """5,000 rules over all parts, at night 100,000."""
    life = make_life(part, lambda day: time_machine.move_to(noon(day), tick=False))
    while life.rules_run() < RULES:  # a life may end early, so lives are added until enough rules have run
        lives = max((RULES - life.rules_run()) // STEPS, 5)
        run_state_machine_as_test(life, settings=settings(OPTIONS, max_examples=lives))
    assert RULES * len(PARTS) >= (100_000 if NIGHTLY else 5_000)
