"""Who gets which status at the register: a table of its own. The broker's entry, and the keepers'."""

from marketplace.contracts.models import Contract
from marketplace.core.access import SYSTEM
from marketplace.parties.models import Agency, Membership
from marketplace.register import services
from marketplace.register.models import Application, YearlyFiling
from tests import factories
from tests.contracts import making
from tests.register import registering
from tests.rows import reread

MEMBERS = "401 200 200 200 200 200"
OWN = "401 404 404 404 200 200"  # the broker's own, and staff's
OF_THE_BROKER = "401 404 404 404 200 403"
OF_THE_KEEPERS = "401 404 404 404 403 200"
OF_THE_SIDE = "401 404 403 200 403 403"
LATER = "401 404 404 404 403 409"
FIGURES = {"deals": 1, "contract_sum": "10000.00", "income": "300.00"}
NEW_YEAR = FIGURES | {"year": 2020}
REASON = {"reason": "条件齐备。"}
LEAVING = {"manager": "{manager}", "ground": "OWN_REQUEST", "reason": "转岗。"}
ACCUSED = LEAVING | {"ground": "COLLUSION"}

# route, method, path, body: anonymous, outsider, the owner's reader, the owner's officer, broker, staff
TABLE = [
    ("register-application-list", "get", "register-applications/", None, MEMBERS),
    ("register-application-list", "post", "register-applications/", {"level": "SENIOR"}, "401 400 400 400 400 400"),
    ("register-application-detail", "get", "register-applications/{application}/", None, OWN),
    ("register-application-supplement", "post", "register-applications/{returned}/supplement/", {}, OF_THE_BROKER),
    ("register-application-withdraw", "post", "register-applications/{application}/withdraw/", {}, OF_THE_BROKER),
    (
        "register-application-send-back", "post", "register-applications/{application}/send-back/",
        {"missing": "证书。"}, OF_THE_KEEPERS,
    ),
    ("register-application-grant", "post", "register-applications/{application}/grant/", REASON, OF_THE_KEEPERS),
    ("register-application-refuse", "post", "register-applications/{application}/refuse/", REASON, OF_THE_KEEPERS),
    ("yearly-filing-list", "get", "yearly-filings/", None, MEMBERS),
    ("yearly-filing-list", "post", "yearly-filings/", NEW_YEAR, "401 400 400 400 409 400"),
    ("yearly-filing-detail", "get", "yearly-filings/{filing}/", None, OWN),
    ("yearly-filing-correct", "post", "yearly-filings/{filing}/correct/", FIGURES, OF_THE_BROKER),
    ("yearly-filing-accept", "post", "yearly-filings/{filing}/accept/", {}, OF_THE_KEEPERS),
    ("yearly-filing-send-back", "post", "yearly-filings/{filing}/send-back/", {"fault": "不符。"}, OF_THE_KEEPERS),
    ("removal-list", "get", "removals/", None, MEMBERS),
    ("removal-list", "post", "removals/", LEAVING, "401 403 403 403 409 403"),
    ("removal-list", "post", "removals/", ACCUSED, "401 403 403 403 403 409"),
    ("removal-detail", "get", "removals/{removal}/", None, OWN),
    ("removal-reply", "post", "removals/{removal}/reply/", {"reply": "并非如此。"}, OF_THE_BROKER),
    ("removal-remove", "post", "removals/{removal}/remove/", REASON, LATER),
    ("consent-list", "get", "consents/", None, MEMBERS),
    ("consent-list", "post", "consents/", {"contract": "{signed}", "scope": "NAME"}, "401 403 403 403 201 403"),
    ("consent-detail", "get", "consents/{consent}/", None, "401 404 200 200 200 200"),
    ("consent-give", "post", "consents/{consent}/give/", {}, OF_THE_SIDE),
    ("consent-refuse", "post", "consents/{consent}/refuse/", {}, OF_THE_SIDE),
    ("consent-withdraw", "post", "consents/{consent}/withdraw/", {}, "401 404 403 409 403 403"),
    ("portfolio-list", "get", "portfolios/", None, MEMBERS),
    ("portfolio-list", "post", "portfolios/", {"contracts": ["{signed}"]}, "401 403 403 403 201 403"),
    ("portfolio-detail", "get", "portfolios/{portfolio}/", None, OWN),
    ("portfolio-content", "get", "portfolios/{portfolio}/content/", None, OWN),
    ("portfolio-verify", "get", "portfolios/verify/?number={number}", None, "200 200 200 200 200 200"),
    ("removal-drop", "post", "removals/{removal}/drop/", REASON, OF_THE_KEEPERS),
]  # fmt: skip


def registered(world):
    """Of the broker: an application, a filing, an announced removal; of their agency one to supplement."""
    held = world.manager = reread(world.broker.technology_manager)
    facts = {"decide_by": held.valid_until, "rule": "x", "declared": registering.declared_for("manager", "SENIOR")}
    world.application = Application.objects.create(kind="LEVEL", manager=held, level="SENIOR", **facts)
    house = factories.make_organisation("AGENCY")
    Membership.objects.create(user=world.broker, organisation=house, role="admin")
    facts["declared"] = registering.declared_for("agency", place=house.region)
    world.returned = Application.objects.create(kind="FIRST", agency=Agency.objects.create(organisation=house), **facts)
    Application.objects.filter(pk=world.returned.pk).update(state="returned", missing="证书。")
    figures = {"deals": 1, "contract_sum": 1, "income": 1, "counted": 0}
    days = {"due_on": held.valid_until, "filed_on": held.valid_until}
    world.filing = YearlyFiling.objects.create(manager=held, year=2021, **days, **figures)
    world.removal = services.announce_removal(held, ground="COLLUSION", reason="串通。", by=SYSTEM)
    world.signed = making.make_signed_contract()
    Contract.objects.filter(pk=world.signed.pk).update(seller=world.university, manager=world.broker)
    world.consent = services.ask_consent(reread(world.signed), "COUNT", by=world.broker)[0]
    world.portfolio = services.make_portfolio(held, [world.signed.public_id], by=world.broker)
    world.number = world.portfolio.number
    return world
