"""Why a reward is this much, in words: each step with the text it rests on, each share, and what tax may come to."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace import law
from marketplace.core.showing import in_full, percent
from marketplace.law import Provision

from . import computing
from .models import Cost, Distribution, Share
from .rules import sharing
from .rules.reward_days import Condition
from .rules.sharing import Part

CONDITIONS = {
    Condition.NON_PROFIT: gettext_lazy("the owner is an institute or a university that makes no profit"),
    Condition.METHOD: gettext_lazy("the contract is an assignment or a licence"),
    Condition.OBJECT: gettext_lazy("the achievement rests on a right of the kinds that the text names"),
    Condition.REGISTERED: gettext_lazy("the contract is registered, and its number is entered"),
    Condition.NOTICED: gettext_lazy("the reward was shown in public and nobody's objection stands"),
    Condition.IN_TIME: gettext_lazy("it is paid within the tax window"),
}


class Said(NamedTuple):
    """One step, and the text that it rests on, where it rests on one."""

    sentence: str
    citation: str = ""


# Texts


def citation_of(entry: Provision) -> str:
    """Law and article; and that it should be looked up, where nobody has checked it yet."""
    doubt = "" if entry.is_verified else f" {_('Please check against the text.')}"
    return f"{entry.citation}{doubt}"


def text_of(reference: str) -> str:
    """What the reference of a record says; the reference itself where no book has it any more."""
    entry = law.cited(reference)
    return citation_of(entry) if entry is not None else reference


def cited(references: Sequence[str]) -> str:
    """The texts of some references, each once."""
    return " · ".join(dict.fromkeys(text_of(each) for each in references))


# Steps


def why(row: Distribution) -> list[Said]:
    """From what arrived to the reward and the rest."""
    return [
        Said(SENTENCES[step["name"]](row, step["inputs"]), text_of(step["reference"]))
        for step in row.steps
        if step["name"] in SENTENCES
    ]


def received(row: Distribution, inputs: dict[str, str]) -> str:
    return _("Received on %(day)s and earned: %(value)s.") % {"day": row.received_on, "value": in_full(row.received)}


def costs(row: Distribution, inputs: dict[str, str]) -> str:
    if not row.costs:
        return _("No recorded cost is to be taken off.")
    kinds = dict(Cost.Kind.choices)
    parts = _(", ").join(f"{kinds.get(kind, kind)} {in_full(amount)}" for kind, amount in inputs.items())
    facts = {"parts": parts, "value": in_full(row.costs)}
    return _("Costs of the deal taken off: %(parts)s; together %(value)s.") % facts


def net(row: Distribution, inputs: dict[str, str]) -> str:
    facts = {"received": in_full(row.received), "costs": in_full(row.costs), "value": in_full(row.net)}
    return _("Net income: %(received)s − %(costs)s = %(value)s.") % facts


def rate(row: Distribution, inputs: dict[str, str]) -> str:
    if "rule" not in inputs:
        return _("%(rate)s of it is the reward: the legal minimum of this place.") % {"rate": percent(row.rate)}
    facts = {"rate": percent(row.rate), "rule": inputs["rule"], "floor": floor_of(row)}
    if not facts["floor"]:
        return _("%(rate)s of it is the reward, by the owner's own rule “%(rule)s”.") % facts
    return (
        _("%(rate)s of it is the reward, by the owner's own rule “%(rule)s”; the legal minimum is %(floor)s.") % facts
    )


def floor_of(row: Distribution) -> str:
    """The legal minimum that its rate was checked against; empty where the law sets none."""
    reference = next((step["reference"] for step in row.steps if step["name"] == "rate"), "")
    entry = law.cited(reference)
    return percent(Decimal(str(entry.value))) if entry is not None else ""


def pool(row: Distribution, inputs: dict[str, str]) -> str:
    facts = {"net": in_full(row.net), "rate": percent(row.rate), "value": in_full(row.pool)}
    return _("Reward in all: %(net)s × %(rate)s = %(value)s.") % facts


def retained(row: Distribution, inputs: dict[str, str]) -> str:
    facts = {"net": in_full(row.net), "pool": in_full(row.pool), "value": in_full(row.retained)}
    return _("The owner keeps %(net)s − %(pool)s = %(value)s.") % facts


SENTENCES: dict[str, Callable[[Distribution, dict[str, str]], str]] = {
    "received": received,
    "costs": costs,
    "net": net,
    "rate": rate,
    "pool": pool,
    "retained": retained,
}


# Shares


def whole_of(share: Share) -> Decimal:
    """What it is a share of: the reward, or what stays with the owner."""
    row = share.distribution
    return row.pool if share.line.as_rule().part is Part.POOL else row.retained


def exactly(share: Share) -> str:
    """The share before it is rounded, to four places."""
    exact = Fraction(whole_of(share)) * share.share
    return f"{Decimal(exact.numerator) / Decimal(exact.denominator):,.4f}"


def is_rounded(share: Share) -> bool:
    return Fraction(whole_of(share)) * share.share != Fraction(share.amount)


def why_share(share: Share) -> str:
    facts = {
        "share": sharing.written(share.share),
        "whole": in_full(whole_of(share)),
        "exact": exactly(share),
        "value": in_full(share.amount),
    }
    if not is_rounded(share):
        return _("This share: %(share)s of %(whole)s = %(value)s.") % facts
    return (
        _(
            "This share: %(share)s of %(whole)s = %(exact)s…; everybody gets whole fen and the fen that are left go to "
            "the largest remainders: %(value)s."
        )
        % facts
    )


# Tax


class Tax(NamedTuple):
    """A hint with its source: no advice."""

    sentence: str
    conditions: list[tuple[str, bool]]
    citation: str


def tax_of(row: Distribution, paid_on: date | None = None) -> Tax:
    """What part of a cash reward would count as wages if it is paid on a day, today unless told."""
    day = paid_on or timezone.localdate()
    hint = computing.tax_hint(row, day)
    facts = {"day": day, "part": percent(hint.part), "until": row.tax_until}
    if hint.is_relieved:
        sentence = _("Paid on %(day)s, %(part)s of it counts as wages of that month. The window ends on %(until)s.")
    else:
        sentence = _("Paid on %(day)s, all of it counts as wages of that month: a condition of the relief is not met.")
    conditions = [(str(CONDITIONS[each]), holds) for each, holds in hint.conditions]
    entry = law.on(day, row.law_place).entry("iit.reward_ratio")
    return Tax(sentence % facts, conditions, citation_of(entry))


def days_of(row: Distribution) -> list[Any]:
    """The days by which it is to be paid: by the owner's rule or the law of the place, and for the relief."""
    found: list[Any] = []
    if row.pay_by:
        found.append((_("To be paid by"), row.pay_by))
    return [*found, (_("Tax window ends on"), row.tax_until)]
