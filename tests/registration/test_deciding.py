"""Deciding: registered under a number that is given once, refused and checked again, changed, cancelled, revoked."""

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Entry, Letter
from marketplace.registration import services
from marketplace.registration.models import Change, Registration
from tests import factories
from tests.contracts.living import SIGNED
from tests.refusals import refused
from tests.registration.registering import NUMBER, end, make_registering, now
from tests.registration.test_filing import fields_of, reads


def test_it_is_registered_with_number_and_day(ours):
    row = ours.registered()
    assert (row.state, row.number, row.registered_on) == ("registered", NUMBER, SIGNED)
    assert (row.decided_by, row.decided_on, row.office_name) == (ours.registrar, SIGNED, "某市技术合同登记处")
    told = Letter.objects.filter(key__startswith="registration:registration:").values_list("user_id", flat=True)
    assert {ours.officer.pk, ours.licence.buyer.pk} <= set(told)


@pytest.mark.parametrize("number", ["", "440301202700001", "44030120270000011", "４４０３０１２０２７００００００１"])
def test_a_number_has_sixteen_digits(ours, number):
    row = ours.accepted()
    assert refused(services.register, row, number=number, by=ours.registrar) == "E_NUMBER_FORMAT"
    assert now(row).state == "accepted"


def test_a_number_is_given_once(ours, go):
    ours.registered()
    other = make_registering(go)
    row = other.accepted()
    assert refused(services.register, row, number=NUMBER, by=other.registrar) == "E_DUPLICATE_REG"
    assert now(row).state == "accepted"


def test_what_was_not_taken_up_is_not_registered(ours):
    assert refused(services.register, ours.submitted(), number=NUMBER, by=ours.registrar) == "conflict"


def test_experts_may_look_at_it_first(ours):
    row = services.consult(ours.accepted(), "技术交易额较大。", by=ours.registrar)
    assert (row.state, row.review_reason) == ("expert_review", "技术交易额较大。")
    assert services.register(row, number=NUMBER, by=ours.registrar).state == "registered"


def test_the_office_may_give_it_another_type(ours):
    row = services.retype(ours.accepted(), type="5", subtype="51", reason="未涉及知识产权。", by=ours.registrar)
    assert (row.type, row.subtype, row.type_reason) == ("5", "51", "未涉及知识产权。")
    assert refused(services.retype, row, type="3", subtype="51", reason="x", by=ours.registrar) == "E_SUBTYPE_MISMATCH"
    assert fields_of(services.retype, row, type="9", subtype="51", reason="x", by=ours.registrar) == {"type"}
    assert fields_of(services.retype, row, type="3", subtype="31", reason=" ", by=ours.registrar) == {"reason"}


def test_a_supplement_may_be_waited_for_before_it_is_refused(ours, go):
    row = services.ask(ours.submitted(), "请补充。", days=10, by=ours.registrar)
    assert refused(services.refuse, row, "逾期未补正。", by=ours.registrar) == "too_early"
    go(SIGNED + timedelta(days=11))
    assert services.refuse(row, "逾期未补正。", by=ours.registrar).state == "refused"


@pytest.mark.parametrize("days", [0, 181, -1])
def test_a_supplement_has_days(ours, days):
    assert fields_of(services.ask, ours.submitted(), "请补充。", days=days, by=ours.registrar) == {"days"}


# Refused, and checked again


def test_a_refusal_says_why(ours):
    row = ours.refused()
    assert (row.state, row.decision) == ("refused", "标的为一般加工承揽。")
    assert fields_of(services.refuse, make_accepted(ours), " ", by=ours.registrar) == {"reason"}


def make_accepted(ours):
    """After the refusal, a new form of the same contract."""
    return ours.accepted()


def test_a_refusal_is_checked_by_somebody_else(ours):
    row = services.contest(ours.refused(), "标的含专利许可,并非加工承揽。", by=ours.officer)
    assert (row.state, row.decide_by is not None) == ("recheck", True)
    with pytest.raises(Forbidden):
        services.register(row, number=NUMBER, by=ours.registrar)
    row = services.register(row, number=NUMBER, by=ours.second)
    assert (row.state, row.decided_by) == ("registered", ours.second)


