"""What a third party of a contract reads: what was agreed and what it stands for, not how it came about."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from marketplace.contracts import services
from marketplace.contracts.models import Clearance, TermSheet
from marketplace.contracts.services.printouts import make_term_sheet
from marketplace.core.workspace import page_url
from marketplace.parties.models import User
from tests import factories
from tests.contracts import making
from tests.rows import reread

pytestmark = pytest.mark.django_db
FIRST = making.ENTRY_ROYALTY | {"terms": [making.UPFRONT | {"amount": "61937.43"}, making.ROYALTY]}
NOTE = "私下已沟通"


@pytest.fixture
def contract(guarantor):
    """Two versions are on the table, a clearance is asked for, and a guarantor stands beside the two sides."""
    contract = making.make_contract(mode="ENTRY_ROYALTY")
    seller = making.decider_of(contract.seller)
    services.add_third_party(contract, guarantor.memberships.get().organisation, "GUARANTOR", by=seller)
    for sheet in (FIRST, making.ENTRY_ROYALTY):
        services.propose(reread(contract), sheet, side="SELLER", note="这是底线。", by=seller)
    services.ask_clearance(contract, "CO_OWNER", party="共有单位", note=NOTE, by=seller)
    return reread(contract)


@pytest.fixture
def agreed(contract):
    services.accept_terms(contract, 2, by=making.decider_of(contract.buyer))
    return reread(contract)


def numbers(user):
    return sorted(TermSheet.objects.visible_to(fresh(user)).values_list("number", flat=True))


def fresh(user):
    return User.objects.get(pk=user.pk)


def page_of(contract, user):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(page_url(contract))
    assert answer.status_code == 200
    return answer.content.decode().replace(",", "")


def asked(contract, user, path=""):
    client = APIClient()
    client.force_authenticate(fresh(user))
    return client.get(f"/api/v1/contracts/{contract.public_id}/{path}").json()


def test_before_the_terms_are_agreed_it_reads_none(contract, guarantor):
    assert numbers(guarantor) == []
    assert asked(contract, guarantor)["terms"] is None
    assert asked(contract, guarantor, "sheets/")["results"] == []
    page = page_of(contract, guarantor)
    assert "61937.43" not in page
    assert "双方正在洽谈条款" in page


def test_then_it_reads_the_agreed_version_alone(agreed, guarantor):
    assert numbers(guarantor) == [2]
    [sheet] = asked(agreed, guarantor, "sheets/")["results"]
    assert (sheet["number"], sheet["changes"]) == (2, [])
    assert "61937.43" not in page_of(agreed, guarantor)


def test_it_reads_no_clearance(agreed, guarantor):
    assert not Clearance.objects.visible_to(fresh(guarantor)).exists()
    assert NOTE not in page_of(agreed, guarantor)


def test_both_sides_the_manager_and_staff_read_every_version(agreed, staff):
    manager = factories.make_technology_manager()
    agreed.manager = manager
    agreed.save()
    for person in (making.decider_of(agreed.seller), making.decider_of(agreed.buyer), manager, staff):
        assert numbers(person) == [1, 2]
        assert Clearance.objects.visible_to(fresh(person)).exists()


def test_a_printed_version_that_is_not_agreed_is_for_both_sides_alone(contract, guarantor):
    seller = making.decider_of(contract.seller)
    organisation = guarantor.memberships.get().organisation
    assert organisation not in make_term_sheet(contract, by=seller).readers.all()
    services.accept_terms(contract, 2, by=making.decider_of(contract.buyer))
    assert organisation in make_term_sheet(reread(contract), by=seller).readers.all()
