"""Entries of the register and what becomes of them, made through the services."""

from typing import Any

from marketplace.core.access import SYSTEM
from marketplace.parties.models import Agency, TechnologyManager
from marketplace.register import asking, services
from marketplace.register.models import Application
from marketplace.register.services import Evidence
from tests import factories

PDF = Evidence("证书.pdf", b"%PDF-1.7\n%EOF")
VALUES = {"level": "PRIMARY", "fields": ["05"], "languages": ["zh", "en"]}


def declared_for(kind: str, level: str = "", place: str = "CN") -> list[str]:
    return [each.code for each in asking.asked_at(place, kind, level).requirements]


def apply_as_manager(user: Any = None, **special: Any) -> Application:
    user = user or factories.make_user(name="applicant")
    proof = {"declared": declared_for("manager", "PRIMARY"), "evidence": [PDF]} | special
    return services.apply_as_manager(VALUES, **proof, by=user)


def apply_as_agency(administrator: Any = None, **special: Any) -> Application:
    administrator = administrator or factories.make_member(factories.make_organisation("AGENCY"), "admin")
    organisation = administrator.memberships.get().organisation
    proof = {"declared": declared_for("agency", place=organisation.region), "evidence": [PDF]} | special
    return services.apply_as_agency(organisation, {"fields": ["05"]}, **proof, by=administrator)


def make_entry(user: Any = None) -> TechnologyManager:
    """A technology manager as the register leaves them."""
    application = apply_as_manager(user)
    services.grant(application, number=f"R-{application.pk:05d}", reason="条件齐备。", by=SYSTEM)
    return TechnologyManager.objects.get(pk=application.manager_id)


def make_agency(administrator: Any = None) -> Agency:
    """An agency as the register leaves it."""
    application = apply_as_agency(administrator)
    services.grant(application, number=f"G-{application.pk:05d}", reason="条件齐备。", by=SYSTEM)
    return Agency.objects.get(pk=application.agency_id)
