"""Who may use first and pay later, and which licence goes with which terms."""

from datetime import date

import pytest

from marketplace.contracts.rules.clearances import is_settled, needed
from marketplace.contracts.rules.drafting import kind_of
from marketplace.contracts.rules.eligibility import Licensee, faults, is_within, needs_eligibility, unsuitable
from marketplace.contracts.rules.reading import read_sheet
from marketplace.contracts.rules.sheet import Mode
from tests.contracts.making import ENTRY_ROYALTY, ROYALTY, ZERO_UPFRONT

PROVED = date(2025, 6, 30)
TODAY = date(2026, 6, 30)


def firm(**values):
    facts = {"size": "SMALL", "size_proved_on": PROVED, "region": "120000", "has_open_default": False}
    return Licensee(**(facts | values))


@pytest.mark.parametrize(
    ("values", "today", "found"),
    [
        ({}, TODAY, ()),  # the last day of a proof of twelve months
        ({}, date(2026, 7, 1), ("E_SIZE_PROOF_EXPIRED",)),
        ({"size_proved_on": None}, TODAY, ("E_SIZE_PROOF_EXPIRED",)),
        ({"size": "MICRO"}, TODAY, ()),
        ({"size": "MEDIUM"}, TODAY, ()),
        ({"size": "LARGE"}, TODAY, ("E_NOT_MSME",)),
        ({"size": ""}, TODAY, ("E_NOT_MSME",)),
        ({"region": "130000"}, TODAY, ("E_REGION",)),
        ({"has_open_default": True}, TODAY, ("E_OPEN_DEFAULT",)),
        (
            {"size": "LARGE", "region": "130000", "has_open_default": True},
            TODAY,
            ("E_NOT_MSME", "E_REGION", "E_OPEN_DEFAULT"),
        ),
    ],
)
def test_every_reason_is_named_at_once(values, today, found):
    assert faults(firm(**values), today=today, proof_months=12, regions=["120000"]) == found


def test_without_accepted_regions_every_region_is():
    assert faults(firm(region="650000"), today=TODAY, proof_months=12) == ()


@pytest.mark.parametrize(
    ("place", "region", "within"),
    [("120000", "120000", True), ("330106", "330100", True), ("330106", "330000", True), ("330000", "330100", False),
     ("120000", "CN", True), ("130000", "120000", False)],
)  # fmt: skip
def test_a_district_lies_in_its_city_and_province(place, region, within):
    assert is_within(place, region) is within


def test_four_modes_let_a_firm_use_first():
    found = {mode.value for mode in Mode if needs_eligibility(mode)}
    assert found == {"ZERO_UPFRONT", "DEFERRED", "CONDITIONAL", "TRIAL_TRANSFER"}


SHARED = {**ENTRY_ROYALTY, "terms": [*ENTRY_ROYALTY["terms"][:1], {**ROYALTY, "sublicence": {
    "upfront_rate": "0.1", "royalty_rate": "0.2"}}]}  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "kind", "sublicence", "found"),
    [
        (ZERO_UPFRONT, "ORDINARY", "FORBIDDEN", ()),
        (ZERO_UPFRONT, "SOLE", "WITH_CONSENT", ()),
        (ZERO_UPFRONT, "EXCLUSIVE", "FORBIDDEN", ("E_EXCLUSIVE_IN_TRIAL",)),
        (ZERO_UPFRONT, "EXCLUSIVE", "ALLOWED", ("E_EXCLUSIVE_IN_TRIAL", "E_SUBLICENSE_FORBIDDEN")),
        (ENTRY_ROYALTY, "EXCLUSIVE", "ALLOWED", ()),
        (SHARED, "ORDINARY", "FORBIDDEN", ("E_SUBLICENSE_FORBIDDEN",)),
        (SHARED, "ORDINARY", "WITH_CONSENT", ()),
    ],
)
def test_which_licence_goes_with_which_terms(sheet, kind, sublicence, found):
    assert unsuitable(read_sheet(sheet), licence_kind=kind, sublicence=sublicence) == found


# Which answers a contract needs


def asks(**values):
    facts = {
        "type": "3", "licence_kind": "ORDINARY", "is_abroad": False, "is_publicly_funded": False,
        "is_public_seller": False,
    }  # fmt: skip
    return set(needed(**(facts | values)))


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({}, {"PLEDGE", "CLAUSES"}),
        ({"licence_kind": "SOLE"}, {"CO_OWNER", "PLEDGE", "CLAUSES"}),
        ({"licence_kind": "EXCLUSIVE"}, {"CO_OWNER", "PLEDGE", "CLAUSES"}),
        ({"type": "2", "licence_kind": ""}, {"CO_OWNER", "PLEDGE", "PREEMPTION", "CLAUSES"}),
        ({"type": "5", "licence_kind": ""}, {"CLAUSES"}),
        ({"is_public_seller": True}, {"PLEDGE", "CONFLICT", "CLAUSES"}),
        ({"is_abroad": True}, {"PLEDGE", "EXPORT", "CLAUSES"}),
        ({"is_abroad": True, "is_publicly_funded": True}, {"PLEDGE", "EXPORT", "CLAUSES"}),
        (
            {"is_abroad": True, "is_publicly_funded": True, "licence_kind": "EXCLUSIVE"},
            {"CO_OWNER", "PLEDGE", "EXPORT", "PUBLIC_FUNDING", "CLAUSES"},
        ),
        ({"is_publicly_funded": True, "licence_kind": "EXCLUSIVE"}, {"CO_OWNER", "PLEDGE", "CLAUSES"}),
    ],
)
def test_which_answers_a_contract_needs(values, kinds):
    assert asks(**values) == kinds


@pytest.mark.parametrize(
    ("kind", "answers", "settled"),
    [
        ("CO_OWNER", [], False),
        ("CO_OWNER", ["NOT_NEEDED"], True),
        ("CO_OWNER", ["CONSENTED", "CONSENTED"], True),
        ("CO_OWNER", ["CONSENTED", "ASKED"], False),
        ("CO_OWNER", ["CONSENTED", "REFUSED"], False),
        ("PREEMPTION", ["WAIVED"], True),
        ("PREEMPTION", ["CONSENTED"], False),
        ("EXPORT", ["NOT_NEEDED"], False),
        ("EXPORT", ["CONSENTED"], True),
    ],
)
def test_everybody_who_was_asked_must_agree(kind, answers, settled):
    assert is_settled(kind, answers) is settled


@pytest.mark.parametrize(
    ("mode", "rights", "found"),
    [
        ("ZERO_UPFRONT", ["02"], ("3", "31")),
        ("ROYALTY", ["06"], ("3", "34")),
        ("ROYALTY", ["06", "02"], ("3", "31")),
        ("ROYALTY", ["02", "05"], ("3", "33")),  # an application may fail: the contract must say so
        ("ROYALTY", [], ("3", "32")),
        ("ROYALTY", ["98"], ("3", "39")),
        ("BUYOUT", ["02"], ("2", "21")),
        ("BUYOUT", ["08"], ("2", "26")),
    ],
)
def test_what_a_mode_and_its_rights_come_to(mode, rights, found):
    assert kind_of(mode, rights) == found
