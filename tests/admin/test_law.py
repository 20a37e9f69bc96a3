"""The book of law in the workspace: its values in the words of the public page."""

import pytest

from marketplace.core.workspace import page_url
from marketplace.law.models import CodeList, Rule

pytestmark = pytest.mark.django_db


SAID = [
    ("reward.equity.heads", "<div>no</div>"),
    ("notice.negotiated.fields", "<div>name of the achievement</div><div>intended price</div>"),
    ("reward.floor.transfer_license", "<div>50 %</div>"),
]


@pytest.mark.parametrize(("key", "said"), SAID)
def test_a_legal_value_reads_as_on_the_public_page(enter, sme, key, said):
    rule = Rule.objects.filter(key=key, place="CN").order_by("effective_from").first()
    assert said in enter(sme).get(page_url(rule)).content.decode()


def test_a_code_list_keeps_the_notes_of_its_makers_to_itself(enter, sme):
    row = CodeList.objects.exclude(confidence="").first()
    assert "source mark" not in enter(sme).get(page_url(row)).content.decode()
