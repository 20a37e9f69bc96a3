"""The stake: the part of a company that an owner's side received for what it contributed, and when that ends."""

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

from ..rules import holding
from .payee import decided_for


class StakeQuerySet(models.QuerySet["Stake"]):
    def visible_to(self, user: Any) -> "StakeQuerySet":
        """Both sides, the technology manager, who holds a part, and staff. Who else stands on the contract does not."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        holds = Stake._default_manager.filter(allotments__holdings__payee__user_id=user.pk)
        return self.filter(Q(contract__in=Contract.objects.negotiated_by(user)) | Q(pk__in=holds.values("pk")))

    def decided_by(self, user: Any) -> "StakeQuerySet":
        return self.filter(book_id__in=decided_for(user))


class Stake(Record):
    """作价股权: what one equity term of a signed contract came to in a company, by which paper, worth what."""

    class Instrument(models.TextChoices):
        FOUNDERS = "FOUNDERS", _("founders' agreement")
        INVESTMENT = "INVESTMENT", _("investment agreement")
        ARTICLES = "ARTICLES", _("articles of association")

    class Basis(models.TextChoices):
        APPRAISAL = "APPRAISAL", _("appraised")
        NEGOTIATED = "NEGOTIATED", _("agreed by the founders and decided together")

    class Ending(models.TextChoices):
        SOLD = "SOLD", _("sold")
        WOUND_UP = "WOUND_UP", _("wound up")

    class State(models.TextChoices):
        AGREED = "agreed", pgettext_lazy("stake", "agreed")
        REGISTERED = "registered", pgettext_lazy("stake", "registered")
        ENDED = "ended", pgettext_lazy("stake", "ended")

    LIVE = (State.AGREED, State.REGISTERED)

    book = models.ForeignKey(Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="stakes")
    contract = models.ForeignKey(Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="stakes")
    term = models.CharField(_("term of the contract"), max_length=40)
    company = models.CharField(_("company"), max_length=200)
    credit_code = models.CharField(_("unified social credit code"), max_length=18)
    instrument = models.CharField(_("agreed in"), max_length=10, choices=Instrument)
    percent = models.DecimalField(_("part of the company"), max_digits=7, decimal_places=6)
    percent_reason = models.CharField(_("why it differs from the contract"), max_length=300, blank=True)
    shares = models.PositiveBigIntegerField(
        _("number of shares"), null=True, blank=True, help_text=_("Empty for a company without shares.")
    )
    valuation = models.DecimalField(_("value of the contribution"), max_digits=16, decimal_places=2)
    basis = models.CharField(_("how it was valued"), max_length=10, choices=Basis)
    valued_on = models.DateField(_("valued as of"))
    agreed_on = models.DateField(_("agreed on"), help_text=_("The law of this day holds."))
    law_place = models.CharField(_("place whose law holds"), max_length=6)
    instrument_paper = models.ForeignKey(
        Document, verbose_name=_("agreement or articles"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    valuation_paper = models.ForeignKey(
        Document, verbose_name=_("paper on the value"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    register_paper = models.ForeignKey(
        Document, verbose_name=_("extract of the company register"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    registered_on = models.DateField(_("entered in the company register on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, db_index=True)
    ending = models.CharField(_("how it ended"), max_length=10, choices=Ending, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)
    proceeds = models.DecimalField(_("proceeds"), max_digits=16, decimal_places=2, null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    state = FSMField(_("state"), choices=State, default=State.AGREED, protected=True, db_index=True)

    objects = StakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("stake")
        verbose_name_plural = _("stakes")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "term"], name="one_stake_per_contract_and_term"),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=1), name="a_stake_is_a_part_of_a_company"),
            models.CheckConstraint(condition=Q(valuation__gt=0), name="a_stake_is_worth_something"),
            models.CheckConstraint(
                condition=Q(shares__isnull=True) | Q(shares__gt=0), name="a_stake_counts_its_shares_or_has_none"
            ),
            models.CheckConstraint(
                condition=Q(credit_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"), name="a_company_has_its_credit_code"
            ),
            models.CheckConstraint(
                condition=~Q(state="registered")
                | Q(
                    registered_on__isnull=False,
                    instrument_paper__isnull=False,
                    valuation_paper__isnull=False,
                    register_paper__isnull=False,
                ),
                name="a_registered_stake_has_its_day_and_papers",
            ),
            models.CheckConstraint(
                condition=Q(registered_on__isnull=True) | Q(registered_on__gte=F("agreed_on")),
                name="a_stake_is_registered_after_it_is_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended")
                | (Q(ended_on__gte=F("agreed_on"), proceeds__gte=0) & ~Q(ending="") & ~Q(end_reason="")),
                name="an_ended_stake_says_when_how_why_and_for_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.contract}"

    @property
    def units(self) -> int:
        """What holders have whole parts of: its shares, or ten-thousandths of a percent of the company."""
        return holding.units_of(self.percent, self.shares)

    def part_of(self, units: int) -> Decimal:
        """So many units as a part of the company, as a ratio with six places and more."""
        return self.percent * units / self.units

    @transition(field=state, source=State.AGREED, target=State.REGISTERED)
    def register(self) -> None:
        """The company register shows it."""

    @transition(field=state, source=LIVE, target=State.ENDED)
    def end(self) -> None:
        """It was sold, or the company was wound up."""
