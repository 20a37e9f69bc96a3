"""The removal from the register: announced with its reason, answered, and only then decided."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from .holder import HAS_ONE_HOLDER, Held


class Removal(Held):
    """注销. Who is to be removed is heard first; what they ask for themselves needs no hearing."""

    class Ground(models.TextChoices):
        OWN_REQUEST = "OWN_REQUEST", pgettext_lazy("removal", "own request")
        FALSE_INFORMATION = "FALSE_INFORMATION", pgettext_lazy("removal", "false information")
        COLLUSION = "COLLUSION", pgettext_lazy("removal", "collusion")
        NOT_FILED = "NOT_FILED", pgettext_lazy("removal", "yearly data not filed")
        CONDITIONS = "CONDITIONS", pgettext_lazy("removal", "conditions no longer met")

    class State(models.TextChoices):
        ANNOUNCED = "announced", pgettext_lazy("removal", "announced")
        REPLIED = "replied", pgettext_lazy("removal", "replied to")
        DECIDED = "decided", pgettext_lazy("removal", "removed")
        DROPPED = "dropped", pgettext_lazy("removal", "dropped")

    LIVE = (State.ANNOUNCED, State.REPLIED)

    ground = models.CharField(_("ground"), max_length=20, choices=Ground)
    reason = models.TextField(_("reason"), max_length=2000)
    announced_on = models.DateField(_("announced on"))
    reply_by = models.DateField(_("to be replied to by"))
    reply = models.TextField(_("reply"), max_length=2000, blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    state = FSMField(_("state"), choices=State, default=State.ANNOUNCED, protected=True, db_index=True)
    decision = models.TextField(_("reason of the decision"), max_length=2000, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)

    class Meta:
        verbose_name = _("removal from the register")
        verbose_name_plural = _("removals from the register")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=HAS_ONE_HOLDER, name="a_removal_is_of_one_entry"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_removal_says_why"),
            models.CheckConstraint(
                condition=Q(ground="OWN_REQUEST") | Q(reply_by__gt=F("announced_on")),
                name="a_removal_leaves_days_to_reply",
            ),
            models.CheckConstraint(
                condition=~Q(state="replied") | (Q(replied_on__isnull=False) & ~Q(reply="")),
                name="a_reply_to_a_removal_has_words",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided")
                | Q(ground="OWN_REQUEST")
                | Q(replied_on__isnull=False)
                | Q(decided_on__gt=F("reply_by")),
                name="nobody_is_removed_unheard",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "dropped"]) | (Q(decided_on__isnull=False) & ~Q(decision="")),
                name="an_ended_removal_says_when_and_why",
            ),
            models.UniqueConstraint(
                fields=["manager"],
                condition=Q(state__in=["announced", "replied"]),
                name="one_open_removal_per_manager",
            ),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state__in=["announced", "replied"]), name="one_open_removal_per_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} · {self.get_ground_display()}"

    @transition(field=state, source=State.ANNOUNCED, target=State.REPLIED)
    def answer(self) -> None:
        """Who is to be removed has said their part."""

    @transition(field=state, source=LIVE, target=State.DECIDED)
    def decide(self) -> None:
        """Struck from the register."""

    @transition(field=state, source=LIVE, target=State.DROPPED)
    def drop(self) -> None:
        """It stays in the register."""
