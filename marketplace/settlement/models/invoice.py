"""Invoices (发票) that the licensor's tax system issued: kept with their number and file. The platform issues none."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.parties.models import Organisation

from .obligation import Obligation
from .payment import Payment, seen_by_sides


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, user: Any) -> "InvoiceQuerySet":
        """Both sides of the contract and the technology manager."""
        return seen_by_sides(self, user)

    def standing(self) -> "InvoiceQuerySet":
        """Those that were not recorded by mistake; a corrected one and its red letter both stand."""
        return self.exclude(state="withdrawn")


class Invoice(Record):
    """发票: its number, what stands on it, and the file as evidence. A red-letter one (红字) has amounts below zero."""

    class Kind(models.TextChoices):
        DIGITAL_SPECIAL = "DIGITAL_SPECIAL", _("digital invoice, special VAT")
        DIGITAL_ORDINARY = "DIGITAL_ORDINARY", _("digital invoice, ordinary")
        PAPER_SPECIAL = "PAPER_SPECIAL", _("paper invoice, special VAT")
        PAPER_ORDINARY = "PAPER_ORDINARY", _("paper invoice, ordinary")

    class State(models.TextChoices):
        RECORDED = "recorded", pgettext_lazy("invoice", "recorded")
        CORRECTED = "corrected", _("taken back by red letter")
        WITHDRAWN = "withdrawn", _("recorded by mistake")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="invoices"
    )
    issuer = models.ForeignKey(
        Organisation, verbose_name=_("issuer"), on_delete=models.PROTECT, related_name="invoices"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    code = models.CharField(
        _("invoice code"), max_length=12, blank=True, help_text=_("Of paper invoices, 10 or 12 digits.")
    )
    number = models.CharField(_("invoice number"), max_length=20, help_text=_("20 digits, on paper invoices 8."))
    on = models.DateField(_("issued on"))
    net = models.DecimalField(_("amount without tax"), max_digits=16, decimal_places=2)
    rate = models.DecimalField(_("tax rate"), max_digits=6, decimal_places=4)
    tax = models.DecimalField(_("tax"), max_digits=16, decimal_places=2)
    amount = models.DecimalField(_("amount with tax"), max_digits=16, decimal_places=2)
    rate_rule = models.CharField(_("legal value of the rate"), max_length=120)
    paper = models.ForeignKey(
        Document, verbose_name=_("file"), on_delete=models.PROTECT, related_name="+",
        help_text=_("The invoice itself; both sides can open it."),
    )  # fmt: skip
    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    corrects = models.ForeignKey(
        "self", verbose_name=_("takes back"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="corrections",
    )  # fmt: skip
    state = FSMField(_("state"), choices=State, default=State.RECORDED, protected=True, db_index=True)
    withdrawal_reason = models.CharField(_("why it was a mistake"), max_length=300, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering: ClassVar[list[str]] = ["-on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["issuer", "code", "number"],
                condition=~Q(state="withdrawn"),
                name="one_invoice_per_number",
            ),
            models.CheckConstraint(
                condition=Q(amount=Round(F("net") + F("tax"), 2)), name="an_invoice_is_its_net_amount_and_its_tax"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, net__gt=0, tax__gte=0)
                | Q(corrects__isnull=False, net__lt=0, tax__lte=0),
                name="an_invoice_below_zero_takes_another_back",
            ),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="a_tax_rate_is_a_ratio"),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawal_reason=""), name="a_withdrawn_invoice_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}".strip()

    @property
    def is_red(self) -> bool:
        return self.amount < Decimal(0)

    @transition(field=state, source=State.RECORDED, target=State.CORRECTED)
    def correct(self) -> None:
        """Red letters have taken all of it back."""

    @transition(field=state, source=State.CORRECTED, target=State.RECORDED)
    def stand_again(self) -> None:
        """A red letter was recorded by mistake."""

    @transition(field=state, source=State.RECORDED, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """There is no such invoice, or it says something else."""


class InvoicePart(models.Model):
    """How much of an invoice is for which obligation; a red letter takes it back. Added, never edited."""

    invoice = models.ForeignKey(Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="parts")
    obligation = models.ForeignKey(
        Obligation, verbose_name=_("obligation"), on_delete=models.PROTECT, related_name="invoice_parts"
    )
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("part of an invoice")
        verbose_name_plural = _("parts of invoices")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["invoice", "obligation"], name="one_part_per_invoice_and_obligation"),
            models.CheckConstraint(condition=~Q(amount=0), name="a_part_of_an_invoice_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice} → {self.obligation}"


def standing_part() -> Any:
    """Parts that count, as a condition: those of invoices that were no mistake."""
    return ~Q(invoice__state=Invoice.State.WITHDRAWN)
