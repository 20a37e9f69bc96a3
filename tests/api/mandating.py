"""Who gets which status at mandates, introductions, interests and disclosures: a table of its own."""

from datetime import timedelta

from django.utils import timezone

from marketplace.brokerage import services as brokerage
from marketplace.brokerage.models import Introduction
from tests.brokerage import mandating

MEMBERS = "401 200 200 200 200 200"
RATE = [{"from": "0", "rate": "0.05"}]
TODAY = timezone.localdate()
TERMS = {"side": "SUPPLY", "fields": ["*"], "ends_on": str(TODAY + timedelta(days=90)), "tiers": RATE}
NEW = {**TERMS, "principal": "{code}", "manager": "{rival}"}
SEEN = "401 404 200 200 200 200"  # by the principal's people, the broker and staff
OF_THE_BROKER = "401 404 403 403 200 403"
BY_EITHER = "401 404 403 200 200 403"
BY_A_SIDE = "401 404 403 200 403 403"
BY_THE_PARTY = "401 404 403 200 403 403"
REASON = {"reason": "情况有变。"}

# route, method, path, body: anonymous, outsider, the owner's reader, the owner's officer, broker, staff
TABLE = [
    ("mandate-list", "get", "mandates/", None, MEMBERS),
    ("mandate-list", "post", "mandates/", NEW, "401 403 403 201 403 403"),
    ("mandate-detail", "get", "mandates/{mandate}/", None, SEEN),
    ("mandate-detail", "patch", "mandates/{draft_mandate}/", {"tail_months": 3}, BY_EITHER),
    ("mandate-sign", "post", "mandates/{draft_mandate}/sign/", {}, BY_EITHER),
    ("mandate-withdraw", "post", "mandates/{draft_mandate}/withdraw/", {}, BY_EITHER),
    ("mandate-end", "post", "mandates/{mandate}/end/", {}, BY_EITHER),
    ("mandate-terminate", "post", "mandates/{mandate}/terminate/", REASON, BY_EITHER),
    ("introduction-list", "get", "introductions/", None, MEMBERS),
    (
        "introduction-list", "post", "introductions/", {"listing": "{other}", "other": "{third_code}"},
        "401 403 403 403 201 403",
    ),
    ("introduction-detail", "get", "introductions/{introduction}/", None, SEEN),
    ("introduction-confirm", "post", "introductions/{introduction}/confirm/", {}, BY_A_SIDE),
    ("introduction-dispute", "post", "introductions/{introduction}/dispute/", REASON, BY_A_SIDE),
    ("introduction-proof", "get", "introductions/{introduction}/proof/", None, SEEN),
    ("interest-list", "get", "interests/", None, MEMBERS),
    (
        "interest-list", "post", "interests/", {"organisation": "{firm_code}", "kind": "SHARES"},
        "401 403 403 403 201 403",
    ),
    ("interest-detail", "get", "interests/{interest}/", None, "401 404 404 404 200 200"),
    ("interest-end", "post", "interests/{interest}/end/", {}, "401 404 404 404 200 403"),
    ("disclosure-list", "get", "disclosures/", None, MEMBERS),
    (
        "disclosure-list", "post", "disclosures/", {"achievement": "{achievement}", "demand": "{demand}"},
        "401 409 409 409 201 409",
    ),
    ("disclosure-detail", "get", "disclosures/{disclosure}/", None, SEEN),
    ("disclosure-acknowledge", "post", "disclosures/{disclosure}/acknowledge/", {}, BY_THE_PARTY),
    ("disclosure-refuse", "post", "disclosures/{disclosure}/refuse/", {}, BY_THE_PARTY),
]  # fmt: skip


def mandated(world):
    """A mandate, a draft, the introduction of the deal, and what the broker declared and disclosed."""
    world.code, world.firm_code = world.university.credit_code, world.firm.credit_code
    world.rival = mandating.factories.make_technology_manager().technology_manager
    world.introduction = Introduction.objects.get(manager=world.broker)
    world.mandate = mandating.make_signed_mandate(world.university, manager=world.broker)
    world.draft_mandate = mandating.make_mandate(world.university, manager=world.broker, fields=["07"])
    third = mandating.factories.make_organisation()
    world.third_code = third.credit_code
    advised = mandating.factories.make_organisation()
    tie = {"manager": world.broker, "organisation": advised, "kind": "ADVICE"}
    world.interest = brokerage.declare_interest(tie, by=world.broker)
    mandating.make_signed_mandate(world.firm, manager=world.broker, side="DEMAND")
    told = brokerage.disclose(world.achievement, world.demand, by=world.broker)
    world.disclosure = next(each for each in told if each.party == world.university)
    return world
