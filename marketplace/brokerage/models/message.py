"""The message in the room of a deal: said once, never edited; who it mentions, and how far each person has read."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .deal import Deal
from .room import InRoom, RoomQuerySet, Seat

LONGEST_MESSAGE = 4000


class MessageQuerySet(RoomQuerySet):
    def unread_by(self, user: Any) -> Self:
        """What others said since this person last read. To be asked of what they see."""
        marks = ReadingMark.objects.filter(user_id=user.pk, deal=models.OuterRef("deal"))
        read = models.functions.Coalesce(models.Subquery(marks.values("message_id")[:1]), 0)
        return self.exclude(author_id=user.pk).filter(pk__gt=read)


class Message(InRoom):
    """洽谈消息. A correction is a new message that names the old one; a withdrawn one leaves its place and a reason."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="messages"
    )
    seat = models.CharField(pgettext_lazy("deal room", "written for"), max_length=8, choices=Seat)
    thread = models.ForeignKey(
        "self",
        verbose_name=_("reply to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        help_text=_("The message that the thread began with; empty for that one itself."),
    )
    corrects = models.ForeignKey(
        "self", verbose_name=_("corrects"), on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    text = models.TextField(_("message"), max_length=LONGEST_MESSAGE)
    mentions: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("mentions"), through="Mention", related_name="mentioned_in"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("why withdrawn"), max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("deal room", "message")
        verbose_name_plural = pgettext_lazy("deal room", "messages")
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["deal", "thread"], name="message_by_thread")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="a_message_says_something"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="a_withdrawn_message_says_why",
            ),
            models.CheckConstraint(
                condition=Q(seat="manager") | Q(audience="all") | Q(audience=F("seat")),
                name="a_side_writes_to_all_or_to_itself",
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="a_message_is_corrected_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} · {self.said[:60]}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def said(self) -> str:
        """What is shown: nothing of a message that was withdrawn."""
        return "" if self.is_withdrawn else self.text

    @property
    def first(self) -> "Message":
        """The message that its thread began with."""
        return self.thread or self


class Mention(models.Model):
    """A person whom a message names, and who is told of it once."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mention_rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["message", "user"], name="one_mention_per_message_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} @{self.user_id}"


class ReadingMark(models.Model):
    """The last message of a deal that a person has read."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="reading_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("reading mark")
        verbose_name_plural = _("reading marks")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["deal", "user"], name="one_reading_mark_per_deal_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.user_id}"
