"""Why somebody holds so much of a company, in words: each step with the text it rests on, and when tax may come."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core.showing import exact, percent, trimmed

from . import equity
from .explaining import Said, citation_of, text_of
from .models import Allotment, Holding, Stake
from .rules import sharing


def number(units: int) -> str:
    return f"{units:,}"


def part(ratio: Decimal) -> str:
    """A part of a company to six places of a percent."""
    return percent(Decimal(trimmed(f"{ratio:.8f}")))


def in_units(stake: Stake, units: int) -> str:
    """So many shares; or so much of a company without shares."""
    if stake.shares is None:
        return part(stake.part_of(units))
    return ngettext("%(count)s share", "%(count)s shares", units) % {"count": number(units)}


def why(row: Allotment) -> list[Said]:
    """From the stake to what people and the owner hold."""
    stake = row.stake
    facts = {
        "company": stake.company,
        "part": part(stake.percent),
        "value": exact(stake.valuation),
        "rate": percent(row.rate),
        "rule": row.rule.title if row.rule else "",
        "whole": in_units(stake, row.units),
        "pool": in_units(stake, row.pool),
        "rest": in_units(stake, row.retained),
    }
    whole = _("The owner's side received %(part)s of %(company)s for what is worth %(value)s.") % facts
    if row.rule is None:
        rate = _("%(rate)s of it is for people: the legal minimum of this place.") % facts
    else:
        rate = _("%(rate)s of it is for people, by the owner's own rule “%(rule)s”.") % facts
    pool = _("For people: %(whole)s × %(rate)s = %(pool)s, in whole units and never less; the owner holds %(rest)s.")
    return [Said(whole), Said(rate, text_of(row.floor) if row.floor else ""), Said(pool % facts)]


def why_holding(row: Holding) -> str:
    """The last step, to one person."""
    facts = {"pool": in_units(row.stake, row.allotment.pool), "value": in_units(row.stake, row.units)}
    if row.line is None:
        return _("The owner holds what people do not: %(value)s.") % facts
    facts["share"] = sharing.written(row.line.share)
    return _("This part: %(share)s of %(pool)s = %(value)s; units that are left go to the largest remainders.") % facts


def tax_of(stake: Stake) -> Said | None:
    """A hint with its source and no advice: when tax on the contribution may fall due."""
    entry = equity.deferral_of(stake)
    if entry is None:
        return None
    sentence = _("Tax on the contribution may be put off until the shares are transferred, if that was filed in time.")
    return Said(sentence, citation_of(entry))


def holder(stake: Stake, each: equity.Held) -> dict[str, Any]:
    """One line of the table of holders."""
    gone = getattr(each.holding, "departure", None)
    return {
        "row": each.holding,
        "units": number(each.units),
        "part": part(each.part),
        "vested": number(each.vested),
        "waiting": number(each.waiting) if each.waiting else "–",
        "schedule": schedule(each.holding),
        "gone": gone,
        "returned": number(gone.returned) if gone is not None else "",
    }


def schedule(row: Holding) -> str:
    if row.schedule is None:
        return _("at once")
    facts = {"day": row.schedule.begins_on, "months": row.schedule.months, "cliff": row.schedule.cliff}
    if not row.schedule.cliff:
        return _("over %(months)d months from %(day)s") % facts
    return _("over %(months)d months from %(day)s, nothing before %(cliff)d") % facts
