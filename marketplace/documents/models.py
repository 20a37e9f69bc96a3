"""Documents: the templates that lawyers edit, the files made from them or handed in, and who was shown which.

What a file holds lives in the database. A contract and the act that makes it then commit together or not at all, one
backup has both, and no link leads to a file that somebody moved. Files are small here (2 MB a template, 10 MB a
document); the content stands in a table of its own, so that a list of documents never reads it.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from marketplace.core.models import Record
from marketplace.parties import access
from marketplace.parties.models import Organisation

HASH = r"^[0-9a-f]{64}$"


class Kind(models.TextChoices):
    CONTRACT_LICENCE = "CONTRACT_LICENCE", _("licence contract")
    TERM_SHEET = "TERM_SHEET", _("term sheet")
    NOTICE = "NOTICE", _("public notice")
    DILIGENCE_DOSSIER = "DILIGENCE_DOSSIER", _("diligence dossier")
    MINUTES = "MINUTES", _("minutes of a decision")
    EVIDENCE = "EVIDENCE", _("evidence handed in")
    CLAIM_FILE = "CLAIM_FILE", _("evidence pack of a claim")
    NDA = "NDA", _("non-disclosure agreement")
    DEAL_FILE = "DEAL_FILE", _("file of a deal")
    CASE_PORTFOLIO = "CASE_PORTFOLIO", _("case portfolio")
    REGISTER_EVIDENCE = "REGISTER_EVIDENCE", _("evidence for the register")
    REGISTRATION_FORM = "REGISTRATION_FORM", _("registration form of a contract")


class Language(models.TextChoices):
    ZH = "zh", _("Chinese")
    EN = "en", _("English")


class TemplateQuerySet(models.QuerySet["Template"]):
    def visible_to(self, user: Any) -> "TemplateQuerySet":
        """Staff alone: a template is a tool, and what it makes is read as a document."""
        return self if access.is_platform_staff(user) else self.none()

    def light(self) -> "TemplateQuerySet":
        """Without the files, for lists."""
        return self.defer("content")


class Template(Record):
    """模板: a Word file with variables. Uploading another one makes a new edition; earlier ones stay as they were."""

    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    edition = models.PositiveSmallIntegerField(_("edition"))
    content = models.BinaryField(_("file"))
    sha256 = models.CharField("SHA-256", max_length=64)
    is_current = models.BooleanField(_("in use"), default=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="templates",
        help_text=_("Empty for a template that came with the product."),
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering: ClassVar[list[str]] = ["kind", "language", "-edition"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="a_template_has_its_sha256"),
            models.UniqueConstraint(
                fields=["kind", "language"],
                condition=Q(is_current=True),
                name="one_current_template_per_kind_and_language",
            ),
            models.UniqueConstraint(fields=["kind", "language", "edition"], name="one_template_per_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_language_display()} · {self.edition}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Any) -> "DocumentQuerySet":
        """Members of the organisations and the persons that it was made for, and staff.

        Who keeps the register reads what applicants hand in for it.
        """
        if not user.is_authenticated:
            return self.none()
        if access.is_platform_staff(user):
            return self
        readers = Document.readers.through._default_manager.filter(organisation_id__in=access.organisation_ids(user))
        people = Document.people.through._default_manager.filter(user_id=user.pk)
        readable = Q(pk__in=readers.values("document_id")) | Q(pk__in=people.values("document_id"))
        if access.keeps_register(user):
            readable |= Q(kind=Kind.REGISTER_EVIDENCE)
        return self.filter(readable)


class Document(Record):
    """文件: made from a template or handed in, named by the hash of its bytes, which never change."""

    class Tier(models.TextChoices):
        INTERNAL = "internal", _("for its readers")
        CONFIDENTIAL = "confidential", _("trade secret")

    class Scan(models.TextChoices):
        MADE = "made", _("made here")
        UNSCANNED = "unscanned", _("not scanned")
        CLEAN = "clean", _("scanned, clean")
        QUARANTINED = "quarantined", _("in quarantine")

    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    filename = models.CharField(_("file name"), max_length=120)
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    template = models.ForeignKey(
        Template,
        verbose_name=_("template"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        help_text=_("Empty for a file that was handed in."),
    )
    readers = models.ManyToManyField(
        Organisation,
        verbose_name=_("readers"),
        related_name="documents",
        help_text=_("The organisations whose members may read it."),
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("readers who are persons"),
        related_name="own_documents",
        blank=True,
        help_text=_("Persons who may read it whatever they belong to."),
    )
    tier = models.CharField(_("tier"), max_length=16, choices=Tier, default=Tier.INTERNAL)
    scan_state = FSMField(_("scan"), choices=Scan, default=Scan.UNSCANNED, protected=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="a_document_has_its_sha256"),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_document_is_not_empty"),
            models.CheckConstraint(
                condition=~Q(scan_state="made") | Q(template__isnull=False) | Q(kind="CLAIM_FILE"),
                name="a_document_made_here_has_its_template",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transition(field=scan_state, source=Scan.UNSCANNED, target=Scan.CLEAN)
    def clear(self) -> None:
        """A scanner found nothing."""

    @transition(field=scan_state, source=[Scan.UNSCANNED, Scan.CLEAN], target=Scan.QUARANTINED)
    def quarantine(self) -> None:
        """A scanner, or a person, found something: nobody opens it any more."""


class DocumentContent(models.Model):
    """The bytes of a document, apart from what is known about them."""

    document = models.OneToOneField(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, primary_key=True, related_name="content"
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("content of a document")
        verbose_name_plural = _("contents of documents")

    def __str__(self) -> str:
        return str(self.document_id)


class Showing(models.Model):
    """One line of who was shown which document, when and by which door. Added when it is opened, never edited."""

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="showings"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="showings"
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    how = models.CharField(_("by"), max_length=16)

    class Meta:
        verbose_name = _("showing")
        verbose_name_plural = _("showings")
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.document} → {self.user}"
