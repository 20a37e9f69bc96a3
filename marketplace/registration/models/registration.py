"""The registration of a contract: the form as the seller filled it in, the office's clock, and what was decided."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.contracts.models import Contract
from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.parties import access
from marketplace.parties.models import Organisation

NUMBER = r"^[0-9]{16}$"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: Any) -> "RegistrationQuerySet":
        """The seller and staff; the buyer and the technology manager once it was handed in; the office while it is.

        What is drafted is the seller's alone, and what was withdrawn is the office's no more.
        """
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        handed_in = ~Q(state=Registration.State.DRAFT)
        sides = Q(contract__seller_id__in=mine) | (handed_in & Q(contract__in=Contract.objects.negotiated_by(user)))
        offices = Q(office_id__in=mine) & ~Q(state__in=Registration.UNSEEN)
        return self.filter(sides | offices)

    def in_force(self) -> "RegistrationQuerySet":
        """Those whose certificate holds today."""
        return self.filter(state=Registration.State.REGISTERED)


class Registration(Record):
    """技术合同认定登记. Amounts are yuan. Without an `office` it was decided elsewhere and is recorded here."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("registration", "being filled in")
        SUBMITTED = "submitted", pgettext_lazy("registration", "handed in")
        SUPPLEMENT = "supplement", pgettext_lazy("registration", "to be supplemented")
        ACCEPTED = "accepted", pgettext_lazy("registration", "taken up")
        EXPERT_REVIEW = "expert_review", pgettext_lazy("registration", "with experts")
        REGISTERED = "registered", pgettext_lazy("registration", "registered")
        REFUSED = "refused", pgettext_lazy("registration", "refused")
        RECHECK = "recheck", pgettext_lazy("registration", "to be checked again")
        CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")
        REVOKED = "revoked", pgettext_lazy("registration", "revoked")
        WITHDRAWN = "withdrawn", pgettext_lazy("registration", "withdrawn")

    UNSEEN = (State.DRAFT, State.WITHDRAWN)
    WITH_OFFICE = (State.SUBMITTED, State.ACCEPTED, State.EXPERT_REVIEW, State.RECHECK)
    DECIDABLE = (State.ACCEPTED, State.EXPERT_REVIEW, State.RECHECK)
    ENDED = (State.REFUSED, State.CANCELLED, State.REVOKED, State.WITHDRAWN)

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="registrations"
    )
    office = models.ForeignKey(
        Organisation, verbose_name=_("registration office"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="registrations", help_text=_("Empty where it was decided outside the platform."),
    )  # fmt: skip
    office_name = models.CharField(_("name of the office"), max_length=200, blank=True)

    # The form
    name = models.CharField(_("project name"), max_length=200, help_text=_("In full, as in the contract."))
    type = models.CharField(_("contract type"), max_length=1)
    subtype = models.CharField(_("sub-type"), max_length=2)
    signed_on = models.DateField(_("signed on"))
    starts_on = models.DateField(_("in force from"))
    ends_on = models.DateField(_("in force until"))
    seller_region = models.CharField(_("region of the seller"), max_length=6)
    seller_nature = models.CharField(_("nature of the seller"), max_length=4, blank=True)
    buyer_region = models.CharField(_("region of the buyer"), max_length=6)
    buyer_nature = models.CharField(_("nature of the buyer"), max_length=4, blank=True)
    ip_type = models.CharField(_("kind of intellectual property"), max_length=4, blank=True)
    field = models.CharField(_("technical field"), max_length=2, blank=True)
    objective = models.CharField(_("socio-economic objective"), max_length=4, blank=True)
    industry = models.CharField(_("industry that it serves"), max_length=1, blank=True)
    plan_category = models.CharField(_("programme category"), max_length=4, blank=True)
    payment_method = models.CharField(_("way of payment"), max_length=16, blank=True)
    payment_note = models.CharField(
        _("what is paid by result"), max_length=500, blank=True,
        help_text=_("Of a royalty: what it is counted on, the rate, and what is paid at the start."),
    )  # fmt: skip
    total_amount = models.DecimalField(_("contract amount"), max_digits=16, decimal_places=2)
    deducted_amount = models.DecimalField(_("deducted"), max_digits=16, decimal_places=2, default=0)
    is_open_priced = models.BooleanField(
        _("part of the price is not known yet"), default=False,
        help_text=_("A royalty: what comes of it is entered later as a change."),
    )  # fmt: skip
    expected_investment = models.DecimalField(
        _("expected new investment"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    expected_output = models.DecimalField(
        _("expected new output value"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    contact = models.CharField(_("contact person"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    leader = models.CharField(_("project leader"), max_length=60, blank=True)

    # The office
    state = FSMField(_("state"), choices=State, default=State.DRAFT, protected=True, db_index=True)
    rule = models.CharField(_("rule applied"), max_length=120, blank=True)
    filed_on = models.DateField(_("handed in on"), null=True, blank=True)
    decide_by = models.DateField(_("to be decided by"), null=True, blank=True)
    missing = models.TextField(_("to be supplemented"), max_length=2000, blank=True)
    supply_by = models.DateField(_("to be supplied by"), null=True, blank=True)
    type_reason = models.CharField(_("why the office changed the type"), max_length=300, blank=True)
    review_reason = models.CharField(_("why experts look at it"), max_length=300, blank=True)
    objection = models.TextField(_("what the seller objects to"), max_length=2000, blank=True)
    decision = models.TextField(_("reason of the decision"), max_length=2000, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    number = models.CharField(_("registration number"), max_length=16, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True, db_index=True)
    ended_on = models.DateField(_("no longer in force since"), null=True, blank=True)
    end_reason = models.CharField(_("why it is no longer in force"), max_length=300, blank=True)
    had_relief = models.BooleanField(_("relief was used"), default=False)
    certificate = models.ForeignKey(
        Document, verbose_name=_("certificate"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    papers = models.ManyToManyField(Document, verbose_name=_("papers"), related_name="registrations", blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration of a contract")
        verbose_name_plural = _("registrations of contracts")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=~Q(state__in=["refused", "cancelled", "revoked", "withdrawn"]),
                name="one_live_registration_per_contract",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="a_registration_number_is_given_once"
            ),
            models.CheckConstraint(
                condition=Q(number="") | Q(number__regex=NUMBER), name="a_registration_number_has_16_digits"
            ),
            models.CheckConstraint(
                condition=Q(total_amount__gte=0, deducted_amount__gte=0, deducted_amount__lte=F("total_amount")),
                name="a_technical_amount_is_part_of_the_total",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_registered_contract_has_a_term"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(office__isnull=True)
                | Q(filed_on__isnull=False, decide_by__isnull=False),
                name="a_filed_registration_has_its_clock",
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=False) | Q(state__in=["draft", "registered", "cancelled", "revoked"]),
                name="only_an_office_decides_here",
            ),
            models.CheckConstraint(
                condition=~Q(state="supplement") | ~Q(missing=""), name="a_supplement_says_what_is_missing"
            ),
            models.CheckConstraint(
                condition=~Q(state="registered") | (Q(registered_on__isnull=False) & ~Q(number="")),
                name="a_registered_contract_has_its_number_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (Q(decided_on__isnull=False) & ~Q(decision="")),
                name="a_refused_registration_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cancelled", "revoked"]) | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="an_ended_registration_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="recheck") | ~Q(objection=""), name="a_recheck_has_its_objection"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def technical_amount(self) -> Decimal:
        """技术交易额: the total less what is not paid for technology."""
        return self.total_amount - self.deducted_amount

    @property
    def is_outside(self) -> bool:
        return self.office_id is None

    @transition(field=state, source=State.DRAFT, target=State.SUBMITTED)
    def submit(self) -> None:
        """The seller hands it in."""

    @transition(field=state, source=State.SUBMITTED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The office takes it up: the material is complete."""

    @transition(field=state, source=[State.SUBMITTED, State.ACCEPTED], target=State.SUPPLEMENT)
    def ask(self) -> None:
        """Something is missing."""

    @transition(field=state, source=State.SUPPLEMENT, target=State.SUBMITTED)
    def supply(self) -> None:
        """What was missing is there; the days begin anew."""

    @transition(field=state, source=State.ACCEPTED, target=State.EXPERT_REVIEW)
    def consult(self) -> None:
        """Experts look at it: it is large or disputed."""

    @transition(field=state, source=DECIDABLE, target=State.REGISTERED)
    def register(self) -> None:
        """Recognised, with its number."""

    @transition(field=state, source=[*DECIDABLE, State.SUPPLEMENT], target=State.REFUSED)
    def refuse(self) -> None:
        """Not recognised, and why."""

    @transition(field=state, source=State.REFUSED, target=State.RECHECK)
    def contest(self) -> None:
        """The seller wants it looked at once more, by somebody else."""

    @transition(field=state, source=State.DRAFT, target=State.REGISTERED)
    def record(self) -> None:
        """Decided outside the platform; the seller enters the number."""

    @transition(field=state, source=State.REGISTERED, target=State.CANCELLED)
    def cancel(self) -> None:
        """The contract ended early: reliefs that were used are looked at."""

    @transition(field=state, source=State.REGISTERED, target=State.REVOKED)
    def revoke(self) -> None:
        """It was obtained by false statements."""

    @transition(
        field=state,
        source=[State.DRAFT, State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED, State.EXPERT_REVIEW],
        target=State.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """The seller takes it back."""
