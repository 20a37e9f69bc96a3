"""The signed plan: who shares in the reward of a contract, and how what stays with the owner is divided."""

from fractions import Fraction
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

from ..rules import sharing
from .payee import OfMoneyPeopleQuerySet, Payee, decided_for
from .stake import Stake

HASH = r"^[0-9a-f]{64}$"


class CostQuerySet(OfMoneyPeopleQuerySet):
    """Costs are the owner's own: the licensee reads none of them."""


class Cost(Record):
    """成本项: something that is taken off receipts of a contract before they are shared, with its document."""

    class Kind(models.TextChoices):
        TAX = "TAX", _("taxes of this deal")
        MAINTENANCE = "MAINTENANCE", _("this deal's part of keeping the right in force")
        VALUATION = "VALUATION", pgettext_lazy("cost", "valuation")
        AUTHENTICATION = "AUTHENTICATION", _("expert authentication")
        NEGOTIATION = "NEGOTIATION", pgettext_lazy("cost", "negotiation")
        OTHER = "OTHER", _("other direct cost")
        RESEARCH = "RESEARCH", _("public money spent on the research")

    book = models.ForeignKey(
        Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="reward_costs"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="reward_costs"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    on = models.DateField(_("day"))
    note = models.CharField(_("what for"), max_length=300)
    document = models.ForeignKey(Document, verbose_name=_("paper"), on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(_("why it does not count"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = CostQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost of a deal")
        verbose_name_plural = _("costs of deals")
        ordering: ClassVar[list[str]] = ["on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_cost_is_more_than_nothing"),
            models.CheckConstraint(condition=~Q(kind="RESEARCH"), name="public_research_money_is_no_cost"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class SharingPlanQuerySet(models.QuerySet["SharingPlan"]):
    def of_money(self) -> "SharingPlanQuerySet":
        """Plans of who shares in what is received; those of a stake say who holds shares."""
        return self.filter(stake=None)

    def beside(self, plan: "SharingPlan") -> "SharingPlanQuerySet":
        """Plans of the same contract and of the same: of its money, or of the same stake."""
        return self.filter(contract_id=plan.contract_id, stake_id=plan.stake_id)

    def visible_to(self, user: Any) -> "SharingPlanQuerySet":
        """Who decides for the owner, whoever has a share in it, and staff.

        Who has left the owner reads their own rewards, and of plans only what still waits for their signature.
        """
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        lines = PlanLine._default_manager.filter(payee__user_id=user.pk)
        to_sign = lines.filter(role=PlanLine.Role.INVENTOR, signed_at=None, plan__state=SharingPlan.State.DRAFTED)
        own = lines.exclude(plan__book_id__in=access.left_ids(user)) | to_sign
        return self.filter(Q(book_id__in=decided_for(user)) | Q(pk__in=own.values("plan_id")))


class SharingPlan(Record):
    """分配方案: each inventor confirms its hash; when the last one has, it holds. Changed shares are a new plan."""

    class State(models.TextChoices):
        DRAFTED = "drafted", _("waiting for signatures")
        SIGNED = "signed", pgettext_lazy("plan", "signed by all inventors")
        REPLACED = "replaced", _("replaced by a later plan")
        WITHDRAWN = "withdrawn", pgettext_lazy("plan", "withdrawn")

    book = models.ForeignKey(
        Organisation, verbose_name=_("books of"), on_delete=models.PROTECT, related_name="sharing_plans"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="sharing_plans"
    )
    stake = models.ForeignKey(
        Stake,
        verbose_name=_("stake"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        help_text=_("Set for a plan of who holds shares; empty for what is received in money."),
    )
    number = models.PositiveSmallIntegerField(_("version"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    sha256 = models.CharField(_("hash"), max_length=64)
    law_references = models.JSONField(_("decided under"), default=list, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    state = FSMField(_("state"), choices=State, default=State.DRAFTED, protected=True, db_index=True)

    objects = SharingPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing plan")
        verbose_name_plural = _("sharing plans")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract", "number"], name="one_plan_per_number"),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state="signed", stake__isnull=True),
                name="one_signed_plan_per_contract",
            ),
            models.UniqueConstraint(
                fields=["stake"],
                condition=Q(state="signed", stake__isnull=False),
                name="one_signed_plan_per_stake",
            ),
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="a_plan_has_its_hash"),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "replaced"]) | Q(signed_on__isnull=False),
                name="a_signed_plan_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.number}"

    @transition(field=state, source=State.DRAFTED, target=State.SIGNED)
    def sign(self) -> None:
        """The last inventor confirmed its hash."""

    @transition(field=state, source=State.SIGNED, target=State.REPLACED)
    def replace(self) -> None:
        """All inventors signed a later one; what was shared by this one stays."""

    @transition(field=state, source=State.DRAFTED, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Taken back before everybody had signed."""


class PlanLine(Record):
    """One share of a plan as an exact fraction; an inventor's line holds the recorded confirmation of its hash."""

    class Role(models.TextChoices):
        INVENTOR = "INVENTOR", pgettext_lazy("share", "inventor")
        STAFF = "STAFF", _("transfer office or management staff")
        OWNER = "OWNER", pgettext_lazy("share", "owner")
        COLLEGE = "COLLEGE", pgettext_lazy("share", "college or department")
        TRANSFER_OFFICE = "TRANSFER_OFFICE", pgettext_lazy("share", "transfer office")

    plan = models.ForeignKey(
        SharingPlan, verbose_name=_("sharing plan"), on_delete=models.PROTECT, related_name="lines"
    )
    role = models.CharField(_("as"), max_length=16, choices=Role)
    payee = models.ForeignKey(
        Payee, verbose_name=_("payee"), on_delete=models.PROTECT, null=True, blank=True, related_name="plan_lines"
    )
    name = models.CharField(_("name"), max_length=100)
    numerator = models.PositiveBigIntegerField()
    denominator = models.PositiveBigIntegerField()
    is_main = models.BooleanField(_("main contributor"), default=False)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signed_sha256 = models.CharField(_("hash that was confirmed"), max_length=64, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("signed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    paper = models.ForeignKey(
        Document, verbose_name=_("signed paper"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("line of a sharing plan")
        verbose_name_plural = _("lines of sharing plans")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "payee"], condition=Q(payee__isnull=False), name="one_line_per_payee_and_plan"
            ),
            models.CheckConstraint(
                condition=Q(numerator__gte=1) & Q(numerator__lte=F("denominator")), name="a_share_is_a_part_of_one"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["INVENTOR", "STAFF"], payee__isnull=False)
                | Q(role__in=["OWNER", "COLLEGE", "TRANSFER_OFFICE"], payee__isnull=True),
                name="people_share_in_the_reward_and_units_in_the_rest",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_sha256="")
                | Q(signed_at__isnull=False, signed_sha256__regex=HASH, signed_by__isnull=False),
                name="a_signature_names_the_hash_of_its_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {sharing.written(self.share)}"

    @property
    def share(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    @property
    def book_id(self) -> int:
        return self.plan.book_id

    def as_rule(self) -> sharing.Line:
        return sharing.Line(sharing.Role(self.role), self.share, self.is_main)
