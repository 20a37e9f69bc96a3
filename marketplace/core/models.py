"""The journal and its seals, letters and notifications, and what every table shares.

That is an opaque public id, times, and a version.
"""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o 1 l i: it is read aloud on the telephone


def new_public_id() -> str:
    """16 random characters, about 79 bits: it cannot be guessed or counted."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16))


def is_public_id(text: str) -> bool:
    """Whether it could name a row; what could not (a zero byte, say) need not be asked of the database."""
    return len(text) == 16 and set(text) <= set(ALPHABET)


class Record(models.Model):
    """A row that the outside world may name: opaque id, times, and a version that rises with each act."""

    public_id = models.CharField(_("public id"), max_length=16, unique=True, default=new_public_id, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class Entry(models.Model):
    """One journal line: who did what to which object, when and why. Added in the same transaction, never edited."""

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        help_text=_("Empty when the system acted by itself."),
    )
    verb = models.CharField(_("act"), max_length=64)
    subject_type = models.CharField(_("kind of object"), max_length=64)
    subject_id = models.PositiveBigIntegerField(_("object number"))
    subject_label = models.CharField(_("object"), max_length=200, blank=True)
    from_state = models.CharField(_("state before"), max_length=32, blank=True)
    to_state = models.CharField(_("state after"), max_length=32, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    changed_fields = models.JSONField(_("changed fields"), default=list, blank=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="entry_by_subject")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"


class Seal(models.Model):
    """A block of settled entries, chained to the block before it. Never edited; `sealing.canonical` says how.

    It covers every number after `after_id` through `through_id`: `ids` are those that were there, `leaves` their
    hashes.
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    after_id = models.PositiveBigIntegerField(_("after entry"))
    through_id = models.PositiveBigIntegerField(_("through entry"))
    ids = models.TextField(_("entries"))
    entry_count = models.PositiveIntegerField(_("number of entries"))
    merkle_root = models.CharField(_("Merkle root"), max_length=64)
    leaves = models.BinaryField(_("hashes of the entries"))
    previous_hash = models.CharField(_("hash of the seal before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["previous_hash"], name="one_seal_follows_another"),
            models.CheckConstraint(condition=Q(through_id__gt=F("after_id")), name="a_seal_goes_forward"),
            models.CheckConstraint(condition=Q(entry_count__gt=0), name="a_seal_holds_an_entry_at_least"),
            models.CheckConstraint(condition=Q(hash__regex=r"^[0-9a-f]{64}$"), name="a_seal_has_its_hash"),
        ]
        indexes = [models.Index(fields=["through_id"], name="seal_by_entry")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"


class Verification(models.Model):
    """What a walk through the whole journal found; see `sealing.verifying`."""

    MOST_FAULTS = 20

    at = models.DateTimeField(_("time"), auto_now_add=True)
    seal_count = models.PositiveBigIntegerField(_("seals"))
    entry_count = models.PositiveBigIntegerField(_("entries"))
    fault_count = models.PositiveBigIntegerField(_("faults"))
    faults = models.JSONField(_("first faults"), default=list, blank=True)
    last_hash = models.CharField(_("last hash"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("verification of the journal")
        verbose_name_plural = _("verifications of the journal")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.fault_count}"


class Letter(Record):
    """One e-mail, written in the transaction of the act that it tells of and sent after it. One for each key.

    It holds a title that its reader may see and a link, never confidential text: mail is read on the way.
    """

    MOST_ATTEMPTS = 5

    key = models.CharField(_("key"), max_length=200, help_text=_("What it tells whom: the same is sent once."))
    to = models.EmailField(_("to"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
    )
    language = models.CharField(_("language"), max_length=8)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    off_token = models.CharField(max_length=200, blank=True, editable=False)
    subject = models.CharField(pgettext_lazy("letter", "subject"), max_length=200)
    body = models.TextField(_("text"))
    due_at = models.DateTimeField(_("next attempt"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fault = models.CharField(_("fault"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_letter_per_key"),
            models.CheckConstraint(condition=Q(attempts__lte=5), name="a_letter_is_tried_five_times_at_most"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(attempts__gt=0), name="a_sent_letter_was_tried"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="letter_waiting")]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_set_aside(self) -> bool:
        """Tried as often as it may be, and never sent."""
        return self.sent_at is None and self.attempts >= self.MOST_ATTEMPTS


class Notification(Record):
    """What its reader is told in the page, in both languages: a sentence, what it is about, where. One for each key.

    Like a letter it holds a title that its reader may see, never confidential text.
    """

    key = models.CharField(_("key"), max_length=200, help_text=_("What it tells whom: the same is told once."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(_("kind"), max_length=40)
    text_zh = models.CharField(_("text"), max_length=200)
    text_en = models.CharField(_("text in English"), max_length=200)
    about_zh = models.CharField(_("about"), max_length=300, blank=True)
    about_en = models.CharField(_("about, in English"), max_length=300, blank=True)
    path = models.CharField(_("address"), max_length=300, blank=True)
    at = models.DateTimeField(_("time"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_notification_per_key"),
            models.CheckConstraint(
                condition=Q(path="") | (Q(path__startswith="/") & ~Q(path__startswith="//")),
                name="a_notification_leads_to_a_page_of_ours",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-at"], name="notification_by_reader"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh

    @property
    def about(self) -> str:
        return self.about_en if (get_language() or "").startswith("en") else self.about_zh


class Mute(models.Model):
    """A kind of news that a person does not want by one of the two ways. No row: they want it."""

    class Channel(models.TextChoices):
        PAGE = "page", _("in the page")
        MAIL = "mail", _("by mail")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="mutes"
    )
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("way"), max_length=4, choices=Channel)

    class Meta:
        verbose_name = _("switched-off kind of news")
        verbose_name_plural = _("switched-off kinds of news")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="one_switch_per_kind_and_way"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"


class KeptAnswer(models.Model):
    """What a request under an Idempotency-Key was answered, written in the transaction of its effect."""

    LONGEST_KEY = 255

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    route = models.CharField(_("address"), max_length=120)
    key = models.CharField(_("key"), max_length=LONGEST_KEY)
    fingerprint = models.CharField(_("hash of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    body = models.TextField(_("answer"), blank=True)
    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [
            models.UniqueConstraint(fields=["actor", "route", "key"], name="one_answer_per_actor_route_and_key"),
            models.CheckConstraint(
                condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"), name="a_kept_answer_has_the_hash_of_its_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
