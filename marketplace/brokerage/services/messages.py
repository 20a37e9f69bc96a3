"""What is said in the room of a deal: messages, replies, corrections, what is taken back, and how far one has read."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.access import require
from marketplace.core.acts import act, create, lock
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.validation import check_text, validate

from .. import room, telling
from ..models import Deal, Mention, Message, ReadingMark
from ..rules import mentions

LONGEST_REASON = 300


@transaction.atomic
def post_message(deal: Deal, text: str, *, audience: str = "", reply_to: Message | None = None, by: Any) -> Message:
    """Say something to everybody in the room, or to one side and the manager; a reply goes to whom the first went.

    Whoever is named after an @ is told. Raises Conflict when the deal is closed, or when the two sides do not know each
    other yet; Invalid when somebody is named who does not read it.
    """
    thread = reply_to.first if reply_to is not None else None
    if thread is not None and thread.deal_id != deal.pk:
        raise NotFound
    if thread is not None and audience not in ("", thread.audience):
        raise Invalid(fields={"audience": [str(_("A reply goes to those who read the message."))]})
    chosen = thread.audience if thread is not None else audience
    return add(Message(deal=lock(deal), audience=chosen, thread=thread, text=text), "brokerage.post_message", by=by)


@transaction.atomic
def correct_message(message: Message, text: str, *, by: Any) -> Message:
    """Say it anew; the old message stays, with a note that it was corrected."""
    deal, message = lock(message.deal), lock(message)
    require("brokerage.withdraw_message", by, message)
    if message.is_withdrawn or Message.objects.filter(corrects=message).exists():
        raise Conflict(_("This message was corrected or withdrawn already."), code="corrected")
    row = Message(deal=deal, audience=message.audience, thread=message.first, corrects=message, text=text)
    return add(row, "brokerage.correct_message", by=by)


def add(row: Message, verb: str, *, by: Any) -> Message:
    """Write a message with its mentions, and tell whom it concerns."""
    row.text = row.text.strip()
    row.author_id = by.pk
    row.seat = room.seat_for(by, row.deal, row.audience)
    room.check_writer(row.deal, row.audience, by=by)
    require(verb, by, row)
    validate(row)
    readers = room.people(row.deal, row.audience)
    named = {each.user.pk: each.user for each in readers if each.name in said_names(row.text, readers)}
    row = create(row, verb, by=by)
    Mention.objects.bulk_create(Mention(message=row, user=each) for each in named.values())
    telling.message_posted(row, readers, set(named), by=by)
    return row


def said_names(text: str, readers: list[room.Person]) -> list[str]:
    """Whom the text mentions; Invalid for a name that is none of the readers', whoever else bears it."""
    known = [each.name for each in readers]
    if strange := mentions.unknown(text, known):
        sentence = _("Nobody who reads this message is called “%(name)s”. Leave the @ out, or write a blank after it.")
        raise Invalid(fields={"text": [str(sentence % {"name": strange[0]})]})
    return mentions.mentioned(text, known)


def withdraw_message(message: Message, reason: str, *, version: int | None = None, by: Any) -> Message:
    """Take a message back. Its place and the reason stay, its text is shown to nobody any more."""
    reason = check_text("reason", reason.strip(), most=LONGEST_REASON)
    if not reason:
        raise Invalid(fields={"reason": [str(_("Say in a few words why."))]})
    with transaction.atomic():
        deal = lock(message.deal)
        with act(message, "brokerage.withdraw_message", by=by, version=version) as message:
            room.check_open(deal, message.audience)
            if message.is_withdrawn:
                raise Conflict(_("This message was corrected or withdrawn already."), code="withdrawn")
            message.withdrawn_at, message.withdrawn_reason = timezone.now(), reason
    return message


def mark_read(deal: Deal, *, through: Message | None = None, by: Any) -> int:
    """What the person sees of the deal, up to a message, is read; how many were not."""
    seen: Any = Message.objects.visible_to(by).filter(deal=deal)
    if through is not None:
        seen = seen.filter(pk__lte=through.pk)
    last = seen.order_by("-pk").first()
    if last is None:
        return 0
    count = int(seen.unread_by(by).count())
    with transaction.atomic():
        mark, is_new = ReadingMark.objects.select_for_update().get_or_create(
            deal=deal, user_id=by.pk, defaults={"message": last}
        )
        if not is_new and mark.message_id < last.pk:
            mark.message = last
            mark.save(update_fields=["message"])
    return count
