"""What the journal's verbs and states are called."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.brokerage.models import Deal, Disclosure, Introduction, Lead, Mandate, Nda, ServiceOrder, Task
from marketplace.contracts.models import Audit, Contract, Guarantee, Milestone, SalesReport
from marketplace.contracts.wording.acts import ACTS as CONTRACT_ACTS
from marketplace.core.models import Entry
from marketplace.core.showing import labelled
from marketplace.law import codes
from marketplace.listings.models import Achievement, Demand
from marketplace.notices.models import Notice, Objection
from marketplace.parties.models import Agency, Organisation, TechnologyManager
from marketplace.register.models import Application, Consent, Removal, YearlyFiling
from marketplace.registration.acts import ACTS as REGISTRATION_ACTS
from marketplace.registration.models import Change, Registration
from marketplace.settlement.acts import ACTS as MONEY_ACTS
from marketplace.settlement.models import (
    Allotment,
    BankLine,
    Claim,
    ClawBack,
    CommissionLine,
    CreditNotice,
    Distribution,
    Hold,
    Invoice,
    Obligation,
    Payment,
    Payout,
    Recourse,
    Recovery,
    Share,
    SharingPlan,
    Stake,
)

ACTS = {
    "core.resend": _("sent a letter again"),
    "core.switch_off": _("switched a kind of news off"),
    "core.switch_on": _("switched a kind of news on"),
    "parties.switch_mail_off": _("switched letters off"),
    "parties.switch_mail_on": _("switched letters on"),
    "parties.apply": _("applied"),
    "parties.edit": _("changed the particulars"),
    "parties.verify": _("verified"),
    "parties.suspend": _("suspended"),
    "parties.admit": _("admitted a member"),
    "parties.end_membership": _("ended a role"),
    "parties.apply_qualification": _("applied for registration"),
    "parties.register_qualification": _("registered"),
    "parties.renew_qualification": _("renewed in the register"),
    "parties.describe_qualification": _("changed the particulars in the register"),
    "parties.remove_qualification": _("struck from the register"),
    "register.apply": _("applied for registration"),
    "register.supplement": _("supplemented the application"),
    "register.withdraw": _("withdrew the application"),
    "register.send_back": _("asked for a supplement"),
    "register.grant": _("granted the application"),
    "register.take_over": _("took over from another register"),
    "register.refuse": _("refused the application"),
    "register.file": _("filed the data of a year"),
    "register.correct": _("corrected the data of a year"),
    "register.accept_filing": _("accepted the data of a year"),
    "law.publish": _("published legal values"),
    "register.return_filing": _("returned the data of a year"),
    "register.ask_consent": _("asked for consent"),
    "register.give_consent": _("gave consent"),
    "register.refuse_consent": _("refused consent"),
    "register.withdraw_consent": _("took consent back"),
    "register.make_portfolio": _("made a case portfolio"),
    "register.ask_removal": _("asked to be removed from the register"),
    "register.announce_removal": _("announced a removal from the register"),
    "register.reply": _("replied to an announced removal"),
    "register.remove": _("decided the removal from the register"),
    "register.drop": _("dropped a removal from the register"),
    "listings.draft": _("drafted"),
    "listings.edit": _("changed"),
    "listings.offer": _("changed the licensing offers"),
    "listings.submit": _("submitted for review"),
    "listings.publish": _("published"),
    "listings.return": _("returned for correction"),
    "listings.revise": _("took back to draft"),
    "listings.withdraw": _("withdrew"),
    "listings.renew": _("renewed"),
    "listings.set_interest": _("opened or closed for interest"),
    "listings.expire": _("expired"),
    "listings.archive": _("archived"),
    "listings.hide": _("hidden with its organisation"),
    "listings.take_over": _("took over from another collection"),
    "listings.add_right": _("entered a right"),
    "listings.edit_right": _("corrected a right"),
    "documents.upload_template": _("uploaded a template"),
    "documents.make": _("made a document"),
    "documents.keep": _("handed in a file"),
    "documents.let_read": _("let an organisation read a document"),
    "documents.stop_reading": _("ended the reading of a document"),
    "documents.clear": _("found the file clean"),
    "documents.quarantine": _("put into quarantine"),
    "notices.open": _("opened a public notice"),
    "notices.object": _("objected"),
    "notices.answer": _("answered an objection"),
    "notices.follow": _("followed from an objection"),
    "notices.void": _("declared void"),
    "notices.close": _("closed"),
    "discovery.judge": _("judged a match"),
    "discovery.save_search": _("saved a search"),
    "discovery.edit_search": _("changed a saved search"),
    "discovery.switch_search_off": _("switched the letters of a search off"),
    "discovery.switch_search_on": _("switched the letters of a search on"),
    "discovery.remove_search": _("removed a saved search"),
    "discovery.restore": _("took a judgement back"),
    "brokerage.express_interest": _("expressed interest"),
    "brokerage.answer": _("answered"),
    "brokerage.withdraw_lead": _("withdrew the interest"),
    "brokerage.lapse": _("lapsed without an answer"),
    "brokerage.open_deal": _("opened a deal"),
    "brokerage.take_up": _("took a lost deal up again"),
    "brokerage.join": _("joined the deal"),
    "brokerage.waive_nda": _("went on without a non-disclosure agreement"),
    "brokerage.begin_talks": _("began to talk about terms"),
    "brokerage.follow_offer": _("followed the proposed terms"),
    "brokerage.give_time": _("gave more time"),
    "brokerage.agree": _("agreed on the terms"),
    "brokerage.reopen_talks": _("reopened the talks"),
    "brokerage.lose_contract": _("its contract was given up"),
    "brokerage.lose": _("closed as lost"),
    "brokerage.draft_nda": _("drew up a non-disclosure agreement"),
    "brokerage.withdraw_nda": _("withdrew a non-disclosure agreement"),
    "brokerage.sign_nda": _("signed a non-disclosure agreement"),
    "brokerage.bind": _("named a person to read under an agreement"),
    "brokerage.release": _("took back the name of a person"),
    "brokerage.terminate_nda": _("ended a non-disclosure agreement"),
    "brokerage.end_nda": _("a non-disclosure agreement ended"),
    "brokerage.follow_nda": _("followed the non-disclosure agreement"),
    "brokerage.post_message": _("wrote in the room of a deal"),
    "brokerage.correct_message": _("corrected a message"),
    "brokerage.withdraw_message": _("took a message back"),
    "brokerage.add_task": _("gave a task"),
    "brokerage.change_task": _("changed a task"),
    "brokerage.finish_task": _("did a task"),
    "brokerage.drop_task": _("dropped a task"),
    "brokerage.reopen_task": _("took a task up again"),
    "brokerage.write_meeting": _("wrote down a meeting"),
    "brokerage.edit_meeting": _("put the record of a meeting right"),
    "brokerage.keep_notes": _("kept a version of the notes"),
    "brokerage.acknowledge_notes": _("acknowledged the notes of a meeting"),
    "brokerage.tick": _("ticked an item of a checklist"),
    "brokerage.untick": _("took a tick back"),
    "brokerage.add_file": _("handed in a file of a deal"),
    "brokerage.withdraw_file": _("withdrew a file of a deal"),
    "brokerage.draft_mandate": _("drew up a mandate"),
    "brokerage.take_over_mandate": _("took over a mandate signed before"),
    "brokerage.edit_mandate": _("changed the draft of a mandate"),
    "brokerage.withdraw_mandate": _("withdrew the draft of a mandate"),
    "brokerage.sign_mandate": _("signed a mandate"),
    "brokerage.begin_mandate": _("a mandate began"),
    "brokerage.end_mandate": _("agreed to end a mandate"),
    "brokerage.terminate_mandate": _("terminated a mandate"),
    "brokerage.expire_mandate": _("a mandate expired"),
    "brokerage.log_introduction": _("wrote down an introduction"),
    "brokerage.answer_introduction": _("answered an introduction"),
    "brokerage.stand_introduction": _("stands by the record, undisputed"),
    "brokerage.declare_interest": _("declared an interest"),
    "brokerage.end_interest": _("declared an interest ended"),
    "brokerage.order_service": _("ordered a service"),
    "brokerage.withdraw_order": _("withdrew a service order"),
    "brokerage.take_order": _("took a service order"),
    "brokerage.decline_order": _("declined a service order"),
    "brokerage.deliver_order": _("delivered a service"),
    "brokerage.complain": _("complained about a service"),
    "brokerage.approve_order": _("approved a service"),
    "brokerage.close_order": _("closed a service order"),
    "brokerage.disclose": _("disclosed to a side"),
    "brokerage.answer_disclosure": _("answered a disclosure"),
    **CONTRACT_ACTS,
    **REGISTRATION_ACTS,
    **MONEY_ACTS,
}
STATED = (
    *(Achievement, Demand, Lead, Deal, Notice, Objection, Organisation, TechnologyManager, Agency),
    *(ServiceOrder, Task, Application, YearlyFiling, Removal, Consent),
    *(Mandate, Introduction, Disclosure, Nda),
    *(Contract, Milestone, SalesReport, Guarantee, Audit),
    *(Obligation, Payment, Invoice, BankLine, CommissionLine),
    *(Claim, Recourse, Recovery, CreditNotice),
    *(SharingPlan, Distribution, Share, Hold, ClawBack, Payout),
    *(Stake, Allotment),
    *(Registration, Change),
)
STATES: dict[tuple[str, str], Any] = {
    (model._meta.label_lower, value): label for model in STATED for value, label in model.State.choices
}


REASONS: dict[str, Callable[[], dict[str, Any]]] = {
    **dict.fromkeys(
        ("brokerage.answer", "brokerage.lose", "contracts.answer_application"), lambda: labels_of("lead_decline")
    ),
    "discovery.judge": lambda: labels_of("match_dismissal"),
    "listings.return": lambda: labels_of("return_reason"),
    **dict.fromkeys(("notices.void", "notices.follow"), lambda: dict(Notice.VoidReason.choices)),
    "settlement.refuse_claim": lambda: dict(Claim.Refusal.choices),
}
"""By verb: what the code before a remark is called."""


def labels_of(list_name: str) -> dict[str, Any]:
    return {item.code: item.label for item in codes.items(list_name)}


def reason(entry: Entry) -> str:
    """The reason as people read it: "no capacity at present: ask again in spring"."""
    if entry.verb not in REASONS:
        return entry.reason
    code, _space, remark = entry.reason.partition(" ")
    label = REASONS[entry.verb]().get(code.rstrip(":"))
    if label is None:
        return entry.reason
    return labelled(label, remark) if remark else str(label)


def act(entry: Entry) -> Any:
    return ACTS.get(entry.verb, entry.verb)


def moved(entry: Entry) -> str:
    """The state it moved to, and from which when it moved."""
    before, after = (STATES.get((entry.subject_type, each), each) for each in (entry.from_state, entry.to_state))
    if not entry.from_state or entry.from_state == entry.to_state:
        return str(after)
    return f"{before} → {after}"


def actor(entry: Entry, named: set[int] | None) -> Any:
    """Who did it, by name where the reader may know."""
    if entry.actor_id is None:
        return _("system")
    if named is None or entry.actor_id in named:
        return entry.actor
    return _("somebody of another side")
