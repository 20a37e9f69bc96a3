"""The claim on a guarantee (理赔, 代偿): what is lost, what a guarantor is asked for, answers, and pays.

The same loss is claimed once: `Loss` counts what stands against it over all guarantees, and the database refuses more
than was lost, whoever writes. A guarantee has one open claim at a time, and is asked again for a loss (`ClaimLine`)
only where it opened again.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract, Guarantee
from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.parties import access

from .obligation import Obligation
from .payment import Payment


def parties_to(user: Any, guarantor: str) -> Q:
    """Both sides of the contract, its manager, and the guarantor by the name of its column."""
    mine = access.organisation_ids(user)
    sides = Q(contract__seller_id__in=mine) | Q(contract__buyer_id__in=mine) | Q(contract__manager=user)
    return sides | Q(**{f"{guarantor}__in": mine})


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Any) -> "ClaimQuerySet":
        """Both sides of the contract and its manager, the guarantor who is asked, and staff."""
        if not user.is_authenticated:
            return self.none()
        return self if access.is_platform_staff(user) else self.filter(parties_to(user, "guarantee__guarantor_id"))


class Claim(Record):
    """A beneficiary asks a guarantor to pay in the licensee's place. `evidence` is the claim file, frozen.

    A general guarantor is asked after the debtor was pursued in vain, or where the law spares it (Civil Code 687).
    """

    class State(models.TextChoices):
        FILED = "filed", pgettext_lazy("claim", "under review")
        ASKED = "asked", _("more is asked for")
        ACCEPTED = "accepted", pgettext_lazy("claim", "accepted, to be paid")
        REFUSED = "refused", pgettext_lazy("claim", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("claim", "withdrawn")
        COMPENSATED = "compensated", _("compensated, recourse runs")
        CLOSED = "closed", pgettext_lazy("claim", "closed")

    class Refusal(models.TextChoices):
        NO_DEFAULT = "NO_DEFAULT", _("there is no default")
        OUT_OF_PERIOD = "OUT_OF_PERIOD", _("outside the guarantee period")
        NOT_PURSUED = "NOT_PURSUED", _("the debtor was not pursued first")
        NOT_COVERED = "NOT_COVERED", _("not covered by what was agreed")
        PAID = "PAID", _("paid meanwhile")
        EVIDENCE = "EVIDENCE", _("the evidence does not suffice")
        OTHER = "OTHER", pgettext_lazy("reason", "another reason")

    class Pursuit(models.TextChoices):
        ENFORCED = "ENFORCED", _("enforced by law in vain")
        UNTRACEABLE = "UNTRACEABLE", _("the debtor cannot be found and has nothing to enforce into")
        BANKRUPT = "BANKRUPT", _("a court has accepted the debtor's bankruptcy")
        INSOLVENT = "INSOLVENT", _("the debtor's assets do not suffice, with evidence")
        WAIVED = "WAIVED", _("the guarantor has waived it in writing")

    OPEN = (State.FILED, State.ASKED, State.ACCEPTED)
    PAID = (State.COMPENSATED, State.CLOSED)

    contract = models.ForeignKey(Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="claims")
    guarantee = models.ForeignKey(
        Guarantee, verbose_name=_("guarantee"), on_delete=models.PROTECT, related_name="claims"
    )
    filed_on = models.DateField(_("filed on"))
    demanded_on = models.DateField(_("payment demanded on"))
    cure_until = models.DateField(_("to be cured by"))
    amount = models.DecimalField(_("claimed"), max_digits=14, decimal_places=2)
    cover = models.DecimalField(_("cover left when it was filed"), max_digits=14, decimal_places=2)
    note = models.TextField(_("statement of the beneficiary"), max_length=2000, blank=True)
    evidence = models.ForeignKey(
        Document, verbose_name=_("evidence pack"), on_delete=models.PROTECT, related_name="+",
        help_text=_("Terms, signatures, facts, statement and demand as they stood when it was filed."),
    )  # fmt: skip
    pursuit = models.CharField(_("how the debtor was pursued"), max_length=12, choices=Pursuit, blank=True)
    pursued_on = models.DateField(
        _("sued or arbitrated on"), null=True, blank=True, help_text=_("Keeps the guarantee period (Civil Code 693).")
    )
    pursuit_proof = models.ForeignKey(
        Document, verbose_name=_("proof of it"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_by = models.DateField(_("to be reviewed by"), null=True, blank=True)
    review_rule = models.CharField(_("legal value of the review"), max_length=120, blank=True)
    question = models.TextField(_("what is asked for"), max_length=2000, blank=True)
    supply_by = models.DateField(_("to be supplied by"), null=True, blank=True)
    supplied = models.TextField(_("what was supplied"), max_length=2000, blank=True)
    supplied_proof = models.ForeignKey(
        Document, verbose_name=_("file"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    accepted = models.DecimalField(_("accepted amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=16, choices=Refusal, blank=True)
    reasons = models.TextField(_("reasons of the guarantor"), max_length=2000, blank=True)
    pay_by = models.DateField(_("to be paid by"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    paid_on = models.DateField(_("compensated on"), null=True, blank=True)
    paid = models.DecimalField(_("compensated amount"), max_digits=14, decimal_places=2, default=0)
    reference = models.CharField(_("reference of the transfer"), max_length=150, blank=True)
    state = FSMField(_("state"), choices=State, default=State.FILED, protected=True, db_index=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim on a guarantee")
        verbose_name_plural = _("claims on guarantees")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["guarantee"],
                condition=Q(state__in=["filed", "asked", "accepted"]),
                name="one_open_claim_per_guarantee",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(amount__lte=F("cover")), name="no_more_is_claimed_than_covered"
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | (Q(accepted__gt=0) & Q(accepted__lte=F("amount"))),
                name="no_more_is_accepted_than_claimed",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(accepted=F("amount")) | ~Q(reasons=""),
                name="a_claim_accepted_in_part_says_why",
            ),
            models.CheckConstraint(
                condition=Q(paid=0) | (Q(paid__gt=0) & Q(accepted__isnull=False) & Q(paid__lte=F("accepted"))),
                name="no_more_is_compensated_than_accepted",
            ),
            models.CheckConstraint(
                condition=Q(cure_until__gt=F("demanded_on")) & Q(filed_on__gt=F("cure_until")),
                name="a_claim_follows_a_demand_and_its_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(refusal="") & ~Q(reasons="")), name="a_refused_claim_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_on__isnull=False, withdrawn_on__gte=F("filed_on"))
                | (~Q(state="withdrawn") & Q(withdrawn_on__isnull=True)),
                name="a_withdrawn_claim_alone_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["compensated", "closed"])
                | (Q(paid_on__isnull=False) & Q(paid__gt=0) & ~Q(reference="")),
                name="a_compensated_claim_has_its_day_and_transfer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guarantee.get_kind_display()} · {self.contract}"

    @transition(field=state, source=State.FILED, target=State.ASKED)
    def ask(self) -> None:
        """The guarantor needs more before it can decide; its own days wait."""

    @transition(field=state, source=State.ASKED, target=State.FILED)
    def supply(self) -> None:
        """What was asked for is there; the days of the review begin anew."""

    @transition(field=state, source=State.FILED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The guarantor will pay, all of it or a part."""

    @transition(field=state, source=[State.FILED, State.ASKED], target=State.REFUSED)
    def refuse(self) -> None:
        """The guarantor will not, and says why."""

    @transition(field=state, source=OPEN, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The beneficiary takes it back before anything is paid."""

    @transition(field=state, source=State.ACCEPTED, target=State.COMPENSATED)
    def compensate(self) -> None:
        """The guarantor's money has arrived; the licensee owes it to the guarantor now."""

    @transition(field=state, source=[State.COMPENSATED, State.CLOSED], target=State.ACCEPTED)
    def take_back(self) -> None:
        """The compensation was booked wrongly, or went back."""

    @transition(field=state, source=State.COMPENSATED, target=State.CLOSED)
    def close(self) -> None:
        """Nothing is left to recover or to pass on."""

    @transition(field=state, source=State.CLOSED, target=State.COMPENSATED)
    def reopen(self) -> None:
        """A recovery was booked wrongly: there is something left again."""


class Loss(models.Model):
    """What is lost on one obligation: still open when it was last claimed, and already compensated.

    `claimed` is what stands against it over all guarantees. It never passes the loss. `borne` is what stayed with the
    licensor when it was last claimed or compensated; recoveries are shared by it.
    """

    obligation = models.OneToOneField(
        Obligation, verbose_name=_("obligation"), on_delete=models.PROTECT, related_name="loss"
    )
    amount = models.DecimalField(_("loss"), max_digits=16, decimal_places=2)
    claimed = models.DecimalField(_("claimed"), max_digits=16, decimal_places=2, default=0)
    compensated = models.DecimalField(_("compensated amount"), max_digits=16, decimal_places=2, default=0)
    borne = models.DecimalField(_("borne by the licensor"), max_digits=16, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("loss")
        verbose_name_plural = _("losses")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(claimed__gte=0) & Q(claimed__lte=F("amount")), name="the_same_loss_is_claimed_once"
            ),
            models.CheckConstraint(
                condition=Q(compensated__gte=0) & Q(compensated__lte=F("claimed")),
                name="no_more_of_a_loss_is_compensated_than_claimed",
            ),
            models.CheckConstraint(condition=Q(borne__gte=0), name="a_licensor_bears_no_less_than_nothing"),
        ]

    def __str__(self) -> str:
        return str(self.obligation)