def test_it_is_checked_again_once(ours):
    row = services.contest(ours.refused(), "并非加工承揽。", by=ours.officer)
    row = services.refuse(row, "维持不予登记。", by=ours.second)
    assert refused(services.contest, row, "仍不同意。", by=ours.officer) == "checked_again"
    assert fields_of(services.contest, row, " ", by=ours.officer) == {"objection"}


def test_a_new_form_and_a_recheck_do_not_live_side_by_side(ours):
    row = ours.refused()
    ours.draft()
    assert refused(services.contest, row, "并非加工承揽。", by=ours.officer) == "E_DUPLICATE_REG"


# Who decides


@pytest.mark.parametrize("verb", ["accept", "ask", "retype", "consult", "register", "refuse"])
def test_only_the_office_that_was_asked_decides(ours, authority, outsider, staff, verb):
    row = ours.submitted() if verb in ("accept", "ask") else ours.accepted()
    given = {
        "accept": {}, "ask": {"missing": "请补充。"}, "retype": {"type": "3", "subtype": "32", "reason": "x"},
        "consult": {"reason": "x"}, "register": {"number": NUMBER}, "refuse": {"reason": "x"},
    }[verb]  # fmt: skip
    reader = factories.make_member(ours.office, "reader")
    for by in (ours.officer, ours.licence.buyer, authority, outsider, staff, reader):
        with pytest.raises(Forbidden):
            getattr(services, verb)(row, **given, by=by)


def test_who_acts_for_a_side_decides_nothing(ours):
    row = ours.submitted()
    both = factories.make_member(ours.office)
    ours.contract.buyer.memberships.create(user=both, role="reader")
    with pytest.raises(Forbidden):
        services.accept(row, by=both)


# Made elsewhere


def test_a_registration_made_elsewhere_is_recorded_with_its_certificate(ours):
    row = ours.recorded()
    assert (row.state, row.is_outside, row.office_name) == ("registered", True, "某市技术市场管理办公室")
    assert (row.number, row.registered_on, row.certificate.title) == (NUMBER, SIGNED, "证书")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "1"}, "number"),
        ({"on": SIGNED - timedelta(days=1)}, "on"),
        ({"on": SIGNED + timedelta(days=1)}, "on"),
        ({"office_name": " "}, "office_name"),
    ],
)
def test_what_was_made_elsewhere_has_its_facts(ours, values, field):
    assert fields_of(ours.recorded, **values) == {field}
    assert Registration.objects.get().state == "draft"


def test_what_was_handed_in_here_is_not_recorded_as_made_elsewhere(ours):
    row = ours.submitted()
    given = {"number": NUMBER, "on": SIGNED, "office_name": "某处", "certificate": ours.paper()}
    assert refused(services.record, row, **given, by=ours.officer) == "conflict"


# Changes


def test_a_change_is_entered_by_the_office_and_keeps_what_stood(ours, go):
    row = ours.registered()
    go(SIGNED + timedelta(days=400))
    paper = ours.paper(b"statement")
    change = services.ask_change(
        row, total_amount=Decimal("90000"), reason="本年度提成4万元。", paper=paper, by=ours.officer
    )
    assert (now(row).total_amount, reads(ours.registrar, paper)) == (Decimal("50000.00"), True)
    change = services.make_change(change, by=ours.registrar)
    assert (change.total_before, change.total_amount, change.kind) == (
        Decimal("50000.00"),
        Decimal("90000.00"),
        "AMOUNT",
    )
    row = now(row)
    assert (row.total_amount, row.technical_amount) == (Decimal("90000.00"), Decimal("90000.00"))
    verbs = Entry.objects.filter(subject_type="registration.registration", subject_id=row.pk)
    assert verbs.latest("id").verb == "registration.make_change"


