"""What is owed: one row a duty to pay, made once per cause from the statement of its contract."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract
from marketplace.contracts.reading import parsed
from marketplace.contracts.rules.statement import Obligation as Line
from marketplace.contracts.wording import line_name
from marketplace.core.models import Record


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, user: Any) -> "ObligationQuerySet":
        """Whoever reads the contract."""
        return self.filter(contract__in=Contract.objects.visible_to(user))

    def unpaid(self) -> "ObligationQuerySet":
        return self.filter(state__in=Obligation.OPEN)


class Obligation(Record):
    """应付款. `key` is the engine's name of the line; amounts follow the statement, and the ledger follows the amounts.

    A negative amount is an adjustment in the licensee's favour, carried forward against later lines. What is reported
    late, or found short, was due before it arose.
    """

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("payment", "due")
        PART_PAID = "part_paid", _("partly paid")
        OVERDUE = "overdue", pgettext_lazy("payment", "overdue")
        PAID = "paid", pgettext_lazy("payment", "paid")
        WRITTEN_OFF = "written_off", _("written off")
        CANCELLED = "cancelled", pgettext_lazy("payment", "no longer owed")

    OPEN = (State.DUE, State.PART_PAID, State.OVERDUE)
    FOLLOWING = (*OPEN, State.PAID, State.CANCELLED)
    """States that follow the statement; the owner's decision to write off is not taken back by it."""
    SHARES = "EQUITY"
    """The kind that is owed as shares: it stands in no account of money."""

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="obligations"
    )
    key = models.CharField(_("key"), max_length=100)
    kind = models.CharField(_("kind"), max_length=16)
    cause = models.CharField(_("cause"), max_length=100)
    arose_on = models.DateField(_("arose on"))
    due_on = models.DateField(_("due on"), db_index=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    interest = models.DecimalField(_("interest"), max_digits=16, decimal_places=2, default=0)
    paid = models.DecimalField(_("paid"), max_digits=16, decimal_places=2, default=0)
    interest_paid = models.DecimalField(_("interest paid"), max_digits=16, decimal_places=2, default=0)
    steps = models.JSONField(_("how it was computed"), default=list, blank=True)
    state = FSMField(_("state"), choices=State, default=State.DUE, protected=True, db_index=True)
    write_off_reason = models.TextField(_("why it was written off"), max_length=1000, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering: ClassVar[list[str]] = ["due_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "key"], name="one_obligation_per_cause"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, paid__gte=0, paid__lte=F("amount"))
                | Q(amount__lt=0, paid__lte=0, paid__gte=F("amount")),
                name="no_more_is_paid_than_owed",
            ),
            models.CheckConstraint(
                condition=Q(interest_paid__gte=0) & Q(interest_paid__lte=F("interest")),
                name="no_more_interest_is_paid_than_owed",
            ),
            models.CheckConstraint(
                condition=~Q(state="written_off") | ~Q(write_off_reason=""), name="a_write_off_says_why"
            ),
        ]

    def __str__(self) -> str:
        """What it is for, as the statement names it: "Royalty 2027-Q1"."""
        sheet = self.contract.sheet
        return line_name(self.as_line(), parsed(sheet)) if sheet else self.key

    def as_line(self) -> Line:
        """The obligation as a line of the statement."""
        return Line(
            key=self.key, term=self.key.split(":", 1)[0], kind=self.kind, cause=self.cause, arose_on=self.arose_on,
            due_on=self.due_on, amount=self.amount,
        )  # fmt: skip

    @property
    def unpaid(self) -> Decimal:
        """Principal that is still open; below zero for an adjustment that is carried forward."""
        return self.amount - self.paid

    @property
    def is_written_off(self) -> bool:
        """Given up in the books; what is still paid on it is a recovery."""
        return bool(self.write_off_reason)

    @transition(field=state, source=FOLLOWING, target=State.DUE)
    def wait(self) -> None:
        """Nothing is paid yet and it is not late."""

    @transition(field=state, source=FOLLOWING, target=State.PART_PAID)
    def part_pay(self) -> None:
        """Some of it is paid and it is not late."""

    @transition(field=state, source=FOLLOWING, target=State.OVERDUE)
    def fall_overdue(self) -> None:
        """Its day and the agreed grace are over."""

    @transition(field=state, source=(*FOLLOWING, State.WRITTEN_OFF), target=State.PAID)
    def settle(self) -> None:
        """Paid with its interest, or recovered after it was written off."""

    @transition(field=state, source=(*OPEN, State.PAID, State.WRITTEN_OFF), target=State.CANCELLED)
    def cancel(self) -> None:
        """It arose from something that was taken back."""

    @transition(field=state, source=(*FOLLOWING, State.WRITTEN_OFF), target=State.WRITTEN_OFF)
    def write_off(self) -> None:
        """The owner gave it up by a decision; the reason is kept. The debt itself stands, and money may still come."""


class Billing(Record):
    """How far the books follow a contract: until which day, when something changes by itself, and the credit."""

    contract = models.OneToOneField(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="billing"
    )
    billed_on = models.DateField(_("billed until"))
    next_on = models.DateField(_("next day"), null=True, blank=True, db_index=True)
    credit = models.DecimalField(_("over-payment to be used"), max_digits=16, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("billing")
        verbose_name_plural = _("billings")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(credit__gte=0), name="a_credit_is_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.billed_on}"
