"""What a reader is told about passages that may be void; the shipped contracts themselves give no reason."""

import pytest
from django.utils.translation import override

from marketplace.contracts import caution, services
from marketplace.contracts.rules.clauses import Clause
from marketplace.documents import services as documents
from tests.contracts import making

pytestmark = pytest.mark.django_db
BAN = "乙方不得对专利权的有效性提出异议。"


@pytest.fixture
def contract():
    return making.make_agreed_contract(sheet=making.ZERO_UPFRONT)


def text_with(contract, language="zh", **clauses):
    return services.make_text(contract, language=language, clauses=clauses, by=making.decider_of(contract.seller))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_contract_gives_no_reason(language, contract):
    document = text_with(contract, language)
    assert contract.title in caution.text_of(document)
    assert caution.cautions_of(document) == []


def test_a_clause_that_was_added_is_found_in_the_document(contract):
    (found,) = caution.cautions_of(text_with(contract, support=BAN))
    assert (found.code, found.clause) == ("W_CLAUSE_MONOPOLY", Clause.NO_CHALLENGE)
    assert BAN in found.passage


def test_a_caution_names_the_law_and_a_lawyer_and_is_not_sure():
    with override("en"):
        (found,) = caution.cautions(BAN)
    assert "850" in found.law
    assert found.sentence.startswith("This may be a ban on contesting the right")
    assert found.sentence.endswith("Please have a lawyer look.")


def test_what_is_no_word_file_is_not_read(contract):
    officer = making.decider_of(contract.seller)
    paper = documents.keep_document(making.PDF, filename="a.pdf", title="合同", readers=[contract.seller], by=officer)
    assert caution.cautions_of(paper) is None
