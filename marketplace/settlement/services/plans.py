"""Plans: drafted by the owner, confirmed by each inventor on their hash, in force when the last one has signed."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.contracts.services.clearing import readable
from marketplace.core.access import SYSTEM, require
from marketplace.core.acts import act, create, lock, record
from marketplace.core.errors import Conflict, Forbidden, Invalid
from marketplace.core.validation import check_text, validate
from marketplace.documents.models import Document

from .. import computing, equity, telling
from ..models import Payee, PlanLine, SharingPlan, Stake
from ..rules import sharing
from .reasons import reason_of

MOST_LINES = 100
Role = PlanLine.Role


class Given(NamedTuple):
    """One line as somebody fills it in: `share` as they write it, "1/3" or "29.9%"."""

    role: str
    share: str
    payee: Payee | None = None
    name: str = ""
    is_main: bool = False


@transaction.atomic
def draft_plan(
    contract: Contract, lines: Sequence[Given], *, stake: Stake | None = None, note: str = "", by: Any
) -> SharingPlan:
    """Write down who shares how: in what is received, or who holds what of a stake. Raises Invalid by line; Conflict
    for shares that are not 100 % or below a minimum, and where the head of a public unit would hold shares.

    An earlier plan that waits for signatures is withdrawn; a signed one holds until all have signed the new one.
    """
    require("settlement.draft_plan", by, contract)
    contract = lock(contract)
    stake = lock(stake) if stake is not None else None
    check_stake(contract, stake, lines)
    rows = [made(place, line, contract) for place, line in enumerate(checked(lines), 1)]
    book = computing.book_on(contract, timezone.localdate()) if stake is None else equity.book_of(stake)
    computing.check_plan(book, [row.as_rule() for row in rows])
    if stake is not None:
        equity.check_heads(stake, rows, timezone.localdate())
    for waiting in SharingPlan.objects.filter(contract=contract, stake=stake, state=SharingPlan.State.DRAFTED):
        withdraw_plan(waiting, str(_("A later plan was drafted.")), by=by)
    last = SharingPlan.objects.filter(contract=contract).aggregate(last=Max("number", default=0))["last"]
    plan = SharingPlan(
        book=contract.seller, contract=contract, stake=stake, number=last + 1,
        note=check_text("note", note, most=500),
    )  # fmt: skip
    plan.law_references = [book.entry(key).reference for key in (computing.MAIN, computing.STAFF) if key in book]
    plan.sha256 = sharing.fingerprint(content_of(plan, rows))
    create(plan, "settlement.draft_plan", by=by)
    for row in rows:
        row.plan = plan
        validate(row)
        row.save(force_insert=True)
        tell_to_sign(row)
    return plan


def checked(lines: Sequence[Given]) -> Sequence[Given]:
    if not 0 < len(lines) <= MOST_LINES:
        raise Invalid(fields={"lines": [str(_("A plan has 1 to %(most)d lines.") % {"most": MOST_LINES})]})
    people = [line.payee.pk for line in lines if line.payee]
    if len(people) != len(set(people)):
        raise Invalid(fields={"lines": [str(_("Each person has one line."))]})
    return lines


def check_stake(contract: Contract, stake: Stake | None, lines: Sequence[Given]) -> None:
    """A plan of a stake is of a live one of this contract, and of people alone: the rest of it is the owner's."""
    if stake is None:
        return
    if stake.contract_id != contract.pk:
        raise Invalid(fields={"stake": [str(_("Choose a stake of this contract."))]})
    if stake.state not in Stake.LIVE:
        raise Conflict(_("This stake has ended."), code="E_STAKE_ENDED")
    if any(line.role not in sharing.PEOPLE for line in lines):
        sentence = _("A plan of a stake names people alone; the owner holds what they do not.")
        raise Invalid(fields={"lines": [str(sentence)]})


def made(place: int, line: Given, contract: Contract) -> PlanLine:
    """The row of a line; Invalid names its place."""
    where = str(_("Line %(place)d: ") % {"place": place})
    share, is_person = share_of(line.share, where), line.role in sharing.PEOPLE
    if line.role not in Role.values:
        raise Invalid(fields={"lines": [where + str(_("Choose as what it shares."))]})
    if is_person != (line.payee is not None):
        raise Invalid(fields={"lines": [where + str(_("People have a payee; the owner and its units have none."))]})
    if line.payee is not None and line.payee.book_id != contract.seller_id:
        raise Invalid(fields={"lines": [where + str(_("Choose a payee of these books."))]})
    name = line.payee.name if line.payee else (line.name.strip() or str(contract.seller.name_zh))
    return PlanLine(
        role=line.role, payee=line.payee, name=check_text("lines", name, most=100), numerator=share.numerator,
        denominator=share.denominator, is_main=line.is_main and line.role == Role.INVENTOR,
    )  # fmt: skip


