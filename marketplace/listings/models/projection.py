"""The public projection: what anybody may read of a published listing. Search, matching and feeds read only this."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Record

from ..searching import words
from .achievement import Achievement
from .demand import Demand

MOST_ATTEMPTS = 5
"""After so many failures the matcher leaves a row alone until its text changes or the night comes."""


class ProjectionQuerySet(models.QuerySet["Projection"]):
    def live(self) -> "ProjectionQuerySet":
        """On the market today."""
        return self.filter(is_live=True)

    def visible_to(self, user: Any) -> "ProjectionQuerySet":
        """The same for everybody, visitors included."""
        return self.live()

    def search(self, query: str) -> "ProjectionQuerySet":
        """Rows whose public text holds every word of the query, however it is spelled; an empty query finds all."""
        found = self
        for word in words(query):
            found = found.filter(search_text__contains=word)
        return found

    def accepting(self, mode: str) -> "ProjectionQuerySet":
        """Achievements offered in this licensing mode, and demands that accept it; no mode named means any."""
        rows = self.annotate(modes_text=Cast("modes", models.TextField()))
        return rows.filter(Q(modes_text__contains=f'"{mode}"') | Q(kind=Projection.Kind.DEMAND, modes_text="[]"))

    def priced_between(self, low: Any, high: Any) -> "ProjectionQuerySet":
        """Rows whose public price or budget band meets low to high; None leaves that end open."""
        found = self.filter(price_low__isnull=False)
        if low is not None:
            found = found.filter(price_high__gte=low)
        return found if high is None else found.filter(price_low__lte=high)

    def unindexed(self) -> "ProjectionQuerySet":
        """Rows whose change the matcher has not taken up yet: this is the queue."""
        return self.filter(Q(indexed_at__isnull=True) | Q(indexed_at__lt=models.F("content_changed_at")))

    def due(self, now: datetime) -> "ProjectionQuerySet":
        """Of the queue, what nobody works on, whose wait after a failure is over, and that is not set aside."""
        waited = Q(index_after__isnull=True) | Q(index_after__lte=now)
        return self.unindexed().filter(waited, index_attempts__lt=MOST_ATTEMPTS)

    def set_aside(self) -> "ProjectionQuerySet":
        """Rows that the matcher failed on so often that staff should look at them; `index_fault` says why."""
        return self.unindexed().filter(index_attempts__gte=MOST_ATTEMPTS)


class Projection(Record):
    """One row a listing, written by `listings.projection` from public fields only.

    `texts` holds every public text beyond title and keywords, `search_text` all public words folded. A field
    that is not public is simply not here. A row that is not live is blank but for its ids, and stays so that
    the index can forget it.
    """

    class Kind(models.TextChoices):
        ACHIEVEMENT = "achievement", _("achievement")
        DEMAND = "demand", _("demand")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    achievement = models.OneToOneField(
        Achievement, on_delete=models.CASCADE, null=True, blank=True, related_name="projection"
    )
    demand = models.OneToOneField(Demand, on_delete=models.CASCADE, null=True, blank=True, related_name="projection")
    is_live = models.BooleanField(_("on the market"), default=True, db_index=True)
    is_open_for_interest = models.BooleanField(_("open for interest"), default=True)
    owner_key = models.CharField(max_length=16, blank=True, editable=False)
    owner_name_zh = models.CharField(_("owner"), max_length=200, blank=True)
    owner_name_en = models.CharField(_("owner in English"), max_length=200, blank=True)
    owner_kind = models.CharField(_("kind of owner"), max_length=16, blank=True)
    title_zh = models.CharField(_("title"), max_length=120, blank=True)
    title_en = models.CharField(_("title in English"), max_length=256, blank=True)
    texts = models.JSONField(_("public texts"), default=dict, blank=True)
    keywords_zh = models.JSONField(_("keywords"), default=list, blank=True)
    keywords_en = models.JSONField(_("keywords in English"), default=list, blank=True)
    field = models.CharField(_("technical field"), max_length=2, blank=True, db_index=True)
    region = models.CharField(_("region"), max_length=6, blank=True, db_index=True)
    trl = models.PositiveSmallIntegerField(_("readiness level"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=8, blank=True)
    ip_status = models.CharField(_("IP status"), max_length=12, blank=True)
    modes = models.JSONField(_("licensing modes"), default=list, blank=True)
    regions_accepted = models.JSONField(_("regions accepted"), default=list, blank=True)
    price_low = models.DecimalField(_("price or budget from"), max_digits=14, decimal_places=2, null=True, blank=True)
    price_high = models.DecimalField(_("price or budget to"), max_digits=14, decimal_places=2, null=True, blank=True)
    offers = models.JSONField(_("indicative terms"), default=list, blank=True)
    rights = models.JSONField(_("rights"), default=list, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    content_changed_at = models.DateTimeField(_("content changed at"), default=timezone.now, db_index=True)
    indexed_at = models.DateTimeField(_("taken up by the matcher at"), null=True, blank=True)
    index_attempts = models.PositiveSmallIntegerField(_("attempts of the matcher"), default=0, editable=False)
    index_after = models.DateTimeField(_("next attempt not before"), null=True, blank=True, editable=False)
    index_fault = models.CharField(_("fault of the matcher"), max_length=500, blank=True, editable=False)
    matched_at = models.DateTimeField(_("matches as of"), null=True, blank=True)

    objects = ProjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("public listing")
        verbose_name_plural = _("public listings")
        ordering = ["-published_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="achievement") & Q(achievement__isnull=False) & Q(demand__isnull=True))
                | (Q(kind="demand") & Q(demand__isnull=False) & Q(achievement__isnull=True)),
                name="a_projection_shows_one_listing",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def listing(self) -> Achievement | Demand:
        """The owner's working copy, for the house's own use: it is shown to its owner only."""
        listing = self.achievement if self.kind == self.Kind.ACHIEVEMENT else self.demand
        assert listing is not None
        return listing

    @property
    def title(self) -> str:
        return self.localised("title")

    @property
    def owner_name(self) -> str:
        """Empty when the owner stays anonymous."""
        return self.localised("owner_name")

    @property
    def keywords(self) -> list[str]:
        return self.localised("keywords")

    def localised(self, name: str) -> Any:
        """The value in the reader's language, or in the other one where it is missing."""
        zh, en = getattr(self, f"{name}_zh"), getattr(self, f"{name}_en")
        return (en or zh) if (get_language() or "").startswith("en") else (zh or en)

    def text(self, name: str) -> str:
        """One public text (`summary`, `description`, …) in the reader's language; empty where it is not public."""
        zh, en = self.texts.get(f"{name}_zh", ""), self.texts.get(f"{name}_en", "")
        return (en or zh) if (get_language() or "").startswith("en") else (zh or en)
