"""A licence by the API alone, from the application to the kept trial; and what a mistake on the way is answered."""

from datetime import date

import pytest
from django.utils import timezone

from marketplace.contracts import services
from marketplace.contracts.models import Contract
from tests import factories
from tests.contracts import making
from tests.contracts.living import make_licence
from tests.rows import reread

from .contracting import make, make_table

pytestmark = pytest.mark.django_db
PLAN = {"signed_on": "2027-01-04", "years": [{"year": 2, "net_sales": "1000000.00"}], "milestones": {"pilot": 6}}


@pytest.fixture
def table(broker, outsider, staff):
    return make_table(broker, outsider, staff)


@pytest.fixture
def act(call):
    """act(user, contract, "submit", **body) → response, upon the version that the contract has now."""

    def acting(user, contract, verb, **body):
        row = Contract.objects.get(public_id=getattr(contract, "public_id", contract))
        return call(user, "post", f"contracts/{row.public_id}/{verb}/", body, **{"If-Match": f'"{row.version}"'})

    return acting


@pytest.fixture
def read(call):
    """read(user, contract, "statement/") → the answer's body."""
    return lambda user, row, more="": call(user, "get", f"contracts/{getattr(row, 'public_id', row)}/{more}").json()


# A journey


def test_a_firm_applies_agrees_signs_and_keeps_by_the_api_alone(call, act, read, table):
    firm, owner = table.buyer, table.seller
    asked = {"achievement": table.achievement.public_id, "buyer": table.buyer_firm.public_id}
    made = call(firm, "post", "contracts/apply/", {**asked, "mode": "ZERO_UPFRONT", "message": "用于泵阀密封面。"})
    id = made.json()["id"]
    assert (made.status_code, made.json()["state"], made["ETag"]) == (201, "applied", '"1"')
    assert act(firm, id, "submit").json()["state_display"] == "with the owner"
    act(owner, id, "accept-application")
    said = call(owner, "patch", f"contracts/{id}/", {"territory": ["CN"], "fields_of_use": ["05"]}, **{"If-Match": "*"})
    assert said.json()["territory"] == ["CN"]
    act(owner, id, "propose", sheet=making.ZERO_UPFRONT, side="SELLER")
    assert act(firm, id, "accept-terms", number=1).json()["state"] == "guarantee_pending"
    assert act(owner, id, "waive-guarantee", reason="不要求担保。").json()["state"] == "notice_pending"
    for gap in ("PLEDGE", "CLAUSES"):
        act(owner, id, "record-clearance", kind=gap, party="本单位", answer="NOT_NEEDED", note="已核实。")
    ready = act(owner, id, "make-text").json()
    assert (ready["state"], ready["missing"]) == ("ready", [])
    for who, side in ((owner, "SELLER"), (firm, "BUYER")):
        signed = act(who, id, "sign", side=side, sha256=ready["document"]["sha256"]).json()
    manager = factories.make_technology_manager()
    Contract.objects.filter(public_id=id).update(manager=manager)
    seen = read(manager, id)  # and may not open the text
    assert (seen["document"]["sha256"], {each["sha256"] for each in seen["signatures"]}) == (None, {None})
    assert {each["sha256"] for each in signed["signatures"]} == {ready["document"]["sha256"]}
    assert (signed["state"], [each["side"] for each in signed["signatures"]]) == ("signed", ["SELLER", "BUYER"])
    assert act(firm, id, "deliver").json()["standing"]["phase"] == "TRIAL"
    kept = act(firm, id, "keep").json()
    assert (kept["state"], kept["standing"]["owed"], kept["my_sides"]) == ("paying", "0.00", ["BUYER"])
    [milestone] = call(firm, "get", f"milestones/?contract={id}").json()["results"]
    where, when = f"milestones/{milestone['id']}/", timezone.localdate().isoformat()
    call(firm, "post", f"{where}claim/", {"reached_on": when, "note": "验收报告"}, **{"If-Match": "*"})
    assert call(owner, "post", f"{where}accept/", {}, **{"If-Match": "*"}).json()["state"] == "achieved"
    [line] = read(firm, id, "statement/")["lines"]
    assert (line["key"], line["amount"], line["steps"][0]["explanation"] != "") == ("pilot", "30000.00", True)


# What is read


