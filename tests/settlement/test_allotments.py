"""From a signed plan to holders: the law of the place and day, heads and leaders, a second person, time, leaving."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.notices.models import Notice
from marketplace.settlement import equity, services
from marketplace.settlement.models import Allotment, Payee
from tests.contracts.living import ENTRY, SIGNED
from tests.refusals import refused
from tests.rows import reread
from tests.settlement.owning import SHANDONG, SHEET, ZHEJIANG, make_owning, of, units
from tests.settlement.sharing import tomorrow

BOTH = ENTRY | {"terms": [*ENTRY["terms"], *SHEET["terms"]]}


@pytest.fixture
def owning(db, go):
    return make_owning(go)


def leading(owning, office, begins_on=SIGNED):
    """A person in office, the first of the plan."""
    facts = {"office": office, "office_from": begins_on}
    owning.sharing.people = [owning.sharing.payee("周院长", **facts)]
    return owning.sharing.people[0]


# Worked examples


def test_zhejiang_gives_seventy_percent_and_a_part_to_its_staff(db, go):
    """A fifth of the firm: 14 % to people, 6 % to the university (Zhejiang art. 37)."""
    owning = make_owning(go, ZHEJIANG)
    stake = owning.record()
    owning.plan(stake, "70%", "25%", staff="5%")
    row = owning.allot(stake)
    assert (row.rate, row.pool, row.retained) == (Decimal("0.7"), 140_000, 60_000)
    assert units(row) == [98_000, 35_000, 7_000, 60_000]
    assert of(row, owning.sharing.book.name_zh).part() == Decimal("0.06")
    assert any(each.startswith("reward.floor.equity@330000/") for each in row.law_references)


def test_shandong_gives_seventy_percent(db, go):
    owning = make_owning(go, SHANDONG)
    stake = owning.record()
    owning.plan(stake, "1")
    assert owning.allot(stake).rate == Decimal("0.7")


def test_beijing_may_give_more_and_has_to_give_half(owning):
    """Its 70 % is a "may": the national half holds until the owner lays down more."""
    stake = owning.record()
    owning.plan(stake, "1/3", "1/3", "1/3")
    row = owning.allot(stake)
    assert (row.rate, row.pool, units(row)) == (Decimal("0.5"), 100_000, [33_334, 33_333, 33_333, 100_000])
    assert row.floor.startswith("reward.floor.equity@CN/")


def test_a_rule_of_the_owner_gives_more(owning):
    rule = owning.sharing.rule("0.7", method="equity")
    stake = owning.record()
    owning.plan(stake, "1")
    row = owning.allot(stake)
    assert (row.rule, row.rate, units(row)) == (rule, Decimal("0.7"), [140_000, 60_000])


def test_a_public_owner_gives_no_less_than_the_law(db, go):
    owning = make_owning(go, ZHEJIANG)
    assert refused(owning.sharing.rule, "0.69", method="equity") == "E_REWARD_BELOW_FLOOR"
    owning.sharing.rule("0.7", method="equity").__class__.objects.update(rate=Decimal("0.69"))
    stake = owning.record()
    owning.plan(stake, "95%", staff="5%")
    assert refused(owning.allot, stake) == "E_REWARD_BELOW_FLOOR"


def test_shares_are_whole_and_people_never_fall_below_their_part(owning):
    stake = owning.record(shares=101)
    owning.plan(stake, "1/2", "1/2")
    assert units(owning.allot(stake)) == [26, 25, 50]


# The plan


def test_a_plan_of_a_stake_is_beside_the_plan_of_money(db, go):
    owning = make_owning(go, sheet=BOTH)
    stake, money = owning.record(), owning.sharing.plan("60%", "40%")
    plan = owning.plan(stake, "1/2", "1/2")
    assert (reread(money).state, plan.state, plan.number) == ("signed", "signed", 2)
    later = owning.plan(stake, "1/4", "3/4")
    assert (reread(money).state, reread(plan).state, later.state) == ("signed", "replaced", "signed")
    assert owning.sharing.propose(owning.sharing.receive("50000")).plan == money
    assert owning.allot(stake).plan == later


def test_the_stake_is_in_what_is_signed(db, go):
    owning = make_owning(go, sheet=BOTH)
    stake = owning.record()
    plan = owning.plan(stake, "1")
    type(plan).objects.filter(pk=plan.pk).update(stake=None, state="drafted")
    plan = reread(plan)
    signer = owning.sharing.people[0].user
    assert refused(services.sign_plan, plan, plan.sha256, by=signer) == "E_PLAN_CHANGED"


def test_a_plan_of_a_stake_names_people_alone_and_all_of_it(owning):
    stake = owning.record()
    assert refused(owning.draft, stake, "1/2", "1/3") == "E_SHARES_NOT_100"
    lines = [services.Given("INVENTOR", "1", payee=owning.sharing.people[0]), services.Given("OWNER", "1")]
    with pytest.raises(Invalid):
        services.draft_plan(owning.contract, lines, stake=stake, by=owning.officer)


def test_a_stake_of_another_contract_is_refused(owning, go):
    stake = make_owning(go).record()
    with pytest.raises(Invalid) as fault:
        owning.draft(stake, "1")
    assert "stake" in fault.value.fields


def test_without_a_signed_plan_nothing_is_divided(owning):
    stake = owning.record()
    assert refused(owning.allot, stake) == "E_NO_SIGNED_PLAN"
    owning.draft(stake, "1")
    assert refused(owning.allot, stake) == "E_NO_SIGNED_PLAN"


def test_a_stake_is_divided_once(owning):
    row = owning.owned("1")
    assert refused(owning.allot, row.stake) == "open"


# Heads and leaders


def test_the_head_of_a_public_unit_gets_no_shares(owning):
    leading(owning, Payee.Office.HEAD)
    assert refused(owning.draft, owning.record(), "1") == "E_HEAD_EQUITY"


def test_the_same_head_gets_cash(db, go):
    owning = make_owning(go, sheet=BOTH)
    head = leading(owning, Payee.Office.HEAD)
    owning.record()
    owning.sharing.plan("1")
    row = owning.sharing.propose(owning.sharing.receive("50000"))
    assert row.shares.get(payee=head).amount == 25_000


def test_who_became_head_meanwhile_gets_none_either(owning):
    person, stake = leading(owning, Payee.Office.LEADER), owning.record()
    owning.plan(stake, "1")
    row = owning.noticed(owning.allot(stake))
    facts = {"office": "HEAD", "office_from": timezone.localdate()}
    services.keep_payee(owning.sharing.book, facts, payee=person, by=owning.officer)
    assert refused(owning.approve, row) == "E_HEAD_EQUITY"
    services.withdraw_allotment(row, "已任正职。", by=owning.officer)
    assert refused(owning.allot, stake) == "E_HEAD_EQUITY"


def test_a_head_whose_office_was_over_before_gets_shares(owning):
    facts = {"office": "HEAD", "office_from": date(2020, 1, 1), "office_to": SIGNED - timedelta(days=1)}
    owning.sharing.people = [owning.sharing.payee("原院长", **facts)]
    assert owning.owned("1").state == "approved"


def test_what_other_leaders_get_is_shown_first(owning):
    leading(owning, Payee.Office.LEADER)
    stake = owning.record()
    owning.plan(stake, "1/2", "1/2")
    row = owning.allot(stake)
    assert refused(owning.approve, row) == "E_LEADER_NOT_NOTICED"
    row = services.show_leaders(row, by=owning.officer)
    notice = row.notice
    assert notice.kind == Notice.Kind.LEADER_SHARE
    assert notice.content["shares"] == ["周院长 5%"]
    assert refused(owning.approve, row) == "E_LEADER_NOT_NOTICED"
    assert refused(services.show_leaders, row, by=owning.officer) == "no_notice_due"


def test_a_clean_notice_opens_the_way(owning):
    leading(owning, Payee.Office.LEADER)
    stake = owning.record()
    owning.plan(stake, "1")
    row = owning.noticed(owning.allot(stake))
    assert row.state == "noticed"
    assert Letter.objects.filter(key__startswith="reward:approve-shares", user=owning.approver).count() == 1
    assert owning.approve(row).state == "approved"


def test_where_nobody_leads_no_notice_is_due(owning):
    stake = owning.record()
    owning.plan(stake, "1")
    assert refused(services.show_leaders, owning.allot(stake), by=owning.officer) == "no_notice_due"


def test_withdrawing_voids_the_notice_and_frees_the_stake(owning):
    leading(owning, Payee.Office.LEADER)
    stake = owning.record()
    owning.plan(stake, "1")
    row = services.show_leaders(owning.allot(stake), by=owning.officer)
    row = services.withdraw_allotment(row, "有误。", by=owning.officer)
    assert (row.state, reread(row.notice).state) == ("withdrawn", "void")
    assert owning.allot(stake).pk != row.pk


# Approving


def test_a_second_person_who_holds_nothing_approves(owning):
    stake = owning.record()
    owning.plan(stake, "1")
    row = owning.allot(stake)
    for user in (owning.officer, owning.sharing.people[0].user, owning.sharing.licence.buyer):
        with pytest.raises(Forbidden):
            services.approve_allotment(row, by=user)
    row = owning.approve(row)
    assert (row.state, row.approved_by, row.approved_on) == ("approved", owning.approver, timezone.localdate())
    with pytest.raises(Conflict):
        owning.approve(row)


def test_each_holder_is_told(owning):
    owning.owned("1/2", "1/2")
    assert Letter.objects.filter(key__startswith="reward:holder").count() == 2


def test_a_later_plan_stands_in_the_way(owning):
    stake = owning.record()
    owning.plan(stake, "1")
    row = owning.allot(stake)
    owning.plan(stake, "1/2", "1/2")
    assert refused(owning.approve, row) == "E_PLAN_REPLACED"


# Time


def earning(owning):
    stake = owning.record()
    owning.plan(stake, "1/2", "1/2")
    row = owning.allot(stake)
    owning.earns(row.holdings.first())
    return owning.approve(row)


def vested(row, day):
    return [(each.units, each.vested) for each in equity.held(reread(row), day)]


def test_units_are_earned_month_by_month_after_the_cliff(owning):
    row = earning(owning)
    others = [(50_000, 50_000), (100_000, 100_000)]
    assert vested(row, date(2028, 1, 3)) == [(50_000, 0), *others]
    assert vested(row, date(2028, 1, 4)) == [(50_000, 12_500), *others]
    assert vested(row, date(2031, 1, 4)) == [(50_000, 50_000), *others]


def test_what_somebody_earns_over_time_is_in_what_is_approved(owning):
    stake = owning.record()
    owning.plan(stake, "1")
    row = owning.allot(stake)
    owning.earns(row.holdings.first())
    assert reread(row).fingerprint != row.fingerprint


def test_after_the_approval_no_schedule_is_changed(owning):
    row = earning(owning)
    assert refused(owning.earns, row.holdings.first()) == "too_late"


def test_the_owner_earns_nothing_over_time(owning):
    stake = owning.record()
    owning.plan(stake, "1")
    assert refused(owning.earns, owning.allot(stake).holdings.last()) == "of_the_owner"


@pytest.mark.parametrize(("name", "value"), [("months", 0), ("months", 121), ("cliff", 49), ("cliff", -1)])
def test_a_schedule_is_whole_months(owning, name, value):
    stake = owning.record()
    owning.plan(stake, "1")
    with pytest.raises(Invalid) as fault:
        owning.earns(owning.allot(stake).holdings.first(), **{name: value})
    assert name in fault.value.fields


# Leaving


def test_who_leaves_gives_back_what_is_not_earned(owning, go):
    row = earning(owning)
    go(date(2029, 1, 4))
    gone = owning.leave(row.holdings.first(), date(2028, 1, 4))
    assert gone.returned == 37_500
    today = timezone.localdate()
    assert vested(row, today) == [(12_500, 12_500), (50_000, 50_000), (137_500, 137_500)]
    assert vested(row, date(2028, 1, 3)) == [(50_000, 0), (50_000, 50_000), (100_000, 100_000)]
    assert sum(each.units for each in equity.held(reread(row), today)) == row.units
    assert units(row) == [50_000, 50_000, 100_000]


def test_who_has_earned_all_keeps_all(owning):
    assert owning.leave(owning.owned("1").holdings.first()).returned == 0


def test_nobody_leaves_twice_or_before(owning):
    row = earning(owning)
    person = row.holdings.first()
    owning.leave(person)
    assert refused(owning.leave, person) == "already_recorded"
    other = row.holdings.all()[1]
    for day in (SIGNED - timedelta(days=1), tomorrow()):
        with pytest.raises(Invalid) as fault:
            owning.leave(other, day)
        assert "on" in fault.value.fields


def test_the_owner_leaves_nothing_and_nobody_leaves_what_is_not_approved(owning):
    row = earning(owning)
    assert refused(owning.leave, row.holdings.last()) == "not_held"
    Allotment.objects.filter(pk=row.pk).update(state="proposed")
    assert refused(owning.leave, row.holdings.first()) == "not_held"
