"""The nominee: who stands in the company register for a holder who became the head of a unit, until when."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record
from marketplace.documents.models import Document

from .holding import Holding


class NomineeQuerySet(models.QuerySet["Nominee"]):
    def visible_to(self, user: Any) -> "NomineeQuerySet":
        return self.filter(holding__in=Holding.objects.visible_to(user))

    def running(self) -> "NomineeQuerySet":
        return self.filter(ended_on__isnull=True)


class Nominee(Record):
    """代持: a part got before its holder became head, held in another's name for a time. Ended, never edited."""

    holding = models.ForeignKey(Holding, verbose_name=_("holding"), on_delete=models.PROTECT, related_name="nominees")
    name = models.CharField(_("nominee"), max_length=200)
    begins_on = models.DateField(_("held by the nominee from"))
    unwinds_on = models.DateField(_("to be given back by"), db_index=True)
    paper = models.ForeignKey(
        Document, verbose_name=_("agreement with the nominee"), on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField(_("given back on"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = NomineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("nominee")
        verbose_name_plural = _("nominees")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["holding"], condition=Q(ended_on__isnull=True), name="one_nominee_at_a_time"
            ),
            models.CheckConstraint(condition=Q(unwinds_on__gt=F("begins_on")), name="a_nominee_holds_for_a_time"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="")
                | (Q(ended_on__isnull=False, ended_on__gte=F("begins_on")) & ~Q(end_reason="")),
                name="what_a_nominee_gave_back_says_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.holding}"

    @property
    def book_id(self) -> int:
        return self.holding.book_id
