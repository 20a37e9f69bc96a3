"""The mandate: who may act for whom, on what, where, until when and for which commission (DOMAIN 7.3)."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
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

from ..rules.mandates import MOST_TAIL_MONTHS


def whole_country() -> list[str]:
    return ["CN"]


def one_rate() -> list[dict[str, str]]:
    return [{"from": "0", "rate": "0.05"}]


class MandateQuerySet(models.QuerySet["Mandate"]):
    def visible_to(self, user: Any) -> "MandateQuerySet":
        """The principal, the agency, the technology manager, and staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        return self.filter(Q(principal_id__in=mine) | Q(agency__organisation_id__in=mine) | Q(manager=user))

    def standing(self, day: date) -> "MandateQuerySet":
        """Under which a broker may act on a day."""
        return self.filter(state__in=Mandate.IN_FORCE, starts_on__lte=day, ends_on__gte=day)

    def held_by(self, manager: Any) -> "MandateQuerySet":
        """Given to the technology manager, or to the agency that the manager works for."""
        return self.filter(Q(manager=manager) | Q(agency__managers__user=manager)).distinct()


class Mandate(Record):
    """委托. A principal asks an agency, a technology manager or both to find the other side of a contract."""

    class Side(models.TextChoices):
        SUPPLY = "SUPPLY", _("to find takers for its achievements")
        DEMAND = "DEMAND", _("to find technology for its demands")

    class Base(models.TextChoices):
        RECEIVED = "RECEIVED", _("all money received")
        FIXED = "FIXED", _("fixed sums received, no royalties")
        ROYALTY = "ROYALTY", _("royalties received alone")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("mandate", "draft")
        SIGNED = "signed", pgettext_lazy("mandate", "signed")
        ACTIVE = "active", pgettext_lazy("mandate", "in force")
        ENDED = "ended", pgettext_lazy("mandate", "ended")
        EXPIRED = "expired", pgettext_lazy("mandate", "expired")
        TERMINATED = "terminated", pgettext_lazy("mandate", "terminated")
        WITHDRAWN = "withdrawn", pgettext_lazy("mandate", "withdrawn")

    IN_FORCE = (State.SIGNED, State.ACTIVE)
    OVER = (State.ENDED, State.EXPIRED, State.TERMINATED)
    PRINCIPAL, BROKER = "principal", "broker"

    principal = models.ForeignKey(
        Organisation,
        verbose_name=pgettext_lazy("mandate", "principal"),
        on_delete=models.PROTECT,
        related_name="mandates",
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("technology manager"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
    )
    side = models.CharField(_("task"), max_length=8, choices=Side)
    listings = models.ManyToManyField(
        Projection,
        verbose_name=_("listings"),
        blank=True,
        related_name="mandates",
        help_text=_("None means every listing of the technical fields below."),
    )
    fields = models.JSONField(
        _("technical fields"), default=list, blank=True, help_text=_("By code; * is every field.")
    )
    is_exclusive = models.BooleanField(
        _("exclusive"), default=False, help_text=_("No other broker is mandated for the same in the same time.")
    )
    territory = models.JSONField(
        pgettext_lazy("mandate", "territory"),
        default=whole_country,
        help_text=_("Where the other side has its seat: regions by code."),
    )
    starts_on = models.DateField(pgettext_lazy("first day", "from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"))
    tail_months = models.PositiveSmallIntegerField(
        _("tail, months"),
        default=12,
        validators=[MaxValueValidator(MOST_TAIL_MONTHS)],
        help_text=_("A contract with somebody introduced before the end earns the commission this much longer."),
    )
    base = models.CharField(_("commission on"), max_length=8, choices=Base, default=Base.RECEIVED)
    tiers = models.JSONField(_("rates"), default=one_rate)
    floor = models.DecimalField(
        pgettext_lazy("commission", "at least"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Of the whole deal, and never more than was received."),
    )
    cap = models.DecimalField(
        pgettext_lazy("commission", "at most"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Of the whole deal."),
    )
    agency_share = models.DecimalField(
        _("share of the agency"),
        max_digits=7,
        decimal_places=6,
        default=0,
        help_text=_("Of the commission; the rest is the technology manager's."),
    )
    note = models.TextField(_("duties and what else was agreed"), max_length=2000, blank=True)
    state = FSMField(_("state"), choices=State, default=State.DRAFT, protected=True, db_index=True)
    principal_signed_at = models.DateTimeField(_("signed by the principal at"), null=True, blank=True)
    principal_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    broker_signed_at = models.DateTimeField(_("signed by the broker at"), null=True, blank=True)
    broker_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    end_asked_by = models.CharField(_("who asked to end it"), max_length=9, blank=True)
    ended_on = models.DateField(pgettext_lazy("mandate", "ended on"), null=True, blank=True)
    end_note = models.TextField(_("why it ended"), max_length=2000, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(manager__isnull=False),
                name="a_mandate_names_an_agency_or_a_manager",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_mandate_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(cap__isnull=True) | Q(floor__lte=F("cap")),
                name="a_commission_floor_is_below_its_cap",
            ),
            models.CheckConstraint(
                condition=Q(agency_share__gte=0) & Q(agency_share__lte=1),
                name="a_share_of_a_commission_is_a_part_of_it",
            ),
            models.CheckConstraint(
                condition=(Q(agency__isnull=False) | Q(agency_share=0))
                & (Q(manager__isnull=False) | Q(agency_share=1)),
                name="a_share_of_a_commission_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (Q(principal_signed_at__isnull=False) & Q(broker_signed_at__isnull=False)),
                name="a_mandate_in_force_is_signed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ended", "expired", "terminated"]) | Q(ended_on__isnull=False),
                name="a_mandate_that_is_over_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="terminated") | ~Q(end_note=""), name="a_terminated_mandate_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} → {self.broker}"

    @property
    def broker(self) -> Any:
        """Who acts: the agency where one is named, else the technology manager."""
        return self.agency or self.manager

    @property
    def manager_share(self) -> Decimal:
        """The other part: the two always make the whole."""
        return 1 - self.agency_share

    @property
    def last_day(self) -> date:
        """The last day on which an introduction counts."""
        return min(self.ended_on, self.ends_on) if self.ended_on else self.ends_on

    @property
    def is_in_force(self) -> bool:
        return self.state in self.IN_FORCE

    @transition(field=state, source=State.DRAFT, target=State.SIGNED)
    def sign(self) -> None:
        """Both have signed."""

    @transition(field=state, source=State.SIGNED, target=State.ACTIVE)
    def begin(self) -> None:
        """Its first day has come."""

    @transition(field=state, source=IN_FORCE, target=State.ENDED)
    def end(self) -> None:
        """Both say that it is over."""

    @transition(field=state, source=IN_FORCE, target=State.EXPIRED)
    def expire(self) -> None:
        """Its last day has passed."""

    @transition(field=state, source=IN_FORCE, target=State.TERMINATED)
    def terminate(self) -> None:
        """One side gives it up, which it may at any time (Civil Code 933); what was introduced stays introduced."""

    @transition(field=state, source=State.DRAFT, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """It comes to nothing."""


class MandateScope(models.Model):
    """One box of what a signed mandate takes: a principal's side × regions × fields × listings × days, in a slot.

    An exclusive mandate takes every slot, another only its own. On PostgreSQL an exclusion constraint (migration)
    refuses a second mandate whose box overlaps; elsewhere the lock on the principal does. Ranges are half open, but
    both days belong to the time.
    """

    mandate = models.ForeignKey(Mandate, verbose_name=_("mandate"), on_delete=models.PROTECT, related_name="scopes")
    subject = models.CharField(_("subject"), max_length=40)
    region_from = models.IntegerField()
    region_to = models.IntegerField()
    field_from = models.IntegerField()
    field_to = models.IntegerField()
    listing_from = models.BigIntegerField()
    listing_to = models.BigIntegerField()
    slot_from = models.BigIntegerField()
    slot_to = models.BigIntegerField()
    starts_on = models.DateField(_("from day"))
    ends_on = models.DateField(_("to day"))
    is_live = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("mandated scope")
        verbose_name_plural = _("mandated scopes")
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["subject"], name="mandate_scope_by_subject")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(region_to__gt=F("region_from"))
                & Q(field_to__gt=F("field_from"))
                & Q(listing_to__gt=F("listing_from"))
                & Q(slot_to__gt=F("slot_from"))
                & Q(ends_on__gte=F("starts_on")),
                name="a_mandated_scope_is_not_empty",
            )
        ]

    def __str__(self) -> str:
        return self.subject
