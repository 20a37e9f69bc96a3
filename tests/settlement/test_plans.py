"""Plans: drafted, confirmed by each inventor on the hash, in force with the last signature, replaced by a later one."""

import pytest

from marketplace.core.access import SYSTEM
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.parties import services as parties
from marketplace.parties.models import Membership
from marketplace.settlement import services
from marketplace.settlement.models import PlanLine, Share, SharingPlan
from marketplace.settlement.services import Given
from tests import factories
from tests.refusals import refused
from tests.rows import reread
from tests.settlement.sharing import make_sharing


def draft(sharing, *lines):
    return services.draft_plan(sharing.licence.contract, lines, by=sharing.officer)


def two(sharing):
    """A plan of two inventors that nobody has signed."""
    sharing.people = [sharing.payee("季明"), sharing.payee("何晓")]
    return draft(sharing, *(Given("INVENTOR", "1/2", payee=each, is_main=True) for each in sharing.people))


def test_a_plan_holds_when_the_last_inventor_has_signed(sharing):
    plan = two(sharing)
    first, last = (each.user for each in sharing.people)
    assert services.sign_plan(plan, plan.sha256, by=first).state == "drafted"
    assert services.sign_plan(plan, plan.sha256, by=first).state == "drafted"
    assert services.sign_plan(plan, plan.sha256, by=last).state == "signed"
    assert {line.signed_sha256 for line in plan.lines.all()} == {plan.sha256}


def test_each_inventor_is_told_once_that_a_plan_waits(sharing):
    two(sharing)
    assert Letter.objects.filter(key__startswith="reward:sign").count() == 2


def test_who_has_no_share_signs_nothing(sharing):
    plan = two(sharing)
    for user in (sharing.officer, factories.make_member(sharing.book, "inventor")):
        with pytest.raises(Forbidden):
            services.sign_plan(plan, plan.sha256, by=user)


def test_who_has_left_reads_of_plans_only_what_waits_for_their_signature(sharing):
    plan, (first, last) = two(sharing), (each.user for each in sharing.people)
    services.sign_plan(plan, plan.sha256, by=first)
    reads = {}
    for person in (first, last):
        parties.end_membership(person.memberships.get(), by=SYSTEM)
        reads[person] = SharingPlan.objects.visible_to(reread(person)).filter(pk=plan.pk).exists()
    assert reads == {first: False, last: True}
    services.sign_plan(plan, plan.sha256, by=last)
    assert not SharingPlan.objects.visible_to(reread(last)).exists()
    Membership.objects.create(user=last, organisation=sharing.book, role="inventor")  # and is back
    assert SharingPlan.objects.visible_to(reread(last)).exists()


def test_who_has_left_keeps_reading_their_own_rewards(sharing):
    sharing.plan("1/2", "1/2")
    share = sharing.propose(sharing.receive("10000")).shares.filter(payee=sharing.people[0]).get()
    person = sharing.people[0].user
    parties.end_membership(person.memberships.get(), by=SYSTEM)
    assert list(Share.objects.visible_to(reread(person))) == [share]


def test_another_hash_than_the_plans_is_refused(sharing):
    plan = two(sharing)
    assert refused(services.sign_plan, plan, "0" * 64, by=sharing.people[0].user) == "E_PLAN_CHANGED"


def test_a_plan_that_was_changed_in_the_database_is_signed_by_nobody(sharing):
    plan = two(sharing)
    PlanLine.objects.filter(plan=plan, name="季明").update(numerator=2, denominator=3)
    assert refused(services.sign_plan, plan, plan.sha256, by=sharing.people[0].user) == "E_PLAN_CHANGED"


def test_who_has_no_account_here_signs_on_paper(sharing):
    sharing.people = [services.keep_payee(sharing.book, {"name": "退休教授"}, by=sharing.officer)]
    plan = draft(sharing, Given("INVENTOR", "1", payee=sharing.people[0], is_main=True))
    with pytest.raises(Forbidden):
        services.sign_on_paper(plan.lines.get(), sharing.paper(), by=factories.make_member(sharing.book, "reader"))
    assert services.sign_on_paper(plan.lines.get(), sharing.paper(), by=sharing.officer).state == "signed"
    assert plan.lines.get().paper is not None


