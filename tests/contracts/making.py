"""Makes contracts for tests, each in the state that its name says, along the services that people use.

`make_contract` negotiating · `make_agreed_contract` terms agreed · `make_ready_contract` nothing missing ·
`make_signed_contract` signed by both sides. Organisations are firms unless told; a public seller's decision and
notice are made as well.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from marketplace.contracts import services
from marketplace.contracts.models import Contract
from marketplace.contracts.readiness import is_public, needed_clearances, needs_notice
from marketplace.core.access import SYSTEM
from marketplace.documents import services as documents
from marketplace.listings import services as listings
from marketplace.listings.models import Achievement, Right
from marketplace.notices import services as notices
from marketplace.notices.models import Notice
from marketplace.parties.models import Membership, Organisation, User
from tests import factories
from tests.rows import reread

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
WITNESSES = {"evidence": "验收报告", "declared_by": "BUYER", "confirmed_by": "SELLER", "silent_days": 15}
LICENCE = {
    "licence_kind": "ORDINARY",
    "sublicence": "FORBIDDEN",
    "territory": ["CN"],
    "fields_of_use": ["05"],
}
ROYALTY = {
    "id": "royalty",
    "kind": "ROYALTY",
    "base": "NET_SALES",
    "tiers": [{"from": "0", "rate": "0.03"}],
    "deductions": ["RETURNS", "TAXES"],
    "period": "QUARTER",
}
UPFRONT = {"id": "upfront", "kind": "FIXED", "amount": "60000", "trigger": {"kind": "SIGNATURE"}, "pay_days": 30}
MILESTONE = {
    "id": "pilot",
    "kind": "FIXED",
    "label": {"zh": "中试完成", "en": "Pilot run finished"},
    "amount": "30000",
    "trigger": {"kind": "MILESTONE", "milestone": "pilot", "due": {"months": 6, "after": "SIGNATURE"}, **WITNESSES},
}
ENTRY_ROYALTY = {
    "form": "term-sheet/1",
    "mode": "ENTRY_ROYALTY",
    "term": {"months": 120, "sell_off_months": 6},
    "terms": [UPFRONT, ROYALTY],
}
ZERO_UPFRONT = {
    "form": "term-sheet/1",
    "mode": "ZERO_UPFRONT",
    "term": {"months": 120, "sell_off_months": 6},
    "trial": {"months": 12, "at_end": "STOP", "extensions": 1, "extension_months": 6},
    "terms": [MILESTONE, ROYALTY],
}
BUYOUT = {
    "form": "term-sheet/1",
    "mode": "BUYOUT",
    "term": {"months": 120},
    "terms": [{"id": "price", "kind": "FIXED", "amount": "500000", "trigger": {"kind": "SIGNATURE"}}],
}


def decider_of(organisation: Organisation) -> User:
    """Somebody who decides for the organisation; made when there is nobody."""
    row = Membership.objects.live().filter(organisation=organisation, role__in=["admin", "officer"]).first()
    return User.objects.get(pk=row.user_id) if row else factories.make_member(organisation)


def make_small_firm(**values: Any) -> Organisation:
    """A firm that may use first and pay later."""
    proof = {"size": "SMALL", "size_proof": "2026年度财务报表", "size_proved_on": timezone.localdate()}
    return factories.make_organisation("FIRM", **(proof | values))


def make_contract(
    *,
    seller: Organisation | None = None,
    buyer: Organisation | None = None,
    achievement: Achievement | None = None,
    mode: str = "",
    **particulars: Any,
) -> Contract:
    """A contract that is negotiated: drawn up by the seller, ordinary, in China, for new materials."""
    seller = seller or (achievement.owner if achievement else factories.make_organisation("FIRM"))
    achievement = achievement or factories.make_achievement(seller)
    facts = ({} if mode == "BUYOUT" else LICENCE) | particulars
    return services.draft(
        seller, buyer or make_small_firm(), achievement=achievement, mode=mode, particulars=facts, by=decider_of(seller)
    )


def agree(contract: Contract, sheet: dict[str, Any]) -> Contract:
    """Let the seller propose the terms and the buyer accept them."""
    proposed = services.propose(contract, sheet, side="SELLER", by=decider_of(contract.seller))
    services.accept_terms(contract, proposed.number, by=decider_of(contract.buyer))
    return reread(contract)


def make_agreed_contract(*, sheet: dict[str, Any] | None = None, **values: Any) -> Contract:
    """A contract whose terms are agreed: waiting for its guarantee where one is due, else for what clears it."""
    sheet = sheet or ENTRY_ROYALTY
    return agree(make_contract(mode=values.pop("mode", sheet["mode"]), **values), sheet)


def decide(contract: Contract) -> None:
    """A public owner decides together on the terms."""
    officer = decider_of(contract.seller)
    services.record_decision(
        contract, meeting="校长办公会", held_on=timezone.localdate(), attendees=["林校长", "周处长", "陈教授"],
        votes_for=3, resolution="同意按本条款许可。", by=officer,
    )  # fmt: skip


def close(notice: Notice) -> None:
    """Let the days of a notice pass, and close it."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Notice.objects.filter(pk=notice.pk).update(opened_on=yesterday - timedelta(days=20), ends_on=yesterday)
    notices.close(notice, by=SYSTEM)


def answer_everything(contract: Contract) -> None:
    """The clearances that the contract needs, answered so that it may be signed."""
    officer = decider_of(contract.seller)
    for kind in needed_clearances(contract):
        answer = {"PREEMPTION": "WAIVED", "EXPORT": "CONSENTED", "PUBLIC_FUNDING": "CONSENTED"}.get(kind, "NOT_NEEDED")
        services.record_clearance(contract, kind, answer, party="本单位", note="已核实,无此情形。", by=officer)


def hand_in_text(contract: Contract, words: bytes = b"") -> Contract:
    """A text that both sides may read, as lawyers hand it in."""
    officer = decider_of(contract.seller)
    paper = documents.keep_document(
        PDF + words,
        filename="contract.pdf",
        title=contract.title,
        readers=[contract.seller, contract.buyer],
        by=officer,
    )
    return services.use_text(contract, paper, by=officer)


def make_ready_contract(**values: Any) -> Contract:
    """A contract that only waits for its signatures."""
    contract = make_agreed_contract(**values)
    officer = decider_of(contract.seller)
    if is_public(contract.seller):
        decide(contract)
    if contract.state == Contract.State.GUARANTEE_PENDING:
        services.waive_guarantee(contract, "会议决定不要求担保。", by=officer)
    if needs_notice(contract):
        close(services.open_price_notice(contract, by=officer))
    answer_everything(contract)
    return hand_in_text(contract)


def sign_as(contract: Contract, side: str) -> Contract:
    """One side signs the text as it stands."""
    by = decider_of(contract.seller if side == "SELLER" else contract.buyer)
    return services.sign(contract, side=side, sha256=contract.document.sha256, by=by)


def make_signed_contract(**values: Any) -> Contract:
    """A contract in force since today."""
    contract = make_ready_contract(**values)
    sign_as(contract, "SELLER")
    return sign_as(contract, "BUYER")


def make_right(owner: Organisation) -> Right:
    """A technical secret of its owner."""
    return listings.add_right({"kind": "01", "title_zh": "工艺诀窍"}, owner=owner, by=SYSTEM)
