"""The patent, software copyright, layout, variety or know-how behind an achievement."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Organisation


class RightQuerySet(models.QuerySet["Right"]):
    def visible_to(self, user: Any) -> "RightQuerySet":
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(owner_id__in=access.organisation_ids(user))


class Right(Record):
    """知识产权. The number's form and check digit are verified on entry."""

    class Kind(models.TextChoices):
        SECRET = "01", _("technical secret")
        INVENTION = "02", _("invention patent")
        UTILITY_MODEL = "03", _("utility model patent")
        DESIGN = "04", _("design patent")
        APPLICATION = "05", _("pending patent application")
        SOFTWARE = "06", _("software copyright")
        IC_LAYOUT = "07", _("IC layout design")
        PLANT_VARIETY = "08", _("plant variety right")
        OTHER = "98", _("other")

    owner = models.ForeignKey(Organisation, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="rights")
    kind = models.CharField(_("kind"), max_length=2, choices=Kind)
    number = models.CharField(
        _("number"),
        max_length=40,
        blank=True,
        help_text=_("Application, grant or registration number, as printed."),
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=256, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    granted_on = models.DateField(_("granted or registered on"), null=True, blank=True)

    objects = RightQuerySet.as_manager()

    class Meta:
        verbose_name = _("right")
        verbose_name_plural = _("rights")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "number"],
                condition=~Q(number=""),
                name="one_right_per_owner_and_number",
            ),
            models.CheckConstraint(
                condition=Q(granted_on__isnull=True)
                | Q(filed_on__isnull=True)
                | Q(granted_on__gte=models.F("filed_on")),
                name="a_right_is_granted_after_filing",
            ),
        ]

    def __str__(self) -> str:
        title = self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh
        return f"{title} {self.number}".strip()
