"""The non-disclosure agreement of a deal: its text, who signed it, which people it binds, how it ended."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.documents.models import HASH, Document
from marketplace.parties import access
from marketplace.parties.models import Membership, Organisation

from ..rules.deals import other
from .deal import Deal

LONGEST_NOTE = 500


class Side(models.TextChoices):
    """The two sides of a deal."""

    SUPPLIER = "supplier", _("supplier")
    SEEKER = "seeker", _("seeker")


class NdaQuerySet(models.QuerySet["Nda"]):
    def visible_to(self, user: Any) -> "NdaQuerySet":
        """Whoever sees the deal."""
        return self.filter(deal__in=Deal.objects.visible_to(user))

    def opening(self, user: Any, side: str) -> "NdaQuerySet":
        """Those under which this person may be shown what is confidential of that side, at this moment.

        In force today between two verified organisations, in a deal that was not lost; to whom the other side names,
        by a membership that has not ended, and to the deal's technology manager.
        """
        if not (user.is_authenticated and user.is_active):
            return self.none()
        today, verified = timezone.localdate(), Organisation.State.VERIFIED
        rows = self.filter(state=Nda.State.IN_FORCE, began_on__lte=today, ends_on__gte=today)
        rows = rows.filter(deal__supplier__state=verified, deal__seeker__state=verified)
        return rows.exclude(deal__state=Deal.State.LOST).filter(named_by_other(user, side) | managed(user))

    def live(self) -> "NdaQuerySet":
        """Drafted or in force: a deal has one at most."""
        return self.filter(state__in=Nda.LIVE)


def named_by_other(user: Any, side: str) -> Q:
    live = Membership.objects.live().filter(user_id=user.pk)
    named = BoundPerson.objects.filter(side=other(side), released_at__isnull=True, membership__in=live)
    return Q(pk__in=named.values("nda_id"))


def managed(user: Any) -> Q:
    """The technology manager of the deal: registered today, and one of neither side's people."""
    if not access.is_technology_manager(user):
        return Q(pk__in=[])
    mine = access.organisation_ids(user)
    return Q(deal__manager_id=user.pk) & ~Q(deal__supplier_id__in=mine) & ~Q(deal__seeker_id__in=mine)


class Nda(Record):
    """保密协议: while it is in force, the people it binds are shown what is confidential of the other side."""

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("agreement", "to be signed")
        IN_FORCE = "in_force", pgettext_lazy("agreement", "in force")
        ENDED = "ended", pgettext_lazy("agreement", "ended")
        WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "withdrawn")

    class End(models.TextChoices):
        EXPIRED = "expired", _("its last day is over")
        TERMINATED = "terminated", _("a side ended it")
        DEAL_LOST = "deal_lost", _("the deal was closed")

    LIVE = (State.DRAFTED, State.IN_FORCE)

    deal = models.ForeignKey(Deal, verbose_name=_("deal"), on_delete=models.PROTECT, related_name="ndas")
    document = models.ForeignKey(Document, verbose_name=_("text"), on_delete=models.PROTECT, related_name="ndas")
    state = FSMField(_("state"), choices=State, default=State.DRAFTED, protected=True, db_index=True)
    ends_on = models.DateField(_("last day"), help_text=_("After it nothing more is shown."))
    secrecy_years = models.PositiveSmallIntegerField(
        _("years of secrecy"), help_text=_("How long what was shown stays secret after the agreement has ended.")
    )
    began_on = models.DateField(_("in force since"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_code = models.CharField(_("how it ended"), max_length=12, choices=End, blank=True)
    end_note = models.TextField(_("why it ended"), max_length=LONGEST_NOTE, blank=True)

    objects = NdaQuerySet.as_manager()

    class Meta:
        verbose_name = _("non-disclosure agreement")
        verbose_name_plural = _("non-disclosure agreements")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["deal"], condition=Q(state__in=["drafted", "in_force"]), name="one_live_nda_per_deal"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(began_on__isnull=False), name="an_nda_in_force_has_begun"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | (Q(ended_on__isnull=False) & ~Q(end_code="")),
                name="an_ended_nda_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")), name="an_nda_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return str(self.deal)

    @transition(field=state, source=State.DRAFTED, target=State.IN_FORCE)
    def begin(self) -> None:
        """Both sides signed the same text."""

    @transition(field=state, source=State.DRAFTED, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """It was given up before both had signed."""

    @transition(field=state, source=State.IN_FORCE, target=State.ENDED)
    def end(self) -> None:
        """Nothing more is shown."""


class NdaSignature(Record):
    """One side's recorded confirmation of exactly this text: by whom, when, of which hash. Added, never edited."""

    nda = models.ForeignKey(Nda, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(_("side"), max_length=8, choices=Side)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("signed by"), on_delete=models.PROTECT, related_name="nda_signatures"
    )
    sha256 = models.CharField(_("hash of the text"), max_length=64)
    signed_at = models.DateTimeField(_("signed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("signature of an agreement")
        verbose_name_plural = _("signatures of agreements")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["nda", "side"], name="one_signature_per_side_of_an_nda"),
            models.UniqueConstraint(fields=["nda", "signer"], name="nobody_signs_an_nda_for_both_sides"),
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="an_nda_signature_is_of_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} · {self.signer}"


class BoundPerson(Record):
    """Somebody whom a side names to read: by the membership of today, so that a later return opens nothing again."""

    nda = models.ForeignKey(Nda, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="bound")
    side = models.CharField(_("side"), max_length=8, choices=Side)
    membership = models.ForeignKey(
        Membership, verbose_name=_("person"), on_delete=models.PROTECT, related_name="bound_by_ndas"
    )
    released_at = models.DateTimeField(_("may read no more since"), null=True, blank=True)

    class Meta:
        verbose_name = _("person bound by an agreement")
        verbose_name_plural = _("people bound by agreements")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["nda", "membership"], condition=Q(released_at__isnull=True), name="a_person_is_bound_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.membership.user)
