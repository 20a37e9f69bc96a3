"""Matches: the machine's suggestions with their reasons, and what people thought of them. Saved searches."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record
from marketplace.listings.models import Projection
from marketplace.parties import access


class MatchQuerySet(models.QuerySet["Match"]):
    def current(self) -> "MatchQuerySet":
        """Among the demand's best twenty now, both listings on the market."""
        return self.filter(rank__isnull=False, achievement__is_live=True, demand__is_live=True)

    def visible_to(self, user: Any) -> "MatchQuerySet":
        """Technology managers and staff see every match of public listings; owners see those of their own."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user) or access.is_technology_manager(user):
            return self
        mine = access.organisation_ids(user)
        return self.filter(Q(achievement__achievement__owner_id__in=mine) | Q(demand__demand__owner_id__in=mine))


class Match(Record):
    """One achievement among a demand's best twenty. Everything here comes from the two public projections.

    Both sides read the same row: a demand finds its achievements, an achievement the demands whose best twenty it
    entered, and the score is the same for both.
    """

    achievement = models.ForeignKey(
        Projection,
        verbose_name=_("achievement"),
        on_delete=models.CASCADE,
        related_name="matches_as_achievement",
    )
    demand = models.ForeignKey(
        Projection, verbose_name=_("demand"), on_delete=models.CASCADE, related_name="matches_as_demand"
    )
    score = models.FloatField(_("score"), help_text=_("0 to 1; it orders suggestions and is no probability."))
    components = models.JSONField(_("components"), default=dict)
    reasons = models.JSONField(_("reasons"), default=list)
    model_version = models.CharField(_("model version"), max_length=40)
    rank = models.PositiveSmallIntegerField(
        _("rank"),
        null=True,
        blank=True,
        help_text=_("Place among the demand's best twenty; empty once the pair has dropped out."),
    )
    found_at = models.DateTimeField(_("found at"), auto_now_add=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering: ClassVar[list[str]] = ["-score", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["achievement", "demand"], name="one_match_per_pair"),
            models.CheckConstraint(condition=Q(score__gte=0) & Q(score__lte=1), name="a_match_scores_0_to_1"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["demand", "-score"], name="match_by_demand"),
            models.Index(fields=["achievement", "-score"], name="match_by_achievement"),
            models.Index(fields=["-found_at"], name="match_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.achievement} ↔ {self.demand}"


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def visible_to(self, user: Any) -> "JudgementQuerySet":
        """One's own, one's organisations', and for staff all."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(Q(by=user, organisation=None) | Q(organisation_id__in=access.organisation_ids(user)))


class Judgement(Record):
    """What one side thinks of a match: an organisation's, or a technology manager's own."""

    class Verdict(models.TextChoices):
        SHORTLISTED = "shortlisted", _("shortlisted")
        DISMISSED = "dismissed", _("dismissed")

    match = models.ForeignKey(Match, verbose_name=_("match"), on_delete=models.CASCADE, related_name="judgements")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="judgements",
    )
    organisation = models.ForeignKey(
        "parties.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict)
    reason_code = models.CharField(_("reason"), max_length=24, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("judgement of a match")
        verbose_name_plural = _("judgements of matches")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["match", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_judgement_per_match_and_organisation",
            ),
            models.UniqueConstraint(
                fields=["match", "by"],
                condition=Q(organisation__isnull=True),
                name="one_judgement_per_match_and_manager",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="dismissed") | ~Q(reason_code=""), name="a_dismissal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match}: {self.get_verdict_display()}"


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: Any) -> "SavedSearchQuerySet":
        """One's own: what somebody looks for is nobody else's business, not the platform's either."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def due(self, day: Any) -> "SavedSearchQuerySet":
        """Searches whose letter about the days before `day` is still to be written: this is the queue."""
        return self.filter(is_on=True, user__is_active=True, told_through__lt=day - timedelta(days=1))


class SavedSearch(Record):
    """A search of the market under a name; a letter a day tells what is new in it."""

    MOST = 20

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Projection.Kind)
    criteria = models.JSONField(_("criteria"), default=dict, blank=True)
    is_on = models.BooleanField(
        _("letters"), default=True, help_text=_("A letter a day, on days on which something new is there.")
    )
    told_through = models.DateField(
        _("told through"), help_text=_("What was published until this day was told, or was there already.")
    )

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "name"], name="one_saved_search_per_person_and_name"),
            models.CheckConstraint(condition=~Q(name=""), name="a_saved_search_has_a_name"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["told_through"], condition=Q(is_on=True), name="saved_search_waiting")
        ]

    def __str__(self) -> str:
        return self.name


class MatchDigest(models.Model):
    """Through which day an organisation was told of the matches that its listings found."""

    organisation = models.OneToOneField(
        "parties.Organisation", verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="match_digest"
    )
    told_through = models.DateField(_("told through"))

    class Meta:
        verbose_name = _("digest of matches")
        verbose_name_plural = _("digests of matches")

    def __str__(self) -> str:
        return f"{self.organisation} {self.told_through}"
