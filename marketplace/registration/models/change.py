"""A change of what is registered: another amount, another party; decided by the same office, kept beside the first."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.documents.models import Document

from .registration import Registration


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, user: Any) -> "ChangeQuerySet":
        """Whoever sees the registration."""
        return self.filter(registration__in=Registration.objects.visible_to(user))


class Change(Record):
    """变更登记. What stood before is kept: figures of an earlier period can still be explained."""

    class Kind(models.TextChoices):
        AMOUNT = "AMOUNT", pgettext_lazy("change", "the amount")
        TERM = "TERM", pgettext_lazy("change", "the term")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("change", "handed in")
        MADE = "made", pgettext_lazy("change", "entered")
        REFUSED = "refused", pgettext_lazy("change", "refused")

    registration = models.ForeignKey(
        Registration, verbose_name=_("registration of a contract"), on_delete=models.PROTECT, related_name="changes"
    )
    kind = models.CharField(_("what changes"), max_length=6, choices=Kind)
    total_amount = models.DecimalField(_("new contract amount"), max_digits=16, decimal_places=2)
    deducted_amount = models.DecimalField(_("of it deducted"), max_digits=16, decimal_places=2)
    ends_on = models.DateField(_("in force until"))
    total_before = models.DecimalField(_("contract amount before"), max_digits=16, decimal_places=2)
    deducted_before = models.DecimalField(_("deducted before"), max_digits=16, decimal_places=2)
    ends_before = models.DateField(_("in force until, before"))
    reason = models.CharField(_("reason"), max_length=300)
    paper = models.ForeignKey(
        Document, verbose_name=_("paper"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_on = models.DateField(_("handed in on"))
    state = FSMField(_("state"), choices=State, default=State.ASKED, protected=True, db_index=True)
    decision = models.CharField(_("reason of the decision"), max_length=300, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True, db_index=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a registration")
        verbose_name_plural = _("changes of registrations")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(state="asked"), name="one_open_change_per_registration"
            ),
            models.CheckConstraint(
                condition=Q(total_amount__gte=0, deducted_amount__gte=0, deducted_amount__lte=F("total_amount")),
                name="a_changed_technical_amount_is_part_of_the_total",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_change_says_why"),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_on__isnull=False), name="a_decided_change_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision=""), name="a_refused_change_says_why"
            ),
        ]  # fmt: skip

    @property
    def contract(self) -> Contract:
        return self.registration.contract

    def __str__(self) -> str:
        return f"{self.registration} · {self.get_kind_display()}"

    @transition(field=state, source=State.ASKED, target=State.MADE)
    def make(self) -> None:
        """Entered: from today these are the registered figures."""

    @transition(field=state, source=State.ASKED, target=State.REFUSED)
    def refuse(self) -> None:
        """Not entered, and why."""
