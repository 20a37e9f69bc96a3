"""A licence lives at random through everything that moves money; after each step all that should be equal is.

One machine has all rules together: contract, milestone, sales reports, payments, invoices, guarantees, recourse,
sharing, payouts, reversals, termination. They and the simple models are in `living_books.py` and beside it.
`HYPOTHESIS_PROFILE=nightly` runs twenty times as long, in parts that cores share and that say how far it has come.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.settlement.living_books import SHEET, Life, noon
from tests.settlement.living_claims import Claims, make_covers
from tests.settlement.living_invoices import Invoices
from tests.settlement.living_on import GoingOn
from tests.settlement.living_shares import Shares, make_owner

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
STEPS, PARTS, RULES = 80, 10 if NIGHTLY else 1, 10_000 if NIGHTLY else 5_000
OPTIONS = settings(
    stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=False,
    phases=tuple(Phase) if NIGHTLY else (Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes long
)  # fmt: skip
OFTEN = (
    *("paid", "report accepted", "corrected up", "corrected down", "demanded", "claim filed", "proposed", "approved"),
)
SELDOM = (
    *("milestone accepted", "payment reversed", "written off", "terminated", "invoiced", "claim accepted"),
    *("compensated", "recovered", "cost recorded", "plan signed", "batch made", "batch paid", "disputed"),
    *("proposal withdrawn", "distribution reversed"),
)
RARE = (
    *("invoice withdrawn", "red letter", "claim supplied", "claim refused", "claim withdrawn", "recourse forgone"),
    *("compensation reversed", "part passed on", "part returned", "recovery reversed", "transfer returned"),
    *("set off", "given back", "batch withdrawn", "distribution reversed by its receipt"),
    *("proposal withdrawn by its receipt", "claimed again"),
)
LEAST = dict.fromkeys(OFTEN, 20) | dict.fromkeys(SELDOM, 3) | dict.fromkeys(RARE, 1)
"""How often each deed must really have happened in 5,000 rules; most happen many times as often."""


def make_life(go):
    """The machine with the people and papers that it needs; each life is undone at its end."""
    sharing = make_owner(go, SHEET)
    values = {"licence": sharing.licence, "sharing": sharing, "guarantees": make_covers(sharing.licence)}
    return type("LifeOfALicence", (GoingOn, Invoices, Claims, Shares, Life), values | {"done": Counter()})


def too_seldom(life):
    return {deed: life.done[deed] for deed, least in LEAST.items() if life.done[deed] < least * RULES / 5_000}


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(1, PARTS + 1))
def test_everything_adds_up(time_machine, part):
    """5,000 rules, at night 100,000; up to four times as many while a deed has come too seldom."""
    life = make_life(lambda day: time_machine.move_to(noon(day), tick=False))
    while life.rules_run() < RULES or (too_seldom(life) and life.rules_run() < 4 * RULES):
        lives = max((RULES - life.rules_run()) // STEPS, 5)  # one may end early
        run_state_machine_as_test(life, settings=settings(OPTIONS, max_examples=lives))
    print(f"part {part}: {life.rules_run()} rules in {life.lives} lives: {dict(life.done.most_common())}")
    assert too_seldom(life) == {}
