"""What runs while a licence is paid: milestones, sales reports, audits of the books, reminders."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.documents.models import Document

from ..rules.sheet import TriggerKind
from .contract import Contract
from .signing import Signature


class OfContractQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "OfContractQuerySet":
        return self.filter(contract__in=Contract.objects.visible_to(user))


class Milestone(Record):
    """里程碑: a staged event that one side declares with evidence and the other confirms; silence confirms in time.

    Made from the triggers of the agreed terms when the contract is signed; besides milestones proper these are
    first sale, financing, grant of the patent, change of control.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("not reached yet")
        CLAIMED = "claimed", _("declared, to be confirmed")
        ACHIEVED = "achieved", _("achieved")
        REJECTED = "rejected", _("rejected")
        WAIVED = "waived", _("waived")
        MISSED = "missed", _("missed")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="milestones"
    )
    slug = models.CharField(_("short name"), max_length=32)
    kind = models.CharField(_("kind"), max_length=20, choices=[(each, each) for each in TriggerKind])
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    evidence_wanted = models.CharField(_("evidence asked for"), max_length=500, blank=True)
    declared_by = models.CharField(_("declared by"), max_length=6, choices=Signature.Side)
    confirmed_by = models.CharField(_("confirmed by"), max_length=6, choices=Signature.Side)
    silent_days = models.PositiveSmallIntegerField(_("silence confirms after days"), default=15)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = FSMField(_("state"), choices=State, default=State.PENDING, protected=True, db_index=True)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("declared at"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("declared by person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    evidence_note = models.TextField(_("evidence in words"), max_length=2000, blank=True)
    evidence = models.ForeignKey(
        Document, verbose_name=_("evidence"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)

    objects = OfContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering: ClassVar[list[str]] = ["contract", "due_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "slug"], name="one_milestone_per_short_name"),
            models.CheckConstraint(
                condition=~Q(declared_by=F("confirmed_by")), name="a_milestone_is_confirmed_by_the_other_side"
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | (Q(reached_on__isnull=False) & Q(answer_by__isnull=False)),
                name="a_claimed_milestone_has_its_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state="achieved") | Q(reached_on__isnull=False), name="an_achieved_milestone_has_its_day"
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh

    @transition(field=state, source=[State.PENDING, State.REJECTED, State.MISSED], target=State.CLAIMED)
    def claim(self) -> None:
        """One side declares it reached, with evidence."""

    @transition(field=state, source=State.CLAIMED, target=State.ACHIEVED)
    def accept(self) -> None:
        """The other side agrees, or was silent for the agreed days."""

    @transition(field=state, source=State.CLAIMED, target=State.REJECTED)
    def reject(self) -> None:
        """The other side does not agree and says why; it may be declared again."""

    @transition(field=state, source=[State.PENDING, State.REJECTED, State.MISSED], target=State.WAIVED)
    def waive(self) -> None:
        """The side that would be paid lets it go."""

    @transition(field=state, source=[State.PENDING, State.REJECTED], target=State.MISSED)
    def miss(self) -> None:
        """Its day passed; it may still be reached."""


class SalesReport(Record):
    """销售申报: what was sold in a period of a royalty; a nil report is a report. Accepted ones are never edited."""

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("report", "due")
        SUBMITTED = "submitted", pgettext_lazy("report", "submitted")
        QUERIED = "queried", _("queried")
        ACCEPTED = "accepted", pgettext_lazy("report", "accepted")

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="sales_reports"
    )
    royalty = models.CharField(_("royalty"), max_length=32)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    due_on = models.DateField(_("due on"))
    corrects = models.ForeignKey(
        "self", verbose_name=_("corrects"), on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    state = FSMField(_("state"), choices=State, default=State.DUE, protected=True, db_index=True)
    gross = models.DecimalField(_("gross sales"), max_digits=16, decimal_places=2, default=0)
    deductions = models.JSONField(_("deductions"), default=dict, blank=True)
    units = models.DecimalField(_("units"), max_digits=16, decimal_places=3, default=0)
    gross_margin = models.DecimalField(_("gross margin"), max_digits=16, decimal_places=2, default=0)
    third_party_royalties = models.DecimalField(
        _("royalties paid to third parties"), max_digits=16, decimal_places=2, default=0
    )
    sublicence_upfront = models.DecimalField(
        _("one-off payments of sub-licensees"), max_digits=16, decimal_places=2, default=0
    )
    sublicence_royalty = models.DecimalField(
        _("royalties of sub-licensees"), max_digits=16, decimal_places=2, default=0
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    evidence = models.ForeignKey(
        Document, verbose_name=_("evidence"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("submitted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    query = models.TextField(_("query"), max_length=2000, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    objects = OfContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("sales report")
        verbose_name_plural = _("sales reports")
        ordering: ClassVar[list[str]] = ["contract", "first", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "royalty", "first"],
                condition=Q(corrects__isnull=True),
                name="one_report_per_royalty_and_period",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(corrects__isnull=False) & ~Q(state="accepted"),
                name="one_open_correction_per_report",
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_report_period_runs_forward"),
            models.CheckConstraint(
                condition=Q(gross__gte=0) & Q(units__gte=0) & Q(third_party_royalties__gte=0),
                name="reported_sales_are_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False), name="an_accepted_report_has_its_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"

    @transition(field=state, source=[State.DUE, State.QUERIED], target=State.SUBMITTED)
    def submit(self) -> None:
        """The licensee says what was sold, also when it is nothing."""

    @transition(field=state, source=State.SUBMITTED, target=State.QUERIED)
    def ask(self) -> None:
        """The licensor asks back."""

    @transition(field=state, source=State.SUBMITTED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The licensor agrees, or was silent for the agreed days; from now on only a correction changes it."""


class Audit(Record):
    """查账: the licensor looks at the books, after notice and not more than once a year without a finding."""

    class State(models.TextChoices):
        NOTICED = "noticed", _("announced")
        FIELDWORK = "fieldwork", _("at work")
        REPORTED = "reported", _("report delivered")
        AGREED = "agreed", pgettext_lazy("audit", "agreed")
        DISPUTED = "disputed", pgettext_lazy("audit", "disputed")
        SETTLED = "settled", _("settled")

    contract = models.ForeignKey(Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="audits")
    noticed_on = models.DateField(_("announced on"))
    starts_on = models.DateField(_("begins on"))
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    state = FSMField(_("state"), choices=State, default=State.NOTICED, protected=True)
    reported_amount = models.DecimalField(
        _("royalties as reported"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    found_amount = models.DecimalField(_("royalties as found"), max_digits=16, decimal_places=2, null=True, blank=True)
    report = models.ForeignKey(
        Document, verbose_name=_("audit report"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)

    objects = OfContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        ordering: ClassVar[list[str]] = ["-noticed_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(starts_on__gte=F("noticed_on")), name="an_audit_follows_its_notice"),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=["noticed", "fieldwork", "reported", "disputed"]),
                name="one_open_audit_per_contract",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.noticed_on}"

    @transition(field=state, source=State.NOTICED, target=State.FIELDWORK)
    def begin(self) -> None:
        """The notice has run."""

    @transition(field=state, source=State.FIELDWORK, target=State.REPORTED)
    def report_findings(self) -> None:
        """What was found is on paper."""

    @transition(field=state, source=State.REPORTED, target=State.AGREED)
    def agree(self) -> None:
        """The licensee agrees; a shortfall becomes a correction of the reports."""

    @transition(field=state, source=State.REPORTED, target=State.DISPUTED)
    def object_to(self) -> None:
        """The licensee does not agree."""

    @transition(field=state, source=[State.AGREED, State.DISPUTED], target=State.SETTLED)
    def settle(self) -> None:
        """Done with."""


class Reminder(Record):
    """One reminder that was really sent: about what, how many days before or after its day. Sent once."""

    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="reminders"
    )
    about = models.CharField(_("about"), max_length=80)
    due_on = models.DateField(_("due on"))
    step = models.SmallIntegerField(_("days from the due day"))
    side = models.CharField(_("to"), max_length=6, choices=Signature.Side)

    objects = OfContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "about", "due_on", "step", "side"], name="one_reminder_per_matter_and_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.step:+d}"
