"""Says the reasons of a match in words: stored reasons in, sentences in the reader's language out.

The one place for it: the web admin, the API, the portal and the commands all show these sentences.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.showing import money
from marketplace.law import codes
from marketplace.law.errors import UnknownCode

Reason = Mapping[str, Any]


HOW_SHOWN = (
    *("注册后可见", "注册后可查", "注册后查看", "注册后开放", "注册可见", "注册用户", "注册用户开放", "注册用户可见"),
    *("对注册用户开放", "registered users", "after registration", "visible after registration"),
)
FUNCTION_WORDS = (
    *("没有", "不能", "不要", "需要", "可以", "已经", "目前", "现在", "一个", "一种", "一次", "一套", "这个", "这种"),
    *("要", "又", "还", "只", "不", "有", "无", "能", "会", "到", "后", "前", "时"),
)
SAYS_NOTHING = frozenset((*HOW_SHOWN, *FUNCTION_WORDS))
"""What two texts share without being alike: how a listing is shown, and words that only hold a sentence together."""


def sentences(reasons: Iterable[Reason] | None, most: int | None = None) -> list[str]:
    """One sentence a reason, in the order stored, at most `most`; a reason of an unknown kind is left out.

    Of bilingual listings the same is often said twice: readers get the phrases of their own language.
    """
    said = [sentence for sentence in map(sentence_of, readable(list(reasons or ()))) if sentence]
    return said if most is None else said[:most]


# Measured on the open benchmark, both languages together (docs/matching.md): of the pairs scoring at least LIKELY
# nine in ten solve the demand or most of it, of those between the two six in ten, below hardly any.
LIKELY, POSSIBLE = 0.12, 0.08
WORTH_A_LOOK = 0.05  # less is a word shared by chance; the list of matches has those too


def strength(match: Any) -> str:
    """How good a match is in words; a learnt order does not change what the words stand for."""
    score = match.components.get("fixed", match.score)
    if score >= LIKELY:
        return _("likely fits")
    return _("may fit") if score >= POSSIBLE else _("worth a look")


def readable(reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons without phrases of the other language, as long as a phrase is left."""
    spoken = "zh" if (get_language() or "").startswith("zh") else "en"
    own = [reason for reason in reasons if reason.get("language", "") in ("", spoken)]
    return own if any(reason.get("kind") == "text" for reason in own) else list(reasons)


def sentence_of(reason: Reason) -> str:
    """One reason in words, or nothing when this version does not know its kind."""
    if reason.get("kind") == "text":
        return text_sentence(reason)
    say = FACTS.get(str(reason.get("label", "")))
    if say is None:
        return ""
    try:
        return say(reason.get("params") or {})
    except (KeyError, TypeError, ValueError):  # stored by a version with other figures
        return ""


def text_sentence(reason: Reason) -> str:
    phrase = str(reason.get("label", ""))
    if phrase.casefold() in SAYS_NOTHING:
        return ""
    where = part_name(str(reason.get("field", "")))
    if not where:
        return _("Both mention “%(phrase)s”") % {"phrase": phrase}
    return _("Both mention “%(phrase)s” (%(part)s)") % {"phrase": phrase, "part": where}


def part_name(part: str) -> str:
    """Where the found listing says it."""
    return {"title": _("title"), "keywords": _("keywords"), "text": _("text")}.get(part, "")


def component_name(name: str) -> str:
    """What a component of the score is called."""
    names = {
        "text": _("words in common"),
        "field": _("technical field"),
        "trl": _("readiness"),
        "mode": _("licensing mode"),
        "price": _("price"),
        "fixed": _("score by fixed weights"),
    }
    return names.get(name, name)


def same_field(params: Mapping[str, Any]) -> str:
    return _("Same technical field: %(field)s") % {"field": label("technical_field", params["field"])}


def related_field(params: Mapping[str, Any]) -> str:
    names = [label("technical_field", params[side]) for side in ("supply_field", "demand_field")]
    return _("Related technical fields: %(one)s and %(other)s") % {"one": names[0], "other": names[1]}


def trl_reached(params: Mapping[str, Any]) -> str:
    return _("Readiness %(trl)d ≥ %(least)d asked for") % {"trl": params["trl"], "least": params["trl_min"]}


def trl_below(params: Mapping[str, Any]) -> str:
    return _("Readiness %(trl)d, a little below the %(least)d asked for") % {
        "trl": params["trl"],
        "least": params["trl_min"],
    }


def shared_modes(params: Mapping[str, Any]) -> str:
    modes: Sequence[str] = params["modes"]
    if not modes:
        return ""
    return _("Both accept: %(modes)s") % {"modes": _(", ").join(label("licensing_mode", mode) for mode in modes)}


def within_budget(params: Mapping[str, Any]) -> str:
    price, budget = money(params["price_low"]), money(params["budget_high"])
    return _("Price from %(price)s lies within the budget of %(budget)s") % {"price": price, "budget": budget}


FACTS = {
    "same_field": same_field,
    "related_field": related_field,
    "trl_reached": trl_reached,
    "trl_below": trl_below,
    "shared_modes": shared_modes,
    "within_budget": within_budget,
}


def label(code_list: str, code: str) -> str:
    """The code's name, or the code itself where the list does not know it."""
    try:
        return codes.label(code_list, code)
    except UnknownCode:
        return code
