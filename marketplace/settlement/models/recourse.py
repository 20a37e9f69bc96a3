"""Recourse (追偿): what the licensee owes the guarantor who paid for it, and what of it was recovered."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .claim import Claim, Loss, parties_to
from .payment import Payment


class RecourseQuerySet(models.QuerySet["Recourse"]):
    def visible_to(self, user: Any) -> "RecourseQuerySet":
        """Both sides of the contract and its manager, the guarantor who paid, and staff."""
        if not user.is_authenticated:
            return self.none()
        return self if access.is_platform_staff(user) else self.filter(parties_to(user, "creditor_id"))


class Recourse(Record):
    """The guarantor stands where the licensor stood, for what it has paid (Civil Code 700)."""

    class State(models.TextChoices):
        OWED = "owed", _("owed")
        PART_PAID = "part_paid", _("partly paid")
        PAID = "paid", pgettext_lazy("payment", "paid")
        FORGONE = "forgone", _("given up")
        CANCELLED = "cancelled", pgettext_lazy("payment", "no longer owed")

    OPEN = (State.OWED, State.PART_PAID)
    DONE = (State.PAID, State.FORGONE)

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim on a guarantee"), on_delete=models.PROTECT, related_name="recourses"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="recourses"
    )
    creditor = models.ForeignKey(
        Organisation, verbose_name=_("guarantor"), on_delete=models.PROTECT, related_name="recourses"
    )
    since = models.DateField(_("owed since"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(_("recovered"), max_digits=14, decimal_places=2, default=0)
    reply = models.TextField(_("reply of the licensee"), max_length=2000, blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    forgone_reason = models.TextField(_("why the rest was given up"), max_length=1000, blank=True)
    state = FSMField(_("state"), choices=State, default=State.OWED, protected=True, db_index=True)

    objects = RecourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("recourse")
        verbose_name_plural = _("recourses")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["claim"], condition=~Q(state="cancelled"), name="one_recourse_per_compensation"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_recourse_is_for_something"),
            models.CheckConstraint(
                condition=Q(paid__gte=0) & Q(paid__lte=F("amount")), name="no_more_is_recovered_than_was_compensated"
            ),
            models.CheckConstraint(
                condition=~Q(state="forgone") | ~Q(forgone_reason=""), name="a_recourse_given_up_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creditor} · {self.contract}"

    @property
    def left(self) -> Decimal:
        """What is still owed to the guarantor."""
        return self.amount - self.paid

    @transition(field=state, source=[*OPEN, State.PAID], target=State.OWED)
    def wait(self) -> None:
        """Nothing is recovered."""

    @transition(field=state, source=[*OPEN, State.PAID], target=State.PART_PAID)
    def part_pay(self) -> None:
        """Some of it is recovered."""

    @transition(field=state, source=OPEN, target=State.PAID)
    def settle(self) -> None:
        """All of it is recovered."""

    @transition(field=state, source=OPEN, target=State.FORGONE)
    def forgo(self) -> None:
        """The guarantor gives the rest up by a decision."""

    @transition(field=state, source=State.OWED, target=State.CANCELLED)
    def cancel(self) -> None:
        """The compensation was taken back."""


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def visible_to(self, user: Any) -> "RecoveryQuerySet":
        return self.filter(recourse__in=Recourse.objects.visible_to(user))

    def standing(self) -> "RecoveryQuerySet":
        """Those that were not reversed."""
        return self.filter(state="booked")


class Recovery(Record):
    """One transfer of the licensee to the guarantor, shared after costs by what each of the two had borne.

    The licensor's part is passed on to it, and pays the licensee's debts from the day on which the licensee paid.
    """

    class State(models.TextChoices):
        BOOKED = "booked", _("booked")
        REVERSED = "reversed", _("reversed")

    recourse = models.ForeignKey(
        Recourse, verbose_name=_("recourse"), on_delete=models.PROTECT, related_name="recoveries"
    )
    on = models.DateField(_("arrived on"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    costs = models.DecimalField(_("costs of the recovery"), max_digits=14, decimal_places=2, default=0)
    reference = models.CharField(_("reference of the transfer"), max_length=150)
    guarantor_part = models.DecimalField(_("part of the guarantor"), max_digits=14, decimal_places=2)
    licensor_part = models.DecimalField(_("part of the licensor"), max_digits=14, decimal_places=2)
    guarantor_bore = models.DecimalField(_("borne by the guarantor"), max_digits=14, decimal_places=2)
    licensor_bore = models.DecimalField(_("borne by the licensor"), max_digits=14, decimal_places=2)
    passed_on = models.DateField(_("received by the licensor on"), null=True, blank=True)
    passing_reference = models.CharField(_("reference of the licensor's part"), max_length=150, blank=True)
    state = FSMField(_("state"), choices=State, default=State.BOOKED, protected=True, db_index=True)
    reversal_reason = models.CharField(_("why it was reversed"), max_length=300, blank=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering: ClassVar[list[str]] = ["-on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["recourse", "reference"], condition=Q(state="booked"), name="one_recovery_per_transfer"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, costs__gte=0, guarantor_part__gte=0, licensor_part__gte=0),
                name="a_recovery_is_more_than_nothing",
            ),
            models.CheckConstraint(
                condition=Q(amount=models.functions.Round(F("costs") + F("guarantor_part") + F("licensor_part"), 2)),
                name="a_recovery_is_its_costs_and_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(passed_on__isnull=True) | (Q(licensor_part__gt=0) & ~Q(passing_reference="")),
                name="a_part_that_arrived_names_its_transfer",
            ),
            models.CheckConstraint(
                condition=~Q(state="reversed") | (~Q(reversal_reason="") & Q(passed_on__isnull=True)),
                name="a_reversed_recovery_says_why_and_is_not_passed_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"

    @property
    def contract(self) -> Contract:
        return self.recourse.contract

    @property
    def waits_for_passing(self) -> bool:
        """Whether the licensor has not received its part yet."""
        return self.state == self.State.BOOKED and self.licensor_part > 0 and self.passed_on is None

    @transition(field=state, source=State.BOOKED, target=State.REVERSED)
    def reverse(self) -> None:
        """It never arrived, or went back."""


class RecoveryPart(models.Model):
    """How much of the licensor's part is for which loss, and the payment that it became."""

    recovery = models.ForeignKey(Recovery, verbose_name=_("recovery"), on_delete=models.PROTECT, related_name="parts")
    loss = models.ForeignKey(Loss, verbose_name=_("loss"), on_delete=models.PROTECT, related_name="recovered_parts")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    payment = models.OneToOneField(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="recovery_part",
    )  # fmt: skip

    class Meta:
        verbose_name = _("part of a recovery")
        verbose_name_plural = _("parts of recoveries")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["recovery", "loss"], name="one_part_per_recovery_and_loss"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_part_of_a_recovery_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.recovery} → {self.loss}"
