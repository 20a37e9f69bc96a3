"""The yearly filing: what a technology manager or an agency did in a year."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from .holder import HAS_ONE_HOLDER, Held


class YearlyFiling(Held):
    """年度业务信息. Sums are yuan; `counted` is what the platform itself knew on the day of filing."""

    class State(models.TextChoices):
        FILED = "filed", pgettext_lazy("yearly filing", "filed")
        RETURNED = "returned", pgettext_lazy("yearly filing", "to be corrected")
        ACCEPTED = "accepted", pgettext_lazy("yearly filing", "accepted")

    year = models.PositiveSmallIntegerField(_("year"))
    due_on = models.DateField(_("due on"))
    filed_on = models.DateField(_("filed on"))
    deals = models.PositiveIntegerField(_("contracts brought about"))
    contract_sum = models.DecimalField(_("contract sum"), max_digits=16, decimal_places=2)
    income = models.DecimalField(_("income from transfer services"), max_digits=16, decimal_places=2)
    staff = models.PositiveIntegerField(_("full-time staff"), null=True, blank=True, help_text=_("Agencies only."))
    counted = models.PositiveIntegerField(_("contracts known to the platform"))
    note = models.TextField(_("explanation"), max_length=1000, blank=True)
    state = FSMField(_("state"), choices=State, default=State.FILED, protected=True, db_index=True)
    fault = models.TextField(_("to be corrected"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("yearly filing")
        verbose_name_plural = _("yearly filings")
        ordering: ClassVar[list[str]] = ["-year", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=HAS_ONE_HOLDER, name="a_yearly_filing_is_of_one_entry"),
            models.UniqueConstraint(fields=["manager", "year"], name="one_filing_per_manager_and_year"),
            models.UniqueConstraint(fields=["agency", "year"], name="one_filing_per_agency_and_year"),
            models.CheckConstraint(
                condition=Q(contract_sum__gte=0, income__gte=0), name="a_yearly_filing_has_no_negative_sum"
            ),
            models.CheckConstraint(
                condition=Q(manager__isnull=False, staff__isnull=True) | Q(agency__isnull=False, staff__isnull=False),
                name="an_agency_files_its_staff",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(fault=""), name="a_returned_filing_says_what_is_wrong"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} · {self.year}"

    @property
    def is_late(self) -> bool:
        """Filed after the day that the law names. A correction keeps the day of the first filing."""
        return self.filed_on > self.due_on

    @transition(field=state, source=State.FILED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The keeper of the register has nothing against it."""

    @transition(field=state, source=State.FILED, target=State.RETURNED)
    def send_back(self) -> None:
        """Something does not add up."""

    @transition(field=state, source=[State.FILED, State.RETURNED], target=State.FILED)
    def correct(self) -> None:
        """Filed anew, before it is accepted."""
