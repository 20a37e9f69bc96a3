"""What a notice says in words: its fields, its clock, the law behind it, and what is wrong with a field."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace import law
from marketplace.core.showing import money
from marketplace.core.validation import UNFIT_SENTENCE
from marketplace.law import Provision, calendar, codes

from . import rules
from .models import Notice, Objection

FAULTS = {
    "unknown": _("A notice has no such field."),
    "text": _("This is no text, or too long."),
    "amount": _('Write the amount in yuan as text, like "200000.00".'),
    "list": _("Give a list of names."),
    "mark": _("Say NONE, COMPLETER or RELATED."),
    "code": _("Choose one of the list."),
    "unfit": UNFIT_SENTENCE,
}
WEEKENDS = _("The holidays of that year were not known when the last day was counted: only weekends were considered.")
LABELS = {
    "name": _("Achievement"),
    "abstract": _("Abstract"),
    "inventors": _("Completers"),
    "method": _("Way of transfer"),
    "counterparty": _("Recipient"),
    "related_party": _("Relation to the recipient"),
    "relation": _("What the relation is"),
    "price": _("Intended price"),
    "estimated_total": _("Estimated total"),
    "shares": _("Who receives how much"),
    "registration": _("Registration of the contract"),
}
MARKS = {
    "NONE": _("The recipient is neither a completer nor related to one."),
    "COMPLETER": _("The recipient is a completer of the achievement."),
    "RELATED": _("The recipient is related to a completer."),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How long is left: `sentence` for people; `days_left` while it runs or stands still, else None."""

    sentence: Any
    days_left: int | None = None


def lines(notice: Notice) -> list[tuple[Any, str]]:
    """The content as label and text, in the order of a notice; nothing for what was left empty."""
    content = notice.content
    return [(label, shown(name, content[name])) for name, label in LABELS.items() if content.get(name)]


def shown(name: str, value: Any) -> str:
    if name in rules.LISTS:
        return ("; " if name == "shares" else ", ").join(value)
    if name in rules.AMOUNTS:
        return money(value)
    if name in rules.CODES:
        return codes.label(rules.CODES[name], value)
    return str(MARKS[value]) if name == "related_party" else str(value)


def clock(notice: Notice, today: date | None = None) -> Clock:
    """The clock of a notice as it stands today; reads the objections of a stopped one."""
    today = today or timezone.localdate()
    if notice.state == Notice.State.VOID:
        return Clock(_("void since %(day)s") % {"day": day(notice.voided_on)})
    if notice.state == Notice.State.CLOSED_CLEAN:
        return Clock(_("over since %(day)s") % {"day": day(notice.ends_on)})
    if notice.state == Notice.State.OBJECTED:
        return stopped_clock(notice, today)
    left = rules.days_left(today, notice.ends_on)
    if today > notice.ends_on:
        return Clock(_("over since %(day)s, to be closed tonight") % {"day": day(notice.ends_on)}, left)
    if not left:
        return Clock(_("ends today at 24:00"), left)
    return Clock(ngettext("%(left)d day left", "%(left)d days left", left) % {"left": left}, left)


def stopped_clock(notice: Notice, today: date) -> Clock:
    """From which day it stands still, and how many days will then be left."""
    filed = list(notice.objections.all())
    since = min(each.filed_on for each in filed if each.state == Objection.State.FILED)
    answered = [(each.filed_on, each.answered_on) for each in filed if each.answered_on]
    first = max(since, notice.opened_on + rules.ONE_DAY)  # the day it opens counts for nothing
    kept = rules.days_kept(notice.ends_on, first, rules.stopped_days(answered, today))
    sentence = ngettext(
        "stands still since %(day)s; %(left)d day will be left",
        "stands still since %(day)s; %(left)d days will be left",
        kept,
    )
    return Clock(sentence % {"day": day(since), "left": kept}, kept)


def takes_objections(notice: Notice) -> bool:
    """Whether somebody may still object today."""
    return notice.is_running and rules.may_object(timezone.localdate(), notice.ends_on)


def provisions(notice: Notice) -> list[Provision]:
    """The rules it was decided under."""
    return [entry for reference in notice.law_references if (entry := law.cited(reference)) is not None]


def counts_weekends_alone(notice: Notice) -> bool:
    """Whether the holidays of the year of its last day were not known when that day was counted."""
    return f"{calendar.KEY}@{law.book.NATION}/{notice.ends_on.year}-01-01" not in notice.law_references


def day(value: date | None) -> str:
    return value.isoformat() if value else ""
