"""Who holds which part of a stake: allotted by a signed plan, earned over time, given back by who leaves."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.notices.models import Notice
from marketplace.parties import access
from marketplace.parties.models import Organisation

from ..rules import holding
from .payee import OfMoneyPeopleQuerySet, Payee, RewardRule, decided_for
from .plan import PlanLine, SharingPlan
from .stake import Stake


class Allotment(Record):
    """股权分配: a stake divided among the people of its signed plan and the owner; computed once and never edited."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("allotment", "proposed")
        NOTICED = "noticed", pgettext_lazy("allotment", "shown without objection")
        APPROVED = "approved", pgettext_lazy("allotment", "approved")
        WITHDRAWN = "withdrawn", pgettext_lazy("allotment", "withdrawn")

    OPEN = (State.PROPOSED, State.NOTICED)
    LIVE = (*OPEN, State.APPROVED)

    book = models.ForeignKey(
        Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="allotments"
    )
    stake = models.ForeignKey(Stake, verbose_name=_("stake"), on_delete=models.PROTECT, related_name="allotments")
    plan = models.ForeignKey(
        SharingPlan, verbose_name=_("sharing plan"), on_delete=models.PROTECT, related_name="allotments"
    )
    rule = models.ForeignKey(
        RewardRule,
        verbose_name=_("rule of rewarding"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allotments",
        help_text=_("Empty where the law's own rate holds."),
    )
    rate = models.DecimalField(_("reward"), max_digits=9, decimal_places=6)
    floor = models.CharField(_("legal minimum it was held against"), max_length=100, blank=True)
    units = models.PositiveBigIntegerField(_("units in all"))
    pool = models.PositiveBigIntegerField(_("units for people"))
    law_references = models.JSONField(_("decided under"), default=list, blank=True)
    fingerprint = models.CharField(_("fingerprint of what is shown"), max_length=64)
    notice = models.ForeignKey(
        Notice, verbose_name=_("notice of leaders' shares"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="allotments",
    )  # fmt: skip
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    end_reason = models.CharField(_("why it does not count"), max_length=300, blank=True)
    state = FSMField(_("state"), choices=State, default=State.PROPOSED, protected=True, db_index=True)

    objects = OfMoneyPeopleQuerySet.as_manager()

    class Meta:
        verbose_name = _("allotment")
        verbose_name_plural = _("allotments")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["stake"],
                condition=Q(state__in=["proposed", "noticed", "approved"]),
                name="one_allotment_that_counts_per_stake",
            ),
            models.CheckConstraint(
                condition=Q(units__gt=0, pool__lte=F("units")), name="people_hold_no_more_than_the_stake"
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0, rate__lte=1), name="a_reward_in_shares_is_a_part_of_the_stake"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(approved_by__isnull=False, approved_on__isnull=False) & ~Q(approved_by=F("proposed_by"))),
                name="an_allotment_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(end_reason=""), name="a_withdrawn_allotment_says_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.stake)

    @property
    def contract(self) -> Any:
        return self.stake.contract

    @property
    def retained(self) -> int:
        """Units that stay with the owner."""
        return self.units - self.pool

    @transition(field=state, source=State.PROPOSED, target=State.NOTICED)
    def show(self) -> None:
        """The notice of what leaders get is over, and nobody's objection stands."""

    @transition(field=state, source=OPEN, target=State.APPROVED)
    def approve(self) -> None:
        """A second person has looked at it."""

    @transition(field=state, source=OPEN, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Taken back before it was approved."""


class HoldingQuerySet(models.QuerySet["Holding"]):
    def visible_to(self, user: Any) -> "HoldingQuerySet":
        """One's own; all of them for who decides about the money of the book, and for staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(Q(payee__user_id=user.pk) | Q(allotment__book_id__in=decided_for(user)))

    def live(self) -> "HoldingQuerySet":
        return self.filter(allotment__state__in=Allotment.LIVE)


class Holding(Record):
    """持股: the units of one holder, all at once or earned over months. The owner holds what no person does."""

    allotment = models.ForeignKey(
        Allotment, verbose_name=_("allotment"), on_delete=models.PROTECT, related_name="holdings"
    )
    line = models.ForeignKey(PlanLine, on_delete=models.PROTECT, null=True, blank=True, related_name="holdings")
    payee = models.ForeignKey(
        Payee, verbose_name=_("payee"), on_delete=models.PROTECT, null=True, blank=True, related_name="holdings"
    )
    role = models.CharField(_("as"), max_length=16, choices=PlanLine.Role)
    name = models.CharField(_("holder"), max_length=200)
    office = models.CharField(_("office"), max_length=8, choices=Payee.Office, default=Payee.Office.NONE)
    units = models.PositiveBigIntegerField(_("units"))
    vest_from = models.DateField(_("earned from"), null=True, blank=True)
    vest_cliff = models.PositiveSmallIntegerField(_("nothing before so many months"), null=True, blank=True)
    vest_months = models.PositiveSmallIntegerField(_("all after so many months"), null=True, blank=True)
    vest_paper = models.ForeignKey(
        Document, verbose_name=_("agreement on earning it"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")
        ordering: ClassVar[list[str]] = ["allotment", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["allotment", "line"], condition=Q(line__isnull=False), name="one_holding_per_line_of_the_plan"
            ),
            models.UniqueConstraint(
                fields=["allotment"], condition=Q(line__isnull=True), name="one_holding_of_the_owner"
            ),
            models.CheckConstraint(
                condition=Q(role="OWNER", line__isnull=True, payee__isnull=True)
                | Q(role__in=["INVENTOR", "STAFF"], line__isnull=False, payee__isnull=False),
                name="people_hold_by_their_line_and_the_owner_the_rest",
            ),
            models.CheckConstraint(
                condition=Q(
                    vest_from__isnull=True, vest_cliff__isnull=True, vest_months__isnull=True, vest_paper__isnull=True
                )
                | Q(
                    payee__isnull=False,
                    vest_from__isnull=False,
                    vest_cliff__isnull=False,
                    vest_cliff__lte=F("vest_months"),
                    vest_months__gte=1,
                    vest_paper__isnull=False,
                ),
                name="what_is_earned_over_time_has_its_days_and_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.stake.company}"

    @property
    def book_id(self) -> int:
        return self.allotment.book_id

    @property
    def stake(self) -> Stake:
        return self.allotment.stake

    @property
    def contract(self) -> Any:
        return self.stake.contract

    @property
    def schedule(self) -> holding.Schedule | None:
        if self.vest_from is None:
            return None
        return holding.Schedule(self.vest_from, self.vest_cliff or 0, self.vest_months or 0)

    def part(self, units: int | None = None) -> Decimal:
        """Of the company, as a ratio."""
        return self.stake.part_of(self.units if units is None else units)


class DepartureQuerySet(models.QuerySet["Departure"]):
    def visible_to(self, user: Any) -> "DepartureQuerySet":
        return self.filter(holding__in=Holding.objects.visible_to(user))


class Departure(Record):
    """离开: a holder left; what was not earned by then went back to the owner. Added, never edited."""

    holding = models.OneToOneField(
        Holding, verbose_name=_("holding"), on_delete=models.PROTECT, related_name="departure"
    )
    on = models.DateField(_("left on"))
    returned = models.PositiveBigIntegerField(_("units back to the owner"))
    reason = models.CharField(_("reason"), max_length=300)
    paper = models.ForeignKey(Document, verbose_name=_("paper"), on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("departure of a holder")
        verbose_name_plural = _("departures of holders")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_departure_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.holding} · {self.on}"

    @property
    def book_id(self) -> int:
        return self.holding.book_id