def test_a_longer_term_is_a_change_too(ours):
    row = ours.registered()
    later = row.ends_on + timedelta(days=365)
    change = services.ask_change(row, ends_on=later, reason="补充协议延长一年。", by=ours.officer)
    assert change.kind == "TERM"
    services.make_change(change, by=ours.registrar)
    assert now(row).ends_on == later


def test_a_refused_change_leaves_what_is_registered(ours):
    row = ours.registered()
    change = services.ask_change(row, total_amount=Decimal("90000"), reason="提成。", by=ours.officer)
    assert fields_of(services.refuse_change, change, " ", by=ours.registrar) == {"reason"}
    assert services.refuse_change(change, "缺少结算凭证。", by=ours.registrar).state == "refused"
    assert now(row).total_amount == Decimal("50000.00")
    assert refused(services.make_change, change, by=ours.registrar) == "conflict"


def test_one_change_waits_at_a_time_and_changes_something(ours):
    row = ours.registered()
    assert fields_of(services.ask_change, row, reason="无。", by=ours.officer) == {"total_amount"}
    assert fields_of(services.ask_change, row, total_amount=1, reason=" ", by=ours.officer) == {"reason"}
    services.ask_change(row, total_amount=Decimal("90000"), reason="提成。", by=ours.officer)
    again = {"total_amount": Decimal("95000"), "reason": "提成。", "by": ours.officer}
    assert refused(services.ask_change, row, **again) == "change_open"


def test_more_is_not_deducted_than_there_is(ours):
    row = ours.registered()
    given = {"deducted_amount": Decimal("50000.01"), "reason": "设备。", "by": ours.officer}
    assert refused(services.ask_change, row, **given) == "E_TECH_GT_TOTAL"


def test_what_was_registered_elsewhere_is_changed_there_and_entered_here(ours):
    row = ours.recorded()
    services.ask_change(row, total_amount=Decimal("90000"), reason="已在登记机构变更。", by=ours.officer)
    assert now(row).total_amount == Decimal("90000.00")


# Ended


def test_it_is_cancelled_when_the_contract_ended_early(ours):
    row = ours.registered()
    assert refused(services.cancel, row, "合同解除。", by=ours.registrar) == "in_force"
    change = services.ask_change(row, total_amount=Decimal("90000"), reason="提成。", by=ours.officer)
    end(ours)
    row = services.cancel(row, "合同解除。", had_relief=True, by=ours.registrar)
    assert (row.state, row.ended_on, row.had_relief) == ("cancelled", SIGNED, True)
    assert Change.objects.get(pk=change.pk).state == "refused"


def test_it_is_revoked_for_fraud_whatever_became_of_the_contract(ours):
    row = services.revoke(ours.registered(), "合同系虚构。", by=ours.registrar)
    assert (row.state, row.end_reason) == ("revoked", "合同系虚构。")
    assert refused(services.ask_change, row, total_amount=1, reason="x", by=ours.officer) == "not_registered"


def test_what_an_office_elsewhere_ended_is_entered_by_the_seller(ours):
    row = ours.recorded()
    end(ours)
    with pytest.raises(Forbidden):
        services.cancel(row, "合同解除。", by=ours.registrar)
    assert services.cancel(row, "合同解除。", by=ours.officer).state == "cancelled"


def test_a_side_does_not_cancel_what_its_office_registered(ours):
    row = ours.registered()
    end(ours)
    for by in (ours.officer, ours.licence.buyer):
        with pytest.raises(Forbidden):
            services.cancel(row, "合同解除。", by=by)


def test_two_registrars_who_decide_at_once_are_one(ours):
    row = ours.accepted()
    services.register(row, number=NUMBER, version=row.version, by=ours.registrar)
    with pytest.raises(Conflict):
        services.refuse(row, "不予登记。", version=row.version, by=ours.second)
    with pytest.raises((Conflict, Invalid)):
        services.refuse(row, "不予登记。", by=ours.second)
