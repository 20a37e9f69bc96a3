"""What is not paid for technology: equipment, instruments, parts, materials. The list stands on the form."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .registration import Registration


class DeductedCost(models.Model):
    """非技术性费用, in yuan. What carries the result in a reasonable quantity (papers, disks, a sample) is none."""

    class Kind(models.TextChoices):
        EQUIPMENT = "EQUIPMENT", _("equipment")
        INSTRUMENT = "INSTRUMENT", _("instruments")
        PART = "PART", _("parts")
        MATERIAL = "MATERIAL", _("raw materials")
        OTHER = "OTHER", _("other goods and services")

    registration = models.ForeignKey(
        Registration, verbose_name=_("registration of a contract"), on_delete=models.CASCADE, related_name="costs"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    what = models.CharField(_("what"), max_length=200)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("deducted cost")
        verbose_name_plural = _("deducted costs")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_deducted_cost_is_above_zero"),
            models.CheckConstraint(condition=~Q(what=""), name="a_deducted_cost_says_what_it_is"),
        ]

    def __str__(self) -> str:
        return self.what
