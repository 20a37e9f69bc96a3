"""Twin worlds: another secret text of the same listing changes no byte of what others see."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from marketplace.discovery.indexing import MARKET
from marketplace.discovery.models import Match
from tests import factories

SECRETS = (
    "电解液为硅酸钠12 g/L与钨酸钠6 g/L,负正电荷比0.9。",
    "我厂铝合金支架在沿海使用三个月即起泡,现用硬质阳极氧化,盐雾300小时失效,客户要求1000小时。" * 5,
)
"""The second repeats the demand: if a secret word counted anywhere, scores would move most."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.INDEX_DIR = tmp_path
    yield
    MARKET.forget()


def world(university, firm, secret):
    """What others see after a real rebuild of the index, in a market that is then undone."""
    with transaction.atomic():
        factories.make_published_achievement(
            university, title_zh="陶瓷涂层技术甲", description_zh=secret, tiers={"description": "nda"}
        )
        factories.make_published_achievement(university, title_zh="陶瓷涂层技术乙", trl=4)
        factories.make_published_demand(firm, title_zh="支架涂层")
        factories.make_published_demand(firm, title_zh="铝件防腐", summary_zh="铝件盐雾300小时失效,要求1000小时。")
        call_command("rebuild_index", "--json", stdout=StringIO())
        seen = (
            Match.objects.current()
            .order_by("demand__title_zh", "rank")
            .values_list(
                *(
                    "demand__title_zh",
                    "achievement__title_zh",
                    "rank",
                    "score",
                    "components",
                    "reasons",
                    "model_version",
                )
            )
        )
        written = json.dumps(list(seen), ensure_ascii=False, sort_keys=True)
        transaction.set_rollback(True)
    MARKET.forget()
    return written


def test_another_secret_text_changes_nothing_that_others_see(university, firm):
    one, other = (world(university, firm, secret) for secret in SECRETS)
    assert len(json.loads(one)) == 4
    assert one == other


def test_a_public_text_does_change_it(university, firm, monkeypatch):
    plain = world(university, firm, SECRETS[0])
    monkeypatch.setitem(factories.ACHIEVEMENT, "summary_zh", SECRETS[1])
    assert world(university, firm, SECRETS[0]) != plain
