"""Opening a notice under the law of its place, and counting its last day."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.core.acts import create
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.validation import is_unfit, validate
from marketplace.law import calendar, codes
from marketplace.law.rules.days import last_day
from marketplace.parties.models import Organisation

from .. import rules
from ..models import Notice, Objection
from ..wording import FAULTS

LAW = {
    Notice.Kind.PRICE: "notice.negotiated",
    Notice.Kind.REWARD: "reward.notice",
    Notice.Kind.LEADER_SHARE: "notice.leader_share",
    Notice.Kind.EQUITY_PROXY: "notice.equity_proxy",
}
"""Under which keys the book of law speaks of a kind: its `.days`, its `.fields`, its `.channels`."""


def open_notice(
    owner: Organisation,
    *,
    content: dict[str, Any],
    place: str,
    fingerprint: str,
    title_zh: str,
    title_en: str = "",
    kind: str = Notice.Kind.PRICE,
    days: int | None = None,
    is_on_market: bool = False,
    by: Any,
) -> Notice:
    """Show what was decided from today on, for the days that the law of `place` asks or for more.

    `content` has the fields of `rules.FIELDS`; `fingerprint` is what the caller made of the terms
    (`rules.fingerprint`). Raises NoSuchRule where the law says nothing, Invalid (E_NOTICE_TOO_SHORT,
    E_NOTICE_FIELDS, E_RELATED_PARTY_NOT_MARKED), Conflict when the same terms are shown already.
    """
    if not owner.is_verified:
        raise Conflict(_("Your organisation must be verified first."), code="not_verified")
    today = timezone.localdate()
    book, prefix = law.on(today, place), LAW[Notice.Kind(kind)]
    needed = book.entry(f"{prefix}.days")
    notice = Notice(
        owner=owner, opened_by_id=by.pk, kind=kind, title_zh=title_zh.strip(), title_en=title_en.strip(), place=place,
        content=content, terms_fingerprint=fingerprint, opened_on=today, ends_on=today, unit=needed.unit,
        days=check_days(days, book.days(needed.key)), is_on_market=is_on_market or demands_market(book, prefix),
    )  # fmt: skip
    check_content(content, demanded_fields(book, prefix))
    notice.law_references = [entry.reference for entry in book.entries(f"{prefix}.")]
    set_last_day(notice)
    validate(notice, constraints=False)
    return announced(notice, by=by)


def announced(notice: Notice, *, by: Any) -> Notice:
    try:
        with transaction.atomic():
            return create(notice, "notices.open", by=by)
    except IntegrityError as fault:
        sentence = _("These terms are shown in a notice already. Wait for its end, or withdraw it first.")
        raise Conflict(sentence, code="notice_open") from fault


def check_days(wanted: int | None, least: int) -> int:
    """The days of the law, or more."""
    if wanted is None:
        return least
    if wanted < least:
        sentence = _("The law asks for %(least)d days at least.") % {"least": least}
        raise Invalid(sentence, code="E_NOTICE_TOO_SHORT", fields={"days": [str(sentence)]})
    if wanted > rules.MOST_DAYS:
        raise Invalid(fields={"days": [str(_("At most %(most)d days.") % {"most": rules.MOST_DAYS})]})
    return wanted


def demanded_fields(book: law.Book, prefix: str) -> tuple[str, ...]:
    key = f"{prefix}.fields"
    return tuple(book.table(key)) if key in book else ()


def demands_market(book: law.Book, prefix: str) -> bool:
    key = f"{prefix}.channels"
    return key in book and "market" in book.table(key)


def check_content(content: dict[str, Any], demanded: tuple[str, ...]) -> None:
    """Raise Invalid, field by field, unless the content is what a notice of this place shows."""
    found = rules.faults(content)
    for name, list_name in rules.CODES.items():
        if content.get(name) and content[name] not in codes.values(list_name):
            found[name] = "code"
    found |= {name: "unfit" for name, value in content.items() if is_unfit(value)}
    if found:
        raise Invalid(fields={name: [str(FAULTS[word])] for name, word in found.items()})
    if missing := rules.missing(content, demanded):
        sentence = _("The law of this place asks for it in the notice.")
        raise Invalid(code="E_NOTICE_FIELDS", fields={name: [str(sentence)] for name in missing})
    if not rules.is_related_party_marked(content, demanded):
        sentence = _("Say whether the counterparty is a completer or related to one, and how.")
        raise Invalid(sentence, code="E_RELATED_PARTY_NOT_MARKED", fields={"related_party": [str(sentence)]})


def set_last_day(notice: Notice) -> None:
    """Count the last day anew, past the days on which an objection was open, and keep which holidays were known."""
    today = timezone.localdate()
    filed = notice.objections.all() if notice.pk else Objection.objects.none()
    stopped = rules.stopped_days(((each.filed_on, each.answered_on) for each in filed), today)
    horizon = date(today.year + 1, 12, 31)
    known = calendar.working_days(notice.opened_on, horizon)
    notice.ends_on = last_day(notice.opened_on, notice.days, notice.unit, known, stopped)
    tables = [table.reference for table in calendar.tables(notice.opened_on, notice.ends_on)]
    notice.law_references = list(dict.fromkeys([*notice.law_references, *tables]))
