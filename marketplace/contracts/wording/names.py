"""Names of the nouns of a term sheet in the reader's language, and its price as one plain sentence."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from marketplace.law import codes

from ..rules import plain_en, plain_zh
from ..rules.events import Kind
from ..rules.modes.presets import REPORT
from ..rules.sheet import (
    Anchor,
    AnyTerm,
    Base,
    Counted,
    Deduction,
    Mode,
    Period,
    Sheet,
    Side,
    Tiering,
    TriggerKind,
)
from ..rules.statement import LineState, Obligation, Phase
from ..rules.writing import KINDS

TERM_KINDS = {
    "FIXED": gettext_lazy("fixed amount"),
    "ROYALTY": gettext_lazy("royalty"),
    "MAINTENANCE": gettext_lazy("yearly fee to keep the licence"),
    "BUYOUT": gettext_lazy("option to buy out"),
    "EQUITY": gettext_lazy("shares in place of cash"),
}
LINE_KINDS = {
    **TERM_KINDS,
    "BUYOUT": gettext_lazy("buy-out price"),
    "MINIMUM": gettext_lazy("rest up to the yearly minimum"),
}
TRIGGERS = {
    TriggerKind.DATE: gettext_lazy("on an agreed day"),
    TriggerKind.SIGNATURE: gettext_lazy("on signature"),
    TriggerKind.AFTER: gettext_lazy("some time after another event"),
    TriggerKind.FIRST_SALE: gettext_lazy("at the first sale"),
    TriggerKind.REVENUE: gettext_lazy("when net sales reach an amount"),
    TriggerKind.UNITS: gettext_lazy("when so many units are sold"),
    TriggerKind.MILESTONE: gettext_lazy("when a milestone is accepted"),
    TriggerKind.FINANCING: gettext_lazy("when the firm closes a financing round"),
    TriggerKind.GRANT: gettext_lazy("when the patent is granted"),
    TriggerKind.TRIAL_KEPT: gettext_lazy("when the buyer keeps it after the trial"),
    TriggerKind.PERIOD_END: gettext_lazy("at the end of every period"),
    TriggerKind.CHANGE_OF_CONTROL: gettext_lazy("when control of the firm changes"),
}
CAUSES = {
    **{kind.value: name for kind, name in TRIGGERS.items()},
    "ANNIVERSARY": gettext_lazy("each year on the day of the signature"),
    "SALES": gettext_lazy("an accepted sales report"),
    "CORRECTION": gettext_lazy("a corrected sales report"),
    "YEAR_END": gettext_lazy("the end of the year"),
    "BUYOUT_EXERCISED": gettext_lazy("the option to buy out was used"),
}
ANCHORS = {
    Anchor.SIGNATURE: gettext_lazy("signature"),
    Anchor.DELIVERY: gettext_lazy("delivery of the documents"),
    Anchor.TRIAL_END: gettext_lazy("end of the trial"),
    Anchor.TRIAL_KEPT: gettext_lazy("keeping it after the trial"),
    Anchor.FIRST_SALE: gettext_lazy("first sale"),
    Anchor.FINANCING: gettext_lazy("financing round"),
    Anchor.GRANT: gettext_lazy("grant of the patent"),
    Anchor.CHANGE_OF_CONTROL: gettext_lazy("change of control"),
}
BASES = {
    Base.NET_SALES: gettext_lazy("net sales"),
    Base.UNITS: gettext_lazy("units sold"),
    Base.GROSS_MARGIN: gettext_lazy("gross margin"),
}
TIERINGS = {
    Tiering.MARGINAL: gettext_lazy("each slice at its own rate"),
    Tiering.CLIFF: gettext_lazy("everything in the period at the rate reached"),
}
COUNTED = {
    Counted.CUMULATIVE: gettext_lazy("everything sold so far"),
    Counted.YEAR: gettext_lazy("what is sold in the calendar year"),
    Counted.PERIOD: gettext_lazy("what is sold in the period"),
}
PERIODS = {
    Period.MONTH: pgettext_lazy("period", "month"),
    Period.QUARTER: pgettext_lazy("period", "quarter"),
    Period.HALF_YEAR: pgettext_lazy("period", "half-year"),
    Period.YEAR: pgettext_lazy("period", "year"),
}
DEDUCTIONS = {
    Deduction.RETURNS: gettext_lazy("goods returned"),
    Deduction.DISCOUNTS: gettext_lazy("discounts agreed beforehand"),
    Deduction.FREIGHT: gettext_lazy("freight shown on the invoice"),
    Deduction.INSURANCE: gettext_lazy("transport insurance shown on the invoice"),
    Deduction.TAXES: gettext_lazy("taxes on the sale"),
}
EVENTS = {
    Kind.SIGNED: gettext_lazy("contract signed"),
    Kind.DELIVERED: gettext_lazy("documents delivered"),
    Kind.EXTENDED: gettext_lazy("trial extended"),
    Kind.KEPT: gettext_lazy("kept after the trial"),
    Kind.STOPPED: gettext_lazy("stopped after the trial"),
    Kind.GRANTED: gettext_lazy("patent granted"),
    Kind.FINANCING: gettext_lazy("financing round closed"),
    Kind.CHANGE_OF_CONTROL: gettext_lazy("control of the firm changed"),
    Kind.FIRST_SALE: gettext_lazy("first sale"),
    Kind.MILESTONE: gettext_lazy("milestone accepted"),
    Kind.SALES: gettext_lazy("sales report accepted"),
    Kind.BUYOUT_EXERCISED: gettext_lazy("bought out"),
    Kind.PAID: gettext_lazy("payment received"),
    Kind.SUSPENDED: gettext_lazy("dispute began"),
    Kind.RESUMED: gettext_lazy("dispute ended"),
    Kind.INVALIDATED: gettext_lazy("right lost"),
    Kind.EXPIRED: gettext_lazy("patent expired"),
    Kind.TERMINATED: gettext_lazy("contract terminated"),
}
PHASES = {
    Phase.UNSIGNED: gettext_lazy("not signed yet"),
    Phase.SIGNED: gettext_lazy("signed, documents not delivered yet"),
    Phase.TRIAL: gettext_lazy("on trial"),
    Phase.ELECTION_DUE: gettext_lazy("trial over: keep or stop"),
    Phase.PAYING: gettext_lazy("paying"),
    Phase.STOPPED: gettext_lazy("stopped after the trial"),
    Phase.SUSPENDED: gettext_lazy("in dispute"),
    Phase.BOUGHT_OUT: gettext_lazy("bought out"),
    Phase.PAID_UP: gettext_lazy("paid up: nothing more falls due"),
    Phase.ENDED: gettext_lazy("ended"),
}
LINE_STATES = {
    LineState.OPEN: pgettext_lazy("payment", "open"),
    LineState.PART_PAID: pgettext_lazy("payment", "paid in part"),
    LineState.OVERDUE: pgettext_lazy("payment", "overdue"),
    LineState.PAID: pgettext_lazy("payment", "paid"),
}
SIDES = {Side.SELLER: gettext_lazy("the seller"), Side.BUYER: gettext_lazy("the buyer")}
COVERS = {
    "COMPANY": gettext_lazy("guarantee company"),
    "BOND_INSURANCE": gettext_lazy("performance bond insurance"),
    "FAILURE_INSURANCE": gettext_lazy("insurance against failed exploitation"),
    "DEPOSIT": gettext_lazy("deposit"),
    "RISK_POOL": gettext_lazy("risk pool"),
    "AGENCY": gettext_lazy("guarantee of a transfer agency"),
}


def reads_english() -> bool:
    return (get_language() or "").startswith("en")


def sentence(sheet: Sheet, language: str, *, free_until: date | None = None) -> str:
    """The price as one plain sentence: Chinese, or English for "en"; with the last free day once it is known."""
    say = plain_en.sentence if language.startswith("en") else plain_zh.sentence
    return say(sheet, free_until=free_until)


def yuan(amount: Decimal | str) -> str:
    """An amount in words, exact to the fen: "3万元", "12,345.67元"; "CNY 30,000"."""
    value = Decimal(amount)
    size = plain_en.yuan(abs(value)) if reads_english() else plain_zh.yuan(abs(value))
    return f"−{size}" if value < 0 else size


def evidence_name(text: str) -> str:
    """The evidence that a milestone asks for; of the usual sentence, which is in both languages, the reader's."""
    if text != REPORT:
        return text
    zh, _slash, en = text.partition(" / ")
    return en if reads_english() else zh


def mode_name(mode: Mode | str) -> str:
    return codes.item("licensing_mode", str(mode)).label


def mode_explanation(mode: Mode | str) -> str:
    """One plain sentence on what the mode means for who pays."""
    return codes.item("licensing_mode", str(mode)).explanation


def term_name(term: AnyTerm) -> str:
    """What the two sides call it, else what it is."""
    own = (term.label_en or term.label_zh) if reads_english() else (term.label_zh or term.label_en)
    return own or str(TERM_KINDS[KINDS[type(term)]])


def line_name(line: Obligation, sheet: Sheet) -> str:
    """What a line is for, with its period: "Royalty 2027-Q1", "Royalty 2027-Q1, correction"."""
    term = sheet.term(line.term)
    name = term_name(term) if term else line.term
    period = next(iter(line.key.split(":")[1:]), "")
    named: dict[str, Any] = {"name": name, "period": period}
    if line.cause == "CORRECTION":
        return _("%(name)s %(period)s, correction") % named
    if line.cause == "YEAR_END":
        return _("%(name)s %(period)s, rest up to the yearly minimum") % named
    return f"{name} {period}".rstrip()
