"""What waits goes on: a claim, a recovery or a receipt takes its next step, so that each deed happens often.

Rules that are drawn at random alone seldom come as far as a recovery that is passed on, or a share that is set off.
"""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.settlement.living_books import LAST_DAY
from tests.settlement.living_claims import COVERS, PLACE

AS_LIKELY = 16
"""As so many other rules."""


class GoingOn:
    """For a machine that has the rules of claims and of shares."""

    @initialize(how=st.sampled_from(["new", "paid", "late", "claimed", "compensated", "opened again"]))
    def a_life_begins_anywhere(self, how):
        if how == "new":
            return
        if how == "paid":
            self.money_arrives(amount=5_000_000, names="upfront")
            return
        self.pass_days(31)
        self.demands()
        self.pass_days(45)
        for step in range({"late": 0, "claimed": 1, "compensated": 3, "opened again": 3}[how]):
            if how == "opened again" and step == 2:
                self.money_arrives(amount=3_000_000, names="upfront")
            self.steps_of_claims()[-1]()
        if how == "opened again":
            self.a_payment_is_reversed(place=0)

    asked_at, does_wait = -1, False

    def something_waits(self):
        """Asked once a step, by whichever rule asks first."""
        if self.asked_at != self.steps:
            self.asked_at = self.steps
            self.does_wait = bool(self.steps_that_wait())
        return self.does_wait

    def goes_on(self, place, percent, costs):
        """Some steps wait for a few places alone; all of them are open at place 0."""
        steps = self.steps_that_wait(place, percent, costs) or self.steps_that_wait(0, percent, costs)
        steps[place % len(steps)]()

    def steps_that_wait(self, place=0, percent=100, costs=0):
        steps = self.steps_of_books(place, percent) + self.steps_of_claims(place, percent, costs)
        return steps + self.steps_of_shares(place, percent)

    def steps_of_books(self, place=0, percent=100):
        """Reports come with the quarters, and are corrected to more or to little; what is owed is paid to the fen."""
        steps, is_running = [], not self.is_over and self.today < LAST_DAY
        owed = [line for line in self.model.until(self.today).lines if line.open > 0]
        if is_running and not self.open_reports().exists():
            steps.append(lambda: self.days_pass(count=percent))
        if is_running and self.open_reports().exists():
            steps.append(lambda: self.a_report_is_accepted(gross=percent * 1_234_567))
        if is_running and len(self.reported) > 1:
            gross = percent * (1_000_001 if percent % 3 else 1_001)
            steps.append(lambda: self.a_report_is_corrected(gross=gross, place=place))
        if is_running and (shared := self.royalties_shared()):
            steps.append(lambda: self.a_report_is_corrected(gross=percent * 11, place=shared[place % len(shared)]))
        if owed:
            line = owed[-1 - place % len(owed)]
            lacking = line.open + line.interest - line.interest_paid
            steps.append(lambda: self.money_arrives(amount=lacking, names=line.key))
        if is_running and self.demand is not None and self.today > self.demand[1] and self.number > 5:
            steps.append(self.the_contract_is_terminated)
        return steps

    def royalties_shared(self):
        """The places of the reports whose royalty is in a distribution that is not paid yet."""
        waiting = ("proposed", "noticed", "approved")
        live = {each.payment for each in self.treasury.sharings.values() if each.state in waiting}
        named = {money.names for pk, money in self.facts.items() if pk in live}
        keys = [key for key in self.reported if key != "pilot"]
        return [place for place, key in enumerate(keys) if key in named]

    def steps_of_claims(self, place=0, percent=100, costs=0):
        steps, uncovered = [], self.uncovered()
        if self.demand is None and self.is_overdue():
            steps.append(lambda: self.payment_is_demanded(days=45))
        if uncovered:
            steps.append(lambda: self.a_claim_is_filed(place=uncovered[place % len(uncovered)], fewer=0))
        if self.is_in("filed", "accepted") and place % 9 == 0:
            steps.append(lambda: self.a_claim_is_refused_or_withdrawn(place=place, is_refused=percent % 2 == 0))
        if self.is_in("asked"):
            steps.append(lambda: self.more_is_asked_and_supplied(place=place))
        if self.is_in("filed"):
            steps.append(lambda: self.a_claim_is_accepted(place=place, percent=percent))
        if self.is_in("accepted"):
            steps.append(lambda: self.a_compensation_arrives(place=place, days=0))
        if self.owing():
            given = {"place": place, "percent": percent, "costs": costs, "days": 0}
            steps += [lambda: self.the_licensee_pays_a_guarantor(**given)] * 4
        if self.recoveries(is_passed=False):
            steps += [lambda: self.a_part_is_passed_on(place=place)] * 4
        return steps + (self.steps_back(place) if place % 4 == 1 else [])

    def steps_back(self, place):
        """What is recovered is taken back, or given up."""
        steps = []
        if self.recoveries(is_passed=True):
            steps.append(lambda: self.a_part_is_returned(place=place))
        if any(each.recoveries for each in self.recourses()):
            steps.append(lambda: self.a_recovery_is_reversed(place=place))
        if self.owing():
            steps.append(lambda: self.a_guarantor_gives_the_rest_up(place=place))
        return steps

    def uncovered(self):
        """The guarantees of which something may be claimed."""
        if not self.is_default():
            return []
        places = [place for place in range(len(COVERS)) if not self.register.has_open(place)]
        return [place for place in places if self.register.claimable(place, self.debts, self.today)]

    def steps_of_shares(self, place=0, percent=100):
        steps = []
        if self.unshared():
            steps.append(lambda: self.propose(self.unshared()[place % len(self.unshared())]))
        if self.has("proposed", "noticed"):
            steps.append(lambda: self.a_proposal_is_shown_and_approved(place=place))
        if self.treasury.payable():
            steps.append(self.a_batch_is_made)
        if self.has_batch("made"):
            steps.append(lambda: self.a_file_is_taken_and_paid(place=place))
        if self.has_batch("paid") and place % 5 == 0:
            steps.append(lambda: self.the_bank_returns_a_transfer(place=place, which=percent))
        if self.has("paid") and place % 3 == 0:
            steps.append(lambda: self.a_distribution_is_reversed(place=place))
        if any(debt.left for debt in self.treasury.debts) and place % 3 == 0:
            steps.append(lambda: self.somebody_gives_back(place=place, percent=percent))
        return steps

    def unshared(self):
        """The receipts of which something is earned and in no distribution, and none waits to be approved."""
        live = [each.payment for each in self.treasury.sharings.values() if each.state in ("proposed", "noticed")]
        rows = [pk for pk in [*self.facts, *self.paid_by_claims] if pk not in live]
        return [pk for pk in rows if self.earned(pk) > self.treasury.shared_of(pk)]


def as_rule(number):
    """The rule under one of its names; each is switched off by itself in some lives."""

    def goes_on(self, place, percent, costs):
        self.goes_on(place, percent, costs)

    goes_on.__name__ = f"what_waits_goes_on_{number}"
    drawn = rule(place=PLACE, percent=st.integers(20, 100), costs=st.sampled_from([0, 0, 5]))
    return precondition(lambda self: self.something_waits())(drawn(goes_on))


for each in range(AS_LIKELY):
    setattr(GoingOn, f"what_waits_goes_on_{each}", as_rule(each))
