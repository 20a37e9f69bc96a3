"""The introduction: who was brought together with whom, on what, by whom, when and under which mandates."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.listings.models import Projection
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .mandate import Mandate


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def visible_to(self, user: Any) -> "IntroductionQuerySet":
        """Both sides, who brought them together, the agencies of the mandates, and staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        by_agency = Q(supply_mandate__agency__organisation_id__in=mine) | Q(
            demand_mandate__agency__organisation_id__in=mine
        )
        return self.filter(Q(supplier_id__in=mine) | Q(seeker_id__in=mine) | Q(manager=user) | by_agency)

    def between(self, supplier: Any, seeker: Any) -> "IntroductionQuerySet":
        """Of these two, the first one first."""
        return self.filter(supplier=supplier, seeker=seeker).order_by("on", "id")


class Introduction(Record):
    """引荐记录. Both sides confirm it, or it stands by the record when nobody disputes it in time."""

    class How(models.TextChoices):
        PLATFORM = "PLATFORM", _("on this platform")
        MEETING = "MEETING", _("at a meeting")
        CALL = "CALL", _("by telephone")
        WRITING = "WRITING", _("in writing")
        EVENT = "EVENT", _("at an event")

    class State(models.TextChoices):
        LOGGED = "logged", pgettext_lazy("introduction", "logged")
        CONFIRMED = "confirmed", pgettext_lazy("introduction", "confirmed by both")
        STANDING = "standing", pgettext_lazy("introduction", "stands by the record")
        DISPUTED = "disputed", pgettext_lazy("introduction", "disputed")

    SIDES: ClassVar[dict[str, str]] = {"supplier": "achievement", "seeker": "demand"}

    supplier = models.ForeignKey(
        Organisation,
        verbose_name=_("supplier"),
        on_delete=models.PROTECT,
        related_name="introductions_as_supplier",
    )
    seeker = models.ForeignKey(
        Organisation, verbose_name=_("seeker"), on_delete=models.PROTECT, related_name="introductions_as_seeker"
    )
    achievement = models.ForeignKey(
        Projection,
        verbose_name=_("achievement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="introductions_of_achievement",
    )
    demand = models.ForeignKey(
        Projection,
        verbose_name=_("demand"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="introductions_of_demand",
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("technology manager"),
        on_delete=models.PROTECT,
        related_name="introductions",
    )
    supply_mandate = models.ForeignKey(
        Mandate,
        verbose_name=_("mandate of the supplier"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="introductions_of_supply",
    )
    demand_mandate = models.ForeignKey(
        Mandate,
        verbose_name=_("mandate of the seeker"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="introductions_of_demand",
    )
    on = models.DateField(_("day"))
    how = models.CharField(_("how"), max_length=8, choices=How, default=How.PLATFORM)
    note = models.TextField(_("what was said"), max_length=2000, blank=True)
    confirm_by = models.DateField(_("to be disputed by"), db_index=True)
    supplier_confirmed_at = models.DateTimeField(_("confirmed by the supplier at"), null=True, blank=True)
    seeker_confirmed_at = models.DateTimeField(_("confirmed by the seeker at"), null=True, blank=True)
    disputed_by = models.CharField(_("disputed by"), max_length=8, blank=True)
    dispute_note = models.TextField(_("why it is disputed"), max_length=2000, blank=True)
    state = FSMField(_("state"), choices=State, default=State.LOGGED, protected=True, db_index=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("broker", "introduction")
        verbose_name_plural = _("introductions")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(supplier=F("seeker")), name="an_introduction_has_two_sides"),
            models.CheckConstraint(
                condition=Q(achievement__isnull=False) | Q(demand__isnull=False),
                name="an_introduction_is_on_a_listing",
            ),
            models.UniqueConstraint(
                fields=["manager", "supplier", "seeker", "achievement", "demand"],
                name="one_introduction_per_broker_and_pair",
            ),
            models.UniqueConstraint(
                fields=["manager", "supplier", "seeker", "achievement"],
                condition=Q(demand__isnull=True),
                name="one_introduction_per_broker_and_achievement",
            ),
            models.UniqueConstraint(
                fields=["manager", "supplier", "seeker", "demand"],
                condition=Q(achievement__isnull=True),
                name="one_introduction_per_broker_and_demand",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (Q(supplier_confirmed_at__isnull=False) & Q(seeker_confirmed_at__isnull=False)),
                name="a_confirmed_introduction_is_confirmed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(state="disputed") | (~Q(disputed_by="") & ~Q(dispute_note="")),
                name="a_disputed_introduction_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} · {self.subject}"

    @property
    def subject(self) -> str:
        """The listing that it was about."""
        return " ↔ ".join(str(row) for row in (self.demand, self.achievement) if row is not None)

    def mandate_of(self, side: str) -> Mandate | None:
        return self.supply_mandate if side == Mandate.Side.SUPPLY else self.demand_mandate

    @property
    def is_open(self) -> bool:
        return self.state == self.State.LOGGED

    @transition(field=state, source=(State.LOGGED, State.DISPUTED, State.STANDING), target=State.CONFIRMED)
    def confirm(self) -> None:
        """Both sides say that it was so."""

    @transition(field=state, source=State.LOGGED, target=State.STANDING)
    def stand(self) -> None:
        """Nobody disputed it in time."""

    @transition(field=state, source=State.LOGGED, target=State.DISPUTED)
    def dispute(self) -> None:
        """A side says that it was not so, and why."""

    @transition(field=state, source=State.DISPUTED, target=State.LOGGED)
    def concede(self) -> None:
        """The side takes its dispute back."""
