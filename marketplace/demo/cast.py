"""The made-up people and organisations of the demonstration market. Loading them twice changes nothing."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import SYSTEM
from marketplace.parties import services as parties
from marketplace.parties.models import Membership, Organisation, User
from marketplace.parties.rules import make_credit_code

from . import register

PASSWORD = "keystone-demo-2026"  # of every demonstration account; they exist only where DEBUG is on
PUBLIC_BODY, ENTERPRISE = "12", "91"  # categories of the unified social credit code

OWNERS = {
    "u01": ("UNIVERSITY", "江澜大学", "Jianglan University", "320000"),
    "u02": ("UNIVERSITY", "北辰理工大学", "Beichen University of Technology", "110000"),
    "u03": ("UNIVERSITY", "粤海科技大学", "Yuehai University of Science and Technology", "440000"),
    "u04": ("UNIVERSITY", "秦岭工业大学", "Qinling Polytechnic University", "610000"),
    "u05": ("UNIVERSITY", "蜀川大学", "Shuchuan University", "510000"),
    "u06": ("UNIVERSITY", "东湖农业大学", "Donghu Agricultural University", "420000"),
    "u07": ("UNIVERSITY", "浦滨医科大学", "Pubin Medical University", "310000"),
    "u08": ("UNIVERSITY", "渤湾交通大学", "Bowan Transport University", "120000"),
    "i01": ("INSTITUTE", "华澜材料研究所", "Hualan Institute of Materials", "330000"),
    "i02": ("INSTITUTE", "燕原能源研究院", "Yanyuan Energy Research Institute", "130000"),
    "i03": ("INSTITUTE", "中豫核技术研究所", "Zhongyu Institute of Nuclear Technology", "410000"),
    "i04": ("INSTITUTE", "齐云海洋与环境研究院", "Qiyun Institute of Ocean and Environment", "370000"),
    "i05": ("INSTITUTE", "皖江智能制造研究院", "Wanjiang Institute of Intelligent Manufacturing", "340000"),
    "h01": ("HOSPITAL", "同泽医院", "Tongze Hospital", "110000"),
    "h02": ("HOSPITAL", "南屏第一医院", "Nanping First Hospital", "430000"),
    "agency": ("AGENCY", "江海技术转移有限公司", "Jianghai Technology Transfer Co., Ltd.", "320000"),
    "guarantor": ("GUARANTOR", "丰桥融资担保有限公司", "Fengqiao Guarantee Co., Ltd.", "320000"),
    "authority": ("AUTHORITY", "东屏省科学技术主管部门", "Dongping Science and Technology Authority", "320000"),
}


@dataclass(frozen=True, slots=True)
class Role:
    """A demonstration account: what it shows, and as what it acts for which organisation."""

    email: str
    name: str
    shows: Any
    organisation: str = ""
    role: str = ""


SEEKER = "f-01-1"  # the firm whose officer has an account
ACCOUNTS = (
    Role("reviewer@demo.example", "评审员 沈予", _("reviews and verifies")),
    Role("officer@demo.example", "转化专员 顾岚", _("lists, answers, decides"), "u01", "officer"),
    Role("admin@demo.example", "转化中心主任 陆行", _("manages members"), "u01", "admin"),
    Role("inventor@demo.example", "发明人 季明", _("drafts"), "u01", "inventor"),
    Role("reader@demo.example", "科研秘书 何晓", _("only reads"), "u01", "reader"),
    Role("firm@demo.example", "企业技术部 周工", _("posts demands, asks, answers"), SEEKER, "officer"),
    Role("manager@demo.example", "技术经理人 苏桥", _("brings the two sides together")),
    Role("manager2@demo.example", "技术经理人 罗衡", _("works for an agency")),
    Role("applicant@demo.example", "申请人 叶知秋", _("applies as a technology manager")),
    Role("agency@demo.example", "机构负责人 谭远", _("runs a transfer agency"), "agency", "admin"),
    Role("guarantor@demo.example", "担保经理 方稳", _("guarantor"), "guarantor", "officer"),
    Role("authority@demo.example", "主管部门 程平", _("authority"), "authority", "officer"),
)
MANAGERS = {
    "manager@demo.example": ("SENIOR", ["01", "03", "05", "06"], "JSJL-2026-0001"),
    "manager2@demo.example": ("INTERMEDIATE", ["04", "07", "09", "11"], "JSJL-2026-0002"),
}


def organisations(firms: dict[str, dict[str, Any]]) -> dict[str, Organisation]:
    """Every organisation by its key: the owners above and the firms of the demands."""
    found = {
        key: organisation(number, kind=kind, name_zh=zh, name_en=en, region=region)
        for number, (key, (kind, zh, en, region)) in enumerate(OWNERS.items(), 1)
    }
    for number, (key, firm) in enumerate(sorted(firms.items()), 101):
        values: dict[str, Any] = {name: firm[name] for name in ("name_zh", "name_en", "region", "size") if name in firm}
        if "size" in values:
            values |= {"size_proof": "上年度财务报表、社保缴纳人数证明", "size_proved_on": timezone.localdate()}
        found[key] = organisation(number, kind="FIRM", **values)
    return found


def organisation(number: int, **values: Any) -> Organisation:
    """The verified organisation with this made-up number, entered now if it is not there yet."""
    public = values["kind"] in ("UNIVERSITY", "INSTITUTE", "HOSPITAL", "AUTHORITY")
    code = make_credit_code(PUBLIC_BODY if public else ENTERPRISE, values["region"], f"DEM{number:05d}")
    found = Organisation.objects.filter(credit_code=code).first()
    return found or parties.verify(parties.apply({**values, "credit_code": code}, by=SYSTEM), by=SYSTEM)


def people(by_key: dict[str, Organisation]) -> dict[str, User]:
    """Every account by its address, each in its role."""
    found = {account.email: person(account) for account in ACCOUNTS}
    for account in ACCOUNTS:
        if account.organisation in by_key:
            hold_role(by_key[account.organisation], account)
    agency = register.registered_agency(by_key["agency"])
    for email, (level, fields, number) in MANAGERS.items():
        values: dict[str, Any] = {"level": level, "fields": fields, "languages": ["zh", "en"]}
        values |= {"agency": agency} if email.startswith("manager2") else {}
        register.registered_manager(found[email], values, number)
    register.let_somebody_apply(found)
    return found


def person(account: Role) -> User:
    user = User.objects.filter(email=account.email).first()
    if user is None:
        is_staff = account.email.startswith("reviewer")
        facts = {"name": account.name, "is_staff": is_staff, "mail_is_off": True}  # nobody reads mail at demo.example
        user = User(email=account.email, password=hashed(), **facts)
        user.save()
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


@cache
def hashed() -> str:
    """The password hashed once for all accounts: each time costs a good part of a second, and it is no secret."""
    return make_password(PASSWORD)


def hold_role(organisation: Organisation, account: Role) -> None:
    live = Membership.objects.live().filter(organisation=organisation, user__email=account.email)
    if not live.exists():
        parties.admit(organisation, account.email, account.role, by=SYSTEM)