def test_a_contract_says_its_price_in_both_languages_and_what_is_missing(read, table):
    contract = make(table, "agreed")
    body = read(table.buyer, contract)
    assert (body["terms"]["number"], body["terms"]["is_agreed"]) == (1, True)
    assert "60,000" in body["terms"]["sentence"]["en"]
    assert "6万元" in body["terms"]["sentence"]["zh"]
    assert {each["code"] for each in body["missing"]} == {"E_PLEDGE", "E_CLAUSES_UNREVIEWED", "E_NO_TEXT"}


def test_an_applicant_learns_who_the_anonymous_owner_is_when_it_accepts(call, act, read, table):
    hidden = factories.make_published_achievement(table.seller_firm, is_anonymous=True)
    firm = {"buyer": table.buyer_firm, "mode": hidden.modes[0], "message": "试用。", "by": table.buyer}
    contract = services.submit(services.apply(hidden, **firm), by=table.buyer)
    assert read(table.buyer, contract)["seller"] is None
    assert call(table.buyer, "get", "contracts/").json()["results"][0]["seller"] is None
    assert table.seller_firm.name_zh not in call(table.buyer, "get", "contracts/").content.decode()
    act(table.seller, contract, "accept-application")
    assert read(table.buyer, contract)["seller"]["id"] == table.seller_firm.public_id


def test_a_statement_is_of_the_day_asked_for(go, read):
    licence = make_licence(go, making.ENTRY_ROYALTY)
    licence.deliver()
    early, late = (read(licence.buyer, licence.row, f"statement/?as_of={day}") for day in ("2027-01-04", "2027-03-01"))
    assert (early["overdue"], early["currency"]) == ("0.00", "CNY")
    assert (late["overdue"], late["lines"][0]["state"]) == ("60000.00", "OVERDUE")


def test_a_forecast_is_of_the_agreed_terms_or_the_latest_ones(call, table):
    contract = make(table, "negotiating", making.ZERO_UPFRONT)
    path = f"contracts/{contract.public_id}/forecast/"
    assert call(table.buyer, "post", path, PLAN).json()["code"] == "no_terms"
    services.propose(contract, making.ZERO_UPFRONT, side="SELLER", by=table.seller)
    body = call(table.buyer, "post", path, PLAN).json()
    assert [case["case"] for case in body["cases"]] == ["expected", "bad", "good"]
    assert body["cases"][0]["totals"]["fixed"] == "30000.00"


def test_a_forecast_that_cannot_be_read_names_every_fault(call, table):
    contract = make(table, "agreed")
    plan = {"signed_on": "soon", "years": [{"year": 1, "net_sales": 5}], "colour": "red"}
    body = call(table.buyer, "post", f"contracts/{contract.public_id}/forecast/", plan).json()
    assert {each["pointer"] for each in body["errors"]} == {"#/signed_on", "#/years/0/net_sales", "#/colour"}


def test_each_version_of_the_terms_says_what_changed(read, table):
    contract = make(table, "negotiating")
    dearer = making.ENTRY_ROYALTY | {"terms": [making.UPFRONT | {"amount": "80000"}, making.ROYALTY]}
    for sheet in (making.ENTRY_ROYALTY, dearer):
        services.propose(contract, sheet, side="SELLER", by=table.seller)
    second, first = read(table.buyer, contract, "sheets/")["results"]
    assert (first["changes"], second["content"]["terms"][0]["amount"]) == ([], "80000.00")
    assert second["changes"] == ["fixed amount, amount: CNY 60,000 → CNY 80,000"]
    assert read(table.buyer, contract, "sheets/?page_size=1")["results"][0]["changes"] == second["changes"]


def test_the_timeline_tells_what_was_and_what_waits(go, read):
    licence = make_licence(go)
    licence.deliver()
    moments = read(licence.buyer, licence.row, "timeline/")
    assert [each["on"] for each in moments] == sorted(each["on"] for each in moments)
    assert {"signed", "delivered"} <= {each["matter"] for each in moments if each["tone"] == "past"}
    waits = {each["matter"]: each["on"] for each in moments if each["tone"] == "ahead"}
    assert waits["election"] == read(licence.buyer, licence.row)["trial_ends_on"]


def test_a_claim_file_is_there_once_a_licensee_has_defaulted(call, go, read):
    licence = make_licence(go, making.ENTRY_ROYALTY)
    licence.deliver()
    assert read(licence.seller, licence.row, "claim-file/")["code"] == "not_defaulted"
    licence.go(date(2027, 3, 1))
    services.demand(licence.contract, by=licence.seller)
    licence.tick(date(2027, 6, 1))
    body = read(licence.seller, licence.row, "claim-file/")
    assert (body["contract"], body["statement"]["overdue"]) == (licence.row.public_id, "60000.00")


