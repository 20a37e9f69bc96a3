"""Sentences for every rule that a sheet, its history or its signing may break: what is wrong and what to do."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.showing import percent

from ..rules.events import Kind
from ..rules.faults import Fault
from ..rules.sheet import Base, Side
from .names import BASES, EVENTS, SIDES, mode_name, yuan
from .shapes import amount, form, rate
from .shapes import listed as named

Inputs = Mapping[str, Any]
Sentence = Any  # a lazy text, or a function of the inputs

REASONS: Mapping[str, Mapping[str, Any]] = {
    "E_NO_TRIGGER": {
        "missing": gettext_lazy("Say when this amount falls due: choose a trigger."),
        "no_trial": gettext_lazy("This waits for a trial, but there is none. Agree a trial or choose another trigger."),
        "nothing_reported": gettext_lazy(
            "This waits for sales, but nobody reports any: add a royalty, or choose another trigger."
        ),
        "unknown_milestone": gettext_lazy(
            "There is no milestone “%(milestone)s” to count from. Name one of this sheet."
        ),
        "unknown_term": gettext_lazy("There is no payment “%(term)s” to count from. Name one of this sheet."),
        "after_end": gettext_lazy(
            "This would fall due after the licence has ended. Choose an earlier day or a longer term."
        ),
        "no_single_day": gettext_lazy(
            "“%(term)s” has no single day to count from. Name a payment that falls due once."
        ),
    },
    "E_NO_END_RULE": {
        "missing": gettext_lazy("Say what happens when the trial ends and nobody has chosen: KEEP or STOP."),
        "extension": gettext_lazy("Say by how many months the trial may be extended."),
        "whole_term": gettext_lazy(
            "With its extensions the trial takes %(months)s months, but the licence only %(term_months)s. "
            "Shorten the trial or lengthen the licence."
        ),
    },
    "E_TIER_ORDER": {
        "empty": gettext_lazy("Give at least one rate, from 0 on."),
        "start": gettext_lazy("The first rate must hold from 0, not from %(found)s."),
        "order": gettext_lazy("Each step must begin above the one before: %(found)s is not above %(before)s."),
    },
    "E_CREDIT_UNKNOWN": {
        "unknown": gettext_lazy("“%(term)s” is no fixed amount of this sheet, so it cannot be set off."),
        "not_creditable": gettext_lazy("“%(term)s” is not marked as creditable. Mark it, or take it off the list."),
    },
    "E_BUYOUT_EXPIRY": {
        "missing": gettext_lazy("Say until when the option to buy out may be used."),
        "after_end": gettext_lazy("The option to buy out must end within the licence."),
        "": gettext_lazy("The option to buy out could be used until %(until)s."),
    },
}

MODE_RULES = {
    "one_payment": gettext_lazy("the price is one payment"),
    "paid_at_once": gettext_lazy("it is paid with the signature or the delivery"),
    "nothing_after": gettext_lazy("nothing more falls due afterwards"),
    "no_trial": gettext_lazy("there is no trial"),
    "two_payments": gettext_lazy("the price is paid in two parts or more"),
    "agreed_dates": gettext_lazy("every part has an agreed day"),
    "different_days": gettext_lazy("the parts fall on different days"),
    "fixed_total": gettext_lazy("the total is fixed: no royalty, yearly fee or shares"),
    "entry_fee": gettext_lazy("a fixed fee is paid with the signature or the delivery"),
    "royalty": gettext_lazy("a share of sales, units or margin is paid"),
    "milestone_payment": gettext_lazy("a sum is paid at a milestone"),
    "nothing_before_success": gettext_lazy("nothing falls due before a success: a sale, a milestone, a grant, a round"),
    "no_yearly_fee": gettext_lazy("there is no yearly fee"),
    "no_minimum_in_first_year": gettext_lazy("no minimum is owed for the first year"),
    "deferred_payment": gettext_lazy("a sum is paid on an agreed later day"),
    "nothing_early": gettext_lazy("nothing falls due in the first months"),
    "no_running_fees": gettext_lazy("there is no royalty and no yearly fee"),
    "conditional_payment": gettext_lazy("a sum is paid when a condition is met"),
    "only_conditional": gettext_lazy("every payment waits for its condition"),
    "no_minimum": gettext_lazy("no minimum is owed: who sells nothing pays nothing"),
    "no_fixed_fee": gettext_lazy("there is no fixed fee, yearly fee or share"),
    "trial": gettext_lazy("there is a trial"),
    "price_on_keeping": gettext_lazy("a price falls due when the buyer keeps it"),
    "nothing_unless_kept": gettext_lazy("nothing falls due unless the buyer keeps it"),
    "no_minimum_in_trial": gettext_lazy("no minimum is owed for the time of the trial"),
    "shares": gettext_lazy("the price is paid in shares"),
    "no_cash": gettext_lazy("no cash is paid"),
    "published_price": gettext_lazy("there is a published price: a fixed amount or a royalty"),
    "same_for_all": gettext_lazy("the price falls due equally for everybody: on a day or every period"),
    "cash_alone": gettext_lazy("it is paid in cash, without options"),
    "fixed_cap": gettext_lazy("the fixed fee keeps to the usual cap of open licences"),
    "rate_cap": gettext_lazy("the rate keeps to the usual cap of open licences"),
}


def by_reason(code: str) -> Callable[[Inputs], str]:
    return lambda inputs: str(REASONS[code][str(inputs.get("reason", ""))]) % _plain(inputs)


def _mode(inputs: Inputs) -> str:
    words = {"mode": mode_name(inputs["mode"]), "rule": mode_rule(inputs["rule"])}
    return _("“%(mode)s” promises that %(rule)s. Change the terms, or choose the mode that fits them.") % words


def mode_rule(rule: str) -> str:
    """What a mode promises, as half a sentence."""
    return str(MODE_RULES[rule])


def _evidence(inputs: Inputs) -> str:
    if "same_side" in inputs:
        side = SIDES[Side(inputs["same_side"])]
        return _("The other side must confirm: %(side)s cannot both declare and confirm.") % {"side": side}
    missing = named([str(WITNESSES[each]) for each in inputs.get("missing", ())])
    return _("Agree now how it will be shown that this has happened. Still missing: %(missing)s.") % {
        "missing": missing
    }


WITNESSES = {
    "evidence": gettext_lazy("the evidence"),
    "declared_by": gettext_lazy("who declares it"),
    "confirmed_by": gettext_lazy("who confirms it"),
    "silent_days": gettext_lazy("after how many days silence confirms it"),
}


def _floor(inputs: Inputs) -> str:
    """Amounts at the cap of everything, rates at the floor of a royalty; told apart by their size."""
    floor, cap = inputs["floor"], inputs["cap"]
    if cap > 1:
        words = {"floor": yuan(floor), "cap": yuan(cap)}
        return _("At least %(floor)s will be paid for certain, which is more than the most, %(cap)s.") % words
    words = {"floor": percent(floor), "cap": percent(cap)}
    return _("The floor of the royalty (%(floor)s) is above its lowest rate (%(cap)s). Lower the floor.") % words


def _minimum(inputs: Inputs) -> str:
    words = {"minimum": yuan(inputs["minimum"]), "cap": yuan(inputs["cap"])}
    return _("The yearly minimum (%(minimum)s) is above what may be paid at most (%(cap)s).") % words


def _deduction(inputs: Inputs) -> str:
    if "base" in inputs:
        words = {"base": BASES[Base(inputs["base"])]}
        return _("Deductions make gross sales net; a share of %(base)s has none. Take them off.") % words
    return _("%(found)s may not be taken off: it is not among the agreed deductions.") % _plain(inputs)


def _circle(inputs: Inputs) -> str:
    circle = " → ".join(map(str, inputs.get("circle", ())))
    return _("These payments wait for each other, so none of them ever falls due: %(circle)s.") % {"circle": circle}


def _duplicate(inputs: Inputs) -> str:
    return _("“%(id)s” is already used. Every id stands for one thing.") % _plain(inputs)


def _unknown_code(inputs: Inputs) -> str:
    words = {"found": inputs.get("found", ""), "known": named(inputs.get("known", ()))}
    return _("“%(found)s” is not on the list. Choose one of: %(known)s.") % words


def _event(text: Any) -> Callable[[Inputs], str]:
    def say(inputs: Inputs) -> str:
        kind = EVENTS[Kind(inputs["kind"])] if "kind" in inputs else ""
        return str(text) % (_plain(inputs) | {"kind": str(kind)})

    return say


def _plain(inputs: Inputs) -> dict[str, Any]:
    return {name: named(value) if isinstance(value, tuple | list) else value for name, value in inputs.items()}


def with_inputs(text: Any) -> Callable[[Inputs], str]:
    return lambda inputs: str(text) % _plain(inputs)


SENTENCES: Mapping[str, Sentence] = {
    # The form
    "E_FORM": form,
    "E_AMOUNT": amount,
    "E_RATE_RANGE": rate,
    "E_CODE_UNKNOWN": _unknown_code,
    "E_DUPLICATE_ID": _duplicate,
    "E_TOO_LARGE": with_inputs(
        gettext_lazy("This is more than a preview computes: %(found)s steps, at most %(at_most)s. Shorten it.")
    ),
    # The sheet
    "E_NO_TRIGGER": by_reason("E_NO_TRIGGER"),
    "E_TRIGGER_CIRCULAR": _circle,
    "E_TRIGGER_EVIDENCE": _evidence,
    "E_NO_END_RULE": by_reason("E_NO_END_RULE"),
    "E_NO_TERM": gettext_lazy("Say how long the licence runs: a number of months, or its last day."),
    "E_TIER_ORDER": by_reason("E_TIER_ORDER"),
    "E_FLOOR_GT_CAP": _floor,
    "E_MINIMUM_GT_CAP": _minimum,
    "E_DEDUCTION_NOT_ALLOWED": _deduction,
    "E_DEDUCTION_CAP": gettext_lazy("A cap of deductions needs deductions: name them, or take the cap off."),
    "E_CREDIT_UNKNOWN": by_reason("E_CREDIT_UNKNOWN"),
    "E_MODE": _mode,
    "E_BUYOUT_EXPIRY": by_reason("E_BUYOUT_EXPIRY"),
    "E_GUARANTEE_PERIOD_INVALID": gettext_lazy(
        "A guarantee must last beyond the day on which the debt falls due (Civil Code 692): give one month or more."
    ),
    "W_RATE_ABOVE_OPEN_LICENCE_CAP": gettext_lazy(
        "This rate is above what the state thinks normal for an open licence."
    ),
    "W_LICENCE_LT_5Y": with_inputs(
        gettext_lazy("A licence shorter than %(years)s years does not qualify the seller for relief from income tax.")
    ),
    # The history
    "E_BEFORE_SIGNATURE": _event(gettext_lazy("“%(kind)s” cannot count before the contract is signed.")),
    "E_EVENT_REPEATED": _event(gettext_lazy("“%(kind)s” can happen once only. Take the later one back.")),
    "E_AFTER_END": _event(gettext_lazy("“%(kind)s” comes after the licence ended on %(end)s.")),
    "E_NO_TRIAL": _event(gettext_lazy("“%(kind)s” belongs to a trial, but these terms have none.")),
    "E_TRIAL_NOT_BEGUN": _event(
        gettext_lazy("“%(kind)s”: the trial begins with the delivery of the documents, which is missing.")
    ),
    "E_EXTENSION": with_inputs(
        gettext_lazy(
            "The trial may be extended %(extensions)s times by at most %(extension_months)s months, before it ends."
        )
    ),
    "E_ELECTION_CONTRADICTS": gettext_lazy("The buyer has already chosen otherwise. The first choice stands."),
    "E_ELECTION_LATE": with_inputs(
        gettext_lazy("The trial ended on %(free_until)s without a choice, so what was agreed for that case holds.")
    ),
    "E_NO_BUYOUT": gettext_lazy("These terms have no option to buy out."),
    "E_DISPUTE_ORDER": gettext_lazy("A dispute begins once and ends once: check the order of these events."),
    "E_MILESTONE_UNKNOWN": with_inputs(gettext_lazy("These terms have no milestone “%(milestone)s”.")),
    "E_ROYALTY_UNKNOWN": with_inputs(gettext_lazy("These terms have no royalty “%(royalty)s” to report sales for.")),
    "E_PERIOD_OVERLAP": gettext_lazy(
        "Part of this period is already reported. Send a correction of that report instead."
    ),
    "E_PERIOD_GAP": with_inputs(gettext_lazy("A report states a whole period: this one is %(first)s to %(last)s.")),
    "E_PERIOD_OPEN": with_inputs(gettext_lazy("This period ends on %(last)s and can be reported after that.")),
    "E_NEGATIVE_BASE": gettext_lazy("More is taken off than was sold. Carry the rest over into the next report."),
    "E_ACCRUAL_AFTER_END": with_inputs(gettext_lazy("Sales after %(end)s bear no royalty: the licence was over.")),
    "E_CORRECTS_UNKNOWN": with_inputs(
        gettext_lazy("There is no accepted report “%(corrects)s” of this period to correct. Name the one you mean.")
    ),
    "E_OBLIGATION_UNKNOWN": with_inputs(
        gettext_lazy("There is no payment “%(obligation)s” under these terms. The money counts for the oldest one.")
    ),
    "E_EDIT_ACCEPTED": gettext_lazy("An accepted report is not edited. Send a correction instead."),
    "E_REPORT_MISSING": gettext_lazy("The report of this period is missing. Send it, also when nothing was sold."),
    "E_REPORT_OVERDUE": gettext_lazy("The report is overdue. Send it now, also when nothing was sold."),
    "E_EVIDENCE_MISSING": gettext_lazy("Add the agreed evidence first."),
    "E_CREDIT_EXCEEDS_BALANCE": gettext_lazy("More is set off than is left. Lower the amount."),
    "E_OVERPAY": gettext_lazy("This is more than is owed. The rest is kept as a credit."),
    "E_AUDIT_TOO_SOON": gettext_lazy(
        "The books were looked at within the last twelve months without a shortfall, or the notice is too short."
    ),
    # Who may have a licence, and what is missing before it is signed
    "E_NOT_MSME": gettext_lazy("Use first, pay later is for micro, small and medium enterprises."),
    "E_SIZE_PROOF_EXPIRED": gettext_lazy("The proof of the firm's size is missing or too old. Send a new one."),
    "E_REGION": gettext_lazy("The owner licenses this only to firms of other regions."),
    "E_OPEN_DEFAULT": gettext_lazy("A licence of this firm is in default. Settle it first."),
    "E_CAPACITY": gettext_lazy("The owner takes no more licensees at present."),
    "E_EXCLUSIVE_CONFLICT": gettext_lazy("Another licence already takes this field, place and time. Narrow the scope."),
    "E_EXCLUSIVE_IN_TRIAL": gettext_lazy(
        "On trial a licence is ordinary. Make it exclusive once it is kept and paid for."
    ),
    "E_SUBLICENSE_FORBIDDEN": gettext_lazy(
        "These terms and the contract disagree on sub-licences. Change one of them."
    ),
    "E_TRANSFER_FORBIDDEN": gettext_lazy("This licence cannot be handed on to somebody else."),
    "E_NO_DECISION_RECORD": gettext_lazy("Record the collective decision: meeting, attendance, recusals, votes."),
    "E_SIGN_BEFORE_NOTICE_END": gettext_lazy(
        "The public notice is still running. Sign when it has closed without objection."
    ),
    "E_OPEN_OBJECTION": gettext_lazy("An objection to the public notice is not answered yet."),
    "E_NOTICE_TERMS_CHANGED": gettext_lazy(
        "The terms, the method or the buyer changed after the notice. Publish a new one."
    ),
    "E_PREEMPTION_OPEN": gettext_lazy("Ask the inventors first: on equal terms they may buy before anybody else."),
    "E_CO_OWNER": gettext_lazy("Get the consent of every co-owner."),
    "E_PLEDGE": gettext_lazy("The right is pledged. Get the consent of the pledgee."),
    "E_EXPORT_CONTROL": gettext_lazy("The technology goes abroad: clear the export first."),
    "E_PUBLIC_FUNDING": gettext_lazy("Public money paid for this: say how its conditions are met."),
    "E_CONFLICT_UNDECLARED": gettext_lazy("Record whether anybody who decides has an interest in the buyer."),
    "E_CLAUSES_UNREVIEWED": gettext_lazy("The contract has clauses that may be void. Have them reviewed."),
    "E_GUARANTEE_LIMIT": gettext_lazy("The guarantor would stand in for more than it may."),
    "E_CLAIM_LATE": gettext_lazy("The guarantee period for this debt is over."),
    "E_DUPLICATE_CLAIM": gettext_lazy("The same loss is already claimed elsewhere."),
    "E_DEMAND_MISSING": gettext_lazy("Send a demand first and wait for the time to cure."),
    "E_CREDIT_PUSH_NOT_FINAL": gettext_lazy("The default is not final yet, so it may not be reported."),
}


def refusal(code: str, **inputs: Any) -> str:
    """What is wrong and what to do, in the reader's language. An unknown code stands for itself."""
    said = SENTENCES.get(code, code)
    return said(inputs) if callable(said) else str(said)


def sentence_of(fault: Fault) -> str:
    return refusal(fault.code, **fault.inputs)
