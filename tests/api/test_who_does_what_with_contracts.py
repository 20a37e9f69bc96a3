"""Every address of contracts × everybody: who gets which status, on a contract at the stage that the row names."""

import pytest

from marketplace.core.models import new_public_id
from tests.contracts import making

from .attempting import attempt, filled, names
from .contracting import cast_of, make_table, populate

pytestmark = pytest.mark.django_db
DAY = "2026-01-05"
PLAN = {"signed_on": DAY, "years": [{"year": 1, "net_sales": "1000000.00"}]}
APPLICATION = {"achievement": "{achievement}", "buyer": "{buyer_firm}", "mode": "ZERO_UPFRONT", "message": "试用。"}
DRAFT = {"seller": "{seller_firm}", "buyer_credit_code": "{buyer_code}", "mode": "ENTRY_ROYALTY",
         "achievement": "{working_copy}"}  # fmt: skip
PROPOSAL = {"sheet": making.ENTRY_ROYALTY, "side": "BUYER"}
DECISION = {"meeting": "办公会", "held_on": DAY, "attendees": ["林某", "周某"], "votes_for": 2, "resolution": "同意。"}
VALUATION = {"appraiser": "某所", "method": "收益法", "low": "1.00", "high": "2.00", "valued_on": DAY}
ASKED = {"kind": "PLEDGE", "party": "质权人"}
NOTE, REASON = {"note": "说明"}, {"reason": "说明"}
SIGNATURE = {"side": "SELLER", "sha256": "0" * 64}
CORRECTION = {"gross": "1.00", "note": "漏报。"}
COVER = {"contract": "{contract}", "kind": "RISK_POOL", "guarantor_credit_code": "{guarantor_code}",
         "cover_amount": "1000.00"}  # fmt: skip
SALES = {"contract": "{contract}", "term": "upfront", "first": "2026-01-01", "last": "2026-01-31", "units": "1"}
CLAIM = {"reached_on": "{today}", "note": "验收报告"}

LISTED = "401 200 200 200 200 200 200 200"
READ = "401 404 200 200 200 200 200 200"
READ_BY_SIDES = "401 404 200 200 200 200 404 200"
BUYER = "401 404 403 {} 403 403 403 403"
SELLER = "401 404 403 403 {} 403 403 403"
SIDES = "401 404 403 {0} {0} 403 403 403"
ALL_THREE = "401 404 403 {0} {0} {0} 403 403"
GUARANTOR = "401 404 403 403 403 403 {} 403"

