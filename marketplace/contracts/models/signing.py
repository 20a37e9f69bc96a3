"""Who else stands on a contract, and who signed it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record
from marketplace.parties.models import Organisation

from .contract import Contract


class ThirdParty(Record):
    """An agency, guarantor or insurer that stands on the contract beside the two sides."""

    class Role(models.TextChoices):
        AGENCY = "AGENCY", _("transfer agency")
        GUARANTOR = "GUARANTOR", _("guarantor")
        INSURER = "INSURER", _("insurer")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="third_parties"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="contracts_as_third"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)

    class Meta:
        verbose_name = _("third party")
        verbose_name_plural = _("third parties")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "organisation", "role"], name="one_role_of_a_third_party")
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Signature(Record):
    """One side's recorded confirmation of exactly this text: by whom, when, of which hash. Added, never edited."""

    class Side(models.TextChoices):
        SELLER = "SELLER", _("licensor (seller)")
        BUYER = "BUYER", _("licensee (buyer)")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="signatures"
    )
    side = models.CharField(_("side"), max_length=6, choices=Side)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("signed by"), on_delete=models.PROTECT, related_name="signatures"
    )
    sha256 = models.CharField(_("hash of the text"), max_length=64)
    signed_at = models.DateTimeField(_("signed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "side", "sha256"], name="one_signature_per_side_and_text"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_signature_is_of_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} · {self.signer}"
