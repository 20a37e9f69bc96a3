"""The disclosure log: who was shown which version of what, when, by which door, under which agreement."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record
from marketplace.documents.models import HASH, Document
from marketplace.listings.models import Projection
from marketplace.parties import access

from .nda import Nda, Side


class NdaShowingQuerySet(models.QuerySet["NdaShowing"]):
    def visible_to(self, user: Any) -> "NdaShowingQuerySet":
        """The side whose content was shown, and staff; never the side that read it."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        shown_of_supplier = Q(side=Side.SUPPLIER, nda__deal__supplier_id__in=mine)
        return self.filter(shown_of_supplier | Q(side=Side.SEEKER, nda__deal__seeker_id__in=mine))


class NdaShowing(Record):
    """披露记录: one line a showing. Added when it is shown, never edited; PostgreSQL refuses it."""

    class Door(models.TextChoices):
        PAGE = "page", _("in the workspace")
        API = "api", _("by the API")

    nda = models.ForeignKey(Nda, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="showings")
    side = models.CharField(_("whose"), max_length=8, choices=Side, help_text=_("The side whose content was shown."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("shown to"), on_delete=models.PROTECT, related_name="nda_showings"
    )
    listing = models.ForeignKey(
        Projection, verbose_name=_("listing"), on_delete=models.PROTECT, null=True, blank=True, related_name="showings"
    )
    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="nda_showings",
    )  # fmt: skip
    shown_version = models.PositiveIntegerField(_("version shown"))
    sha256 = models.CharField(_("hash of what was shown"), max_length=64)
    how = models.CharField(_("door"), max_length=4, choices=Door)

    objects = NdaShowingQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the disclosure log")
        verbose_name_plural = _("disclosure log")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(listing__isnull=False, document__isnull=True)
                | Q(listing__isnull=True, document__isnull=False),
                name="a_showing_is_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="a_showing_has_the_hash_of_what_was_shown"),
        ]

    def __str__(self) -> str:
        return f"{self.listing or self.document} → {self.user}"