# stage, route, method, path, body: visitor, outsider, the buyer's reader, buyer, seller, manager, guarantor, staff
TABLE = [
    ("ready", "contract-list", "get", "contracts/", None, LISTED),
    ("ready", "contract-detail", "get", "contracts/{contract}/", None, READ),
    ("", "contract-apply", "post", "contracts/apply/", APPLICATION, "401 400 403 201 400 400 400 403"),
    ("", "contract-draft", "post", "contracts/draft/", DRAFT, "401 400 400 400 201 400 400 403"),
    ("", "contract-draft-from-deal", "post", "contracts/draft-from-deal/", {"deal": "{deal}", "mode": "BUYOUT"},
     "401 400 403 403 201 201 400 403"),
    ("negotiating", "contract-detail", "patch", "contracts/{contract}/", {"use_note": "泵阀"}, ALL_THREE.format(200)),
    ("ready", "contract-statement", "get", "contracts/{contract}/statement/", None, READ),
    ("ready", "contract-forecast", "post", "contracts/{contract}/forecast/", PLAN, READ),
    ("ready", "contract-sheets", "get", "contracts/{contract}/sheets/", None, READ),
    ("signed", "contract-facts", "get", "contracts/{contract}/facts/", None, READ),
    ("signed", "contract-timeline", "get", "contracts/{contract}/timeline/", None, READ),
    ("signed", "contract-claim-file", "get", "contracts/{contract}/claim-file/", None, READ.replace("200", "409")),
    ("applied", "contract-submit", "post", "contracts/{contract}/submit/", {}, BUYER.format(200)),
    ("screening", "contract-accept-application", "post", "contracts/{contract}/accept-application/", {},
     SELLER.format(200)),
    ("screening", "contract-decline", "post", "contracts/{contract}/decline/", {"code": "CAPACITY"},
     SELLER.format(200)),
    ("screening", "contract-withdraw", "post", "contracts/{contract}/withdraw/", NOTE, SIDES.format(200)),
    ("negotiating", "contract-add-third-party", "post", "contracts/{contract}/add-third-party/",
     {"credit_code": "{outsider_code}", "role": "AGENCY"}, ALL_THREE.format(200)),
    ("negotiating", "contract-propose", "post", "contracts/{contract}/propose/", PROPOSAL,
     "401 404 403 200 403 200 403 403"),
    ("proposed", "contract-accept-terms", "post", "contracts/{contract}/accept-terms/", {"number": 1},
     SIDES.format(200)),
    ("agreed", "contract-reopen", "post", "contracts/{contract}/reopen/", REASON, SIDES.format(200)),
    ("agreed", "contract-record-decision", "post", "contracts/{contract}/record-decision/", DECISION,
     SELLER.format(200)),
    ("agreed", "contract-record-valuation", "post", "contracts/{contract}/record-valuation/", VALUATION,
     SELLER.format(200)),
    ("agreed", "contract-ask-clearance", "post", "contracts/{contract}/ask-clearance/", ASKED, SELLER.format(200)),
    ("agreed", "contract-record-clearance", "post", "contracts/{contract}/record-clearance/",
     {**ASKED, "answer": "CONSENTED"}, SELLER.format(200)),
    ("agreed", "contract-open-notice", "post", "contracts/{contract}/open-notice/", {}, SELLER.format(409)),
    ("agreed", "contract-waive-guarantee", "post", "contracts/{contract}/waive-guarantee/", REASON,
     SELLER.format(409)),
    ("ready", "contract-clear", "post", "contracts/{contract}/clear/", {}, ALL_THREE.format(200)),
    ("ready", "contract-make-text", "post", "contracts/{contract}/make-text/", {}, ALL_THREE.format(200)),
    ("ready", "contract-make-term-sheet", "post", "contracts/{contract}/make-term-sheet/", {}, ALL_THREE.format(201)),
    ("ready", "contract-make-dossier", "post", "contracts/{contract}/make-dossier/", {}, SELLER.format(201)),
    ("ready", "contract-use-text", "post", "contracts/{contract}/use-text/", {"document": "{document}"},
     "401 404 403 200 200 400 400 403"),
    ("ready", "contract-sign", "post", "contracts/{contract}/sign/", SIGNATURE, "401 404 403 403 409 403 403 403"),
    ("signed", "contract-deliver", "post", "contracts/{contract}/deliver/", {}, BUYER.format(200)),
    ("signed", "contract-extend-trial", "post", "contracts/{contract}/extend-trial/", {"months": 6},
     SELLER.format(409)),
    ("signed", "contract-keep", "post", "contracts/{contract}/keep/", {}, BUYER.format(409)),
    ("signed", "contract-stop", "post", "contracts/{contract}/stop/", NOTE, BUYER.format(409)),
    ("signed", "contract-confirm-return", "post", "contracts/{contract}/confirm-return/", {}, SELLER.format(409)),
    ("running", "contract-buy-out", "post", "contracts/{contract}/buy-out/", {}, BUYER.format(409)),
    ("running", "contract-demand", "post", "contracts/{contract}/demand/", {}, SELLER.format(409)),
    ("running", "contract-cure", "post", "contracts/{contract}/cure/", {}, SELLER.format(409)),
    ("running", "contract-default", "post", "contracts/{contract}/default/", {}, SELLER.format(409)),
    ("running", "contract-terminate", "post", "contracts/{contract}/terminate/", REASON, SELLER.format(409)),
    ("running", "contract-end-by-agreement", "post", "contracts/{contract}/end-by-agreement/", NOTE,
     SIDES.format(200)),
    ("running", "contract-dispute", "post", "contracts/{contract}/dispute/", REASON, SIDES.format(200)),
    ("running", "contract-settle", "post", "contracts/{contract}/settle/", NOTE, SIDES.format(409)),
    ("running", "contract-lose-right", "post", "contracts/{contract}/lose-right/", REASON,
     "401 404 403 403 200 403 403 200"),
    ("running", "contract-expire-right", "post", "contracts/{contract}/expire-right/", {},
     "401 404 403 403 200 403 403 200"),
    ("running", "contract-complete", "post", "contracts/{contract}/complete/", {}, SELLER.format(409)),
    ("agreed", "clearance-list", "get", "clearances/", None, LISTED),
    ("agreed", "clearance-detail", "get", "clearances/{clearance}/", None, READ_BY_SIDES),
    ("agreed", "clearance-answer", "post", "clearances/{clearance}/answer/", {"answer": "CONSENTED"},
     "401 404 403 403 200 403 404 403"),
    ("negotiating", "guarantee-list", "get", "guarantees/", None, LISTED),
    ("negotiating", "guarantee-list", "post", "guarantees/", COVER, "401 400 403 201 201 201 403 403"),
    ("negotiating", "guarantee-detail", "get", "guarantees/{guarantee}/", None, READ),
    ("negotiating", "guarantee-issue", "post", "guarantees/{guarantee}/issue/", {}, GUARANTOR.format(200)),
    ("negotiating", "guarantee-refuse", "post", "guarantees/{guarantee}/refuse/", REASON, GUARANTOR.format(200)),
    ("negotiating", "guarantee-release", "post", "guarantees/{guarantee}/release/", {}, SELLER.format(409)),
    ("staged", "milestone-list", "get", "milestones/", None, LISTED),
    ("staged", "milestone-detail", "get", "milestones/{milestone}/", None, READ),
    ("staged", "milestone-claim", "post", "milestones/{milestone}/claim/", CLAIM, BUYER.format(200)),
    ("staged", "milestone-accept", "post", "milestones/{milestone}/accept/", {}, SELLER.format(409)),
    ("staged", "milestone-reject", "post", "milestones/{milestone}/reject/", REASON, SELLER.format(409)),
    ("staged", "milestone-waive", "post", "milestones/{milestone}/waive/", REASON, SELLER.format(200)),
    ("running", "sales-report-list", "get", "sales-reports/", None, LISTED),
    ("running", "sales-report-list", "post", "sales-reports/", SALES, "401 400 403 400 403 403 403 403"),
    ("running", "sales-report-detail", "get", "sales-reports/{report}/", None, READ),
    ("running", "sales-report-submit", "post", "sales-reports/{report}/submit/", {"gross": "1.00"},
     BUYER.format(400)),  # its period does not fit the licence of this test
    ("running", "sales-report-ask", "post", "sales-reports/{report}/ask/", REASON, SELLER.format(409)),
    ("running", "sales-report-accept", "post", "sales-reports/{report}/accept/", {}, SELLER.format(409)),
    ("running", "sales-report-correct", "post", "sales-reports/{report}/correct/", CORRECTION,
     "401 404 409 409 409 409 409 409"),
    ("running", "audit-list", "get", "audits/", None, LISTED),
    ("staged", "audit-list", "post", "audits/", {"contract": "{contract}", "starts_on": "2198-01-05"},
     "401 400 403 403 201 403 403 403"),
    ("running", "audit-detail", "get", "audits/{audit}/", None, READ),
    ("running", "audit-begin", "post", "audits/{audit}/begin/", {}, SELLER.format(409)),
    ("running", "audit-report-findings", "post", "audits/{audit}/report-findings/",
     {"reported_amount": "1.00", "found_amount": "2.00"}, SELLER.format(409)),
    ("running", "audit-agree", "post", "audits/{audit}/agree/", {}, BUYER.format(409)),
    ("running", "audit-object", "post", "audits/{audit}/object/", REASON, BUYER.format(409)),
    ("running", "audit-settle", "post", "audits/{audit}/settle/", {}, SELLER.format(409)),
]  # fmt: skip


@pytest.fixture
def table(broker, outsider, staff):
    return make_table(broker, outsider, staff)


@pytest.mark.parametrize(("stage", "route", "method", "path", "body", "expected"), TABLE, ids=names(TABLE))
def test_everybody_gets_the_status_that_is_theirs(call, table, stage, route, method, path, body, expected):
    populate(table, stage)
    where, what = filled(path, table), filled(body, table)
    answers = [attempt(call, user, method, where, what) for user in cast_of(table)]
    assert [answer.status_code for answer in answers] == [int(status) for status in expected.split()]
    if "404" in expected:
        absent = path[: path.index("{")] + new_public_id() + path[path.index("}") + 1 :]
        missing = attempt(call, table.outsider, method, absent, what)
        assert (missing.status_code, missing.content) == (404, answers[1].content)
