"""The diligence dossier and the term sheet as Word: what they hold, who compiles them, who reads them."""

import pytest
from django.utils import timezone

from marketplace.contracts import services
from marketplace.contracts.services.dossier import dossier_values, make_dossier
from marketplace.contracts.services.printouts import make_term_sheet, term_sheet_values
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.models import Entry
from marketplace.documents.models import Document
from tests import factories
from tests.contracts import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract():
    """A university's contract that only waits for its signatures, with a valuation and a declaration."""
    seller = factories.make_organisation("UNIVERSITY", name_zh="江澜大学")
    row = making.make_ready_contract(seller=seller, sheet=making.ZERO_UPFRONT)
    by = making.decider_of(seller)
    values = {"appraiser": "衡准评估", "method": "收益法", "low": 400_000, "high": 600_000}
    services.record_valuation(row, **values, valued_on=timezone.localdate(), by=by)
    return row


def test_it_holds_decision_notice_valuation_and_clearances(contract):
    found = dossier_values(contract, "zh")
    assert "校长办公会" in found["decision_body"]
    assert "同意按本条款许可" in found["decision_text"]
    assert "衡准评估" in found["appraisal"]
    assert contract.notice.public_id.upper() == found["notice_number"]
    assert "已核实" in found["related_party"]
    assert found["law_citations"]


def test_its_steps_are_the_acts_in_the_order_of_their_days(contract):
    steps = dossier_values(contract, "en")["steps"]
    days = [row["day"] for row in steps]
    assert days == sorted(days)
    assert {"proposed terms", "accepted the terms", "drew up the contract"} <= {row["what"] for row in steps}
    assert all(row["who"] for row in steps)


def test_its_attachments_are_named_by_their_hash(contract):
    rows = dossier_values(contract, "zh")["attachments"]
    assert contract.document.sha256 in {row["sha256"] for row in rows}


def test_it_is_one_word_file_for_the_owner_alone(contract):
    made = make_dossier(contract, by=making.decider_of(contract.seller))
    assert (made.kind, made.tier) == ("DILIGENCE_DOSSIER", "confidential")
    assert list(made.readers.all()) == [contract.seller]
    assert not Document.objects.visible_to(making.decider_of(contract.buyer)).filter(pk=made.pk).exists()
    assert Entry.objects.filter(verb="contracts.make_dossier", subject_id=contract.pk).count() == 1


def test_the_licensee_compiles_none(contract):
    with pytest.raises(Forbidden):
        make_dossier(contract, by=making.decider_of(contract.buyer))


def test_there_is_none_before_the_terms_are_agreed():
    row = making.make_contract()
    with pytest.raises(Conflict) as refused:
        make_dossier(row, by=making.decider_of(row.seller))
    assert refused.value.code == "E_NOT_AGREED"


def test_it_says_what_is_not_there():
    row = making.make_agreed_contract()
    found = dossier_values(row, "en")
    assert (found["decision_text"], found["notice_result"]) == ("none recorded", "no notice is due")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_term_sheet_is_a_word_file_for_both_sides(contract, language):
    made = make_term_sheet(contract, language=language, by=making.decider_of(contract.buyer))
    assert {contract.seller, contract.buyer} <= set(made.readers.all())
    values = term_sheet_values(contract, contract.sheet, language)
    assert values["sheet_number"].endswith("-1")
    assert values["notes"]


def test_there_is_no_term_sheet_before_anything_is_proposed():
    row = making.make_contract()
    with pytest.raises(Conflict) as refused:
        make_term_sheet(row, by=making.decider_of(row.seller))
    assert refused.value.code == "no_terms"
