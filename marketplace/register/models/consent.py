"""The consent of a side of a contract: that a technology manager may count it in public, or name it as a case."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Organisation, TechnologyManager


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, user: Any) -> "ConsentQuerySet":
        """Who asks, the side that is asked, and staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(Q(manager__user=user) | Q(organisation_id__in=access.organisation_ids(user)))


class Consent(Record):
    """同意. Without the consent of both sides nobody but themselves and their manager learns of a contract."""

    class Scope(models.TextChoices):
        COUNT = "COUNT", pgettext_lazy("consent", "count it in public figures")
        NAME = "NAME", pgettext_lazy("consent", "name it in a case portfolio")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("consent", "asked")
        GIVEN = "given", pgettext_lazy("consent", "given")
        REFUSED = "refused", pgettext_lazy("consent", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("consent", "withdrawn")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="consents"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("side that is asked"), on_delete=models.PROTECT, related_name="consents"
    )
    manager = models.ForeignKey(
        TechnologyManager, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="consents"
    )
    scope = models.CharField(_("for what"), max_length=5, choices=Scope)
    asked_on = models.DateField(_("asked on"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    state = FSMField(_("state"), choices=State, default=State.ASKED, protected=True, db_index=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to a public figure")
        verbose_name_plural = _("consents to public figures")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "organisation", "scope"], name="one_consent_per_contract_side_and_scope"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(answered_on__isnull=False), name="an_answered_consent_has_its_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.get_scope_display()}"

    @transition(field=state, source=[State.ASKED, State.WITHDRAWN, State.REFUSED], target=State.GIVEN)
    def give(self) -> None:
        """The side agrees."""

    @transition(field=state, source=State.ASKED, target=State.REFUSED)
    def refuse(self) -> None:
        """The side does not."""

    @transition(field=state, source=State.GIVEN, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """No longer: figures and later portfolios go without it."""

    @transition(field=state, source=[State.REFUSED, State.WITHDRAWN], target=State.ASKED)
    def ask_again(self) -> None:
        """The manager asks anew."""


def agreed(*scopes: str) -> Q:
    """Contracts for which both sides gave a consent of one of these scopes."""
    given = Consent.objects.filter(contract=OuterRef("pk"), state=Consent.State.GIVEN, scope__in=scopes)
    sides = ("seller", "buyer")
    return Q(*(Exists(given.filter(organisation=OuterRef(side))) for side in sides))
