"""Contracts and what hangs on them: every state × every transition."""

import pytest
from django_fsm import TransitionNotAllowed

from marketplace.contracts.models import Audit, Contract, Guarantee, Milestone, SalesReport

UNSIGNED = ("applied", "screening", "negotiating", "guarantee_pending", "notice_pending", "ready")
ACTIVE = ("signed", "in_trial", "paying", "curing", "defaulted")
CONTRACT = {
    "submit": (("applied",), "screening"),
    "accept_application": (("screening",), "negotiating"),
    "decline": (("screening",), "declined"),
    "draft": (("applied",), "negotiating"),
    "agree_terms": (("negotiating",), "guarantee_pending"),
    "reopen_terms": (("guarantee_pending", "notice_pending", "ready"), "negotiating"),
    "secure": (("guarantee_pending",), "notice_pending"),
    "clear": (("notice_pending",), "ready"),
    "unclear": (("ready",), "notice_pending"),
    "sign": (("ready",), "signed"),
    "withdraw": (UNSIGNED, "withdrawn"),
    "start_trial": (("signed",), "in_trial"),
    "start_paying": (("signed",), "paying"),
    "extend": (("in_trial",), "in_trial"),
    "keep": (("in_trial",), "paying"),
    "stop": (("in_trial",), "stop_pending"),
    "confirm_return": (("stop_pending",), "returned"),
    "demand": (("paying",), "curing"),
    "cure": (("curing", "defaulted"), "paying"),
    "default": (("curing",), "defaulted"),
    "terminate": (("signed", "in_trial", "stop_pending", "defaulted", "review_invalid"), "terminated"),
    "end_by_agreement": ((*ACTIVE, "stop_pending", "disputed"), "terminated"),
    "buy_out": (("in_trial", "paying"), "bought_out"),
    "complete": (("paying", "review_invalid"), "completed"),
    "run_again": (("bought_out", "completed"), "paying"),
    "lose_right": (ACTIVE, "review_invalid"),
    "dispute": ((*ACTIVE, "stop_pending", "review_invalid"), "disputed"),
    "settle_to_paying": (("disputed",), "paying"),
    "settle_to_trial": (("disputed",), "in_trial"),
    "settle_to_signed": (("disputed",), "signed"),
}
GUARANTEE = {
    "issue": (("proposed",), "issued"),
    "refuse": (("proposed",), "refused"),
    "release": (("proposed", "issued"), "released"),
    "stand_again": (("released",), "issued"),
}
MILESTONE = {
    "claim": (("pending", "rejected", "missed"), "claimed"),
    "accept": (("claimed",), "achieved"),
    "reject": (("claimed",), "rejected"),
    "waive": (("pending", "rejected", "missed"), "waived"),
    "miss": (("pending", "rejected"), "missed"),
}
REPORT = {
    "submit": (("due", "queried"), "submitted"),
    "ask": (("submitted",), "queried"),
    "accept": (("submitted",), "accepted"),
}
AUDIT = {
    "begin": (("noticed",), "fieldwork"),
    "report_findings": (("fieldwork",), "reported"),
    "agree": (("reported",), "agreed"),
    "object_to": (("reported",), "disputed"),
    "settle": (("agreed", "disputed"), "settled"),
}
MACHINES = {Contract: CONTRACT, Guarantee: GUARANTEE, Milestone: MILESTONE, SalesReport: REPORT, Audit: AUDIT}
CELLS = [(model, state) for model in MACHINES for state in model.State.values]


def led_to(model, state, move):
    """Where a move leads from a state, or nothing where it may not follow."""
    row = model(state=state)
    try:
        getattr(row, move)()
    except TransitionNotAllowed:
        return None
    return row.state


@pytest.mark.parametrize("model", MACHINES)
def test_the_table_names_every_move(model):
    known = {each.name for each in model._meta.get_field("state").get_all_transitions(model)}
    assert known == set(MACHINES[model])


@pytest.mark.parametrize(("model", "state"), CELLS, ids=lambda each: getattr(each, "__name__", each))
def test_only_what_the_table_says_may_follow(model, state):
    moves = MACHINES[model]
    found = {move: led_to(model, state, move) for move in moves}
    assert found == {move: target if state in sources else None for move, (sources, target) in moves.items()}


@pytest.mark.parametrize("state", Contract.CLOSED)
def test_nothing_follows_a_closed_contract_but_that_it_was_not_paid(state):
    moves = [move for move in CONTRACT if led_to(Contract, state, move)]
    assert moves == (["run_again"] if state in ("bought_out", "completed") else [])


def test_every_state_is_unsigned_running_or_closed():
    assert {*Contract.UNSIGNED, *Contract.RUNNING, *Contract.CLOSED} == set(Contract.State)
