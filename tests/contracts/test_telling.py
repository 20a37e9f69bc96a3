"""What people are told: once, each side, in words that are there for every matter."""

import re
from datetime import date
from pathlib import Path

import pytest

from marketplace.contracts import services, telling
from marketplace.contracts.telling import BOTH, COMING, HAPPENED, tell
from marketplace.core.models import Letter
from marketplace.parties.models import Membership, Organisation
from tests import factories
from tests.contracts import living
from tests.contracts.living import SIGNED

SOURCES = [file.read_text("utf-8") for file in Path(services.__file__).parent.glob("*.py")]


def named(pattern: str) -> set[str]:
    """What the services' code calls the matters, up to the colon."""
    return {found for source in SOURCES for found in re.findall(pattern, source)}


def test_there_is_a_sentence_for_every_matter_that_is_told():
    told = named(r'tell\(\s*[\w.]+, f?"([a-z-]+)')
    assert told
    assert told <= HAPPENED.keys()


def test_there_is_a_sentence_for_every_matter_that_is_waited_for():
    waited = named(r'Matter\(f?"([a-z-]+)')
    assert waited == COMING.keys()


def test_each_side_is_told_once(entry):
    assert tell(entry.contract, "disputed", on=SIGNED) == 2
    assert tell(entry.contract, "disputed", on=SIGNED) == 0


def test_only_those_who_decide_get_a_letter(entry):
    reader = factories.make_member(entry.contract.buyer, "reader")
    tell(entry.contract, "disputed", on=SIGNED)
    assert not Letter.objects.filter(user=reader).exists()
    assert Letter.objects.filter(user=entry.buyer, key__contains=":disputed:").exists()


def test_whoever_left_gets_no_letter(entry):
    Membership.objects.filter(user=entry.buyer).update(ended_on=SIGNED)
    tell(entry.contract, "disputed", on=SIGNED)
    assert not Letter.objects.filter(user=entry.buyer, key__contains=":disputed:").exists()


def test_a_letter_names_the_contract_and_leads_to_it(entry):
    tell(entry.contract, "disputed", on=date(2027, 1, 5))
    letter = Letter.objects.get(user=entry.buyer, key__contains=":disputed:")
    assert entry.contract.title in letter.body
    assert telling.page_of(entry.contract) in letter.body


@pytest.mark.parametrize("side", BOTH)
def test_a_side_alone_is_told_alone(entry, side):
    tell(entry.contract, "submitted:x", on=SIGNED, sides=(side,))
    told = Letter.objects.filter(key__contains=":submitted:x:").values_list(
        "user__memberships__organisation", flat=True
    )
    expected = entry.contract.seller if side == "SELLER" else entry.contract.buyer
    assert set(Organisation.objects.filter(pk__in=told)) == {expected}


def test_a_guarantor_is_told_that_it_is_asked_and_both_sides_what_it_answers(entry):
    guarantor, officer = living.make_guarantor()
    found = living.propose(entry, guarantor, entry.seller)
    assert Letter.objects.filter(user=officer, key__contains=f":guarantee:{found.public_id}:").count() == 1
    services.refuse_guarantee(found, "额度已满。", by=officer)
    told = Letter.objects.filter(key__contains=f":guarantee-refused:{found.public_id}:")
    assert {letter.user_id for letter in told} == {entry.seller.pk, entry.buyer.pk}
