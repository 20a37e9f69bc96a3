"""The contract: who licenses what to whom, as what, where, for what and until when; and its states (DOMAIN 3.4)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.brokerage.models import Deal
from marketplace.core.models import Record
from marketplace.documents.models import Document
from marketplace.listings.models import Achievement
from marketplace.notices.models import Notice
from marketplace.parties import access
from marketplace.parties.models import Organisation


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, user: Any) -> "ContractQuerySet":
        """Both sides, the technology manager, the third parties of the contract, and staff."""
        return self._read_by(user, has_third=True)

    def negotiated_by(self, user: Any) -> "ContractQuerySet":
        """The same without its third parties, who read what was agreed and not how it came about."""
        return self._read_by(user, has_third=False)

    def _read_by(self, user: Any, *, has_third: bool) -> "ContractQuerySet":
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        mine = access.organisation_ids(user)
        concerned = Q(seller_id__in=mine) | Q(buyer_id__in=mine) | Q(manager=user)
        if has_third:
            third = Contract._default_manager.filter(third_parties__organisation_id__in=mine)
            concerned |= Q(pk__in=third.values("pk"))
        return self.filter(concerned)

    def due(self, day: Any) -> "ContractQuerySet":
        """Contracts whose clock has something to do by that day: this is the queue."""
        return self.filter(next_clock_on__lte=day)

    def in_default(self, day: Any) -> "ContractQuerySet":
        """As `Contract.is_in_default`."""
        return self.filter(cure_until__lt=day).exclude(state=Contract.State.DISPUTED)


class Contract(Record):
    """技术合同. What the law would fill in silently is never left empty: kind, territory, field, term, sub-licence."""

    class LicenceKind(models.TextChoices):
        EXCLUSIVE = "EXCLUSIVE", _("exclusive: only the licensee")
        SOLE = "SOLE", _("sole: one licensee and the owner")
        ORDINARY = "ORDINARY", _("ordinary: others may be licensed too")

    class Sublicence(models.TextChoices):
        FORBIDDEN = "FORBIDDEN", _("forbidden")
        WITH_CONSENT = "WITH_CONSENT", _("with the owner's written consent")
        ALLOWED = "ALLOWED", _("allowed")

    class Export(models.TextChoices):
        DOMESTIC = "DOMESTIC", _("the licensee is in China")
        FREE = "FREE", _("abroad, technology of free export")
        RESTRICTED = "RESTRICTED", _("abroad, technology of restricted export")
        PROHIBITED = "PROHIBITED", _("abroad, technology that may not be exported")

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("contract", "applied")
        SCREENING = "screening", _("with the owner")
        DECLINED = "declined", _("declined")
        NEGOTIATING = "negotiating", _("negotiating")
        GUARANTEE_PENDING = "guarantee_pending", _("waiting for the guarantee")
        NOTICE_PENDING = "notice_pending", _("waiting for decision and notice")
        READY = "ready", _("ready to sign")
        SIGNED = "signed", _("signed")
        IN_TRIAL = "in_trial", _("on trial")
        STOP_PENDING = "stop_pending", _("stopping, documents to return")
        RETURNED = "returned", _("returned after trial")
        PAYING = "paying", _("paying")
        CURING = "curing", _("overdue, time to cure")
        DEFAULTED = "defaulted", _("defaulted")
        TERMINATED = "terminated", _("terminated")
        BOUGHT_OUT = "bought_out", _("bought out")
        COMPLETED = "completed", _("completed")
        REVIEW_INVALID = "review_invalid", _("right lost, under review")
        DISPUTED = "disputed", _("disputed")
        WITHDRAWN = "withdrawn", pgettext_lazy("contract", "withdrawn")

    UNSIGNED = (
        *(State.APPLIED, State.SCREENING, State.NEGOTIATING),
        *(State.GUARANTEE_PENDING, State.NOTICE_PENDING, State.READY),
    )
    ACTIVE = (State.SIGNED, State.IN_TRIAL, State.PAYING, State.CURING, State.DEFAULTED)
    RUNNING = (*ACTIVE, State.STOP_PENDING, State.REVIEW_INVALID, State.DISPUTED)
    CLOSED = (
        *(State.DECLINED, State.WITHDRAWN, State.RETURNED),
        *(State.TERMINATED, State.BOUGHT_OUT, State.COMPLETED),
    )

    title = models.CharField(_("title"), max_length=200, help_text=_("As it will stand in the contract."))
    achievement = models.ForeignKey(
        Achievement,
        verbose_name=_("achievement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
    )
    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), on_delete=models.PROTECT, null=True, blank=True, related_name="contracts"
    )
    seller = models.ForeignKey(
        Organisation,
        verbose_name=_("licensor (seller)"),
        on_delete=models.PROTECT,
        related_name="contracts_as_seller",
    )
    buyer = models.ForeignKey(
        Organisation, verbose_name=_("licensee (buyer)"), on_delete=models.PROTECT, related_name="contracts_as_buyer"
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("technology manager"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
    )
    type = models.CharField(_("contract type"), max_length=1, default="3")
    subtype = models.CharField(_("sub-type"), max_length=2, default="31")
    licence_kind = models.CharField(_("licence kind"), max_length=9, choices=LicenceKind, blank=True)
    territory = models.JSONField(
        _("territory"), default=list, blank=True, help_text=_("Regions by code; CN is the whole country.")
    )
    fields_of_use = models.JSONField(
        _("fields of use"), default=list, blank=True, help_text=_("Technical fields by code; * is every field.")
    )
    use_note = models.CharField(_("field of use in words"), max_length=500, blank=True)
    sublicence = models.CharField(_("sub-licence"), max_length=12, choices=Sublicence, blank=True)
    pricing_route = models.CharField(_("pricing route"), max_length=12, default="NEGOTIATED")
    export = models.CharField(_("export"), max_length=10, choices=Export, default=Export.DOMESTIC)
    export_licence = models.CharField(_("number of the export licence or registration"), max_length=80, blank=True)
    is_publicly_funded = models.BooleanField(_("publicly funded"), default=False)
    is_related_party = models.BooleanField(
        _("the buyer is an inventor or a related party"),
        default=False,
        help_text=_("Some provinces require that the public notice says so."),
    )
    audit_notice_days = models.PositiveSmallIntegerField(_("notice before an audit of the books, days"), default=30)
    mode = models.CharField(
        _("licensing mode asked for"), max_length=16, blank=True, help_text=_("The agreed terms say which it became.")
    )
    message = models.TextField(
        _("application"), max_length=2000, blank=True, help_text=_("What the licensee wants to do with it.")
    )
    state = FSMField(_("state"), choices=State, default=State.APPLIED, protected=True, db_index=True)
    state_before = models.CharField(max_length=20, blank=True, editable=False)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    decline_code = models.CharField(_("reason"), max_length=24, blank=True)
    sheet = models.ForeignKey(
        "TermSheet",
        verbose_name=_("agreed terms"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    guarantee_waiver = models.TextField(_("why no guarantee is asked"), max_length=1000, blank=True)
    notice = models.ForeignKey(
        Notice, verbose_name=_("public notice"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(
        Document, verbose_name=_("contract text"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    law_place = models.CharField(_("place whose law holds"), max_length=6, blank=True)
    law_on = models.DateField(_("law as of"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    trial_ends_on = models.DateField(_("trial ends on"), null=True, blank=True)
    ends_on = models.DateField(_("licence ends on"), null=True, blank=True)
    demanded_on = models.DateField(_("payment demanded on"), null=True, blank=True)
    cure_until = models.DateField(_("to be cured by"), null=True, blank=True)
    written_off = models.JSONField(default=list, blank=True, editable=False)
    """Keys of lines that the licensor's books have given up: they are owed, and nothing waits for them."""
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_note = models.TextField(_("why it ended"), max_length=2000, blank=True)
    next_clock_on = models.DateField(_("next clock"), null=True, blank=True, db_index=True, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="a_contract_has_two_sides"),
            models.CheckConstraint(
                condition=~Q(type="3") | (~Q(licence_kind="") & ~Q(sublicence="")),
                name="a_licence_says_its_kind_and_sublicence",
            ),
            models.CheckConstraint(
                condition=~Q(type__in=["2", "3"]) | Q(achievement__isnull=False),
                name="a_licence_or_transfer_is_of_an_achievement",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decline_code=""), name="a_declined_application_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        *("applied", "screening", "declined", "negotiating", "guarantee_pending"),
                        *("notice_pending", "ready", "withdrawn"),
                    ]
                )
                | (Q(signed_on__isnull=False) & Q(sheet__isnull=False) & Q(document__isnull=False)),
                name="a_signed_contract_has_its_day_terms_and_text",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_trial") | Q(trial_ends_on__isnull=False), name="a_trial_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(state="curing") | (Q(demanded_on__isnull=False) & Q(cure_until__gt=F("demanded_on"))),
                name="a_cure_follows_a_demand",
            ),
            models.CheckConstraint(
                condition=Q(demanded_on__isnull=True, cure_until__isnull=True)
                | Q(demanded_on__isnull=False, cure_until__isnull=False, cure_until__gt=F("demanded_on")),
                name="a_demand_gives_its_days",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(signed_on__isnull=True) | Q(ends_on__gt=F("signed_on")),
                name="a_licence_ends_after_its_signature",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "terminated", "bought_out", "completed"])
                | Q(ended_on__isnull=False),
                name="an_ended_contract_has_its_day",
            ),
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(deal__isnull=False) & ~Q(state__in=["declined", "withdrawn"]),
                name="one_live_contract_per_deal",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_licence(self) -> bool:
        return self.type == "3"

    @property
    def is_signed(self) -> bool:
        return self.signed_on is not None

    def may_be_cured(self, day: date) -> bool:
        """Whether a demand stands and its days are not over; in a dispute they wait."""
        return self.cure_until is not None and day <= self.cure_until and self.state != self.State.DISPUTED

    def is_in_default(self, day: date) -> bool:
        """Whether a demand stands and its days are over, whatever became of the contract meanwhile."""
        return self.cure_until is not None and day > self.cure_until and self.state != self.State.DISPUTED

    @transition(field=state, source=State.APPLIED, target=State.SCREENING)
    def submit(self) -> None:
        """An eligible firm asks; the owner's clock begins."""

    @transition(field=state, source=State.SCREENING, target=State.NEGOTIATING)
    def accept_application(self) -> None:
        """The owner wants to talk."""

    @transition(field=state, source=State.SCREENING, target=State.DECLINED)
    def decline(self) -> None:
        """The owner does not, or did not answer in time; the reason is kept."""

    @transition(field=state, source=State.APPLIED, target=State.NEGOTIATING)
    def draft(self) -> None:
        """Drawn up from an agreed deal: nobody needs to apply any more."""

    @transition(field=state, source=State.NEGOTIATING, target=State.GUARANTEE_PENDING)
    def agree_terms(self) -> None:
        """Both sides accepted the same version of the terms."""

    @transition(
        field=state, source=[State.GUARANTEE_PENDING, State.NOTICE_PENDING, State.READY], target=State.NEGOTIATING
    )
    def reopen_terms(self) -> None:
        """Terms are changed: guarantee, decision and notice begin anew."""

    @transition(field=state, source=State.GUARANTEE_PENDING, target=State.NOTICE_PENDING)
    def secure(self) -> None:
        """The guarantee is issued and covers what was agreed, or it was waived by a decision."""

    @transition(field=state, source=State.NOTICE_PENDING, target=State.READY)
    def clear(self) -> None:
        """Decision recorded, notice closed clean where one is due, nothing open that forbids signing."""

    @transition(field=state, source=State.READY, target=State.NOTICE_PENDING)
    def unclear(self) -> None:
        """What had cleared it is gone: notice voided, decision withdrawn."""

    @transition(field=state, source=State.READY, target=State.SIGNED)
    def sign(self) -> None:
        """The second side signed the same text."""

    @transition(field=state, source=State.SIGNED, target=State.IN_TRIAL)
    def start_trial(self) -> None:
        """The documents were handed over; the free phase runs."""

    @transition(field=state, source=State.SIGNED, target=State.PAYING)
    def start_paying(self) -> None:
        """The documents were handed over; there is no free phase."""

    @transition(field=state, source=State.IN_TRIAL, target=State.IN_TRIAL)
    def extend(self) -> None:
        """The free phase runs longer, as often as the terms allow."""

    @transition(field=state, source=State.IN_TRIAL, target=State.PAYING)
    def keep(self) -> None:
        """The licensee keeps the licence, or the agreed default keeps it."""

    @transition(field=state, source=State.IN_TRIAL, target=State.STOP_PENDING)
    def stop(self) -> None:
        """The licensee stops, or the agreed default stops it; documents go back."""

    @transition(field=state, source=State.STOP_PENDING, target=State.RETURNED)
    def confirm_return(self) -> None:
        """Documents are back, use has stopped, sales made are paid."""

    @transition(field=state, source=State.PAYING, target=State.CURING)
    def demand(self) -> None:
        """What is overdue was demanded in writing. In any other state a demand leaves the contract where it is."""

    @transition(field=state, source=[State.CURING, State.DEFAULTED], target=State.PAYING)
    def cure(self) -> None:
        """What was overdue is paid with its interest."""

    @transition(field=state, source=State.CURING, target=State.DEFAULTED)
    def default(self) -> None:
        """The time to cure is over and it is still unpaid."""

    @transition(
        field=state,
        source=[State.SIGNED, State.IN_TRIAL, State.STOP_PENDING, State.DEFAULTED, State.REVIEW_INVALID],
        target=State.TERMINATED,
    )
    def terminate(self) -> None:
        """Ended for default or for the loss of the right."""

    @transition(field=state, source=[*ACTIVE, State.STOP_PENDING, State.DISPUTED], target=State.TERMINATED)
    def end_by_agreement(self) -> None:
        """Both sides end it."""

    @transition(field=state, source=[State.IN_TRIAL, State.PAYING], target=State.BOUGHT_OUT)
    def buy_out(self) -> None:
        """The option price is paid."""

    @transition(field=state, source=[State.PAYING, State.REVIEW_INVALID], target=State.COMPLETED)
    def complete(self) -> None:
        """Everything is paid and the licence has run its course, or is paid up."""

    @transition(field=state, source=[State.BOUGHT_OUT, State.COMPLETED], target=State.PAYING)
    def run_again(self) -> None:
        """A payment without which it would not have ended was taken back."""

    @transition(field=state, source=ACTIVE, target=State.REVIEW_INVALID)
    def lose_right(self) -> None:
        """The patent was invalidated: nothing accrues any more; what was paid stays (Patent Law 47)."""

    @transition(field=state, source=[*ACTIVE, State.STOP_PENDING, State.REVIEW_INVALID], target=State.DISPUTED)
    def dispute(self) -> None:
        """One side disputes; the clock of the cure stands still."""

    @transition(field=state, source=State.DISPUTED, target=State.PAYING)
    def settle_to_paying(self) -> None:
        """The dispute ended and the licence goes on being paid."""

    @transition(field=state, source=State.DISPUTED, target=State.IN_TRIAL)
    def settle_to_trial(self) -> None:
        """The dispute ended and the trial goes on."""

    @transition(field=state, source=State.DISPUTED, target=State.SIGNED)
    def settle_to_signed(self) -> None:
        """The dispute ended before the documents were handed over."""

    @transition(field=state, source=UNSIGNED, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Given up before it was signed."""