def share_of(text: str, where: str) -> Fraction:
    try:
        return sharing.fraction_of(text)
    except ValueError as fault:
        sentence = _("Write the share like 1/3 or 29.9 %, more than nothing and at most the whole.")
        raise Invalid(fields={"lines": [where + str(sentence)]}) from fault


def content_of(plan: SharingPlan, lines: Sequence[PlanLine]) -> Mapping[str, Any]:
    """What is confirmed: the contract, the stake where it is of one, the number, and every line in its order."""
    return {
        "contract": plan.contract.public_id,
        **({"stake": plan.stake.public_id} if plan.stake is not None else {}),
        "number": plan.number,
        "note": plan.note,
        "lines": [
            {
                "role": row.role,
                "name": row.name,
                "payee": row.payee.public_id if row.payee else "",
                "share": f"{row.numerator}/{row.denominator}",
                "is_main": row.is_main,
            }
            for row in lines
        ],
    }


# Signing


def must_sign(plan: SharingPlan) -> Any:
    """The lines of inventors that are not confirmed yet."""
    return plan.lines.filter(role=Role.INVENTOR, signed_at=None).select_related("payee")


@transaction.atomic
def sign_plan(plan: SharingPlan, sha256: str, *, by: Any) -> SharingPlan:
    """One inventor confirms the hash of what they read. With the last one the plan holds. Signing twice is once."""
    line = plan.lines.filter(payee__user_id=by.pk, role=Role.INVENTOR).first()
    if line is None:
        raise Forbidden
    return confirm(plan, line, sha256, permission="settlement.sign_plan", by=by)


@transaction.atomic
def sign_on_paper(line: PlanLine, paper: Document, *, by: Any) -> SharingPlan:
    """Record the signature of an inventor without an account here, with the paper that they signed."""
    if line.payee is None or line.payee.user_id is not None:
        raise Conflict(_("This person has an account and signs for themselves."), code="has_account")
    line.paper = readable("paper", paper, by=by)
    return confirm(line.plan, line, line.plan.sha256, permission="settlement.sign_on_paper", by=by)


def confirm(plan: SharingPlan, line: PlanLine, sha256: str, *, permission: str, by: Any) -> SharingPlan:
    lock(plan.contract)
    plan = lock(plan)
    require(permission, by, line)
    if line.role != Role.INVENTOR or (plan.state != SharingPlan.State.DRAFTED and line.signed_at is None):
        raise Conflict
    if sha256 != plan.sha256 or sharing.fingerprint(content_of(plan, list(plan.lines.order_by("id")))) != plan.sha256:
        raise Conflict(_("This is not the plan as it stands. Read it again before you sign."), code="E_PLAN_CHANGED")
    if line.signed_at is None:
        line.signed_at, line.signed_sha256, line.signed_by_id = timezone.now(), sha256, by.pk
        line.version += 1
        line.save()
        record(permission, plan, by=by, before={"state": plan.state})
    return plan if must_sign(plan).exists() else hold_good(plan)


def hold_good(plan: SharingPlan) -> SharingPlan:
    """The last inventor has signed: it takes the place of the earlier plan."""
    if plan.state != SharingPlan.State.DRAFTED:
        return plan
    for earlier in SharingPlan.objects.beside(plan).filter(state=SharingPlan.State.SIGNED):
        with act(earlier, "settlement.follow_reward", by=SYSTEM) as earlier:
            earlier.replace()
    with act(plan, "settlement.follow_reward", by=SYSTEM) as plan:
        plan.sign()
        plan.signed_on = timezone.localdate()
    return plan


def withdraw_plan(plan: SharingPlan, reason: str, *, by: Any) -> SharingPlan:
    """Take a plan back that not everybody has signed."""
    said = reason_of(reason)
    with act(plan, "settlement.withdraw_plan", by=by, reason=said) as plan:
        plan.withdraw()
    return plan


def tell_to_sign(row: PlanLine) -> None:
    if row.role == Role.INVENTOR and row.payee is not None and row.payee.user is not None:
        telling.tell("sign", row.plan, f"plan:{row.plan.public_id}", [row.payee.user], title=row.plan.contract.title)
