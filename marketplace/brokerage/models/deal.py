"""The deal: two sides brought together by a technology manager."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.listings.models import Projection
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .lead import Lead


class DealQuerySet(models.QuerySet["Deal"]):
    def visible_to(self, user: Any) -> "DealQuerySet":
        """The two organisations, the deal's technology manager, and staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        return self.filter(Q(supplier_id__in=mine) | Q(seeker_id__in=mine) | Q(manager=user))


def _both_want_to_talk(deal: Any) -> bool:
    return bool(deal.have_joined)


class Deal(Record):
    """洽谈项目: a technology manager brings the owner of an achievement and a firm with a demand together."""

    class State(models.TextChoices):
        INTRODUCED = "introduced", _("introduced")
        UNDER_NDA = "under_nda", _("under NDA")
        NEGOTIATING = "negotiating", _("negotiating")
        AGREED = "agreed", _("agreed")
        LOST = "lost", _("lost")

    class Awaited(models.TextChoices):
        SUPPLIER = "supplier", pgettext_lazy("who must act", "the supplier")
        SEEKER = "seeker", pgettext_lazy("who must act", "the seeker")
        BOTH = "both", pgettext_lazy("who must act", "both sides")
        MANAGER = "manager", pgettext_lazy("who must act", "the technology manager")

    LIVE = (State.INTRODUCED, State.UNDER_NDA, State.NEGOTIATING)
    BEFORE_TALKS = (State.INTRODUCED, State.UNDER_NDA)

    achievement = models.ForeignKey(
        Projection,
        verbose_name=_("achievement"),
        on_delete=models.PROTECT,
        related_name="deals_as_achievement",
    )
    demand = models.ForeignKey(
        Projection, verbose_name=_("demand"), on_delete=models.PROTECT, related_name="deals_as_demand"
    )
    supplier = models.ForeignKey(
        Organisation, verbose_name=_("supplier"), on_delete=models.PROTECT, related_name="deals_as_supplier"
    )
    seeker = models.ForeignKey(
        Organisation, verbose_name=_("seeker"), on_delete=models.PROTECT, related_name="deals_as_seeker"
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("technology manager"),
        on_delete=models.PROTECT,
        related_name="deals",
    )
    lead = models.OneToOneField(
        Lead, verbose_name=_("lead"), on_delete=models.PROTECT, null=True, blank=True, related_name="deal"
    )
    state = FSMField(_("state"), choices=State, default=State.INTRODUCED, protected=True, db_index=True)
    supplier_joined_at = models.DateTimeField(_("supplier wants to talk since"), null=True, blank=True)
    seeker_joined_at = models.DateTimeField(_("seeker wants to talk since"), null=True, blank=True)
    supplier_waived_at = models.DateTimeField(_("supplier needs no NDA since"), null=True, blank=True)
    seeker_waived_at = models.DateTimeField(_("seeker needs no NDA since"), null=True, blank=True)
    awaited = models.CharField(_("who must act"), max_length=8, choices=Awaited, blank=True)
    answer_by = models.DateField(_("to be answered by"), null=True, blank=True, db_index=True)
    moved_on = models.DateField(_("last moved on"), default=timezone.localdate)
    have_met_before = models.BooleanField(_("both knew each other before it was lost"), default=False)
    taken_up_on = models.DateField(_("taken up again on"), null=True, blank=True)
    taken_up_by = models.CharField(_("taken up again by"), max_length=8, choices=Awaited, blank=True)
    taken_up_note = models.TextField(_("why it is taken up again"), max_length=2000, blank=True)
    lost_code = models.CharField(_("reason of loss"), max_length=24, blank=True)
    note = models.TextField(_("note of introduction"), max_length=2000, blank=True)

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["achievement", "demand"],
                condition=Q(state__in=["introduced", "under_nda", "negotiating"]),
                name="one_live_deal_per_pair",
            ),
            models.CheckConstraint(condition=~Q(supplier=models.F("seeker")), name="a_deal_has_two_sides"),
            models.CheckConstraint(condition=~Q(state="lost") | ~Q(lost_code=""), name="a_lost_deal_has_a_reason"),
            models.CheckConstraint(
                condition=Q(awaited="", answer_by=None) | (~Q(awaited="") & Q(answer_by__isnull=False)),
                name="who_must_act_in_a_deal_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(awaited="") | Q(state__in=["introduced", "under_nda", "negotiating"]),
                name="a_deal_that_is_over_waits_for_nobody",
            ),
            models.CheckConstraint(
                condition=Q(taken_up_on=None) | (~Q(taken_up_by="") & ~Q(taken_up_note="")),
                name="a_deal_taken_up_again_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.achievement} ↔ {self.demand}"

    @property
    def have_joined(self) -> bool:
        """Both sides want to talk; from then on they know each other."""
        return bool(self.supplier_joined_at and self.seeker_joined_at)

    @transition(field=state, source=State.INTRODUCED, target=State.UNDER_NDA, conditions=[_both_want_to_talk])
    def go_under_nda(self) -> None:
        """Both sides signed a non-disclosure agreement."""

    @transition(field=state, source=BEFORE_TALKS, target=State.NEGOTIATING)
    def begin_talks(self) -> None:
        """Terms are talked about: the contract is being drawn up, or both need no NDA."""

    @transition(field=state, source=State.NEGOTIATING, target=State.AGREED)
    def agree(self) -> None:
        """Both sides accepted the same version of the terms."""

    @transition(field=state, source=State.AGREED, target=State.NEGOTIATING)
    def reopen_talks(self) -> None:
        """What was agreed is talked about again."""

    @transition(field=state, source=LIVE, target=State.LOST)
    def lose(self) -> None:
        """It came to nothing, and the reason is kept."""

    @transition(field=state, source=State.LOST, target=State.INTRODUCED)
    def take_up(self) -> None:
        """The two are brought together again; nothing that ended with the deal comes back."""
