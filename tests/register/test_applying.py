"""From the application to the entry: who asks and decides, what is refused, and the history that stays."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from marketplace.core import notifying
from marketplace.core.errors import Conflict, DomainError, Forbidden, Invalid, Stale
from marketplace.core.models import Entry, Letter
from marketplace.documents.models import Document
from marketplace.parties.models import TechnologyManager
from marketplace.register import services
from marketplace.register.models import Application, RegisterLine
from marketplace.register.services import Evidence
from tests import factories
from tests.rows import reread

from .registering import PDF, VALUES, apply_as_agency, apply_as_manager, declared_for, make_agency, make_entry

pytestmark = pytest.mark.django_db
State = Application.State


def test_an_application_is_granted_with_a_term_by_law(go, authority):
    go(date(2027, 3, 1))
    application = apply_as_manager()
    assert (application.kind, application.state) == ("FIRST", "submitted")
    assert application.decide_by == date(2027, 3, 21)
    services.grant(application, number="JSJL-1", reason="条件齐备。", by=authority)
    held = TechnologyManager.objects.get(pk=application.manager_id)
    assert (held.state, held.register_number, held.valid_until) == ("registered", "JSJL-1", date(2030, 2, 28))
    line = RegisterLine.objects.get()
    assert (line.kind, line.level, line.number, line.on) == ("REGISTERED", "PRIMARY", "JSJL-1", date(2027, 3, 1))
    assert line.rule == application.rule == "register.manager.requirements@CN/2020-01-01"


def test_every_step_stands_in_the_journal(authority):
    application = apply_as_manager()
    services.grant(application, number="1", reason="条件齐备。", by=authority)
    verbs = Entry.objects.filter(subject_type="register.application").order_by("id").values_list("verb", "reason")
    assert list(verbs) == [("register.apply", ""), ("register.grant", "条件齐备。")]


@pytest.mark.parametrize("missing", ["ADULT", "TRAINED_PRIMARY"])
def test_what_a_level_asks_for_must_be_declared(missing):
    declared = [code for code in declared_for("manager", "PRIMARY") if code != missing]
    with pytest.raises(Invalid) as fault:
        apply_as_manager(declared=declared)
    assert (fault.value.code, set(fault.value.fields)) == ("E_LEVEL_REQUIREMENT", {"declared"})
    assert not TechnologyManager.objects.exists()


def test_what_needs_a_proof_needs_a_file():
    with pytest.raises(Invalid) as fault:
        apply_as_manager(evidence=[])
    assert set(fault.value.fields) == {"evidence"}


@pytest.mark.parametrize("file", [Evidence("a.exe", b"MZ"), Evidence("a.pdf", b"")])
def test_a_file_of_the_wrong_kind_is_refused_on_its_field(file):
    with pytest.raises(Invalid) as fault:
        apply_as_manager(evidence=[PDF, file])
    assert set(fault.value.fields) == {"evidence"}
    assert not Document.objects.exists()


def test_at_most_ten_files():
    with pytest.raises(Invalid):
        apply_as_manager(evidence=[PDF] * 11)


@pytest.mark.parametrize("declared", ["ADULT", [1], [["ADULT"]]])
def test_a_declaration_of_the_wrong_shape_is_refused(declared):
    with pytest.raises(Invalid) as fault:
        apply_as_manager(declared=declared)
    assert set(fault.value.fields) == {"declared"}


def test_an_agency_that_is_not_registered_lends_its_name_to_nobody():
    application = apply_as_agency()
    with pytest.raises(Conflict) as fault:
        services.apply_as_manager(
            VALUES | {"agency": application.agency}, declared=declared_for("manager", "PRIMARY"), evidence=[PDF],
            by=factories.make_user(),
        )  # fmt: skip
    assert fault.value.code == "E_BODY_NOT_REGISTERED"


def test_a_place_may_ask_an_agency_for_more():
    beijing = factories.make_member(factories.make_organisation("AGENCY", region="110000"), "admin")
    with pytest.raises(Invalid):
        apply_as_agency(beijing, declared=declared_for("agency"))
    assert apply_as_agency(beijing).rule.startswith("register.agency.requirements@110000/")


def test_a_supplement_is_asked_for_and_supplied(go, authority):
    go(date(2027, 3, 1))
    application = apply_as_manager()
    applicant = application.manager.user
    services.send_back(application, "请补充培训证书。", by=authority)
    assert notifying.visible_to(applicant).filter(kind="register").count() == 1
    go(date(2027, 3, 10))
    services.supplement(application, statement="已补充。", evidence=[PDF], by=applicant)
    now = reread(application)
    assert (now.state, now.statement, now.decide_by) == ("submitted", "已补充。", date(2027, 3, 30))
    assert now.evidence.count() == 2


def test_who_is_refused_may_apply_anew(authority):
    application = apply_as_manager()
    services.refuse(application, "证书无法核实。", by=authority)
    again = services.apply_again(
        application.manager, declared=application.declared, evidence=[PDF], by=application.manager.user
    )
    services.grant(again, number="2", reason="已核实。", by=authority)
    assert reread(application.manager).state == "registered"


def test_one_application_at_a_time():
    application = apply_as_manager()
    with pytest.raises(Conflict) as fault:
        services.apply_again(application.manager, declared=application.declared, evidence=[PDF],
                             by=application.manager.user)  # fmt: skip
    assert fault.value.code == "application_open"


def test_a_renewal_waits_for_its_days_and_goes_on_from_the_old_term(go, authority):
    go(date(2027, 3, 1))
    held = make_entry()
    ask = {"declared": declared_for("manager", "PRIMARY"), "evidence": [PDF], "by": held.user}
    with pytest.raises(Conflict) as fault:
        services.renew(held, **ask)
    assert fault.value.code == "too_early"
    go(held.valid_until - timedelta(days=90))
    for year in (2027, 2028):
        services.file_year(held, year, {"deals": 0, "contract_sum": 0, "income": 0}, by=held.user)
    renewal = services.renew(held, **ask)
    services.grant(renewal, reason="年度业务信息齐全。", by=authority)
    assert reread(held).valid_until == date(2033, 2, 28)
    assert [line.kind for line in RegisterLine.objects.of(held)] == ["REGISTERED", "RENEWED"]


def test_a_renewal_needs_the_yearly_data(go):
    go(date(2027, 3, 1))
    held = make_entry()
    go(date(2030, 1, 15))
    with pytest.raises(Conflict) as fault:
        services.renew(held, declared=declared_for("manager", "PRIMARY"), evidence=[PDF], by=held.user)
    assert fault.value.code == "E_ANNUAL_MISSING"
    assert "2027, 2028" in str(fault.value)  # 2029 is due by the end of March


def test_another_level_is_asked_at_any_time_and_has_a_term_of_its_own(go, authority):
    go(date(2027, 3, 1))
    held = make_entry()
    go(date(2027, 9, 1))
    asked = declared_for("manager", "SENIOR")
    raised = services.renew(held, level="SENIOR", declared=asked, evidence=[PDF], by=held.user)
    services.grant(raised, reason="已取得高级证书。", by=authority)
    now = reread(held)
    assert (raised.kind, now.level, now.valid_until) == ("LEVEL", "SENIOR", date(2030, 8, 31))


def test_two_keepers_do_not_decide_twice(authority, staff):
    application = apply_as_manager()
    services.grant(application, number="1", reason="条件齐备。", by=authority, version=1)
    with pytest.raises(Stale):
        services.refuse(application, "证书不符。", by=staff, version=1)
    with pytest.raises(Conflict):
        services.refuse(application, "证书不符。", by=staff)


def test_nobody_decides_about_themselves(authority):
    member = factories.make_member(authority.memberships.get().organisation, "admin")
    application = apply_as_manager(member)
    with pytest.raises(Forbidden):
        services.grant(application, number="1", reason="好。", by=member)
    services.grant(application, number="1", reason="条件齐备。", by=authority)


def test_an_authority_that_is_not_verified_keeps_no_register():
    pending = factories.make_organisation("AUTHORITY", verified=False)
    with pytest.raises(Forbidden):
        services.grant(apply_as_manager(), number="1", reason="好。", by=factories.make_member(pending))


MOVES = {
    "supplement": lambda row, by: services.supplement(row, by=by),
    "withdraw": lambda row, by: services.withdraw(row, by=by),
    "send_back": lambda row, by: services.send_back(row, "请补充。", by=by),
    "grant": lambda row, by: services.grant(row, number="9", reason="好。", by=by),
    "refuse": lambda row, by: services.refuse(row, "不符。", by=by),
}
ALLOWED = {
    State.SUBMITTED: {"withdraw", "send_back", "grant", "refuse"},
    State.RETURNED: {"supplement", "withdraw", "refuse"},
    State.GRANTED: set(), State.REFUSED: set(), State.WITHDRAWN: set(),
}  # fmt: skip


@pytest.mark.parametrize("state", State.values)
def test_what_follows_what(state, authority):
    application = apply_as_manager()
    facts = {"missing": "证书。", "decision": "好。", "decided_on": timezone.localdate()}
    Application.objects.filter(pk=application.pk).update(state=state, **facts)
    done = set()
    for name, does in MOVES.items():
        by = application.manager.user if name in ("supplement", "withdraw") else authority
        sid = reread(application)
        try:
            does(sid, by)
            done.add(name)
        except DomainError:
            pass
        Application.objects.filter(pk=application.pk).update(state=state, **facts)
        TechnologyManager.objects.filter(pk=application.manager_id).update(state="applied", register_number="")
    assert done == ALLOWED[State(state)]


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_decision_has_its_reason(blank, authority):
    application = apply_as_manager()
    for does in (
        lambda: services.grant(application, number="1", reason=blank, by=authority),
        lambda: services.refuse(application, blank, by=authority),
        lambda: services.send_back(application, blank, by=authority),
    ):
        with pytest.raises(Invalid):
            does()


def test_evidence_is_read_by_the_applicant_and_the_keepers_alone(authority, staff, outsider, broker):
    document = apply_as_manager().evidence.get()
    applicant = document.people.get()
    readers = {
        person for person in (applicant, authority, staff, outsider, broker)
        if document in Document.objects.visible_to(person)
    }  # fmt: skip
    assert readers == {applicant, authority, staff}


def test_an_agencys_application_is_seen_by_its_people(outsider, authority):
    application = apply_as_agency()
    administrator = application.evidence.get().readers.get().memberships.get().user
    seen = {one for one in (administrator, authority, outsider) if application in Application.objects.visible_to(one)}
    assert seen == {administrator, authority}


def test_letters_tell_no_reason_and_no_statement(authority):
    application = apply_as_manager(statement="秘密的说明")
    services.refuse(application, "秘密的理由", by=authority)
    said = "".join(f"{row.subject}{row.body}" for row in Letter.objects.filter(kind="register"))
    assert said
    assert "秘密" not in said


def test_an_agency_is_granted_too(authority):
    held = make_agency()
    assert held.is_valid
    assert RegisterLine.objects.of(held).get().level == ""


def test_what_another_register_holds_is_taken_over_with_its_day(go, authority):
    go(date(2027, 3, 1))
    held = TechnologyManager.objects.create(user=factories.make_user())
    term = {"entered_on": date(2025, 6, 1), "valid_until": date(2028, 5, 31)}
    services.take_over(held, number="JS-7", level="SENIOR", **term, by=authority)
    assert (RegisterLine.objects.of(held).get().on, reread(held).level) == (date(2025, 6, 1), "SENIOR")
    later = term | {"entered_on": date(2027, 3, 2)}
    with pytest.raises(Invalid):
        services.take_over(TechnologyManager.objects.create(user=factories.make_user()), number="8", **later,
                           by=authority)  # fmt: skip
