"""The record of an entry: exact for itself, for the public only what both sides agreed to; portfolios that verify."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as Word

from marketplace.contracts.models import Contract
from marketplace.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.documents import services as documents
from marketplace.documents.models import Document
from marketplace.parties.models import TechnologyManager
from marketplace.register import services
from marketplace.register.models import Consent, Portfolio
from marketplace.register.rules import PublicTrack, public_track
from marketplace.register.track import own_track, public_track_of, with_track
from tests import factories
from tests.contracts import making
from tests.rows import reread

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("contracts", "received", "told"),
    [
        (0, 0, PublicTrack(0)),
        (2, 900_000, PublicTrack(2)),  # two contracts: a range would tell a price
        (3, 0, PublicTrack(3)),
        (3, 99_999, PublicTrack(3, 0, 100_000)),
        (3, 100_000, PublicTrack(3, 100_000, 500_000)),
        (9, 50_000_000, PublicTrack(9, 50_000_000, None)),
    ],
)
def test_the_public_reads_a_range_or_nothing(contracts, received, told):
    assert public_track(contracts, Decimal(received)) == told


@pytest.fixture
def held(broker):
    return reread(broker.technology_manager)


def make_case(held, **values):
    contract = making.make_signed_contract(**values)
    Contract.objects.filter(pk=contract.pk).update(manager=held.user)
    return reread(contract)


def officer_of(organisation):
    return factories.make_member(organisation)


def agree(contract, held, scope="COUNT"):
    for consent in services.ask_consent(contract, scope, by=held.user):
        services.give_consent(consent, by=officer_of(consent.organisation))


def told(held):
    return public_track_of(with_track(TechnologyManager.objects.filter(pk=held.pk), is_public=True).get())


def test_only_what_both_sides_agreed_to_is_counted_in_public(held):
    contract, _other = make_case(held), make_case(held)
    assert (own_track(held).contracts, told(held).contracts) == (2, 0)
    consents = services.ask_consent(contract, "COUNT", by=held.user)
    services.give_consent(consents[0], by=officer_of(consents[0].organisation))
    assert told(held).contracts == 0
    services.give_consent(consents[1], by=officer_of(consents[1].organisation))
    assert told(held).contracts == 1
    services.withdraw_consent(consents[0], by=officer_of(consents[0].organisation))
    assert told(held).contracts == 0


def test_consent_to_be_named_is_consent_to_be_counted(held):
    agree(make_case(held), held, "NAME")
    assert told(held).contracts == 1


def test_figures_take_one_query_however_many_entries(held):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            list(with_track(TechnologyManager.objects.all(), is_public=False))
        return len(queries)

    few = asked()
    factories.make_technology_manager()
    make_case(held)
    assert asked() == few == 1


def test_who_asks_and_who_answers(held, outsider, staff):
    contract = make_case(held)
    with pytest.raises(NotFound):
        services.ask_consent(contract, "COUNT", by=outsider)
    with pytest.raises(Forbidden):
        services.ask_consent(contract, "COUNT", by=factories.make_technology_manager())
    with pytest.raises(Invalid):
        services.ask_consent(contract, "ALL", by=held.user)
    consent = services.ask_consent(contract, "COUNT", by=held.user)[0]
    for stranger in (held.user, outsider, staff):
        with pytest.raises(Forbidden):
            services.give_consent(consent, by=stranger)
    assert not Consent.objects.visible_to(outsider).exists()


def test_nobody_is_asked_twice_but_after_a_refusal(held):
    contract = make_case(held)
    consents = services.ask_consent(contract, "COUNT", by=held.user)
    assert services.ask_consent(contract, "COUNT", by=held.user) == []
    services.refuse_consent(consents[0], by=officer_of(consents[0].organisation))
    assert len(services.ask_consent(contract, "COUNT", by=held.user)) == 1


def test_a_contract_that_is_not_signed_is_no_case(held):
    contract = making.make_contract()
    Contract.objects.filter(pk=contract.pk).update(manager=held.user)
    with pytest.raises(Conflict):
        services.ask_consent(reread(contract), "COUNT", by=held.user)


def words_of(content):
    word = Word(BytesIO(content))
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in word.paragraphs), *cells])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_portfolio_names_a_case_only_where_both_agreed(held, language):
    named, unnamed = make_case(held, title="公开案例"), make_case(held, title="保密案例")
    agree(named, held, "NAME")
    chosen = [named.public_id, unnamed.public_id]
    made = services.make_portfolio(held, chosen, language=language, by=held.user)
    text = words_of(documents.open_document(made.document, by=held.user))
    assert "公开案例" in text
    assert str(named.seller.name_zh) in text or named.seller.name_en in text
    for secret in ("保密案例", unnamed.seller.name_zh, unnamed.buyer.name_zh, unnamed.seller.name_en):
        assert secret not in text
    assert made.number in text
    assert documents.verify(made.document)


def test_a_portfolio_holds_ones_own_signed_cases_alone(held, outsider):
    theirs = make_case(reread(factories.make_technology_manager().technology_manager))
    for chosen in ([], [theirs.public_id], ["x" * 16]):
        with pytest.raises(Invalid):
            services.make_portfolio(held, chosen, by=held.user)
    own = make_case(held)
    with pytest.raises(Forbidden):
        services.make_portfolio(held, [own.public_id], by=outsider)


def test_a_portfolio_is_read_by_its_manager_and_staff(held, outsider, staff):
    made = services.make_portfolio(held, [make_case(held).public_id], by=held.user)
    people = (held.user, staff, outsider)
    assert {each for each in people if made in Portfolio.objects.visible_to(each)} == {held.user, staff}
    assert {each for each in people if made.document in Document.objects.visible_to(each)} == {held.user, staff}


def test_anybody_verifies_a_number_and_reads_no_case(held, client):
    case = make_case(held, title="保密案例")
    made = services.make_portfolio(held, [case.public_id], by=held.user)
    text = client.get(reverse("portal:verify_portfolio"), {"number": made.number.lower()}).content.decode()
    assert made.document.sha256 in text
    assert not any(secret in text for secret in ("保密案例", case.seller.name_zh, case.buyer.name_zh, held.user.email))
    for wrong in ("", "JSAL-NOTHING", "\x00", "案例", "x" * 500):
        answer = client.get(reverse("portal:verify_portfolio"), {"number": wrong})
        assert answer.status_code == 200
        assert made.document.sha256 not in answer.content.decode()
