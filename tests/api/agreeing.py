"""Who gets which status at the agreements of deals: a table of its own."""

from base64 import b64encode
from datetime import timedelta

from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import NdaShowing
from tests import factories
from tests.papers import PNG

from .conftest import make_match

MEMBERS = "401 200 200 200 200 200"
SEEN = "401 404 200 200 200 200"  # by both sides, the deal's technology manager and staff
BY_A_SIDE = "401 404 403 200 403 403"
BY_THE_TABLE = "401 404 403 200 200 403"
LAST_DAY = str(timezone.localdate() + timedelta(days=90))

PAPER = {"filename": "方案.png", "content": b64encode(PNG).decode()}
NEW_FILE = {**PAPER, "deal": "{disclosing}", "title": "方案", "audience": "nda"}

# route, method, path, body: anonymous, outsider, the owner's reader, the owner's officer, broker, staff
TABLE = [
    ("nda-list", "get", "ndas/", None, MEMBERS),
    ("nda-list", "post", "ndas/", {"deal": "{talk}", "ends_on": LAST_DAY}, "401 400 403 201 201 403"),
    ("nda-detail", "get", "ndas/{nda}/", None, SEEN),
    ("nda-content", "get", "ndas/{nda}/content/", None, SEEN),
    ("nda-sign", "post", "ndas/{nda}/sign/", {"sha256": "{nda_hash}"}, BY_A_SIDE),
    ("nda-bind", "post", "ndas/{nda}/bind/", {"person": "{membership}"}, "401 404 403 200 400 403"),
    ("nda-release", "post", "ndas/{nda}/release/", {"person": "{named}"}, "401 404 403 200 400 403"),
    ("deal-confidential", "get", "deals/{disclosing}/confidential/seeker/", None, "401 404 404 200 200 404"),
    ("deal-confidential", "get", "deals/{talk}/confidential/seeker/", None, "401 404 404 404 404 404"),
    ("deal-file-list", "get", "deal-files/", None, MEMBERS),
    ("deal-file-list", "post", "deal-files/", NEW_FILE, "401 400 403 201 403 403"),
    ("deal-file-detail", "get", "deal-files/{own_file}/", None, "401 404 200 200 404 200"),
    ("deal-file-detail", "get", "deal-files/{nda_file}/", None, "401 404 404 200 200 200"),
    ("deal-file-content", "get", "deal-files/{own_file}/content/", None, "401 404 200 200 404 200"),
    ("deal-file-content", "get", "deal-files/{nda_file}/content/", None, "401 404 404 200 200 200"),
    ("deal-file-content", "get", "deal-files/{nda_file}/content/?number=2", None, "401 404 404 404 404 404"),
    ("deal-file-add-version", "post", "deal-files/{own_file}/add-version/", PAPER, "401 404 403 200 404 403"),
    ("deal-file-add-version", "post", "deal-files/{nda_file}/add-version/", PAPER, "401 404 404 403 403 403"),
    ("deal-file-withdraw", "post", "deal-files/{own_file}/withdraw/", {}, "401 404 403 200 404 403"),
    ("nda-showing-list", "get", "nda-showings/", None, MEMBERS),
    ("nda-showing-detail", "get", "nda-showings/{showing}/", None, "401 404 200 200 404 200"),
    ("nda-withdraw", "post", "ndas/{nda}/withdraw/", {}, BY_THE_TABLE),
    ("nda-terminate", "post", "ndas/{signed_nda}/terminate/", {"note": "情况有变。"}, BY_A_SIDE),
]  # fmt: skip


def make_talk(world):
    """A deal whose two sides want to talk."""
    match = make_match(factories.make_published_achievement(world.university), world.demand)
    deal = brokerage.open_deal(match, by=world.broker)
    return brokerage.join(brokerage.join(deal, by=world.officer), by=world.sme)


def make_nda(world):
    return brokerage.draft_nda(make_talk(world), ends_on=timezone.localdate() + timedelta(days=30), by=world.broker)


def sign(nda, *people):
    for person in people:
        nda = brokerage.sign_nda(nda, sha256=nda.document.sha256, by=person)
    return nda


def agreed(world):
    """The world with a deal to draw one up for, one to sign, and one in force."""
    world.talk, world.nda = make_talk(world), make_nda(world)
    world.nda_hash = world.nda.document.sha256
    world.named = world.officer.memberships.get()
    colleague = factories.make_member(world.university)
    brokerage.bind(world.nda, world.named, by=colleague)
    world.signed_nda = sign(make_nda(world), world.officer, world.sme)
    world.disclosing = world.signed_nda.deal
    brokerage.show_listing(world.disclosing, "supplier", how="api", by=world.sme)
    papers = {"content": PNG, "filename": "a.png", "title": "方案"}
    world.own_file = brokerage.add_file(world.disclosing, audience="own", **papers, by=world.officer)
    world.nda_file = brokerage.add_file(world.disclosing, audience="nda", **papers, by=world.sme)
    world.showing = NdaShowing.objects.get()
    return world
