"""Term sheets: each version is kept as it was proposed, with who accepted it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record

from ..rules.sheet import Mode
from .contract import Contract
from .signing import Signature


class TermSheetQuerySet(models.QuerySet["TermSheet"]):
    def visible_to(self, user: Any) -> "TermSheetQuerySet":
        """Every version to who negotiates; to third parties the agreed one, which they stand for."""
        agreed = Contract.objects.visible_to(user).filter(sheet__isnull=False).values("sheet_id")
        return self.filter(Q(contract__in=Contract.objects.negotiated_by(user)) | Q(pk__in=agreed))

    def current(self, contract: Contract) -> "TermSheet | None":
        """The agreed version of the terms, else the latest of these; None while there is none."""
        return contract.sheet or self.filter(contract=contract).order_by("-number").first()


class TermSheet(Record):
    """条款书. `content` is the public form `term-sheet/1`; it is never edited, a change is a new number."""

    contract = models.ForeignKey(Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField(_("version of the terms"))
    mode = models.CharField(_("licensing mode"), max_length=16, choices=[(each, each) for each in Mode])
    content = models.JSONField(_("terms"))
    fingerprint = models.CharField(_("fingerprint"), max_length=64, editable=False)
    proposed_by = models.CharField(_("proposed by"), max_length=6, choices=Signature.Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="term_sheets",
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    seller_accepted_at = models.DateTimeField(_("accepted by the licensor at"), null=True, blank=True)
    buyer_accepted_at = models.DateTimeField(_("accepted by the licensee at"), null=True, blank=True)

    objects = TermSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("term sheet")
        verbose_name_plural = _("term sheets")
        ordering: ClassVar[list[str]] = ["contract", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "number"], name="one_sheet_per_number"),
            models.CheckConstraint(
                condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="a_sheet_has_its_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.number}"

    @property
    def is_agreed(self) -> bool:
        return bool(self.seller_accepted_at and self.buyer_accepted_at)
