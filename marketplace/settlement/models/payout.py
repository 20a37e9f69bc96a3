"""Batches for the bank: which shares are paid with one file, to which accounts, and what became of each."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.core.showing import exact
from marketplace.parties.models import Organisation

from ..rules.paying_out import Transfer, masked
from .payee import decided_for
from .share import ClawBack, Share


class PayoutQuerySet(models.QuerySet["Payout"]):
    def visible_to(self, user: object) -> "PayoutQuerySet":
        """Who decides about the money of the book, and nobody else: it leads to accounts of people."""
        is_known = getattr(user, "is_authenticated", False)
        return self.filter(book_id__in=decided_for(user)) if is_known else self.none()


class Payout(Record):
    """发放批次: one file for the bank. Its lines are fixed when it is made, so the file is always the same bytes."""

    class State(models.TextChoices):
        MADE = "made", pgettext_lazy("payout", "made")
        PAID = "paid", pgettext_lazy("payout", "paid by the bank")
        WITHDRAWN = "withdrawn", pgettext_lazy("payout", "withdrawn")

    book = models.ForeignKey(Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="payouts")
    line_count = models.PositiveIntegerField(_("transfers"))
    total = models.DecimalField(_("sum"), max_digits=16, decimal_places=2)
    sha256 = models.CharField(_("hash of the file"), max_length=64)
    taken_at = models.DateTimeField(_("file first taken at"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    reference = models.CharField(_("bank's reference"), max_length=100, blank=True)
    end_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )
    state = FSMField(_("state"), choices=State, default=State.MADE, protected=True, db_index=True)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(total__gte=0), name="a_payout_pays_no_less_than_nothing"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_payout_has_its_hash"),
            models.CheckConstraint(
                condition=~Q(state="paid") | (Q(paid_on__isnull=False) & ~Q(reference="")),
                name="a_paid_payout_has_its_day_and_reference",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(end_reason=""), name="a_withdrawn_payout_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localdate(self.created_at):%Y-%m-%d} · {exact(self.total)}"

    @transition(field=state, source=State.MADE, target=State.PAID)
    def pay(self) -> None:
        """The bank has carried it out."""

    @transition(field=state, source=State.MADE, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """It did not go to the bank: its shares wait again."""


class PayoutLine(models.Model):
    """One transfer, with the account as it was when the batch was made. Whole only in the file."""

    class Outcome(models.TextChoices):
        OPEN = "open", pgettext_lazy("transfer", "not answered")
        PAID = "paid", pgettext_lazy("transfer", "paid")
        RETURNED = "returned", pgettext_lazy("transfer", "returned by the bank")
        WITHDRAWN = "withdrawn", pgettext_lazy("transfer", "withdrawn")

    LIVE = (Outcome.OPEN, Outcome.PAID)

    payout = models.ForeignKey(Payout, verbose_name=_("payout"), on_delete=models.PROTECT, related_name="lines")
    share = models.ForeignKey(
        Share, verbose_name=pgettext_lazy("reward", "share"), on_delete=models.PROTECT, related_name="payout_lines"
    )
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    set_off = models.DecimalField(_("set off"), max_digits=16, decimal_places=2, default=0)
    holder = models.CharField(_("account holder"), max_length=100)
    bank = models.CharField(_("bank"), max_length=100)
    account_number = models.CharField(_("account number"), max_length=34)
    purpose = models.CharField(_("purpose"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    returned_reason = models.CharField(_("why it was returned"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("transfer of a payout")
        verbose_name_plural = _("transfers of payouts")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["share"], condition=Q(outcome__in=["open", "paid"]), name="a_share_is_paid_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, set_off__gte=0) & Q(amount__gt=-F("set_off")),
                name="a_transfer_pays_something",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | ~Q(returned_reason=""), name="a_returned_transfer_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.amount}"

    @property
    def masked_number(self) -> str:
        return masked(self.account_number)

    def as_transfer(self) -> Transfer:
        return Transfer(self.holder, self.account_number, self.bank, self.amount, self.purpose)


class SetOff(models.Model):
    """How much of a transfer's share pays back which claw-back. It counts while the transfer does."""

    line = models.ForeignKey(PayoutLine, on_delete=models.PROTECT, related_name="set_offs")
    claw_back = models.ForeignKey(ClawBack, on_delete=models.PROTECT, related_name="set_offs")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("set-off")
        verbose_name_plural = _("set-offs")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["line", "claw_back"], name="a_claw_back_is_set_off_once_a_transfer"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_set_off_is_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.claw_back} {self.amount}"
