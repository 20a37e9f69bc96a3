"""The guarantee: who stands in for the licensee, for how much, how, and for how long after each due day."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .contract import Contract


class GuaranteeQuerySet(models.QuerySet["Guarantee"]):
    def visible_to(self, user: Any) -> "GuaranteeQuerySet":
        """Whoever reads the contract, and the guarantor who was asked."""
        if not user.is_authenticated:
            return self.none()
        mine = access.organisation_ids(user)
        return self.filter(Q(contract__in=Contract.objects.visible_to(user)) | Q(guarantor_id__in=mine))

    def outstanding(self) -> "GuaranteeQuerySet":
        """What guarantors stand in for today: the sum of these is their exposure."""
        return self.filter(state="issued")


class Guarantee(Record):
    """担保. A general guarantor pays after the debtor was pursued in vain, a joint one at once (Civil Code 686-688)."""

    class Kind(models.TextChoices):
        COMPANY = "COMPANY", _("guarantee company")
        BOND_INSURANCE = "BOND_INSURANCE", _("performance bond insurance")
        FAILURE_INSURANCE = "FAILURE_INSURANCE", _("insurance against failed exploitation")
        DEPOSIT = "DEPOSIT", _("deposit")
        RISK_POOL = "RISK_POOL", _("risk pool")
        AGENCY = "AGENCY", _("guarantee of a transfer agency")

    class Liability(models.TextChoices):
        JOINT = "JOINT", _("joint: may be claimed at once")
        GENERAL = "GENERAL", _("general: the debtor is pursued first")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("guarantee", "proposed")
        ISSUED = "issued", _("issued")
        REFUSED = "refused", _("refused")
        RELEASED = "released", _("released")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="guarantees"
    )
    kind = models.CharField(_("kind"), max_length=18, choices=Kind)
    guarantor = models.ForeignKey(
        Organisation,
        verbose_name=_("guarantor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="guarantees",
        help_text=_("Empty for a deposit."),
    )
    cover_amount = models.DecimalField(_("cover at most"), max_digits=14, decimal_places=2)
    cover_share = models.DecimalField(
        _("share of each loss"),
        max_digits=9,
        decimal_places=6,
        help_text=_("1 covers the whole loss, 0.8 four fifths."),
    )
    liability = models.CharField(
        _("liability"),
        max_length=8,
        choices=Liability,
        default=Liability.GENERAL,
        help_text=_("A guarantee that does not say joint is a general one."),
    )
    period_months = models.PositiveSmallIntegerField(
        _("months after each due day"),
        null=True,
        blank=True,
        help_text=_("How long each payment stays covered after its due day; empty means as the law says."),
    )
    waiting_days = models.PositiveSmallIntegerField(_("waiting period, days"), default=0)
    fee = models.DecimalField(_("fee"), max_digits=14, decimal_places=2, default=0)
    conditions = models.TextField(_("conditions of a claim"), max_length=2000, blank=True)
    number = models.CharField(_("number of the policy or bond"), max_length=80, blank=True)
    document = models.ForeignKey(
        Document, verbose_name=_("policy or bond"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    used_amount = models.DecimalField(
        _("used by compensations"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    asked_amount = models.DecimalField(
        _("asked for by an open claim"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    note = models.TextField(_("note"), max_length=1000, blank=True)
    state = FSMField(_("state"), choices=State, default=State.PROPOSED, protected=True, db_index=True)

    objects = GuaranteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("guarantee")
        verbose_name_plural = _("guarantees")
        ordering: ClassVar[list[str]] = ["contract", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(cover_amount__gt=0), name="a_guarantee_covers_something"),
            models.CheckConstraint(
                condition=Q(cover_share__gt=0) & Q(cover_share__lte=1), name="a_guarantee_covers_a_share_of_the_loss"
            ),
            models.CheckConstraint(
                condition=Q(kind="DEPOSIT") | Q(guarantor__isnull=False), name="a_guarantee_has_a_guarantor"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "released"]) | Q(issued_on__isnull=False),
                name="an_issued_guarantee_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(period_months__isnull=True) | Q(period_months__gt=0),
                name="a_guarantee_lasts_beyond_the_due_day",
            ),
            models.CheckConstraint(
                condition=Q(used_amount__gte=0) & Q(used_amount__lte=F("cover_amount")),
                name="no_more_cover_is_used_than_there_is",
            ),
            models.CheckConstraint(
                condition=Q(asked_amount__gte=0) & Q(asked_amount__lte=F("cover_amount")),
                name="no_more_cover_is_asked_for_than_there_is",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.contract}"

    @property
    def cover_left(self) -> Decimal:
        """What may still be paid out of it."""
        return self.cover_amount - self.used_amount

    @transition(field=state, source=State.PROPOSED, target=State.ISSUED)
    def issue(self) -> None:
        """The guarantor stands in."""

    @transition(field=state, source=State.PROPOSED, target=State.REFUSED)
    def refuse(self) -> None:
        """The guarantor does not."""

    @transition(field=state, source=[State.ISSUED, State.PROPOSED], target=State.RELEASED)
    def release(self) -> None:
        """Nothing is left to cover."""

    @transition(field=state, source=State.RELEASED, target=State.ISSUED)
    def stand_again(self) -> None:
        """What had released it, a payment, was taken back."""


class StandingQuerySet(models.QuerySet["GuarantorStanding"]):
    def visible_to(self, user: Any) -> "StandingQuerySet":
        """The guarantor itself and staff: nobody else learns its capital or its exposure."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(organisation_id__in=access.organisation_ids(user))


class GuarantorStanding(Record):
    """What bounds a guarantor: a multiple of its net assets (regulation on guarantee companies, article 15)."""

    organisation = models.OneToOneField(
        Organisation, verbose_name=_("guarantor"), on_delete=models.PROTECT, related_name="standing"
    )
    net_assets = models.DecimalField(_("net assets"), max_digits=16, decimal_places=2)
    serves_small_firms = models.BooleanField(
        _("serves mainly small firms and farming"), default=False, help_text=_("The law then allows a higher multiple.")
    )
    proved_on = models.DateField(_("as of"))

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of a guarantor")
        verbose_name_plural = _("standings of guarantors")
        ordering: ClassVar[list[str]] = ["organisation"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(net_assets__gte=0), name="net_assets_are_not_negative")
        ]

    def __str__(self) -> str:
        return str(self.organisation)
