"""Files of a deal: handed in by a side, in versions, for its own people or for both sides."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.parties import access

from .deal import Deal
from .nda import Nda, Side


class DealFileQuerySet(models.QuerySet["DealFile"]):
    def visible_to(self, user: Any) -> "DealFileQuerySet":
        """The side's own people and staff; to the others of the deal what is shared, by the agreement or without."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(self.model.own_of(user) | self.model.shared_with(user))


class DealFile(Record):
    """洽谈文件: one paper of a side in all its versions. A file whose audience changes is another file."""

    class Audience(models.TextChoices):
        OWN = "own", _("our own side")
        NDA = "nda", _("both sides, under the agreement")
        BOTH = "both", _("both sides at once: nothing confidential")

    deal = models.ForeignKey(Deal, verbose_name=_("deal"), on_delete=models.PROTECT, related_name="files")
    side = models.CharField(_("whose"), max_length=8, choices=Side)
    title = models.CharField(_("title"), max_length=100)
    audience = models.CharField(_("who reads it"), max_length=4, choices=Audience)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = DealFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a deal")
        verbose_name_plural = _("files of deals")
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def latest(self) -> "DealFileVersion":
        found = self.versions.order_by("number").last()
        assert found is not None  # a file is handed in with its first version
        return found

    @staticmethod
    def own_of(user: Any) -> Q:
        """Those of the person's own organisations."""
        mine = access.organisation_ids(user)
        return Q(side=Side.SUPPLIER, deal__supplier_id__in=mine) | Q(side=Side.SEEKER, deal__seeker_id__in=mine)

    @classmethod
    def shared_with(cls, user: Any) -> Q:
        """Those of another side that this person may read now."""
        deals = Deal.objects.visible_to(user).exclude(state=Deal.State.LOST)
        opened = [
            Q(side=side, deal__in=Nda.objects.opening(user, side).values("deal_id")) for side in Side.values
        ]  # whichever side is closed finds nothing
        under_nda = Q(audience=cls.Audience.NDA) & (opened[0] | opened[1])
        return Q(withdrawn_at__isnull=True) & (Q(audience=cls.Audience.BOTH, deal__in=deals) | under_nda)


class DealFileVersion(Record):
    """One version of a file: its bytes never change."""

    file = models.ForeignKey(DealFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    document = models.OneToOneField(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="deal_file_version"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("handed in by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a file")
        verbose_name_plural = _("versions of files")
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["file", "number"], name="one_version_of_a_file_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.file} · {self.number}"