def test_nobody_signs_on_paper_for_who_has_an_account(sharing):
    plan = two(sharing)
    line = plan.lines.first()
    assert refused(services.sign_on_paper, line, sharing.paper(), by=sharing.officer) == "has_account"


def test_a_later_plan_replaces_the_signed_one_with_its_last_signature(sharing):
    first = sharing.plan("50%", "50%")
    later = draft(sharing, *(Given("INVENTOR", each, payee=payee, is_main=True)
                             for each, payee in zip(("60%", "40%"), sharing.people, strict=True)))  # fmt: skip
    assert reread(first).state == "signed"
    sharing.signed(later)
    assert (reread(first).state, reread(later).state) == ("replaced", "signed")


def test_a_draft_is_withdrawn_by_a_later_draft(sharing):
    plan = two(sharing)
    draft(sharing, Given("INVENTOR", "1", payee=sharing.people[0], is_main=True))
    assert reread(plan).state == "withdrawn"


def test_a_distribution_by_a_replaced_plan_is_proposed_anew(sharing):
    sharing.plan("50%", "50%")
    row = sharing.noticed(sharing.propose(sharing.receive()))
    sharing.plan("60%", "40%")
    assert refused(services.approve, row, by=sharing.approver) == "E_PLAN_REPLACED"


@pytest.mark.parametrize(
    ("shares", "code"),
    [(["1/3", "1/3"], "E_SHARES_NOT_100"), (["60%", "40.000001%"], "E_SHARES_NOT_100"), (["0", "1"], "invalid"),
     (["x", "1"], "invalid")],
)  # fmt: skip
def test_a_plan_that_is_not_whole_is_refused(sharing, shares, code):
    assert refused(sharing.plan, *shares) == code


def test_main_contributors_and_staff_get_their_minimum(sharing, go):
    assert refused(sharing.plan, "50%", "50%", is_main=False) == "E_MAIN_BELOW_MINIMUM"
    zhejiang = make_sharing(go, "330000")
    assert refused(zhejiang.plan, "96%", staff="4%") == "E_STAFF_BELOW_MINIMUM"
    assert zhejiang.plan("95%", staff="5%").state == "signed"


def test_people_and_units_are_not_mixed_up(sharing):
    payee, stranger = sharing.payee("季明"), make_payee_elsewhere()
    for line in (Given("INVENTOR", "1"), Given("OWNER", "1", payee=payee), Given("INVENTOR", "1", payee=stranger)):
        with pytest.raises(Invalid) as fault:
            draft(sharing, line)
        assert list(fault.value.fields) == ["lines"]
    with pytest.raises(Invalid):
        draft(sharing, Given("INVENTOR", "1/2", payee=payee), Given("STAFF", "1/2", payee=payee))
    with pytest.raises(Invalid):
        draft(sharing)


def make_payee_elsewhere():
    book = factories.make_organisation("UNIVERSITY")
    return services.keep_payee(book, {"name": "别处的人"}, by=factories.make_member(book))


def test_a_person_is_entered_once_and_belongs_to_the_owner(sharing):
    payee = sharing.payee("季明")
    with pytest.raises((Conflict, Invalid)):
        services.keep_payee(sharing.book, {"name": "又一次", "user": payee.user}, by=sharing.officer)
    with pytest.raises(Invalid):
        services.keep_payee(sharing.book, {"name": "外人", "user": factories.make_user()}, by=sharing.officer)


def test_an_account_is_whole_or_not_there(sharing):
    payee = sharing.payee("季明")
    for account in (
        {"holder": "季明", "bank": "", "account_number": "62220000"},
        {"holder": "=1+1", "bank": "某银行", "account_number": "62220000"},
        {"holder": "季明", "bank": "某银行", "account_number": "六二二二"},
    ):
        with pytest.raises(Invalid):
            services.keep_account(payee, **account, by=payee.user)
    assert services.keep_account(payee, holder="", bank="", account_number="", by=payee.user).account_number == ""
