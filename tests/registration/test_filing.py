"""Filling in and handing in: what the contract proposes, what stops, what the office reads and since when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.contracts.models import Contract
from marketplace.core.errors import Forbidden, Invalid, Stale
from marketplace.core.models import Entry, Letter
from marketplace.documents.models import Document
from marketplace.listings.models import Right
from marketplace.registration import reading, services
from marketplace.registration.models import DeductedCost, Registration
from tests import factories
from tests.contracts.living import SIGNED
from tests.contracts.making import make_agreed_contract
from tests.refusals import refused
from tests.registration.registering import COSTS, end, make_office, make_registering, now


def fields_of(call, *values, **named):
    with pytest.raises(Invalid) as fault:
        call(*values, **named)
    return set(fault.value.fields)


def reads(user, document):
    return Document.objects.visible_to(user).filter(pk=document.pk).exists()


# The form


def test_the_form_is_filled_in_by_the_contract(ours):
    row = services.draft(ours.contract, by=ours.officer)
    contract = ours.contract
    assert (row.name, row.signed_on, row.starts_on, row.ends_on) == (contract.title, SIGNED, SIGNED, contract.ends_on)
    assert (row.seller_region, row.buyer_region, row.field) == ("110000", contract.buyer.region, "05")
    assert (row.payment_method, row.total_amount, row.is_open_priced) == ("ENTRY_ROYALTY", Decimal("50000.00"), True)
    assert "5" in row.payment_note
    assert (row.plan_category, row.state, row.technical_amount) == ("90", "draft", Decimal("50000.00"))
    assert Entry.objects.filter(verb="registration.draft", subject_id=row.pk).count() == 1


def test_of_a_university_the_nature_is_known_and_of_a_firm_it_is_asked(db, go):
    ours = make_registering(go, seller=factories.make_organisation("UNIVERSITY"))
    row = services.draft(ours.contract, by=ours.officer)
    assert (row.seller_nature, row.buyer_nature) == ("022", "")


def test_publicly_funded_work_names_its_programme_itself(ours):
    Contract.objects.filter(pk=ours.contract.pk).update(is_publicly_funded=True)
    assert services.draft(ours.contract, by=ours.officer).plan_category == ""


def test_the_main_right_makes_the_proposal(ours):
    contract = ours.contract
    assert reading.proposal_of(contract).why == "NO_RIGHT"
    for kind, number in (("01", ""), ("02", "ZL202010000001.2")):
        right = Right.objects.create(owner=contract.seller, kind=kind, number=number, title_zh="涂层")
        contract.achievement.rights.add(right)
    assert reading.proposal_of(contract)[:3] == ("3", "31", "02")


def test_before_the_signature_there_is_no_form(db):
    contract = make_agreed_contract()
    officer = factories.make_member(contract.seller)
    assert refused(services.draft, contract, by=officer) == "E_NOT_EFFECTIVE"


def test_a_contract_is_registered_once(ours):
    ours.draft()
    assert refused(ours.draft) == "E_DUPLICATE_REG"


def test_after_a_withdrawal_it_may_be_registered_anew(ours):
    services.withdraw(ours.submitted(), by=ours.officer)
    assert ours.draft().state == "draft"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "9"),
        ("industry", "Z"),
        ("field", "77"),
        ("total_amount", Decimal(-1)),
        ("expected_output", Decimal("-0.01")),
        ("ends_on", SIGNED - timedelta(days=1)),
        ("name", ""),
        ("contact", "王" * 61),
    ],
)
def test_what_cannot_be_is_refused_on_its_field(ours, name, value):
    assert fields_of(ours.draft, **{name: value}) == {name}


def test_only_fields_of_the_form_are_filled_in(ours):
    assert fields_of(ours.draft, number="4403012027000001") == {"number"}
    assert fields_of(ours.draft, signed_on=date(2020, 1, 1)) == {"signed_on"}


def test_an_office_elsewhere_is_not_offered(ours):
    assert fields_of(ours.draft, office=make_office("330000")) == {"office"}
    unverified = factories.make_organisation("AUTHORITY", verified=False)
    assert fields_of(ours.draft, office=unverified) == {"office"}
    assert fields_of(ours.draft, office=factories.make_organisation("AGENCY")) == {"office"}


def test_the_form_is_changed_while_the_seller_has_it(ours):
    row = services.edit(ours.draft(), contact=" 李老师 ", by=ours.officer)
    assert row.contact == "李老师"
    assert refused(services.edit, services.submit(row, by=ours.officer), contact="赵", by=ours.officer) == "handed_in"


def test_who_saw_an_older_form_is_told(ours):
    row = ours.draft()
    services.edit(row, contact="李老师", version=row.version, by=ours.officer)
    with pytest.raises(Stale):
        services.edit(row, contact="赵老师", version=row.version, by=ours.officer)


# What is deducted


def test_what_is_deducted_leaves_the_technical_amount(ours):
    row = services.put_costs(ours.draft(), COSTS, by=ours.officer)
    assert (row.deducted_amount, row.technical_amount) == (Decimal("12000.00"), Decimal("38000.00"))
    row = services.put_costs(row, [*COSTS, {"kind": "PART", "what": "夹具", "amount": "0.01"}], by=ours.officer)
    assert (row.technical_amount, row.costs.count()) == (Decimal("37999.99"), 2)
    row = services.put_costs(row, [], by=ours.officer)
    assert (row.technical_amount, DeductedCost.objects.count()) == (Decimal("50000.00"), 0)


@pytest.mark.parametrize(
    ("cost", "code"),
    [
        ({"amount": "50000.01"}, "E_TECH_GT_TOTAL"),
        ({"amount": "0"}, "invalid"),
        ({"amount": "-1"}, "invalid"),
        ({"kind": "LABOUR"}, "invalid"),
        ({"what": " "}, "invalid"),
    ],
)
def test_a_cost_that_cannot_be_changes_nothing(ours, cost, code):
    row = services.put_costs(ours.draft(), COSTS, by=ours.officer)
    assert refused(services.put_costs, row, [COSTS[0] | cost], by=ours.officer) == code
    assert now(row).deducted_amount == Decimal("12000.00")
    assert row.costs.get().what == COSTS[0]["what"]


def test_the_total_does_not_fall_below_what_is_deducted(ours):
    row = services.put_costs(ours.draft(), COSTS, by=ours.officer)
    assert fields_of(services.edit, row, total_amount=Decimal("11999.99"), by=ours.officer) == {"total_amount"}


# Handing in


def test_an_incomplete_form_is_not_handed_in_and_says_everything(ours):
    row = ours.draft(contact="", industry="", ip_type="99")
    with pytest.raises(Invalid) as fault:
        services.submit(row, by=ours.officer)
    assert set(fault.value.fields) == {"contact", "industry", "ip_type"}
    assert fault.value.code == "E_IP_REQUIRED"
    assert now(row).state == "draft"


def test_the_office_decides_within_the_days_of_its_place(ours):
    row = ours.submitted()
    assert (row.state, row.filed_on) == ("submitted", SIGNED)
    assert row.decide_by == date(2027, 2, 3)  # thirty days, the last of them a working day
    assert row.rule == "contract_reg.decision_days@110000/2016-11-25"
    assert Letter.objects.filter(user=ours.registrar, key__startswith="registration:").count() == 1


def test_elsewhere_the_office_has_other_days(db, go):
    ours = make_registering(go, seller=factories.make_organisation(region="330000"))
    row = services.submit(ours.draft(office=make_office("330000")), by=ours.officer)
    assert (row.decide_by, row.rule[:29]) == (date(2027, 1, 14), "contract_reg.decision_days@33")


def test_without_an_office_nothing_is_handed_in(ours):
    assert fields_of(services.submit, ours.draft(office=None), by=ours.officer) == {"office"}


def test_a_contract_that_ended_is_not_registered(ours):
    row = ours.draft()
    end(ours)
    assert refused(services.submit, row, by=ours.officer) == "E_NOT_EFFECTIVE"


def test_the_office_reads_the_text_from_the_handing_in_to_the_withdrawal(ours):
    row, text = ours.draft(), ours.contract.document
    kept = services.hand_in_paper(row, b"%PDF-1.4\n%%EOF", filename="附件.pdf", title="附件", by=ours.officer)
    seen = lambda: (  # noqa: E731
        reads(ours.registrar, text), reads(ours.registrar, kept),
        Registration.objects.visible_to(ours.registrar).filter(pk=row.pk).exists(),
    )  # fmt: skip
    assert seen() == (False, False, False)
    row = services.submit(row, by=ours.officer)
    assert seen() == (True, True, True)
    services.withdraw(row, by=ours.officer)
    assert seen() == (False, False, False)


def test_the_buyer_sees_it_once_it_is_handed_in(ours):
    row = ours.draft()
    visible = lambda: Registration.objects.visible_to(ours.licence.buyer).filter(pk=row.pk).exists()  # noqa: E731
    assert not visible()
    services.submit(row, by=ours.officer)
    assert visible()


def test_nobody_else_sees_it(ours, outsider, authority, guarantor):
    ours.submitted()
    for user in (outsider, guarantor, authority):  # an office of the same province that was not asked
        assert not Registration.objects.visible_to(user).exists()


# Sending back


def test_what_is_missing_is_supplied_and_the_days_begin_anew(ours, go):
    row = services.ask(ours.submitted(), "请补充专利登记簿副本。", days=10, by=ours.registrar)
    assert (row.state, row.supply_by) == ("supplement", SIGNED + timedelta(days=10))
    go(SIGNED + timedelta(days=3))
    paper = services.hand_in_paper(row, b"%PDF-1.4\n%%EOF", filename="副本.pdf", title="副本", by=ours.officer)
    assert reads(ours.registrar, paper)
    row = services.supply(services.edit(row, leader="王老师", by=ours.officer), by=ours.officer)
    assert (row.state, row.missing, row.supply_by) == ("submitted", "", None)
    assert (row.filed_on, row.decide_by) == (SIGNED, date(2027, 2, 8))  # the thirtieth day is a Saturday


def test_while_it_is_supplemented_the_office_stays_the_same(ours):
    row = services.ask(ours.submitted(), "请补充。", by=ours.registrar)
    assert refused(services.edit, row, office=make_office(), by=ours.officer) == "handed_in"


def test_after_the_handing_in_no_paper_is_added(ours):
    row = ours.submitted()
    given = {"filename": "附件.pdf", "title": "附件", "by": ours.officer}
    assert refused(services.hand_in_paper, row, b"%PDF-1.4\n%%EOF", **given) == "handed_in"


# Who may


@pytest.mark.parametrize("name", ["draft", "submit", "withdraw", "edit"])
def test_only_the_seller_has_it_registered(ours, outsider, staff, name):
    row = None if name == "draft" else ours.draft()
    for by in (ours.licence.buyer, ours.registrar, outsider, staff):
        with pytest.raises(Forbidden):
            getattr(services, name)(ours.contract if row is None else row, by=by)
