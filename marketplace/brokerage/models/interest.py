"""Interests of brokers in organisations, and what a broker disclosed to the two sides before bringing them together."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.listings.models import Projection
from marketplace.parties import access
from marketplace.parties.models import Agency, Organisation


class InterestQuerySet(models.QuerySet["Interest"]):
    def visible_to(self, user: Any) -> "InterestQuerySet":
        """Whose interest it is, and staff. The two sides of a deal read what is disclosed to them."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(Q(manager=user) | Q(agency__organisation_id__in=access.organisation_ids(user)))

    def live(self) -> "InterestQuerySet":
        return self.filter(ended_on__isnull=True)


class Interest(Record):
    """利益关系: what ties a technology manager or an agency to an organisation, declared by the holder."""

    class Kind(models.TextChoices):
        SHARES = "SHARES", _("holds shares or options")
        OFFICE = "OFFICE", _("holds an office or is employed")
        FAMILY = "FAMILY", _("close relatives hold shares or an office")
        ADVICE = "ADVICE", _("is paid for advice")
        GROUP = "GROUP", _("same group: parent, subsidiary or common control")
        CREDIT = "CREDIT", _("lends to it, or borrows from it")
        FORMER = "FORMER", _("left it less than two years ago")

    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("technology manager"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="interests",
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, null=True, blank=True, related_name="interests"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="interests_in_it"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    note = models.TextField(_("particulars"), max_length=1000, blank=True)
    since = models.DateField(_("since"), default=timezone.localdate)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("declared interest")
        verbose_name_plural = _("declared interests")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(manager__isnull=False, agency__isnull=True) | Q(manager__isnull=True, agency__isnull=False),
                name="an_interest_has_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since")),
                name="an_interest_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["manager", "organisation", "kind"],
                condition=Q(manager__isnull=False, ended_on__isnull=True),
                name="one_live_interest_per_manager_and_kind",
            ),
            models.UniqueConstraint(
                fields=["agency", "organisation", "kind"],
                condition=Q(agency__isnull=False, ended_on__isnull=True),
                name="one_live_interest_per_agency_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} · {self.organisation}"

    @property
    def holder(self) -> Any:
        return self.manager or self.agency


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def visible_to(self, user: Any) -> "DisclosureQuerySet":
        """The organisation that is told, who tells it, and staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(Q(party_id__in=access.organisation_ids(user)) | Q(manager=user))


class Disclosure(Record):
    """披露: what a broker told one side of a pair before acting, and whether that side agrees that the broker acts."""

    class Kind(models.TextChoices):
        DUAL_AGENCY = "DUAL_AGENCY", _("acts for both sides")
        INTEREST = "INTEREST", _("has an interest in one of the sides")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("disclosure", "to be acknowledged")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("disclosure", "acknowledged")
        REFUSED = "refused", pgettext_lazy("disclosure", "refused")

    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("technology manager"),
        on_delete=models.PROTECT,
        related_name="disclosures",
    )
    achievement = models.ForeignKey(
        Projection, verbose_name=_("achievement"), on_delete=models.PROTECT, related_name="+"
    )
    demand = models.ForeignKey(Projection, verbose_name=_("demand"), on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(
        Organisation, verbose_name=_("told to"), on_delete=models.PROTECT, related_name="disclosures"
    )
    interest = models.ForeignKey(
        Interest,
        verbose_name=_("declared interest"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="disclosures",
    )
    note = models.TextField(_("in the broker's words"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    state = FSMField(_("state"), choices=State, default=State.OPEN, protected=True, db_index=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["manager", "achievement", "demand", "party"],
                condition=Q(kind="DUAL_AGENCY"),
                name="dual_agency_is_disclosed_once_to_each_side",
            ),
            models.UniqueConstraint(
                fields=["manager", "achievement", "demand", "party", "interest"],
                condition=Q(kind="INTEREST"),
                name="an_interest_is_disclosed_once_to_each_side",
            ),
            models.CheckConstraint(
                condition=Q(kind="INTEREST", interest__isnull=False) | Q(kind="DUAL_AGENCY", interest__isnull=True),
                name="a_disclosed_interest_is_a_declared_one",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_at__isnull=False), name="an_answered_disclosure_has_its_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.demand} ↔ {self.achievement}"

    @transition(field=state, source=[State.OPEN, State.REFUSED], target=State.ACKNOWLEDGED)
    def acknowledge(self) -> None:
        """The side knows it and lets the broker act."""

    @transition(field=state, source=[State.OPEN, State.ACKNOWLEDGED], target=State.REFUSED)
    def refuse(self) -> None:
        """The side knows it and wants the broker not to act."""
