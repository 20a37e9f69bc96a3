"""What is shared: one distribution a receipt, from what arrived to the reward, and the costs that it took off."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.notices.models import Notice
from marketplace.parties.models import Organisation

from .payee import OfMoneyPeopleQuerySet, RewardRule
from .payment import Payment
from .plan import Cost, SharingPlan

HALF_A_FEN = Decimal("0.005")


def is_sum(whole: str, one: str, other: str) -> Q:
    """Two amounts in whole fen add up to a third; SQLite computes them as floats, so within half a fen."""
    parts = F(one) + F(other)
    return Q(**{f"{whole}__gt": parts - HALF_A_FEN, f"{whole}__lt": parts + HALF_A_FEN})


class DistributionQuerySet(OfMoneyPeopleQuerySet):
    def live(self) -> "DistributionQuerySet":
        """Those that count: not withdrawn, not reversed."""
        return self.filter(state__in=Distribution.LIVE)


class Distribution(Record):
    """收益分配: one receipt, from what arrived to what each one gets; computed once and never edited."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("distribution", "proposed")
        NOTICED = "noticed", pgettext_lazy("distribution", "shown without objection")
        APPROVED = "approved", pgettext_lazy("distribution", "approved")
        PAID = "paid", pgettext_lazy("distribution", "paid out")
        WITHDRAWN = "withdrawn", pgettext_lazy("distribution", "withdrawn")
        REVERSED = "reversed", pgettext_lazy("distribution", "reversed")

    OPEN = (State.PROPOSED, State.NOTICED)
    LIVE = (*OPEN, State.APPROVED, State.PAID)

    book = models.ForeignKey(
        Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="distributions"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="distributions"
    )
    payment = models.ForeignKey(
        Payment, verbose_name=_("receipt"), on_delete=models.PROTECT, related_name="distributions"
    )
    plan = models.ForeignKey(
        SharingPlan, verbose_name=_("sharing plan"), on_delete=models.PROTECT, related_name="distributions"
    )
    rule = models.ForeignKey(
        RewardRule,
        verbose_name=_("rule of rewarding"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="distributions",
        help_text=_("Empty where the law's own rate holds."),
    )
    law_place = models.CharField(_("place whose law holds"), max_length=6)
    received_on = models.DateField(_("received on"))
    received = models.DecimalField(_("received"), max_digits=16, decimal_places=2)
    costs = models.DecimalField(_("costs"), max_digits=16, decimal_places=2)
    net = models.DecimalField(_("net income"), max_digits=16, decimal_places=2)
    rate = models.DecimalField(_("reward"), max_digits=9, decimal_places=6)
    pool = models.DecimalField(_("reward in all"), max_digits=16, decimal_places=2)
    retained = models.DecimalField(_("stays with the owner"), max_digits=16, decimal_places=2)
    registration = models.CharField(_("number of the contract's registration"), max_length=60, blank=True)
    pay_by = models.DateField(_("to be paid by"), null=True, blank=True, db_index=True)
    tax_until = models.DateField(_("tax window ends on"), db_index=True)
    steps = models.JSONField(_("how it was computed"), default=list, blank=True)
    law_references = models.JSONField(_("decided under"), default=list, blank=True)
    fingerprint = models.CharField(_("fingerprint of what is shown"), max_length=64)
    notice = models.ForeignKey(
        Notice, verbose_name=_("notice of the reward"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="rewards",
    )  # fmt: skip
    leader_notice = models.ForeignKey(
        Notice, verbose_name=_("notice of leaders' shares"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="leader_rewards",
    )  # fmt: skip
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    paid_on = models.DateField(_("paid out on"), null=True, blank=True)
    end_reason = models.CharField(_("why it does not count"), max_length=300, blank=True)
    state = FSMField(_("state"), choices=State, default=State.PROPOSED, protected=True, db_index=True)

    objects = DistributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("distribution")
        verbose_name_plural = _("distributions")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=["proposed", "noticed"]),
                name="one_open_distribution_per_receipt",
            ),
            models.CheckConstraint(condition=Q(received__gt=0), name="a_distribution_shares_something"),
            models.CheckConstraint(
                condition=Q(costs__gte=0, net__gte=0) & is_sum("received", "costs", "net"),
                name="net_is_received_less_costs",
            ),
            models.CheckConstraint(
                condition=Q(pool__gte=0, retained__gte=0) & is_sum("net", "pool", "retained"),
                name="reward_and_rest_are_the_net_income",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lte=1), name="a_reward_rate_is_a_part_of_one"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="a_distribution_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"]) | Q(approved_on__isnull=False, approved_by__isnull=False),
                name="an_approved_distribution_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False), name="a_paid_distribution_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "reversed"]) | ~Q(end_reason=""),
                name="an_ended_distribution_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.received_on}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @transition(field=state, source=State.PROPOSED, target=State.NOTICED)
    def show(self) -> None:
        """Every notice that it needs is over and no objection stands."""

    @transition(field=state, source=OPEN, target=State.APPROVED)
    def approve(self) -> None:
        """A second person of the owner decided; it is booked."""

    @transition(field=state, source=State.APPROVED, target=State.PAID)
    def pay_out(self) -> None:
        """The last share was paid."""

    @transition(field=state, source=State.PAID, target=State.APPROVED)
    def reopen(self) -> None:
        """The bank returned a transfer: a share waits again."""

    @transition(field=state, source=OPEN, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Taken back before it was approved."""

    @transition(field=state, source=(State.APPROVED, State.PAID), target=State.REVERSED)
    def reverse(self) -> None:
        """The receipt went back, or it was shared wrongly: what was booked is booked back."""


class CostTaken(models.Model):
    """How much of a recorded cost a distribution took off. It counts while the distribution does."""

    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="costs_taken")
    cost = models.ForeignKey(Cost, verbose_name=_("cost of a deal"), on_delete=models.PROTECT, related_name="taken")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("cost taken off")
        verbose_name_plural = _("costs taken off")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["distribution", "cost"], name="a_cost_is_taken_off_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_cost_taken_off_is_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.cost} {self.amount}"
