"""Makes mandates for tests: `make_mandate` a draft, `make_signed_mandate` in force; deciders are made where missing."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from marketplace.brokerage import services
from marketplace.brokerage.models import Mandate
from marketplace.discovery.models import Match
from marketplace.parties.models import Agency, Organisation, TechnologyManager, User
from tests import factories
from tests.contracts.making import decider_of
from tests.rows import reread

RATE = [{"from": "0", "rate": "0.05"}]


def make_mandate(
    principal: Organisation, *, agency: Agency | None = None, manager: Any = None, **values: Any
) -> Mandate:
    """A draft by the principal: all its achievements for a year, at five per cent."""
    if agency is None and manager is None:
        manager = factories.make_technology_manager()
    facts: dict[str, Any] = {
        "side": "SUPPLY",
        "ends_on": timezone.localdate() + timedelta(days=365),
        "tiers": RATE,
        "tail_months": 12,
    }
    if "listings" not in values:
        facts["fields"] = ["*"]
    given = facts | values | {"principal": principal, "agency": agency, "manager": manager}
    return services.draft_mandate(given, by=decider_of(principal))


def broker_of(mandate: Mandate) -> User:
    """Who signs for the broker."""
    return decider_of(mandate.agency.organisation) if mandate.agency else mandate.manager


def sign_both(mandate: Mandate) -> Mandate:
    services.sign_mandate(mandate, by=decider_of(mandate.principal))
    return services.sign_mandate(mandate, by=broker_of(mandate))


def make_signed_mandate(principal: Organisation, **values: Any) -> Mandate:
    return reread(sign_both(make_mandate(principal, **values)))


def make_manager_of(agency: Agency) -> User:
    """A technology manager who works for the agency."""
    user = factories.make_technology_manager()
    TechnologyManager.objects.filter(user=user).update(agency=agency)
    return user


def match_of(achievement: Any, demand: Any) -> Match:
    return Match.objects.create(achievement=achievement, demand=demand, score=0.5, model_version="1", rank=1)
