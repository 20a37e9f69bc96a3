"""The journal, and what every table shares: an opaque public id, times, a version."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o 1 l i: it is read aloud on the telephone


def new_public_id() -> str:
    """16 random characters, about 79 bits: it cannot be guessed or counted."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16))


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
