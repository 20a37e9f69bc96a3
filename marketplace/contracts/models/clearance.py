"""The evidence of a careful decision (尽职免责): who decided, what it was worth, who agreed, who stood aside."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.listings.models import Right
from marketplace.parties import access

from .contract import Contract


class OfOwnerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "OfOwnerQuerySet":
        """The owner's own members, the technology manager while registered, and staff.

        The licensee reads neither votes nor what the owner thought it worth; nor does a manager of its own people.
        """
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        own = Q(contract__seller_id__in=mine)
        if not access.is_technology_manager(user):
            return self.filter(own)
        return self.filter(own | Q(contract__manager=user) & ~Q(contract__buyer_id__in=mine))


class Decision(Record):
    """集体决策: one meeting and its vote on exactly these terms. Added, never edited; changed terms need a new one."""

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="decisions"
    )
    meeting = models.CharField(_("meeting"), max_length=200, help_text=_("Such as: office meeting of the president."))
    held_on = models.DateField(_("held on"))
    attendees = models.JSONField(_("present"), default=list, help_text=_("Names, divided by commas."))
    recused = models.JSONField(_("stood aside"), default=list, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("votes for"))
    votes_against = models.PositiveSmallIntegerField(_("votes against"), default=0)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), default=0)
    resolution = models.TextField(_("resolution"), max_length=2000)
    minutes = models.ForeignKey(
        Document, verbose_name=_("minutes"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    minutes_sha256 = models.CharField(_("hash of the minutes"), max_length=64, blank=True)
    terms_fingerprint = models.CharField(_("fingerprint of what was decided"), max_length=64, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = OfOwnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("collective decision")
        verbose_name_plural = _("collective decisions")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(votes_for__gt=models.F("votes_against")), name="a_decision_has_a_majority"
            ),
            models.CheckConstraint(
                condition=Q(minutes_sha256="") | Q(minutes_sha256__regex=r"^[0-9a-f]{64}$"),
                name="minutes_are_named_by_their_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} · {self.held_on}"


class Valuation(Record):
    """What somebody found it worth; a ground for the price, beside the decision."""

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="valuations"
    )
    appraiser = models.CharField(_("appraiser"), max_length=200)
    method = models.CharField(_("method"), max_length=200)
    low = models.DecimalField(pgettext_lazy("amount", "from"), max_digits=14, decimal_places=2)
    high = models.DecimalField(pgettext_lazy("amount", "to"), max_digits=14, decimal_places=2)
    valued_on = models.DateField(_("as of"))
    report = models.ForeignKey(
        Document, verbose_name=_("report"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OfOwnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("valuation")
        verbose_name_plural = _("valuations")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(low__gte=0) & Q(high__gte=models.F("low")), name="a_valuation_goes_from_low_to_high"
            )
        ]

    def __str__(self) -> str:
        return f"{self.appraiser} · {self.valued_on}"


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def visible_to(self, user: Any) -> "ClearanceQuerySet":
        """Both sides, the technology manager and staff: a third party has no part in what the owner cleared."""
        return self.filter(contract__in=Contract.objects.negotiated_by(user))


class Clearance(Record):
    """One answer that signing needs: of a co-owner, a pledgee, an inventor, an authority; or a declared interest."""

    class Kind(models.TextChoices):
        CO_OWNER = "CO_OWNER", _("consent of a co-owner")
        PLEDGE = "PLEDGE", _("consent of a pledgee, or none is pledged")
        PREEMPTION = "PREEMPTION", _("inventor's right of first refusal")
        EXPORT = "EXPORT", _("export registration or licence")
        PUBLIC_FUNDING = "PUBLIC_FUNDING", _("consent of the funding authority")
        CONFLICT = "CONFLICT", _("declaration of interest")
        CLAUSES = "CLAUSES", _("review of risky clauses")

    class Answer(models.TextChoices):
        ASKED = "ASKED", _("asked, not answered yet")
        CONSENTED = "CONSENTED", _("consented")
        WAIVED = "WAIVED", pgettext_lazy("clearance", "waived")
        NOT_NEEDED = "NOT_NEEDED", _("not needed")
        REFUSED = "REFUSED", pgettext_lazy("clearance", "refused")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="clearances"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    right = models.ForeignKey(
        Right, verbose_name=_("right"), on_delete=models.PROTECT, null=True, blank=True, related_name="clearances"
    )
    party = models.CharField(_("who"), max_length=200, help_text=_("The person, organisation or authority."))
    answer = models.CharField(_("answer"), max_length=12, choices=Answer, default=Answer.ASKED)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    document = models.ForeignKey(
        Document, verbose_name=_("paper"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        ordering: ClassVar[list[str]] = ["contract", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "kind", "party"], name="one_clearance_per_kind_and_party"),
            models.CheckConstraint(
                condition=Q(answer="ASKED") | Q(answered_on__isnull=False), name="an_answered_clearance_has_its_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.party}"
