"""Facts of law: dated legal values with their citations, code lists, and the edition of both."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


def localised(zh: str, en: str) -> str:
    """The text in the reader's language; the Chinese text when the other one is missing."""
    return en if en and (get_language() or "").startswith("en") else zh


class Edition(models.Model):
    """One row. Its token changes with every publication, so a cached book is never out of date."""

    token = models.CharField(_("token"), max_length=32)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_edition")]

    def __str__(self) -> str:
        return self.token


class Rule(models.Model):
    """政策参数. A legal value in force at a place from a day, with the text it comes from."""

    class Kind(models.TextChoices):
        NUMBER = "number", pgettext_lazy("kind of value", "number")
        PERCENT = "percent", _("percentage")
        DAYS = "days", _("days")
        MONEY = "money", _("amount")
        TEXT = "text", pgettext_lazy("kind of value", "text")
        TABLE = "table", _("table")
        BOOL = "bool", _("yes or no")

    class Verification(models.TextChoices):
        VERIFIED = "VERIFIED", _("verified")
        DATE_UNCHECKED = "DATE_UNCHECKED", _("please check the starting day")
        UNCHECKED = "UNCHECKED", _("please check")
        DRAFT = "DRAFT", _("draft, not in force")

    class Origin(models.TextChoices):
        REFERENCE = "REFERENCE", _("reference file")
        PUBLISHED = "PUBLISHED", _("published here")

    key = models.CharField(_("key"), max_length=80)
    place = models.CharField(_("place"), max_length=6, help_text=_("CN or a region code of six digits (GB/T 2260)."))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    value = models.JSONField(_("value"), help_text=_("Percentages as a ratio, amounts in yuan."))
    unit = models.CharField(_("unit"), max_length=32, blank=True)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=200)
    law_zh = models.CharField(_("law in Chinese"), max_length=200)
    law_en = models.CharField(_("law in English"), max_length=200, blank=True)
    article = models.CharField(_("article"), max_length=20, blank=True)
    issue = models.CharField(_("issue number"), max_length=60, blank=True)
    confidence = models.CharField(_("source mark"), max_length=60)
    verification = models.CharField(_("verification"), max_length=16, choices=Verification)
    note_zh = models.TextField(_("note in Chinese"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    origin = models.CharField(_("origin"), max_length=9, choices=Origin, default=Origin.REFERENCE)

    class Meta:
        verbose_name = _("legal value")
        verbose_name_plural = _("legal values")
        ordering = ["key", "place", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "place", "effective_from"], name="one_rule_per_key_place_and_first_day"
            ),
            models.CheckConstraint(condition=~Q(law_zh="") & ~Q(confidence=""), name="a_rule_cites_its_source"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="a_rule_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(place__regex=r"^(CN|[1-9][0-9]{5})$"), name="a_rule_has_a_place"),
        ]

    def __str__(self) -> str:
        return localised(self.title_zh, self.title_en)

    @property
    def public_id(self) -> str:
        """How a record names the rule it was decided under."""
        return f"{self.key}@{self.place}/{self.effective_from:%Y-%m-%d}"


class CodeList(models.Model):
    """代码表. A list of codes that forms, exchanges and statistics agree on."""

    name = models.SlugField(_("name"), max_length=40, unique=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=200)
    confidence = models.CharField(_("source mark"), max_length=120)
    source = models.CharField(_("source"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("code list")
        verbose_name_plural = _("code lists")
        ordering = ["name"]

    def __str__(self) -> str:
        return localised(self.title_zh, self.title_en)

    @property
    def public_id(self) -> str:
        return self.name


class Code(models.Model):
    """One code. A retired one stays readable for the records that carry it."""

    list = models.ForeignKey(CodeList, verbose_name=_("code list"), on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(_("code"), max_length=24)
    zh = models.CharField(_("name in Chinese"), max_length=120)
    en = models.CharField(_("name in English"), max_length=200)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("belongs to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    extra = models.JSONField(_("further facts"), default=dict, blank=True)
    effective_from = models.DateField(_("in use from"), null=True, blank=True)
    effective_to = models.DateField(_("in use until"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["list", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="one_code_per_list_and_value"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_from__isnull=True)
                | Q(effective_to__gte=F("effective_from")),
                name="a_code_is_retired_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return localised(self.zh, self.en)

    @property
    def public_id(self) -> str:
        return self.code
