"""Attacks on the constraints of sharing: which row each guards, and what breaks it. Read by test_constraints."""

from marketplace.settlement import services
from marketplace.settlement.models import ClawBack, Hold, PayoutLine, Share
from tests.rows import reread
from tests.settlement.sharing import make_sharing

BREAKS = {
    "an_account_number_has_digits_and_letters": ("payee", "account_number = 'x'"),
    "an_account_has_its_bank_and_holder": ("payee", "bank = ''"),
    "an_office_has_its_first_day": ("payee", "office = 'HEAD', office_from = NULL"),
    "an_office_ends_after_it_begins": (
        "payee",
        "office = 'HEAD', office_from = '2027-01-02', office_to = '2027-01-01'",
    ),
    "a_reward_is_a_part_of_the_income": ("rule of rewarding", "rate = 0"),
    "a_reward_rule_ends_after_it_begins": ("rule of rewarding", "effective_to = '2026-12-31'"),
    "a_reward_rule_has_its_document": ("rule of rewarding", "sha256 = 'x'"),
    "a_cost_is_more_than_nothing": ("cost", "amount = 0"),
    "public_research_money_is_no_cost": ("cost", "kind = 'RESEARCH'"),
    "a_plan_has_its_hash": ("plan", "sha256 = 'x'"),
    "a_signed_plan_has_its_day": ("plan", "signed_on = NULL"),
    "a_share_is_a_part_of_one": ("line of a plan", "numerator = denominator + 1"),
    "people_share_in_the_reward_and_units_in_the_rest": ("line of a plan", "payee_id = NULL"),
    "a_signature_names_the_hash_of_its_plan": ("line of a plan", "signed_sha256 = ''"),
    "a_distribution_shares_something": (
        "distribution",
        "received = 0, costs = 0, net = 0, pool = 0, retained = 0",
    ),
    "net_is_received_less_costs": ("distribution", "costs = costs + 0.01"),
    "reward_and_rest_are_the_net_income": ("distribution", "pool = pool + 0.01"),
    "a_reward_rate_is_a_part_of_one": ("distribution", "rate = 0"),
    "a_distribution_is_approved_by_another_person": ("distribution", "approved_by_id = proposed_by_id"),
    "an_approved_distribution_says_who_and_when": ("distribution", "approved_on = NULL"),
    "a_paid_distribution_has_its_day": ("distribution", "paid_on = NULL"),
    "an_ended_distribution_says_why": ("distribution", "state = 'reversed', end_reason = ''"),
    "a_cost_taken_off_is_more_than_nothing": ("cost taken off", "amount = 0"),
    "a_share_is_not_negative": ("share", "amount = -0.01"),
    "a_paid_share_has_its_day_and_reference": ("share", "reference = ''"),
    "a_unit_is_paid_nothing": ("share", "payee_id = NULL"),
    "a_hold_says_why": ("hold", "reason = ''"),
    "a_resolved_hold_says_how": ("hold", "resolution = ''"),
    "a_hold_is_resolved_by_another_person": ("hold", "raised_by_id = resolved_by_id"),
    "no_more_is_given_back_than_was_paid": ("claw-back", "state = 'owed', settled = amount + 0.01"),
    "a_settled_claw_back_is_given_back": ("claw-back", "settled = amount - 0.01"),
    "a_payout_pays_no_less_than_nothing": ("payout", "total = -1"),
    "a_payout_has_its_hash": ("payout", "sha256 = 'x'"),
    "a_paid_payout_has_its_day_and_reference": ("payout", "reference = ''"),
    "a_withdrawn_payout_says_why": ("payout", "state = 'withdrawn', end_reason = ''"),
    "a_transfer_pays_something": ("transfer", "amount = 0, set_off = 0"),
    "a_returned_transfer_says_why": ("transfer", "outcome = 'returned', returned_reason = ''"),
    "a_set_off_is_more_than_nothing": ("set-off", "amount = 0"),
}
ONLY_ONE = {
    "one_payee_per_book_and_person": ("payee", {}),
    "one_reward_rule_per_method_and_first_day": ("rule of rewarding", {}),
    "one_plan_per_number": ("plan", {"state": "'replaced'"}),
    "one_signed_plan_per_contract": ("plan", {"number": "number + 10"}),
    "one_line_per_payee_and_plan": ("line of a plan", {}),
    "one_open_distribution_per_receipt": ("open distribution", {}),
    "one_share_per_line_of_the_plan": ("share", {}),
    "a_cost_is_taken_off_once": ("cost taken off", {}),
    "a_share_is_paid_once": ("transfer", {}),
    "a_claw_back_is_set_off_once_a_transfer": ("set-off", {}),
}


def of_sharing(go):
    """One row of each kind: a reward was paid, reversed, set off with the next one, and a third is proposed."""
    sharing = make_sharing(go)
    rule, plan = sharing.rule("0.6"), sharing.plan("100%")
    cost = sharing.cost("100")
    services.reverse_distribution(sharing.shared("10000"), "重算", by=sharing.officer)
    row = sharing.noticed(sharing.propose(sharing.receive("20000", reference="R2")))
    hold = services.dispute(row.shares.get(), "先核对", by=sharing.people[0].user)
    services.resolve_hold(hold, "已核对", by=sharing.approver)
    row = services.approve(row, by=sharing.approver)
    payout = sharing.paid()
    transfer = PayoutLine.objects.get(payout=payout)
    return {
        "payee": sharing.people[0],
        "rule of rewarding": rule,
        "cost": cost,
        "plan": plan,
        "line of a plan": plan.lines.get(),
        "distribution": reread(row),
        "open distribution": sharing.propose(sharing.receive("1000", reference="R3")),
        "cost taken off": cost.taken.latest("id"),
        "share": Share.objects.get(distribution=row),
        "hold": Hold.objects.get(),
        "claw-back": ClawBack.objects.get(),
        "payout": payout,
        "transfer": transfer,
        "set-off": transfer.set_offs.get(),
    }
