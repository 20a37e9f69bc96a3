"""The share of each of one receipt, from approval to payment, and what must be given back of it."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .distribution import Distribution
from .payee import OfMoneyPeopleQuerySet, Payee, decided_for
from .plan import PlanLine


class ShareQuerySet(models.QuerySet["Share"]):
    def visible_to(self, user: Any) -> "ShareQuerySet":
        """One's own; all of them for who decides about the money of the book, and for staff."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(Q(payee__user_id=user.pk) | Q(distribution__book_id__in=decided_for(user)))


class Share(Record):
    """份额: what one person or unit gets of one receipt."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("share", "waiting")
        SENT = "sent", pgettext_lazy("share", "with the bank")
        PAID = "paid", pgettext_lazy("share", "paid")
        KEPT = "kept", pgettext_lazy("share", "nothing to pay out")
        VOID = "void", pgettext_lazy("share", "void")

    distribution = models.ForeignKey(
        Distribution, verbose_name=_("distribution"), on_delete=models.PROTECT, related_name="shares"
    )
    line = models.ForeignKey(PlanLine, on_delete=models.PROTECT, related_name="shares")
    payee = models.ForeignKey(
        Payee, verbose_name=_("payee"), on_delete=models.PROTECT, null=True, blank=True, related_name="shares"
    )
    role = models.CharField(_("as"), max_length=16, choices=PlanLine.Role)
    name = models.CharField(_("name"), max_length=100)
    office = models.CharField(_("office"), max_length=8, choices=Payee.Office, default=Payee.Office.NONE)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    reference = models.CharField(_("bank's reference"), max_length=100, blank=True)
    state = FSMField(_("state"), choices=State, default=State.WAITING, protected=True, db_index=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("reward", "share")
        verbose_name_plural = pgettext_lazy("reward", "shares")
        ordering: ClassVar[list[str]] = ["distribution", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["distribution", "line"], name="one_share_per_line_of_the_plan"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_share_is_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="paid") | (Q(paid_on__isnull=False) & ~Q(reference="")),
                name="a_paid_share_has_its_day_and_reference",
            ),
            models.CheckConstraint(
                condition=Q(payee__isnull=False) | Q(state__in=["kept", "void"]), name="a_unit_is_paid_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.distribution}"

    @property
    def share(self) -> Fraction:
        return self.line.share

    @property
    def book_id(self) -> int:
        return self.distribution.book_id

    @transition(field=state, source=State.WAITING, target=State.SENT)
    def send(self) -> None:
        """It stands in a batch for the bank."""

    @transition(field=state, source=State.SENT, target=State.WAITING)
    def take_back(self) -> None:
        """The batch was withdrawn."""

    @transition(field=state, source=State.SENT, target=State.PAID)
    def pay(self) -> None:
        """The bank has paid it."""

    @transition(field=state, source=State.PAID, target=State.WAITING)
    def return_from_bank(self) -> None:
        """The bank gave the money back."""

    @transition(field=state, source=(State.WAITING, State.KEPT), target=State.VOID)
    def void(self) -> None:
        """Its distribution does not count any more, and nothing was paid."""


class ClawBack(Record):
    """追回: what a person was paid of a distribution that does not count any more, until it is given back."""

    class State(models.TextChoices):
        OWED = "owed", _("to be given back")
        SETTLED = "settled", _("given back")

    book = models.ForeignKey(
        Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="claw_backs"
    )
    share = models.OneToOneField(
        Share, verbose_name=pgettext_lazy("reward", "share"), on_delete=models.PROTECT, related_name="claw_back"
    )
    payee = models.ForeignKey(Payee, verbose_name=_("payee"), on_delete=models.PROTECT, related_name="claw_backs")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    settled = models.DecimalField(_("given back so far"), max_digits=16, decimal_places=2, default=0)
    state = FSMField(_("state"), choices=State, default=State.OWED, protected=True, db_index=True)

    objects = OfMoneyPeopleQuerySet.as_manager()

    class Meta:
        verbose_name = _("claw-back")
        verbose_name_plural = _("claw-backs")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, settled__gte=0, settled__lte=F("amount")),
                name="no_more_is_given_back_than_was_paid",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled=F("amount")), name="a_settled_claw_back_is_given_back"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payee} {self.amount}"

    @property
    def left(self) -> Decimal:
        return self.amount - self.settled

    @transition(field=state, source=State.OWED, target=State.SETTLED)
    def settle(self) -> None:
        """All of it came back."""

    @transition(field=state, source=State.SETTLED, target=State.OWED)
    def reopen(self) -> None:
        """What had paid it back was itself taken back."""
