"""Which licences exclude each other: per right, territory, field and time, as ranges that PostgreSQL can compare."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .contract import Contract


class LicenceScope(models.Model):
    """One box of what a signed licence takes: a subject × regions × fields × days, in a slot.

    An exclusive or sole licence takes every slot, an ordinary one only its own: so two ordinary licences never
    overlap, and anything overlaps an exclusive one. On PostgreSQL an exclusion constraint (migration) refuses a
    second contract whose box overlaps; elsewhere the lock on the subjects does.
    Ranges are half open in regions, fields and slots; both days belong to the time.
    """

    contract = models.ForeignKey(Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="scopes")
    subject = models.CharField(_("subject"), max_length=40)
    region_from = models.IntegerField()
    region_to = models.IntegerField()
    field_from = models.IntegerField()
    field_to = models.IntegerField()
    slot_from = models.BigIntegerField()
    slot_to = models.BigIntegerField()
    starts_on = models.DateField(_("from day"))
    ends_on = models.DateField(_("to day"))
    is_live = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("licensed scope")
        verbose_name_plural = _("licensed scopes")
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["subject"], name="scope_by_subject")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(region_to__gt=F("region_from"))
                & Q(field_to__gt=F("field_from"))
                & Q(slot_to__gt=F("slot_from"))
                & Q(ends_on__gte=F("starts_on")),
                name="a_scope_is_not_empty",
            )
        ]

    def __str__(self) -> str:
        return self.subject
