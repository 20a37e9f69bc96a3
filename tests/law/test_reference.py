"""The reference data that comes with the product, and the command that loads it."""

import json
import re
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from marketplace import law
from marketplace.law.models import Code, CodeList, Rule

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
BJ, SH, ZJ, SD, HN = "110000", "310000", "330000", "370000", "410000"
FORMATS = {"DIGITAL": {"number": (20,), "code": (0,)}, "PAPER": {"number": (8,), "code": (10, 12)}}
COSTS = ("TAX", "MAINTENANCE", "VALUATION", "AUTHENTICATION", "NEGOTIATION")
TABLE = [
    ("CN", "notice.negotiated.days", 15),
    ("CN", "notice.negotiated.fields", ("name", "price")),
    (ZJ, "notice.negotiated.fields", ("name", "abstract", "method", "price", "related_party")),
    (ZJ, "notice.negotiated.channels", ("unit", "market")),
    (ZJ, "notice.negotiated.days", 15),
    (SD, "notice.negotiated.days", 15),
    ("CN", "reward.floor.transfer_license", "0.50"),
    ("CN", "reward.floor.equity", "0.50"),
    ("CN", "reward.equity.heads", False),
    ("CN", "reward.equity.head_part_by", 3),
    ("CN", "reward.equity.head_freeze", 12),
    ("CN", "iit.equity_deferral", True),
    ("CN", "reward.floor.self_profit", "0.05"),
    (BJ, "reward.default.transfer_license", "0.70"),
    (BJ, "reward.self_profit.years", 5),
    (SH, "reward.default.transfer_license", "0.70"),
    (ZJ, "reward.floor.transfer_license", "0.70"),
    (ZJ, "reward.self_profit", "0.10"),
    (ZJ, "reward.pool.main_contributors_min", "0.70"),
    (ZJ, "reward.pool.tto_min", "0.05"),
    (ZJ, "reward.pay_within", 6),
    (ZJ, "reward.notice.days", 15),
    (SD, "reward.floor.transfer_license", "0.70"),
    (ZJ, "reward.floor.equity", "0.70"),
    (SD, "reward.floor.equity", "0.70"),
    (SD, "reward.self_profit", "0.10"),
    (SD, "tto.share_of_net_income", "0.10"),
    ("CN", "reward.pool.main_contributors_min", "0.50"),
    (BJ, "self_implementation.after", 12),
    (ZJ, "self_implementation.after", 12),
    ("CN", "annual_report.unit_deadline", "03-30"),
    (BJ, "annual_report.unit_deadline", "03-31"),
    (SH, "annual_report.unit_deadline", "03-30"),
    (ZJ, "annual_report.unit_deadline", "03-30"),
    (SD, "annual_report.unit_deadline", "03-31"),
    ("CN", "annual_report.authority_deadline", "04-30"),
    ("CN", "empowerment.use_right.min_years", 10),
    ("CN", "contract_reg.decision_days", 30),
    (BJ, "contract_reg.decision_days", 30),
    (ZJ, "contract_reg.decision_days", 10),
    (HN, "contract_reg.decision_days", 15),
    ("CN", "cnipa.licence_recordal", 3),
    ("CN", "patent.term", {"02": 20, "03": 10, "04": 15}),
    ("CN", "open_licence.fixed_cap", "20000000"),
    ("CN", "open_licence.royalty_cap_sales", "0.20"),
    ("CN", "open_licence.royalty_cap_profit", "0.40"),
    ("CN", "open_licence.annuity_reduction", "0.15"),
    ("CN", "cit.exempt_threshold", "5000000"),
    ("CN", "cit.licence_min_years", 5),
    ("CN", "iit.reward_ratio", "0.50"),
    ("CN", "iit.reward_window", 36),
    ("CN", "iit.reward_contracts", ("2", "3")),
    ("CN", "iit.reward_objects", ("02", "03", "04", "06", "07", "08")),
    ("CN", "reward.net_income.costs", COSTS),
    (BJ, "reward.net_income.costs", COSTS),
    (ZJ, "reward.net_income.costs", (*COSTS, "OTHER")),
    ("CN", "reward.notice.days", 15),
    ("CN", "reward.notice.fields", ("name", "inventors", "shares", "registration")),
    ("CN", "notice.leader_share.days", 15),
    ("CN", "notice.leader_share.fields", ("name", "shares")),
    ("CN", "default.cure_days_after_demand", 30),
    ("CN", "guarantee.default_period", 6),
    ("CN", "late_interest.default", {"base": "LPR_1Y", "multiplier_from": "1.30", "multiplier_to": "1.50"}),
    ("CN", "guarantee.leverage", {"ordinary": 10, "small_firms_and_farming": 15}),
    ("CN", "lpr.one_year", Decimal("0.03")),
    ("CN", "eligibility.size_proof_months", 12),
    ("120000", "eligibility.regions", ("120000",)),
    ("CN", "auction.notice_days", 7),
    ("CN", "auction.max_commission", "0.05"),
    (BJ, "contract.reward_floor_old", "0.20"),
    (BJ, "ip_insurance.term_left_min", 3),
    ("CN", "vat.rate.general", "0.06"),
    ("CN", "vat.rate.levy", "0.03"),
    ("CN", "vat.rate.levy_reduced", "0.01"),
    ("CN", "vat.rate.exempt", "0"),
    ("CN", "invoice.formats", FORMATS),
    ("CN", "deal.clock", {"join": 14, "answer": 10, "act": 7, "remind": 3}),
    ("CN", "reminder.days", (-15, -7, -1, 2, 7, 30)),
    ("CN", "claim.review_days", 30),
    ("CN", "claim.pay_days", 10),
    ("CN", "claim.supply_days", 15),
    ("CN", "credit.notice_days", 15),
    ("CN", "credit.correction_days", 20),
    ("CN", "register.manager.months", 36),
    ("CN", "register.agency.months", 36),
    ("CN", "register.yearly.due", "03-31"),
    ("CN", "register.clock", {"decide": 20, "reply": 10, "renew": 90, "remind": 30}),
]

