"""The lead: a person's declared interest, with an answer clock."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.listings.models import Projection
from marketplace.parties import access
from marketplace.parties.models import Organisation


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: Any) -> "LeadQuerySet":
        """The two organisations, and staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        return self.filter(Q(sender_id__in=mine) | Q(receiver_id__in=mine))


class Lead(Record):
    """意向: someone is interested in a listing, says why it fits, and asks. The owner answers in time or it lapses."""

    class State(models.TextChoices):
        OPENED = "opened", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        LAPSED = "lapsed", _("lapsed without an answer")
        WITHDRAWN = "withdrawn", _("withdrawn")

    listing = models.ForeignKey(Projection, verbose_name=_("listing"), on_delete=models.PROTECT, related_name="leads")
    own_listing = models.ForeignKey(
        Projection,
        verbose_name=_("own listing that it fits"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leads_from",
    )
    sender = models.ForeignKey(
        Organisation, verbose_name=_("from"), on_delete=models.PROTECT, related_name="leads_sent"
    )
    receiver = models.ForeignKey(
        Organisation, verbose_name=_("to"), on_delete=models.PROTECT, related_name="leads_received"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        related_name="leads_sent",
    )
    pitch = models.TextField(_("pitch"), max_length=2000, help_text=_("Who you are and what you want."))
    why_fit = models.TextField(_("why it fits"), max_length=2000)
    question = models.TextField(_("question to the owner"), max_length=2000, blank=True)
    state = FSMField(_("state"), choices=State, default=State.OPENED, protected=True, db_index=True)
    answer_by = models.DateField(_("answer by"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leads_answered",
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    decline_code = models.CharField(_("reason of decline"), max_length=24, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering: ClassVar[list[str]] = ["answer_by", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["listing", "sender"],
                condition=Q(state="opened"),
                name="one_open_lead_per_listing_and_sender",
            ),
            models.CheckConstraint(condition=~Q(sender=models.F("receiver")), name="a_lead_goes_to_somebody_else"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decline_code=""), name="a_declined_lead_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined"]) | Q(answered_at__isnull=False),
                name="an_answered_lead_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing}"

    @transition(field=state, source=State.OPENED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The owner wants to talk."""

    @transition(field=state, source=State.OPENED, target=State.DECLINED)
    def decline(self) -> None:
        """The owner does not, and says why by a code."""

    @transition(field=state, source=State.OPENED, target=State.LAPSED)
    def lapse(self) -> None:
        """Nobody answered in time; it counts against the owner's response rate."""

    @transition(field=state, source=State.OPENED, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The sender is no longer interested."""
