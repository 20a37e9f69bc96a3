"""Registered qualifications: technology managers and transfer agencies, with a public directory."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from marketplace.core.models import Record

from .organisation import Organisation

LANGUAGES = {"zh": _("Chinese"), "en": _("English"), "de": _("German"), "fr": _("French"), "ja": _("Japanese"),
             "ko": _("Korean"), "ru": _("Russian")}  # fmt: skip


class QualificationQuerySet(models.QuerySet[Any]):
    def valid(self) -> "QualificationQuerySet":
        """Registered, and valid today."""
        return self.filter(state="registered", valid_until__gte=timezone.localdate())

    def visible_to(self, user: Any) -> "QualificationQuerySet":
        """Whoever was ever entered stands in the public register; staff see all, and each holder their own."""
        if user.is_authenticated and (user.is_staff or user.is_superuser):
            return self
        public = ~Q(register_number="")
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | self.model.held_by(user)).distinct()


class Qualification(Record):
    """What both registers share."""

    class State(models.TextChoices):
        APPLIED = "applied", _("applied")
        REGISTERED = "registered", _("registered")
        REMOVED = "removed", _("removed")

    state = FSMField(_("state"), choices=State, default=State.APPLIED, protected=True)
    register_number = models.CharField(_("register number"), max_length=40, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    fields = models.JSONField(_("technical fields"), default=list, blank=True)
    contact = models.CharField(
        _("contact"), max_length=120, blank=True, help_text=_("In the public directory: a telephone or an address.")
    )

    objects = QualificationQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_valid(self) -> bool:
        return bool(
            self.state == self.State.REGISTERED and self.valid_until and self.valid_until >= timezone.localdate()
        )

    @transition(field=state, source=[State.APPLIED, State.REMOVED], target=State.REGISTERED)
    def register(self) -> None:
        """Entered in the register."""

    @transition(field=state, source=State.REGISTERED, target=State.REGISTERED)
    def renew(self) -> None:
        """Stays in the register for another term, or with another level."""

    @transition(field=state, source=[State.APPLIED, State.REGISTERED], target=State.REMOVED)
    def remove(self) -> None:
        """Struck from the register."""


REGISTERED_IS_COMPLETE = ~Q(state="registered") | (Q(valid_until__isnull=False) & ~Q(register_number=""))


class Agency(Qualification):
    """An organisation registered as a technology transfer agency (技术转移机构)."""

    organisation = models.OneToOneField(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="agency"
    )
    services = models.TextField(_("services"), blank=True, max_length=1000)
    services_en = models.TextField(_("services in English"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("transfer agency")
        verbose_name_plural = _("transfer agencies")
        ordering = ["organisation__name_zh"]
        constraints = [
            models.CheckConstraint(condition=REGISTERED_IS_COMPLETE, name="a_registered_agency_has_number_and_term"),
            models.UniqueConstraint(
                fields=["register_number"],
                condition=~Q(register_number=""),
                name="one_agency_per_register_number",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    @staticmethod
    def held_by(user: Any) -> Q:
        return Q(organisation__memberships__user=user, organisation__memberships__ended_on__isnull=True)


class TechnologyManager(Qualification):
    """A person registered as a technology manager (技术经理人)."""

    class Level(models.TextChoices):
        PRIMARY = "PRIMARY", _("primary")
        INTERMEDIATE = "INTERMEDIATE", _("intermediate")
        SENIOR = "SENIOR", _("senior")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        related_name="technology_manager",
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="managers",
    )
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.PRIMARY)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    introduction = models.TextField(_("introduction"), blank=True, max_length=1000)
    introduction_en = models.TextField(_("introduction in English"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("technology manager")
        verbose_name_plural = _("technology managers")
        ordering = ["user__name"]
        constraints = [
            models.CheckConstraint(condition=REGISTERED_IS_COMPLETE, name="a_registered_manager_has_number_and_term"),
            models.UniqueConstraint(
                fields=["register_number"],
                condition=~Q(register_number=""),
                name="one_manager_per_register_number",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @staticmethod
    def held_by(user: Any) -> Q:
        return Q(user=user)
