"""The ledger: double entry in the books of one organisation, added and never edited.

A journal has at least two lines that add up to zero in one currency. A correction is a reversal. On PostgreSQL the
database itself refuses what breaks this (migration 0002), whoever writes.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .payee import decided_for


class OfBookQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "OfBookQuerySet":
        """Who decides for the organisation whose books they are, and staff: a booking may be one person's reward."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(book_id__in=decided_for(user))


class Account(Record):
    """One account in the books of an organisation. Its balance is the sum of its lines; debit is positive."""

    class Kind(models.TextChoices):
        RECEIVABLE = "RECEIVABLE", _("licence fees receivable")
        BANK = "BANK", _("money received")
        PREPAID = "PREPAID", _("over-payments to be used")
        INCOME = "INCOME", _("licence income")
        INTEREST = "INTEREST", _("interest received for late payment")
        WRITTEN_OFF = "WRITTEN_OFF", _("written off")
        COMMISSION = "COMMISSION", _("commissions of brokers")
        COMMISSION_OWED = "COMMISSION_OWED", _("commissions owed to brokers")
        COMMISSION_PAID = "COMMISSION_PAID", _("money paid to brokers")
        RECOURSE = "RECOURSE", _("recourse against licensees")
        COMPENSATION = "COMPENSATION", _("compensation paid out")
        COSTS = "COSTS", _("costs of recovery paid back")
        TO_PASS_ON = "TO_PASS_ON", _("recovered for licensors, to be passed on")
        PASSED_ON = "PASSED_ON", _("passed on to licensors")
        SHARED = "SHARED", _("income shared out")
        REWARD_OWED = "REWARD_OWED", _("rewards owed to people")
        FUNDS = "FUNDS", _("funds of the owner and its units")
        PAID_OUT = "PAID_OUT", _("money paid out as rewards")
        CLAW_BACK = "CLAW_BACK", _("rewards to be given back")

    book = models.ForeignKey(
        Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="accounts"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")

    objects = OfBookQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering: ClassVar[list[str]] = ["book", "kind"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["book", "kind", "currency"], name="one_account_per_book_kind_and_currency")
        ]

    def __str__(self) -> str:
        return f"{self.book} · {self.get_kind_display()}"


class Journal(Record):
    """One booking. `cause` names what it is for, once in the books: whatever runs twice finds it there.

    `line_count` is written with it, so that a line added later would be noticed.
    """

    class Kind(models.TextChoices):
        BILLED = "BILLED", _("billed")
        RECEIVED = "RECEIVED", pgettext_lazy("money", "received")
        USED = "USED", _("over-payment used")
        WRITTEN_OFF = "WRITTEN_OFF", _("written off")
        COMMISSION = "COMMISSION", pgettext_lazy("booking", "commission")
        COMMISSION_PAID = "COMMISSION_PAID", pgettext_lazy("booking", "commission paid")
        COMPENSATED = "COMPENSATED", pgettext_lazy("booking", "compensated")
        RECOVERED = "RECOVERED", pgettext_lazy("booking", "recovered")
        PASSED_ON = "PASSED_ON", pgettext_lazy("booking", "passed on")
        SHARED = "SHARED", pgettext_lazy("booking", "shared")
        PAID_OUT = "PAID_OUT", pgettext_lazy("booking", "paid out")
        CLAWED_BACK = "CLAWED_BACK", pgettext_lazy("booking", "clawed back")
        GIVEN_BACK = "GIVEN_BACK", pgettext_lazy("booking", "given back")
        REVERSAL = "REVERSAL", _("reversal")

    book = models.ForeignKey(
        Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="journals"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    cause = models.CharField(_("cause"), max_length=160)
    on = models.DateField(_("booked for"))
    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, null=True, blank=True, related_name="journals"
    )
    line_count = models.PositiveSmallIntegerField(_("lines"))
    reverses = models.OneToOneField(
        "self", verbose_name=_("reverses"), on_delete=models.PROTECT, null=True, blank=True, related_name="reversal"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = OfBookQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["book", "cause"], name="one_booking_per_cause"),
            models.CheckConstraint(condition=Q(line_count__gte=2), name="a_booking_has_two_lines"),
            models.CheckConstraint(
                condition=Q(kind="REVERSAL", reverses__isnull=False) | (~Q(kind="REVERSAL") & Q(reverses__isnull=True)),
                name="a_reversal_names_what_it_reverses",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class LedgerLine(models.Model):
    """台账: one booked amount, never edited; debit is positive, credit negative."""

    journal = models.ForeignKey(Journal, verbose_name=_("booking"), on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, verbose_name=_("account"), on_delete=models.PROTECT, related_name="lines")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(amount=0), name="a_ledger_line_is_not_zero")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