class ClaimLine(models.Model):
    """How much of a claim is for which loss, what of it was accepted, and the payment that it became.

    `held` is what it takes of the loss and of the cover: what is claimed, then what was accepted, then what was paid;
    what was accepted and never paid is free again. `left` is what was open after the compensation, on its day: once
    more is open of that day, the loss opened again and may be claimed again. `stands` until refused or withdrawn.
    """

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim on a guarantee"), on_delete=models.PROTECT, related_name="lines"
    )
    guarantee = models.ForeignKey(Guarantee, verbose_name=_("guarantee"), on_delete=models.PROTECT, related_name="+")
    loss = models.ForeignKey(Loss, verbose_name=_("loss"), on_delete=models.PROTECT, related_name="lines")
    lost = models.DecimalField(_("loss when it was filed"), max_digits=16, decimal_places=2)
    covered_until = models.DateField(_("covered until"))
    amount = models.DecimalField(_("claimed"), max_digits=14, decimal_places=2)
    accepted = models.DecimalField(_("accepted amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    held = models.DecimalField(_("held by the claim"), max_digits=14, decimal_places=2)
    left = models.DecimalField(_("open after it"), max_digits=16, decimal_places=2, null=True, blank=True)
    payment = models.OneToOneField(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, null=True, blank=True, related_name="claim_line"
    )
    stands = models.BooleanField(_("stands"), default=True)

    class Meta:
        verbose_name = _("line of a claim")
        verbose_name_plural = _("lines of claims")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["guarantee", "loss"],
                condition=Q(payment__isnull=True) & Q(held__gt=0),
                name="a_guarantee_is_asked_for_a_loss_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(amount__lte=F("lost")), name="a_line_claims_no_more_than_was_lost"
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | (Q(accepted__gte=0) & Q(accepted__lte=F("amount"))),
                name="a_line_is_accepted_for_no_more_than_claimed",
            ),
            models.CheckConstraint(
                condition=Q(held__gte=0) & Q(held__lte=Coalesce("accepted", "amount")),
                name="a_line_holds_no_more_than_was_accepted",
            ),
            models.CheckConstraint(
                condition=Q(stands=True) | (Q(held=0) & Q(payment__isnull=True)),
                name="a_line_that_does_not_stand_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} · {self.loss}"
