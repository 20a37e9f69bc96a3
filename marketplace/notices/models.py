"""Public notices (公示) with their clock, and objections (异议) that stop it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Organisation

LONGEST = 2000


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """On the market everybody, visitors too; within an organisation its members and platform staff."""
        if not user.is_authenticated:
            return self.filter(is_on_market=True)
        if access.is_platform_staff(user):
            return self
        return self.filter(Q(is_on_market=True) | Q(owner_id__in=access.organisation_ids(user)))

    def titled(self, word: str) -> "NoticeQuerySet":
        """With this word in the title or in the organisation's name."""
        return self.filter(
            Q(title_zh__icontains=word)
            | Q(title_en__icontains=word)
            | Q(owner__name_zh__icontains=word)
            | Q(owner__name_en__icontains=word)
        )

    def running_first(self) -> "NoticeQuerySet":
        """Those that still run, then the others; newest first."""
        is_over = Case(When(state__in=Notice.RUNNING, then=0), default=1)
        return self.order_by(is_over, "-opened_on", "-id")

    def running(self) -> "NoticeQuerySet":
        """Those that are neither over nor void."""
        return self.filter(state__in=Notice.RUNNING)


class Notice(Record):
    """公示: what an organisation has decided, shown for the days that the law asks, before it may be signed."""

    class Kind(models.TextChoices):
        PRICE = "PRICE", _("negotiated price")
        REWARD = "REWARD", _("reward")
        LEADER_SHARE = "LEADER_SHARE", _("leader's share of the income")
        EQUITY_PROXY = "EQUITY_PROXY", _("shares held by proxy")

    class Unit(models.TextChoices):
        CALENDAR_DAYS = "calendar_days", _("calendar days")
        WORKING_DAYS = "working_days", _("working days")

    class State(models.TextChoices):
        OPEN = "open", _("open to objections")
        OBJECTED = "objected", _("stopped by an objection")
        CLOSED_CLEAN = "closed_clean", _("over, no objection stands")
        VOID = "void", _("void")

    class VoidReason(models.TextChoices):
        TERMS_CHANGED = "TERMS_CHANGED", _("the terms changed")
        OBJECTION_UPHELD = "OBJECTION_UPHELD", _("an objection was upheld")
        WITHDRAWN = "WITHDRAWN", _("withdrawn by its organisation")

    RUNNING = (State.OPEN, State.OBJECTED)

    owner = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="notices"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices_opened",
        help_text=_("Somebody else answers the objections."),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.PRICE)
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    place = models.CharField(
        _("place"), max_length=6, help_text=_("The region whose law holds: CN or six digits (GB/T 2260).")
    )
    content = models.JSONField(_("content"), help_text=_("What is shown, field by field; nothing in it is secret."))
    terms_fingerprint = models.CharField(
        _("fingerprint of the terms"), max_length=64, help_text=_("Price, method and counterparty as decided.")
    )
    is_on_market = models.BooleanField(
        _("shown on the market"), default=False, help_text=_("Otherwise in the organisation alone.")
    )
    opened_on = models.DateField(_("opened on"))
    days = models.PositiveSmallIntegerField(_("days"))
    unit = models.CharField(_("counted in"), max_length=16, choices=Unit)
    ends_on = models.DateField(_("last day"), db_index=True)
    law_references = models.JSONField(_("decided under"), default=list)
    state = FSMField(_("state"), choices=State, default=State.OPEN, protected=True, db_index=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    voided_on = models.DateField(_("void since"), null=True, blank=True)
    void_reason = models.CharField(_("why it is void"), max_length=20, choices=VoidReason, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        ordering: ClassVar[list[str]] = ["-opened_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["owner", "terms_fingerprint"],
                condition=Q(state__in=["open", "objected"]),
                name="one_running_notice_per_terms",
            ),
            models.CheckConstraint(condition=~Q(terms_fingerprint=""), name="a_notice_names_its_terms"),
            models.CheckConstraint(condition=Q(days__gte=1), name="a_notice_runs_a_day_at_least"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("opened_on")), name="a_notice_ends_after_it_opens"),
            models.CheckConstraint(
                condition=~Q(state="closed_clean") | Q(closed_on__isnull=False, closed_on__gt=F("ends_on")),
                name="a_closed_notice_ran_to_its_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | (Q(voided_on__isnull=False) & ~Q(void_reason="")),
                name="a_void_notice_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def channels(self) -> list[str]:
        """Where it is shown, in the words of the law: always in the unit."""
        return ["unit", "market"] if self.is_on_market else ["unit"]

    @transition(field=state, source=RUNNING, target=State.OBJECTED)
    def stop(self) -> None:
        """An objection was filed: the clock stands still until the last open one is answered."""

    @transition(field=state, source=State.OBJECTED, target=State.OPEN)
    def resume(self) -> None:
        """The last open objection was dismissed: the clock goes on, and the last day moves."""

    @transition(field=state, source=State.OPEN, target=State.CLOSED_CLEAN)
    def close(self) -> None:
        """The last day is over and no objection is open."""

    @transition(field=state, source=RUNNING, target=State.VOID)
    def void(self) -> None:
        """It proves nothing any more: whoever wants to sign opens a new one."""


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: Any) -> "ObjectionQuerySet":
        """Who decides for the organisation, who filed it, and staff. Everybody else reads the answer alone."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        decides_for = [pk for pk in access.organisation_ids(user) if access.may_decide_for(user, pk)]
        return self.filter(Q(notice__owner_id__in=decides_for) | Q(filed_by=user))


class Objection(Record):
    """异议: what a named person says against a notice. The answer is public; person and words are not."""

    class State(models.TextChoices):
        FILED = "filed", _("waiting for an answer")
        DISMISSED = "dismissed", pgettext_lazy("objection", "dismissed")
        UPHELD = "upheld", _("upheld")
        LAPSED = "lapsed", _("without object: the notice became void")

    notice = models.ForeignKey(
        Notice, verbose_name=_("public notice"), on_delete=models.PROTECT, related_name="objections"
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("filed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objections_filed",
        help_text=_("Empty for a visitor without an account."),
    )
    name = models.CharField(_("name"), max_length=60)
    contact = models.CharField(_("telephone or e-mail"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    text = models.TextField(_("objection"), max_length=LONGEST)
    filed_at = models.DateTimeField(_("filed at"))
    state = FSMField(_("state"), choices=State, default=State.FILED, protected=True, db_index=True)
    answer = models.TextField(_("answer"), max_length=LONGEST, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objections_answered",
    )

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering: ClassVar[list[str]] = ["filed_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(contact="") & ~Q(text=""), name="an_objection_comes_from_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["dismissed", "upheld"]) | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="an_answered_objection_has_its_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} · {self.filed_on:%Y-%m-%d}"

    @property
    def filed_on(self) -> Any:
        return timezone.localdate(self.filed_at)

    @property
    def answered_on(self) -> Any:
        return timezone.localdate(self.answered_at) if self.answered_at else None

    @transition(field=state, source=State.FILED, target=State.DISMISSED)
    def dismiss(self) -> None:
        """It changes nothing, and the published answer says why."""

    @transition(field=state, source=State.FILED, target=State.UPHELD)
    def uphold(self) -> None:
        """It is right: the notice is void."""

    @transition(field=state, source=State.FILED, target=State.LAPSED)
    def lapse(self) -> None:
        """The notice became void before an answer was due."""
