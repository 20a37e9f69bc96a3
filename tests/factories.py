"""Makes the nouns for tests: `make_<noun>(**only_what_matters)`. States are reached through the services."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from marketplace.core.access import SYSTEM
from marketplace.listings import services as listings
from marketplace.listings.models import Achievement, Demand, Projection
from marketplace.parties import rules as party_rules
from marketplace.parties import services as parties
from marketplace.parties.models import Agency, Membership, Organisation, TechnologyManager, User

PASSWORD = "correct horse battery"
serial = count(1)


def make_user(name: str = "", **values: Any) -> User:
    number = next(serial)
    user = User(email=values.pop("email", f"person{number}@example.org"), name=name or f"person {number}", **values)
    user.set_unusable_password()
    user.save()
    return user


def make_credit_code(kind: str = "FIRM") -> str:
    first = {"FIRM": "91", "GUARANTOR": "91", "AGENCY": "91"}.get(kind, "12")
    body = f"{first}110000MA{next(serial):07d}"
    return body + party_rules.make_check_digit(body)


def make_organisation(kind: str = "FIRM", *, verified: bool = True, **values: Any) -> Organisation:
    number = next(serial)
    defaults = {
        "name_zh": f"第{number}号机构",
        "name_en": f"Organisation {number}",
        "kind": kind,
        "credit_code": make_credit_code(kind),
        "region": "110000",
    }
    organisation = parties.apply(defaults | values, by=SYSTEM)
    return parties.verify(organisation, by=SYSTEM) if verified else organisation


def make_member(organisation: Organisation | None = None, role: str = "officer", **values: Any) -> User:
    user = make_user(**values)
    Membership.objects.create(user=user, organisation=organisation or make_organisation(), role=role)
    return user


def make_technology_manager(**values: Any) -> User:
    user = make_user(**values)
    row = TechnologyManager.objects.create(user=user, fields=["05"], languages=["zh", "en"])
    term = timezone.localdate() + timedelta(days=365)
    parties.register_qualification(row, number=f"JSJL-{next(serial):05d}", valid_until=term, by=SYSTEM)
    return user


def make_agency(**values: Any) -> Agency:
    agency = Agency.objects.create(organisation=make_organisation("AGENCY"), **values)
    term = timezone.localdate() + timedelta(days=365)
    return parties.register_qualification(agency, number=f"JG-{next(serial):05d}", valid_until=term, by=SYSTEM)


ACHIEVEMENT = {
    "title_zh": "铝合金等离子体电解氧化陶瓷涂层技术",
    "title_en": "Plasma electrolytic oxidation coating for aluminium alloy",
    "summary_zh": "在铝合金表面原位生长致密陶瓷层,用于轻量化结构件的耐磨防腐。",
    "summary_en": "A dense ceramic layer grown in place on aluminium alloy against wear and corrosion.",
    "description_zh": "以硅酸盐电解液和双极性脉冲处理6061铝合金,膜厚30微米,硬度1200 HV,中性盐雾1000小时无腐蚀。",
    "description_en": "Silicate electrolyte, bipolar pulses on 6061 alloy: 30 µm, 1200 HV, 1000 h salt spray.",
    "advantage_zh": "与硬质阳极氧化相比硬度提高一倍,不含铬。",
    "economics_zh": "每平方分米成本0.8元,设备投资120万元。",
    "field": "05",
    "region": "110000",
    "trl": 7,
    "stage": "MIDDLE",
    "ip_status": "GRANTED",
    "technology_keywords_zh": ["等离子体电解氧化", "陶瓷涂层", "铝合金"],
    "technology_keywords_en": ["plasma electrolytic oxidation", "ceramic coating", "aluminium alloy"],
    "secrecy_level": "NONE",
    "is_secrecy_checked": True,
}
DEMAND = {
    "title_zh": "铝合金支架耐磨防腐涂层",
    "title_en": "Wear and corrosion protection of aluminium brackets",
    "summary_zh": "我厂铝合金支架在沿海使用三个月即起泡,需要耐磨防腐的陶瓷涂层。",
    "summary_en": "Our aluminium alloy brackets blister within three months at the coast.",
    "description_zh": "现用硬质阳极氧化,盐雾300小时失效,客户要求1000小时。",
    "target_zh": "中性盐雾不少于1000小时,硬度不低于1000 HV。",
    "acceptance_zh": "第三方按GB/T 10125检测,连续三批合格。",
    "field": "05",
    "region": "440000",
    "trl_min": 6,
    "budget_low": "100000.00",
    "budget_high": "500000.00",
    "technology_keywords_zh": ["铝合金", "陶瓷涂层"],
    "secrecy_level": "NONE",
    "is_secrecy_checked": True,
}
OFFER = {"mode": "ZERO_UPFRONT", "price_low": "200000.00", "price_high": "400000.00", "free_months": 6}


def make_achievement(owner: Organisation | None = None, *, offers: Any = (OFFER,), **values: Any) -> Achievement:
    """A complete draft, its title made unique unless one is given."""
    owner = owner or make_organisation("UNIVERSITY")
    title = {"title_zh": f"{ACHIEVEMENT['title_zh']}({next(serial)})"}
    return listings.draft(Achievement, ACHIEVEMENT | title | values, owner=owner, by=SYSTEM, offers=offers)


def make_demand(owner: Organisation | None = None, **values: Any) -> Demand:
    """A complete draft, its title made unique unless one is given."""
    owner = owner or make_organisation("FIRM")
    title = {"title_zh": f"{DEMAND['title_zh']}({next(serial)})"}
    deadline = {"deadline": timezone.localdate() + timedelta(days=180)}
    return listings.draft(Demand, DEMAND | title | deadline | values, owner=owner, by=SYSTEM)


def publish(listing: Any) -> Any:
    """Carry a draft through review."""
    return listings.publish(listings.submit(listing, by=SYSTEM), by=SYSTEM)


def make_published_achievement(owner: Organisation | None = None, **values: Any) -> Projection:
    return publish(make_achievement(owner, **values)).projection


def make_published_demand(owner: Organisation | None = None, **values: Any) -> Projection:
    return publish(make_demand(owner, **values)).projection