@pytest.mark.parametrize(
    ("query", "count"),
    [("state=ready", 1), ("state=signed", 0), ("mode=ENTRY_ROYALTY", 1), ("mode=OPEN", 0), ("role=buyer", 1),
     ("role=seller", 0), ("role=third", 0), ("role=manager", 0), ("changed_since=2000-01-01T00:00:00Z", 1),
     ("changed_since=2190-01-01T00:00:00Z", 0)],
)  # fmt: skip
def test_the_list_is_narrowed(call, table, query, count):
    make(table, "ready")
    assert call(table.buyer, "get", f"contracts/?{query}").json()["count"] == count


def test_everybody_finds_a_contract_by_their_own_role(call, table):
    make(table, "ready")
    for who, role in ((table.seller, "seller"), (table.manager, "manager"), (table.guarantor, "third")):
        assert call(who, "get", f"contracts/?role={role}").json()["count"] == 1


# Mistakes


def test_broken_terms_are_told_with_code_and_place_each(act, table):
    royalty = making.ROYALTY | {"tiers": [{"from": "1", "rate": "7"}], "colour": "red"}
    answer = act(table.seller, make(table, "negotiating"), "propose", side="SELLER",
                 sheet=making.ENTRY_ROYALTY | {"terms": [making.UPFRONT, royalty]})  # fmt: skip
    body = answer.json()
    assert (answer.status_code, body["code"]) == (400, body["faults"][0]["code"])
    found = {each["code"]: each["pointer"] for each in body["faults"]}
    assert found["E_RATE_RANGE"] == "/sheet/terms/1/tiers/0/rate"
    assert {"#/sheet/terms/1/colour", "#/sheet/terms/1/tiers/0/rate"} <= {each["pointer"] for each in body["errors"]}


def test_a_sheet_that_breaks_its_mode_is_refused_with_the_rule(act, table):
    free = making.ENTRY_ROYALTY | {"mode": "ZERO_UPFRONT"}
    answer = act(table.seller, make(table, "negotiating"), "propose", side="SELLER", sheet=free)
    assert "E_MODE" in {each["code"] for each in answer.json()["faults"]}
    assert not Contract.objects.get().sheets.exists()


def test_signing_too_early_names_everything_that_is_missing_by_its_code(act, table):
    answer = act(table.seller, make(table, "agreed"), "sign", side="SELLER", sha256="0" * 64)
    codes = [each["code"] for each in answer.json()["errors"]]
    assert (answer.status_code, answer.json()["code"]) == (409, codes[0])
    assert {"E_PLEDGE", "E_CLAUSES_UNREVIEWED", "E_NO_TEXT"} == set(codes)


def test_another_text_than_the_one_read_cannot_be_signed(act, table):
    answer = act(table.seller, make(table, "ready"), "sign", side="SELLER", sha256="0" * 64)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_text")


@pytest.mark.parametrize(
    ("verb", "body", "pointer"),
    [
        ("propose", {"sheet": {}, "side": "BOTH"}, "#/side"),
        ("propose", {"sheet": {}, "side": "SELLER", "colour": "red"}, "#/colour"),
        ("propose", {"side": "SELLER"}, "#/sheet"),
        ("propose", {"sheet": [], "side": "SELLER"}, "#/sheet"),
        ("propose", {"sheet": None, "side": "SELLER"}, "#/sheet"),
        ("accept-terms", {"number": "first"}, "#/number"),
        ("accept-terms", {"number": 10**30}, "#/number"),
        ("record-valuation", {"low": 5}, "#/low"),
        ("record-decision", {"attendees": "everybody"}, "#/attendees"),
        ("record-decision", {"held_on": "0001-01-01"}, "#/held_on"),
        ("ask-clearance", {"kind": "LUCK"}, "#/kind"),
        ("sign", {"side": "SELLER", "sha256": "é" * 64}, "#/sha256"),
        ("use-text", {"document": "\x00"}, "#/document"),
        ("extend-trial", {"months": 10**9}, "#/months"),
        ("dispute", {"reason": " "}, "#/reason"),
        ("dispute", {"reason": "x" * 2001}, "#/reason"),
        ("add-third-party", {"credit_code": "\x00", "role": "AGENCY"}, "#/credit_code"),
        ("submit", {"now": True}, "#/now"),
    ],
)
def test_a_faulty_body_is_told_where(act, table, verb, body, pointer):
    answer = act(table.seller, make(table, "negotiating"), verb, **body)
    assert answer.status_code == 400
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "soon", ""])
def test_a_day_that_no_licence_has_is_refused(read, table, day):
    body = read(table.buyer, make(table, "agreed"), f"statement/?as_of={day}")
    assert (body["status"], body["errors"][0]["parameter"]) == (400, "as_of")


