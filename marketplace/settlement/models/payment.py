"""Money that really arrived: recorded once, from a person, a program or a bank's statement, and what it paid."""

from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract, Fact
from marketplace.core.models import Record
from marketplace.core.showing import exact
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .obligation import Obligation
from .payee import OfMoneyPeopleQuerySet

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


class BankStatement(Record):
    """A statement of a bank as uploaded; the same file is taken up once."""

    book = models.ForeignKey(
        Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="bank_statements"
    )
    filename = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("hash"), max_length=64)
    line_count = models.PositiveIntegerField(_("lines"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = OfMoneyPeopleQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["book", "sha256"], name="one_upload_per_bank_statement"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_bank_statement_has_its_hash"),
        ]

    def __str__(self) -> str:
        return self.filename


class BankLine(Record):
    """One credit of a bank statement, until it is matched with a contract or set aside with a reason."""

    class State(models.TextChoices):
        NEW = "new", _("to be matched")
        MATCHED = "matched", _("matched")
        IGNORED = "ignored", _("not ours")

    book = models.ForeignKey(
        Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="bank_lines"
    )
    statement = models.ForeignKey(
        BankStatement, verbose_name=_("bank statement"), on_delete=models.PROTECT, related_name="lines"
    )
    number = models.PositiveIntegerField(_("line"))
    on = models.DateField(_("day"))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    reference = models.CharField(_("bank's reference"), max_length=100)
    purpose = models.CharField(_("purpose"), max_length=500, blank=True)
    guess = models.CharField(_("why it could not be matched"), max_length=40, blank=True)
    ignored_reason = models.CharField(_("why it is not ours"), max_length=300, blank=True)
    state = FSMField(_("state"), choices=State, default=State.NEW, protected=True, db_index=True)

    objects = OfMoneyPeopleQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a bank statement")
        verbose_name_plural = _("lines of bank statements")
        ordering: ClassVar[list[str]] = ["-on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["book", "reference"], name="one_bank_line_per_reference"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_bank_line_is_money_that_came_in"),
            models.CheckConstraint(
                condition=~Q(state="ignored") | ~Q(ignored_reason=""), name="an_ignored_bank_line_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {exact(self.amount)} {self.payer}"

    @transition(field=state, source=[State.NEW, State.IGNORED], target=State.MATCHED)
    def match(self) -> None:
        """It pays a contract."""

    @transition(field=state, source=State.NEW, target=State.IGNORED)
    def ignore(self) -> None:
        """It has nothing to do with a contract here."""

    @transition(field=state, source=[State.MATCHED, State.IGNORED], target=State.NEW)
    def release(self) -> None:
        """Matched or set aside by mistake."""


def seen_by_sides(rows: Rows, user: Any) -> Rows:
    """Rows of contracts for both sides and the technology manager."""
    if not user.is_authenticated:
        return rows.none()
    if access.is_platform_staff(user):
        return rows
    mine = access.organisation_ids(user)
    sides = Q(contract__seller_id__in=mine) | Q(contract__buyer_id__in=mine) | Q(contract__manager=user)
    return rows.filter(sides)


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, user: Any) -> "PaymentQuerySet":
        """Both sides of the contract and the technology manager."""
        return seen_by_sides(self, user)

    def standing(self) -> "PaymentQuerySet":
        """Payments that were not reversed."""
        return self.filter(state="booked")


class Payment(Record):
    """到账: one transfer to the licensor. The contract's fact of the same key is what the engine computes with."""

    class Source(models.TextChoices):
        HAND = "HAND", _("recorded by hand")
        API = "API", _("recorded by a program")
        BANK = "BANK", _("from a bank statement")
        GUARANTOR = "GUAR", _("from a guarantor")

    class State(models.TextChoices):
        BOOKED = "booked", _("booked")
        REVERSED = "reversed", _("reversed")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="payments"
    )
    fact = models.OneToOneField(Fact, on_delete=models.PROTECT, related_name="payment", editable=False)
    bank_line = models.ForeignKey(
        BankLine, verbose_name=_("bank line"), on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    source = models.CharField(_("source"), max_length=4, choices=Source)
    on = models.DateField(_("arrived on"))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    reference = models.CharField(_("reference of the transfer"), max_length=200)
    state = FSMField(_("state"), choices=State, default=State.BOOKED, protected=True)
    reversal_reason = models.CharField(_("why it was reversed"), max_length=300, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering: ClassVar[list[str]] = ["-on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "reference"], condition=Q(state="booked"), name="one_payment_per_transfer"
            ),
            models.UniqueConstraint(
                fields=["bank_line"], condition=Q(state="booked"), name="one_payment_per_bank_line"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_more_than_nothing"),
            models.CheckConstraint(
                condition=~Q(state="reversed") | ~Q(reversal_reason=""), name="a_reversed_payment_says_why"
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(day)s, received %(amount)s") % {"day": self.on, "amount": exact(self.amount)}

    @transition(field=state, source=State.BOOKED, target=State.REVERSED)
    def reverse(self) -> None:
        """It never arrived, or went back."""


class Allocation(models.Model):
    """What part of a payment paid which obligation: interest first, then the oldest principal. Added, never edited.

    A reversal adds the negative of what the payment had paid. Without a payment it is set off with an adjustment in
    the licensee's favour.
    """

    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    obligation = models.ForeignKey(
        Obligation, verbose_name=_("obligation"), on_delete=models.PROTECT, related_name="allocations"
    )
    principal = models.DecimalField(_("principal"), max_digits=16, decimal_places=2)
    interest = models.DecimalField(_("interest"), max_digits=16, decimal_places=2)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~(Q(principal=0) & Q(interest=0)), name="an_allocation_pays_something")
        ]

    def __str__(self) -> str:
        return f"{self.payment or '–'} → {self.obligation}"
