"""Organisations and who acts for them, as what."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from simple_history.models import HistoricalRecords

from marketplace.core.models import Record


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Staff see all; others their own. What the public may know of an owner is in the listing's projection."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff or user.is_superuser:
            return self
        return self.filter(pk__in=Membership.objects.live().filter(user=user).values("organisation_id"))


class Organisation(Record):
    """A university, institute, hospital, firm, guarantor, agency or authority."""

    class Kind(models.TextChoices):
        UNIVERSITY = "UNIVERSITY", _("university or college")
        INSTITUTE = "INSTITUTE", _("research institute")
        HOSPITAL = "HOSPITAL", _("hospital")
        FIRM = "FIRM", _("firm")
        GUARANTOR = "GUARANTOR", _("guarantee company or insurer")
        AGENCY = "AGENCY", _("technology transfer agency")
        AUTHORITY = "AUTHORITY", _("authority")

    class State(models.TextChoices):
        APPLIED = "applied", _("applied")
        VERIFIED = "verified", _("verified")
        SUSPENDED = "suspended", _("suspended")

    class Size(models.TextChoices):
        MICRO = "MICRO", _("micro")
        SMALL = "SMALL", _("small")
        MEDIUM = "MEDIUM", _("medium")
        LARGE = "LARGE", _("large")

    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    credit_code = models.CharField(
        _("unified social credit code"),
        max_length=18,
        unique=True,
        help_text=_("18 characters as on the business licence or the certificate of the public institution."),
    )
    region = models.CharField(_("region"), max_length=6, help_text=_("Province by its six-digit code (GB/T 2260)."))
    size = models.CharField(_("size class"), max_length=8, choices=Size, blank=True)
    size_proof = models.CharField(
        _("proof of size"), max_length=300, blank=True, help_text=_("Document that shows staff and revenue.")
    )
    size_proved_on = models.DateField(_("size proved on"), null=True, blank=True)
    state = FSMField(_("state"), choices=State, default=State.APPLIED, protected=True)
    history = HistoricalRecords()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_zh"]
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
                name="a_credit_code_has_18_valid_characters",
            ),
            models.CheckConstraint(
                condition=Q(size="") | Q(size_proved_on__isnull=False), name="a_size_class_has_a_dated_proof"
            ),
        ]

    SUPPLIERS = (Kind.UNIVERSITY, Kind.INSTITUTE, Kind.HOSPITAL, Kind.FIRM)

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name_zh

    @property
    def is_verified(self) -> bool:
        return self.state == self.State.VERIFIED

    @transition(field=state, source=[State.APPLIED, State.SUSPENDED], target=State.VERIFIED)
    def verify(self) -> None:
        """Staff compared the registration with the official register."""

    @transition(field=state, source=[State.APPLIED, State.VERIFIED], target=State.SUSPENDED)
    def suspend(self) -> None:
        """It may not list, answer or sign until it is verified again."""


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> "MembershipQuerySet":
        """Memberships that have not ended."""
        return self.filter(ended_on__isnull=True, user__is_active=True)

    def visible_to(self, user: Any) -> "MembershipQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.is_staff or user.is_superuser:
            return self
        mine = Membership.objects.live().filter(user=user)
        return self.filter(Q(user=user) | Q(organisation_id__in=mine.values("organisation_id")))


class Membership(Record):
    """One person's role in one organisation."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("administrator")
        OFFICER = "officer", _("officer")
        INVENTOR = "inventor", _("inventor")
        READER = "reader", _("reader")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=Role,
        default=Role.OFFICER,
        help_text=_(
            "Administrators manage members; officers list, answer and decide; inventors draft; readers only read."
        ),
    )
    started_on = models.DateField(pgettext_lazy("first day", "from"), default=timezone.localdate)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_on__isnull=True),
                name="one_live_role_per_person_and_organisation",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
                name="a_membership_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"
