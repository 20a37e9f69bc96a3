"""What happened under a contract, one row a fact: the history that obligations are computed from."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record

from ..rules.events import Kind
from .contract import Contract


class FactQuerySet(models.QuerySet["Fact"]):
    def visible_to(self, user: Any) -> "FactQuerySet":
        return self.filter(contract__in=Contract.objects.visible_to(user))

    def standing(self) -> "FactQuerySet":
        """Facts that were not taken back."""
        return self.filter(revoked_at__isnull=True)


class Fact(Record):
    """One event of the pure engine: `key` is its id there, `content` what its kind carries beyond the day.

    Never edited: a mistaken fact is revoked with a reason and recorded anew.
    """

    contract = models.ForeignKey(Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="facts")
    key = models.CharField(_("key"), max_length=64)
    kind = models.CharField(_("what happened"), max_length=20, choices=[(each, each) for each in Kind])
    on = models.DateField(_("day that counts"))
    content = models.JSONField(_("content"), default=dict, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="facts",
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_reason = models.CharField(_("why it was revoked"), max_length=500, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering: ClassVar[list[str]] = ["contract", "on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "key"], name="one_fact_per_key"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""), name="a_revoked_fact_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
