"""A price notice of the university within the university and one on the market, and people around them."""

import pytest

from marketplace.notices import rules, services
from marketplace.notices.models import Notice
from tests import factories

CONTENT = {
    "name": "铝合金陶瓷涂层技术",
    "abstract": "在铝合金表面原位生长致密陶瓷层。",
    "method": "LICENSE",
    "price": "零门槛费;首次销售后30日内付10万元,另按净销售额的3%提成。",
    "estimated_total": "860000.00",
    "counterparty": "晨辉机电有限公司",
    "related_party": "NONE",
    "inventors": ["林澄", "周以宁"],
}
TERMS = {"price": CONTENT["price"], "method": "LICENSE", "counterparty": "晨辉机电有限公司"}
FINGERPRINT = rules.fingerprint(**TERMS)
SOMEBODY = {"name": "钱某", "contact": "13900000000", "text": "该技术与我处在先专利重复。"}


def open_notice(owner, by, **values):
    facts = {
        "content": CONTENT,
        "place": "370000",
        "fingerprint": FINGERPRINT,
        "title_zh": "关于陶瓷涂层技术许可价格的公示",
    }
    return services.open_notice(owner, **(facts | values), by=by)


@pytest.fixture
def opener(university):
    """The officer who opens the notices, and so answers no objection to them."""
    return factories.make_member(university, "officer", name="opener")


@pytest.fixture
def notice(university, opener):
    """Shown within the university alone, for 15 calendar days."""
    return open_notice(university, opener)


@pytest.fixture
def market_notice(university, opener):
    return open_notice(university, opener, place="330106", fingerprint=rules.fingerprint(price="另一价格"))


@pytest.fixture
def objection(notice, inventor):
    return services.object_to(notice, **SOMEBODY, by=inventor)


def end(notice, day):
    """Let the last day of a notice be another one, as time would."""
    Notice.objects.filter(pk=notice.pk).update(ends_on=day)
