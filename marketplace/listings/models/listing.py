"""What an achievement and a demand share: text in two languages, tiers, states, the clock of a listing's life."""

from typing import Any, ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .. import rules


def long_text(label: Any, limit: int, help_text: Any = "", **options: Any) -> models.TextField:
    """A text with a limit that is reported, never cut."""
    return models.TextField(
        label,
        blank=True,
        validators=[MaxLengthValidator(limit)],
        help_text=help_text,
        max_length=limit,
        **options,
    )


class ListingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ListingQuerySet":
        """The working copy: its owner's members and platform staff. Everybody else reads the projection."""
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        return self.filter(owner_id__in=access.organisation_ids(user))


class Listing(Record):
    """The owner's working copy. Others never read it, they read the `Projection` made from it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("in review")
        RETURNED = "returned", _("returned for correction")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", pgettext_lazy("listing", "withdrawn")
        EXPIRED = "expired", _("expired")
        ARCHIVED = "archived", _("archived")

    # Text fields that exist in both languages and may have a tier; subclasses add theirs.
    TEXTS: ClassVar[tuple[str, ...]] = ("title", "summary", "description")
    REQUIRED: ClassVar[tuple[str, ...]] = ("title_zh", "summary_zh", "description_zh", "field", "region")
    ALWAYS_PUBLIC: ClassVar[tuple[str, ...]] = ("title",)

    owner = models.ForeignKey(
        Organisation, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=rules.LONGEST_TITLE)
    title_en = models.CharField(_("title in English"), max_length=256, blank=True)
    summary_zh = long_text(_("summary in Chinese"), 500, _("At most 500 characters: what it is and what it is for."))
    summary_en = long_text(_("summary in English"), 500)
    description_zh = long_text(_("description in Chinese"), 4000)
    description_en = long_text(_("description in English"), 8000)
    public_note_zh = long_text(
        _("public note in Chinese"),
        500,
        _("Shown in place of texts that are not public. Tell nothing secret here."),
    )
    public_note_en = long_text(_("public note in English"), 500)
    field = models.CharField(_("technical field"), max_length=2)
    region = models.CharField(_("region"), max_length=6)
    technology_keywords_zh = models.JSONField(_("technology keywords in Chinese"), default=list, blank=True)
    technology_keywords_en = models.JSONField(_("technology keywords in English"), default=list, blank=True)
    market_keywords_zh = models.JSONField(_("market keywords in Chinese"), default=list, blank=True)
    market_keywords_en = models.JSONField(_("market keywords in English"), default=list, blank=True)
    tiers = models.JSONField(
        _("confidential fields"), default=dict, blank=True, help_text=_("Field → public, registered or nda.")
    )
    is_anonymous = models.BooleanField(
        _("owner stays anonymous until contact"),
        default=False,
        help_text=_("Name and rights numbers are not shown."),
    )
    is_open_for_interest = models.BooleanField(
        _("open for interest"),
        default=True,
        help_text=_("Switch off to stay published without receiving leads."),
    )
    secrecy_level = models.CharField(
        _("secrecy level"),
        max_length=12,
        default="",
        blank=True,
        help_text=_("Only unclassified work may be published."),
    )
    is_secrecy_checked = models.BooleanField(
        _("secrecy and export screening done"),
        default=False,
        help_text=_("The organisation's security officer has screened this text for state secrets and export control."),
    )
    fingerprint = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    source = models.CharField(_("source"), max_length=40, blank=True, editable=False)
    source_id = models.CharField(_("number at the source"), max_length=80, blank=True)
    state = FSMField(_("state"), choices=State, default=State.DRAFT, protected=True, db_index=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)
    expires_on = models.DateField(_("expires on"), null=True, blank=True, editable=False)
    has_been_renewed = models.BooleanField(_("renewed"), default=False, editable=False)
    return_code = models.CharField(_("reason of return"), max_length=24, blank=True, editable=False)
    return_note = models.TextField(_("reviewer's note"), blank=True, editable=False, max_length=2000)

    objects = ListingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-changed_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(published_on__isnull=False) & Q(expires_on__isnull=False)),
                name="a_published_%(class)s_has_its_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(secrecy_level="NONE") & Q(is_secrecy_checked=True)),
                name="a_published_%(class)s_is_unclassified",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("published_on")),
                name="a_%(class)s_expires_after_publication",
            ),
            models.UniqueConstraint(
                fields=["owner", "source", "source_id"],
                condition=~Q(source_id=""),
                name="one_%(class)s_per_number_at_the_source",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.localised("title")

    def localised(self, name: str) -> str:
        """The text in the reader's language, or in the other one where it is missing."""
        zh, en = getattr(self, f"{name}_zh"), getattr(self, f"{name}_en")
        return (en or zh) if (get_language() or "").startswith("en") else (zh or en)

    @property
    def kind(self) -> str:
        """`achievement` or `demand`."""
        return self._meta.model_name or ""

    @property
    def ip(self) -> str:
        """The IP status where there is one; a demand has none."""
        return getattr(self, "ip_status", "")

    @property
    def tiered_names(self) -> tuple[str, ...]:
        """Names of the texts, in either language together, that may carry a tier."""
        return (
            *(n for n in self.TEXTS if n not in self.ALWAYS_PUBLIC),
            "technology_keywords",
            "market_keywords",
            "price",
        )

    @property
    def effective_tiers(self) -> dict[str, str]:
        return rules.effective_tiers(self.tiers, self.tiered_names, self.ip)

    @property
    def is_editable(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @transition(field=state, source=[State.DRAFT, State.RETURNED], target=State.SUBMITTED)
    def submit(self) -> None:
        """Handed to review; its text is fixed until a reviewer answers."""

    @transition(field=state, source=State.SUBMITTED, target=State.PUBLISHED)
    def publish(self) -> None:
        """A reviewer found it complete and harmless."""

    @transition(field=state, source=State.SUBMITTED, target=State.RETURNED)
    def return_for_correction(self) -> None:
        """A reviewer says what to mend."""

    @transition(
        field=state,
        source=[State.SUBMITTED, State.PUBLISHED, State.EXPIRED, State.WITHDRAWN],
        target=State.DRAFT,
    )
    def revise(self) -> None:
        """Taken back to be changed; it is off the market until it is reviewed again."""

    @transition(
        field=state,
        source=[State.DRAFT, State.RETURNED, State.SUBMITTED, State.PUBLISHED],
        target=State.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """The owner takes it off the market."""

    @transition(field=state, source=State.PUBLISHED, target=State.PUBLISHED)
    def renew(self) -> None:
        """A second year."""

    @transition(field=state, source=State.PUBLISHED, target=State.EXPIRED)
    def expire(self) -> None:
        """Its time is over."""

    @transition(field=state, source=[State.EXPIRED, State.WITHDRAWN], target=State.ARCHIVED)
    def archive(self) -> None:
        """Two years old: kept for the record only."""
