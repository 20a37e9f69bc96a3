"""Removals: announced with a ground, heard, decided; what somebody asks for needs no hearing."""

from datetime import date

import pytest

from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.models import Letter
from marketplace.parties.models import TechnologyManager
from marketplace.register import services
from marketplace.register.models import RegisterLine, Removal
from tests.brokerage.mandating import make_signed_mandate
from tests.rows import reread

from .registering import PDF, make_entry

pytestmark = pytest.mark.django_db
FALSE = {"ground": "FALSE_INFORMATION", "reason": "培训证书系伪造。"}


@pytest.fixture
def held(go):
    go(date(2027, 3, 1))
    return make_entry()


def test_a_removal_is_decided_once_the_days_to_reply_are_over(held, authority, go):
    removal = services.announce_removal(held, **FALSE, by=authority)
    assert removal.reply_by == date(2027, 3, 11)
    go(date(2027, 3, 11))
    with pytest.raises(Conflict) as fault:
        services.remove(removal, "逾期未答辩。", by=authority)
    assert fault.value.code == "E_NOT_HEARD"
    go(date(2027, 3, 12))
    services.remove(removal, "逾期未答辩。", by=authority)
    assert reread(held).state == "removed"
    line = RegisterLine.objects.of(held).last()
    assert (line.kind, line.ground) == ("REMOVED", "FALSE_INFORMATION")


def test_a_reply_lets_it_be_decided_at_once(held, authority):
    removal = services.announce_removal(held, **FALSE, by=authority)
    services.reply(removal, "证书可在发证机构核验。", by=held.user)
    services.drop(removal, "已核验，证书真实。", by=authority)
    assert reread(held).state == "registered"
    with pytest.raises(Conflict):
        services.remove(removal, "再议。", by=authority)


def test_one_may_leave_by_oneself(held, authority):
    removal = services.ask_removal(held, "转岗。", by=held.user)
    services.remove(removal, "依本人申请。", by=authority)
    assert reread(held).state == "removed"


def test_who_was_removed_may_apply_anew(held, authority):
    services.remove(services.ask_removal(held, "转岗。", by=held.user), "依本人申请。", by=authority)
    held = reread(held)
    declared = ["ADULT", "LAWFUL", "ENGAGED", "TRAINED_PRIMARY"]
    again = services.apply_again(held, declared=declared, evidence=[PDF], by=held.user)
    services.grant(again, number=held.register_number, reason="条件齐备。", by=authority)
    assert [line.kind for line in RegisterLine.objects.of(held)] == ["REGISTERED", "REMOVED", "REGISTERED"]


@pytest.mark.parametrize("ground", ["OWN_REQUEST", "DISLIKE"])
def test_a_keeper_names_a_ground_of_the_list(held, authority, ground):
    with pytest.raises(Invalid):
        services.announce_removal(held, ground=ground, reason="x", by=authority)


def test_who_may_do_what(held, authority, outsider):
    with pytest.raises(Forbidden):
        services.announce_removal(held, **FALSE, by=outsider)
    with pytest.raises(Forbidden):
        services.ask_removal(held, "x", by=authority)
    removal = services.announce_removal(held, **FALSE, by=authority)
    with pytest.raises(Forbidden):
        services.reply(removal, "x", by=authority)
    with pytest.raises(Forbidden):
        services.remove(removal, "x", by=held.user)
    assert set(Removal.objects.visible_to(outsider)) == set()


def test_one_removal_at_a_time(held, authority):
    services.announce_removal(held, **FALSE, by=authority)
    with pytest.raises(Conflict):
        services.ask_removal(held, "转岗。", by=held.user)


def test_an_open_application_falls_with_the_entry(held, authority, go):
    asked = ["ADULT", "LAWFUL", "ENGAGED", "TRAINED_INTERMEDIATE"]
    application = services.renew(held, level="INTERMEDIATE", declared=asked, evidence=[PDF], by=held.user)
    services.remove(services.ask_removal(held, "转岗。", by=held.user), "依本人申请。", by=authority)
    assert reread(application).state == "refused"


def test_the_principals_of_a_removed_broker_are_told(held, authority, university, university_officer):
    make_signed_mandate(university, manager=TechnologyManager.objects.get(pk=held.pk).user)
    services.remove(services.ask_removal(held, "转岗。", by=held.user), "依本人申请。", by=authority)
    told = Letter.objects.filter(user=university_officer, key__startswith="mandate-broker-removed")
    assert told.count() == 1
    assert "转岗" not in told.get().body