@pytest.mark.parametrize("path", ["statement/?colour=1", "sheets/?colour=1", "timeline/?colour=1", "claim-file/?x=1"])
def test_an_unknown_parameter_is_refused_by_name(read, table, path):
    assert read(table.buyer, make(table, "agreed"), path)["errors"][0]["parameter"] in ("colour", "x")


def test_a_statement_before_the_agreement_is_a_conflict(read, table):
    assert read(table.buyer, make(table, "negotiating"), "statement/")["code"] == "E_NOT_AGREED"


def test_a_demand_cannot_be_applied_for(call, table):
    demand = factories.make_published_demand(table.seller_firm)
    asked = {"achievement": demand.public_id, "buyer": table.buyer_firm.public_id, "mode": "OPEN", "message": "试用。"}
    answer = call(table.buyer, "post", "contracts/apply/", asked)
    assert answer.json()["errors"][0]["pointer"] == "#/achievement"


def test_an_ineligible_firm_is_told_by_which_rules(act, table):
    contract = make(table, "applied")
    type(table.buyer_firm).objects.filter(pk=table.buyer_firm.pk).update(size="")
    answer = act(table.buyer, contract, "submit")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "E_NOT_MSME")


# Versions


def test_a_verb_without_if_match_is_428_and_with_a_stale_one_412(call, table):
    contract = make(table, "negotiating")
    path, body = f"contracts/{contract.public_id}/propose/", {"sheet": making.ENTRY_ROYALTY, "side": "SELLER"}
    assert call(table.seller, "post", path, body).status_code == 428
    tag = {"If-Match": f'"{contract.version}"'}
    assert [call(table.seller, "post", path, body, **tag).status_code for _ in range(2)] == [200, 412]
    assert reread(contract).sheets.count() == 1


def test_the_answer_of_a_verb_carries_the_version_for_the_next_one(call, table):
    path = f"contracts/{make(table, 'negotiating').public_id}/"
    tag = call(table.seller, "get", path)["ETag"]
    for _ in range(3):
        done = call(table.seller, "patch", path, {"use_note": "泵阀"}, **{"If-Match": tag})
        tag = done["ETag"]
        assert done.status_code == 200


def test_a_report_that_was_handed_in_anew_is_not_accepted_unread(call, go):
    licence = make_licence(go, making.ENTRY_ROYALTY)
    licence.deliver()
    licence.tick(date(2027, 4, 2))
    path = f"sales-reports/{licence.report(date(2027, 1, 4)).public_id}/"
    submitted = call(licence.buyer, "post", f"{path}submit/", {"gross": "100.00"}, **{"If-Match": "*"})
    call(licence.seller, "post", f"{path}ask/", {"reason": "只有这些?"}, **{"If-Match": "*"})
    call(licence.buyer, "post", f"{path}submit/", {"gross": "90.00", "note": "已核对。"}, **{"If-Match": "*"})
    stale = call(licence.seller, "post", f"{path}accept/", {}, **{"If-Match": submitted["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_an_accepted_report_is_corrected_by_another_one(call, go):
    licence = make_licence(go, making.ENTRY_ROYALTY)
    licence.deliver()
    report = licence.sell(date(2027, 1, 4), "100.00", date(2027, 4, 2))
    path, body = f"sales-reports/{report.public_id}/correct/", {"gross": "120.00", "note": "漏报一单。"}
    made = call(licence.buyer, "post", path, body, **{"If-Match": "*"})
    assert (made.status_code, made.json()["corrects"], made.json()["gross"]) == (201, report.public_id, "120.00")
    again = call(licence.buyer, "post", f"sales-reports/{report.public_id}/submit/", {}, **{"If-Match": "*"})
    assert (again.status_code, again.json()["code"]) == (409, "E_EDIT_ACCEPTED")
