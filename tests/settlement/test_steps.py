"""Why these numbers: the steps down to each share, and the texts that they rest on."""

from marketplace import law
from marketplace.settlement import computing


def test_a_share_of_the_reward_and_one_of_what_stays_have_their_own_steps(sharing):
    sharing.plan("1/3", "2/3", rest=[("OWNER", "60%"), ("COLLEGE", "40%")])
    row = sharing.propose(sharing.receive("50000"))
    first, *_others, college = row.shares.order_by("id")
    names = [[step["name"] for step in computing.steps_to(share)] for share in (first, college)]
    assert names[0] == ["received", "costs", "net", "rate", "pool", "share"]
    assert names[1] == ["received", "costs", "net", "rate", "pool", "retained", "share"]
    own = computing.steps_to(first)[-1]
    assert (own["value"], own["inputs"]) == ("8333.33", {"pool": "25000.00", "share": "1/3"})
    assert computing.steps_to(college)[-1]["inputs"] == {"retained": "25000.00", "share": "40%"}


def test_what_the_law_set_is_cited_and_what_is_a_sum_is_not(sharing):
    sharing.plan("100%")
    row = sharing.propose(sharing.receive("50000"))
    cited = {step["name"]: entry.key for step in row.steps if (entry := law.cited(step["reference"]))}
    assert cited == {"costs": "reward.net_income.costs", "rate": "reward.floor.transfer_license"}
    assert [law.cited(each).reference for each in row.law_references] == row.law_references
