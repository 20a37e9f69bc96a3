"""Attacks on the constraints of equity: which row each guards, and what breaks it. Read by test_constraints."""

from marketplace.settlement import services
from tests.rows import reread
from tests.settlement.owning import make_owning

BREAKS = {
    "a_stake_is_a_part_of_a_company": ("stake", "percent = 1.000001"),
    "a_stake_is_worth_something": ("stake", "valuation = 0"),
    "a_stake_counts_its_shares_or_has_none": ("stake", "shares = 0"),
    "a_company_has_its_credit_code": ("stake", "credit_code = 'O00000000000000000'"),
    "a_registered_stake_has_its_day_and_papers": ("stake", "valuation_paper_id = NULL"),
    "a_stake_is_registered_after_it_is_agreed": ("stake", "registered_on = '2026-12-31'"),
    "an_ended_stake_says_when_how_why_and_for_what": ("ended stake", "end_reason = ''"),
    "people_hold_no_more_than_the_stake": ("allotment", "pool = units + 1"),
    "a_reward_in_shares_is_a_part_of_the_stake": ("allotment", "rate = 0"),
    "an_allotment_is_approved_by_another_person": ("allotment", "approved_by_id = proposed_by_id"),
    "a_withdrawn_allotment_says_why": ("allotment", "state = 'withdrawn', end_reason = ''"),
    "people_hold_by_their_line_and_the_owner_the_rest": ("holding", "payee_id = NULL"),
    "what_is_earned_over_time_has_its_days_and_paper": ("holding", "vest_cliff = vest_months + 1"),
    "a_departure_says_why": ("departure", "reason = ''"),
    "a_nominee_holds_for_a_time": ("nominee", "unwinds_on = begins_on"),
    "what_a_nominee_gave_back_says_when_and_why": ("nominee", "end_reason = 'x'"),
}
ONLY_ONE = {
    "one_stake_per_contract_and_term": ("stake", {}),
    "one_signed_plan_per_stake": ("plan of a stake", {"number": "number + 10"}),
    "one_allotment_that_counts_per_stake": ("allotment", {}),
    "one_holding_per_line_of_the_plan": ("holding", {}),
    "one_holding_of_the_owner": ("holding of the owner", {}),
    "one_nominee_at_a_time": ("nominee", {}),
}


def of_equity(go):
    """One row of each kind: a registered stake, earned over time, of which somebody left; and one that ended."""
    owning, other = make_owning(go), make_owning(go)
    stake = owning.register(owning.record())
    plan = owning.plan(stake, "1/2", "1/2")
    row = owning.allot(stake)
    person = owning.earns(row.holdings.first())
    row = owning.approve(row)
    facts = {"ending": "WOUND_UP", "on": stake.registered_on, "reason": "注销"}
    return {
        "stake": reread(stake),
        "ended stake": services.end_stake(other.record(), **facts, by=other.officer),
        "plan of a stake": plan,
        "allotment": row,
        "holding": reread(person),
        "holding of the owner": row.holdings.get(payee=None),
        "departure": owning.leave(person),
        "nominee": owning.entrust(owning.head(row.holdings.all()[1])),
    }
