"""Tells people of mandates, introductions and disclosures what waits for them: one letter a matter and person."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.letters import link, post
from marketplace.core.models import Record
from marketplace.core.notifying import add_kinds
from marketplace.parties import access
from marketplace.parties.models import Agency, Organisation, TechnologyManager

from ..models import Mandate

add_kinds(
    mandate=_("your mandates: offered, signed, ending"),
    introduction=_("introductions that were written down"),
    disclosure=_("what a broker must disclose to you"),
    commission=_("commissions of brokers: owed, paid, disputed"),
)
MATTERS = {
    "mandate-offered": _("A mandate waits for your signature"),
    "mandate-signed": _("A mandate is signed by both sides"),
    "mandate-ending": _("A mandate ends within 30 days"),
    "mandate-end-asked": _("The other side asks to end a mandate"),
    "mandate-over": _("A mandate is over"),
    "mandate-broker-removed": _("The broker of a mandate of yours is no longer in the register"),
    "introduction-logged": _("An introduction was written down: please confirm it or say that it was none"),
    "introduction-disputed": _("An introduction of yours is disputed"),
    "introduction-standing": _("An introduction of yours stands by the record"),
    "disclosure-made": _("A broker disclosed something to you: please answer"),
    "disclosure-answered": _("A disclosure of yours was answered"),
    "commission-arose": _("A contract was signed that a broker is owed a commission for"),
    "commission-paid": _("A commission was paid to you"),
    "commission-disputed": _("A commission of yours is disputed"),
}


def tell(matter: str, row: Record, users: Iterable[Any]) -> None:
    """Write once to each person; the letter says what it is about and leads to the row, nothing else."""
    subject = MATTERS[matter]

    def body() -> str:
        return f"{subject}\n{link(page_of(row))}"

    for user in users:
        key = f"{matter}:{row.public_id}:{row.version}:{user.pk}"
        post(key, subject=subject, body=body, user=user, language=settings.LANGUAGE_CODE)


def broker_removed(qualification: TechnologyManager | Agency) -> None:
    """Tell the principals of the mandates in force: their broker may introduce nobody any more."""
    whose: dict[str, Any] = {"agency": qualification}
    if isinstance(qualification, TechnologyManager):
        whose = {"manager_id": qualification.user_id}
    for mandate in Mandate.objects.filter(state__in=Mandate.IN_FORCE, **whose).select_related("principal"):
        tell("mandate-broker-removed", mandate, deciders(mandate.principal))


def page_of(row: Record) -> str:
    """The row in the workspace, or the workspace where it has no page of its own."""
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return reverse("admin:index")


def deciders(organisation: Organisation) -> list[Any]:
    """Who decides for an organisation."""
    return list(access.deciders(organisation.pk))


def people_of(mandate: Mandate, side: str) -> list[Any]:
    """Who decides for a side of a mandate; a manager who is named beside the agency hears it too."""
    if side == Mandate.PRINCIPAL:
        return deciders(mandate.principal)
    found = deciders(mandate.agency.organisation) if mandate.agency is not None else []
    return [*found, *([mandate.manager] if mandate.manager is not None and mandate.manager not in found else [])]
