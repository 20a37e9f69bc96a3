"""A problem that someone will pay to solve."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .listing import Listing, long_text


class Demand(Listing):
    """技术需求: what hurts, the specification aimed at, how success is accepted, what may be paid and by when."""

    TEXTS = (*Listing.TEXTS, "target", "acceptance")
    REQUIRED = (*Listing.REQUIRED, "target_zh", "acceptance_zh", "deadline")

    target_zh = long_text(_("target specification in Chinese"), 2000, _("In figures with units."))
    target_en = long_text(_("target specification in English"), 4000)
    acceptance_zh = long_text(_("acceptance test in Chinese"), 2000, _("How both sides will see that it works."))
    acceptance_en = long_text(_("acceptance test in English"), 4000)
    trl_min = models.PositiveSmallIntegerField(_("least readiness level"), null=True, blank=True)
    regions_accepted = models.JSONField(
        _("regions accepted"), default=list, blank=True, help_text=_("Province codes; empty means anywhere.")
    )
    budget_low = models.DecimalField(_("budget from (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    budget_high = models.DecimalField(_("budget to (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    deadline = models.DateField(
        _("deadline"), null=True, blank=True, help_text=_("Answers are welcome until this day.")
    )
    modes = models.JSONField(
        _("licensing modes accepted"), default=list, blank=True, help_text=_("Empty means any mode.")
    )
    history = HistoricalRecords(excluded_fields=["fingerprint"])

    class Meta(Listing.Meta):
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Listing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(trl_min__isnull=True) | Q(trl_min__range=(1, 9)),
                name="a_least_readiness_is_1_to_9",
            ),
            models.CheckConstraint(
                condition=Q(budget_low__isnull=True) | (Q(budget_low__gte=0) & Q(budget_high__gte=F("budget_low"))),
                name="a_budget_goes_from_low_to_high",
            ),
        ]
