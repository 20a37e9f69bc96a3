"""A broker's commission: what a principal owes for one contract, receipt by receipt, to the agency and the manager."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.brokerage.models import Introduction, Mandate
from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .payment import Payment


def of_its_parties(user: Any, before: str = "") -> Q:
    """The principal, the agency and the technology manager of the mandate; the other side of the contract is none."""
    mine = access.organisation_ids(user)
    mandate = f"{before}mandate__"
    return (
        Q(**{f"{before}principal_id__in": mine})
        | Q(**{f"{mandate}agency__organisation_id__in": mine})
        | Q(**{f"{mandate}manager": user})
    )


class CommissionQuerySet(models.QuerySet["Commission"]):
    def visible_to(self, user: Any) -> "CommissionQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self if access.is_platform_staff(user) else self.filter(of_its_parties(user))


class Commission(Record):
    """佣金: a contract came of an introduction under a mandate. Whoever went around the broker owes it all the same."""

    class Kind(models.TextChoices):
        MANDATE = "MANDATE", _("the broker brought it to the contract")
        BYPASSED = "BYPASSED", _("the broker was gone around (Civil Code 965)")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="commissions"
    )
    mandate = models.ForeignKey(
        Mandate, verbose_name=_("mandate"), on_delete=models.PROTECT, related_name="commissions"
    )
    introduction = models.ForeignKey(
        Introduction,
        verbose_name=pgettext_lazy("broker", "introduction"),
        on_delete=models.PROTECT,
        related_name="commissions",
    )
    principal = models.ForeignKey(
        Organisation,
        verbose_name=pgettext_lazy("mandate", "principal"),
        on_delete=models.PROTECT,
        related_name="commissions",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)

    objects = CommissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "principal"], name="one_commission_per_contract_and_principal"),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.mandate.broker}"


class CommissionLineQuerySet(models.QuerySet["CommissionLine"]):
    def visible_to(self, user: Any) -> "CommissionLineQuerySet":
        """The same as of the commission."""
        if not user.is_authenticated:
            return self.none()
        return self if access.is_platform_staff(user) else self.filter(of_its_parties(user, "commission__"))

    def counting(self) -> "CommissionLineQuerySet":
        return self.exclude(state="cancelled")


class CommissionLine(Record):
    """What one receipt earned, in two parts that make the whole. It is never edited: another one takes its place.

    Below zero it is to be given back: the receipt was reversed after its commission had been paid.
    """

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("commission", "due")
        INVOICED = "invoiced", pgettext_lazy("commission", "invoiced")
        PAID = "paid", pgettext_lazy("payment", "paid")
        DISPUTED = "disputed", pgettext_lazy("commission", "disputed")
        CANCELLED = "cancelled", pgettext_lazy("commission", "replaced or reversed")

    OPEN = (State.DUE, State.INVOICED, State.DISPUTED)

    commission = models.ForeignKey(
        Commission, verbose_name=_("commission"), on_delete=models.PROTECT, related_name="lines"
    )
    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="commission_lines"
    )
    counted = models.DecimalField(_("received that counts"), max_digits=16, decimal_places=2)
    amount = models.DecimalField(_("commission"), max_digits=16, decimal_places=2)
    agency_amount = models.DecimalField(_("to the agency"), max_digits=16, decimal_places=2)
    manager_amount = models.DecimalField(_("to the technology manager"), max_digits=16, decimal_places=2)
    steps = models.JSONField(_("how it was computed"), default=list, blank=True)
    invoice = models.CharField(_("invoice number of the broker"), max_length=80, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    reference = models.CharField(_("reference of the transfer"), max_length=200, blank=True)
    dispute_note = models.TextField(_("why it is disputed"), max_length=2000, blank=True)
    state = FSMField(_("state"), choices=State, default=State.DUE, protected=True, db_index=True)

    objects = CommissionLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission on a receipt")
        verbose_name_plural = _("commissions on receipts")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["commission", "payment"],
                condition=Q(state__in=["due", "invoiced", "disputed"]),
                name="one_open_commission_per_receipt",
            ),
            models.CheckConstraint(
                condition=Q(amount=Round(F("agency_amount") + F("manager_amount"), 2)),  # SQLite adds in floats
                name="the_parts_of_a_commission_make_the_whole",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="a_commission_line_is_not_zero"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="what_counts_for_a_commission_was_received"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False), name="a_paid_commission_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="disputed") | ~Q(dispute_note=""), name="a_disputed_commission_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commission} · {self.payment.on}"

    @transition(field=state, source=State.DUE, target=State.INVOICED)
    def bill(self) -> None:
        """The broker has written its invoice."""

    @transition(field=state, source=[State.DUE, State.INVOICED], target=State.PAID)
    def pay(self) -> None:
        """The principal has paid it, or has it back."""

    @transition(field=state, source=[State.DUE, State.INVOICED], target=State.DISPUTED)
    def dispute(self) -> None:
        """The principal says that it is not owed, and why."""

    @transition(field=state, source=State.DISPUTED, target=State.DUE)
    def settle(self) -> None:
        """It is owed after all."""

    @transition(field=state, source=OPEN, target=State.CANCELLED)
    def cancel(self) -> None:
        """Another line takes its place, or its receipt was reversed."""