REQUIREMENTS = [
    ("CN", "register.manager.requirements", "PRIMARY", "ADULT LAWFUL ENGAGED TRAINED_PRIMARY"),
    ("CN", "register.manager.requirements", "INTERMEDIATE", "ADULT LAWFUL ENGAGED TRAINED_INTERMEDIATE"),
    ("CN", "register.manager.requirements", "SENIOR", "ADULT LAWFUL ENGAGED TRAINED_SENIOR CASES"),
    ("CN", "register.agency.requirements", "", "PLACE STAFF RULES SCOPE"),
    (BJ, "register.agency.requirements", "", "IN_BEIJING PLACE STAFF RULES SCOPE"),
]


@pytest.mark.parametrize(("place", "key", "value"), TABLE)
def test_a_legal_value_holds_at_its_own_place(place, key, value):
    entry = law.on(DAY, place).entry(key)
    expected = Decimal(value) if isinstance(entry.value, Decimal) else value
    assert (entry.place, entry.value) == (place, expected)


@pytest.mark.parametrize(("place", "key", "level", "asked"), REQUIREMENTS)
def test_the_register_asks_for_what_its_rule_names(place, key, level, asked):
    rows = law.on(DAY, place).table(key)
    assert [row["code"] for row in (rows[level] if level else rows)] == asked.split()


def test_the_table_names_every_rule_but_the_sizes_the_holidays_and_the_draft():
    named = {(place, key) for place, key, _ in TABLE}
    held = set(Rule.objects.exclude(verification="DRAFT").values_list("place", "key"))
    asked = {(place, key) for place, key, _level, _codes in REQUIREMENTS}
    assert held - named - asked == {("CN", "enterprise_size.thresholds"), ("CN", "calendar.holidays")}
    assert list(Rule.objects.filter(verification="DRAFT").values_list("place", "key")) == [
        ("CN", "contract_reg.decision_days")
    ]


def test_what_comes_from_knowledge_alone_says_please_check():
    from_knowledge = Rule.objects.filter(confidence__startswith="K")
    assert set(from_knowledge.values_list("verification", flat=True)) == {"UNCHECKED"}


def test_what_is_to_be_checked_says_what_in_both_languages():
    unclear = Rule.objects.exclude(verification="VERIFIED")
    assert [str(rule) for rule in unclear if not (rule.note_zh and rule.note_en)] == []


def test_every_code_has_a_name_in_both_languages():
    assert CodeList.objects.count() == 43
    assert not Code.objects.filter(zh="").exists()
    assert not Code.objects.filter(en="").exists()


def test_every_licensing_mode_is_explained_in_both_languages():
    modes = Code.objects.filter(list__name="licensing_mode")
    sentences = [mode.extra[name] for mode in modes for name in ("explain_zh", "explain_en")]
    assert len(modes) == 10
    assert [text for text in sentences if not text.endswith(("。", "."))] == []


def test_loading_again_reports_no_change():
    report = run("--json")
    assert (report["rules"]["added"], report["rules"]["changed"], report["codes"]["changed"]) == ([], [], [])


def test_a_dry_run_says_what_would_change_and_changes_nothing(tmp_path):
    rules = json.loads((settings.FIXTURE_ROOT / "law.json").read_text("utf-8"))
    rules["rules"][0]["value"] = 20
    (tmp_path / "law.json").write_text(json.dumps(rules), "utf-8")
    (tmp_path / "codes.json").write_text('{"lists": {}}', "utf-8")
    report = run("--json", "--dry-run", "--from", str(tmp_path))
    assert (report["dry_run"], len(report["rules"]["changed"])) == (True, 1)
    assert law.on(DAY).days("notice.negotiated.days") == 15


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"law\.json"):
        run("--from", str(tmp_path))


def test_people_read_counts():
    out = StringIO()
    call_command("load_reference", "--dry-run", stdout=out)
    count = len(json.loads((settings.FIXTURE_ROOT / "law.json").read_text("utf-8"))["rules"])
    assert f"rules: 0 added, 0 changed, {count} unchanged, 0 kept" in out.getvalue()


def run(*options):
    out = StringIO()
    call_command("load_reference", *options, stdout=out)
    return json.loads(out.getvalue() or "null")


def test_chinese_labels_are_punctuated_in_chinese():
    text = (settings.BASE_DIR / "fixtures" / "codes.json").read_text("utf-8")
    assert re.findall(r"[\u4e00-\u9fff][,;:?!](?=[\u4e00-\u9fff])|[\u4e00-\u9fff]\((?=[\u4e00-\u9fff])", text) == []
