"""A result offered for transfer, and the ways of licensing that its owner accepts."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from marketplace.core.models import Record

from .listing import Listing, long_text
from .right import Right


class Achievement(Listing):
    """科技成果: title, what it is, what it is better at, what it costs, how ready it is."""

    class Stage(models.TextChoices):
        EARLY = "EARLY", _("early: laboratory or bench scale")
        MIDDLE = "MIDDLE", _("middle: pilot, before production")
        MATURE = "MATURE", _("mature: in industrial use")

    class IpStatus(models.TextChoices):
        UNFILED = "UNFILED", _("not filed yet")
        FILED = "FILED", _("filed, not yet published")
        PUBLISHED = "PUBLISHED", pgettext_lazy("patent application", "published")
        GRANTED = "GRANTED", _("granted")
        SECRET = "SECRET", _("kept as technical secret")
        REGISTERED = "REGISTERED", _("registered")

    TEXTS = (*Listing.TEXTS, "advantage", "economics")
    REQUIRED = (*Listing.REQUIRED, "advantage_zh", "trl", "stage", "ip_status")

    advantage_zh = long_text(
        _("advantage in Chinese"),
        1000,
        _("The advantage over today's solution: compared with what, better by how much."),
    )
    advantage_en = long_text(_("advantage in English"), 2000)
    economics_zh = long_text(
        _("economic comparison in Chinese"),
        1000,
        _("Cost, investment and payback against today's solution, in figures."),
    )
    economics_en = long_text(_("economic comparison in English"), 2000)
    trl = models.PositiveSmallIntegerField(
        _("technology readiness level"),
        null=True,
        blank=True,
        help_text=_("1 (principle) to 9 (proven in use)."),
    )
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, blank=True)
    ip_status = models.CharField(_("IP status"), max_length=12, choices=IpStatus, blank=True)
    rights = models.ManyToManyField(Right, verbose_name=_("rights"), blank=True, related_name="achievements")
    history = HistoricalRecords(excluded_fields=["fingerprint"])

    class Meta(Listing.Meta):
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Listing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(trl__isnull=True) | Q(trl__range=(1, 9)), name="a_readiness_level_is_1_to_9"
            ),
        ]


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: Any) -> "OfferQuerySet":
        return self.filter(achievement__in=Achievement.objects.visible_to(user))


class Offer(Record):
    """One licensing mode that the owner accepts, with indicative terms. Amounts in yuan."""

    achievement = models.ForeignKey(
        Achievement, verbose_name=_("achievement"), on_delete=models.CASCADE, related_name="offers"
    )
    mode = models.CharField(_("licensing mode"), max_length=16)
    price_low = models.DecimalField(_("indicative price from"), max_digits=14, decimal_places=2, null=True, blank=True)
    price_high = models.DecimalField(_("indicative price to"), max_digits=14, decimal_places=2, null=True, blank=True)
    royalty_percent = models.DecimalField(
        _("royalty in % of net sales"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    free_months = models.PositiveSmallIntegerField(_("free phase in months"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("licensing offer")
        verbose_name_plural = _("licensing offers")
        ordering = ["achievement", "id"]
        constraints = [
            models.UniqueConstraint(fields=["achievement", "mode"], name="one_offer_per_mode"),
            models.CheckConstraint(
                condition=Q(price_low__isnull=True) | (Q(price_low__gte=0) & Q(price_high__gte=F("price_low"))),
                name="an_offer_costs_from_low_to_high",
            ),
            models.CheckConstraint(
                condition=Q(royalty_percent__isnull=True) | Q(royalty_percent__range=(0, 100)),
                name="a_royalty_is_0_to_100_percent",
            ),
        ]

    def __str__(self) -> str:
        return self.mode

    @property
    def owner_id(self) -> int:
        return self.achievement.owner_id
