"""Claims on guarantees: what waits for the guarantor, the licensor and the licensee, and by which day."""

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import ZERO
from marketplace.core.showing import exact
from marketplace.core.workspace import Waiting, Waits, Work, add_work
from marketplace.settlement.models import Claim, CreditNotice, Recourse, Recovery

from .asking import OTHER, deciding, in_state, listed, name_of, other_side

State = Claim.State


def to_review(user: Any) -> Any:
    mine = deciding(user)
    return Claim.objects.filter(guarantee__guarantor_id__in=mine, state=State.FILED) if mine else None


def to_pay(user: Any) -> Any:
    """What the guarantor pays, and what the licensor records once it has arrived."""
    mine = deciding(user)
    own = Q(guarantee__guarantor_id__in=mine) | Q(contract__seller_id__in=mine)
    return Claim.objects.filter(own, state=State.ACCEPTED) if mine else None


def to_supply(user: Any) -> Any:
    mine = deciding(user)
    return Claim.objects.filter(contract__seller_id__in=mine, state=State.ASKED) if mine else None


def to_recover(user: Any) -> Any:
    """What the licensee owes a guarantor: for both of them."""
    mine = deciding(user)
    own = Q(creditor_id__in=mine) | Q(contract__buyer_id__in=mine)
    rows = Recourse.objects.filter(own, state__in=Recourse.OPEN).annotate(
        still_owed=F("amount") - F("paid"), **other_side(mine, "creditor", "contract__buyer")
    )
    return rows if mine else None


def to_pass_on(user: Any) -> Any:
    mine = deciding(user)
    own = Q(recourse__creditor_id__in=mine) | Q(recourse__contract__seller_id__in=mine)
    rows = Recovery.objects.standing().filter(own, licensor_part__gt=0, passed_on=None)
    return rows if mine else None


def to_answer(user: Any) -> Any:
    """Credit notices that one's firm may answer, and contested ones that one checks."""
    mine = deciding(user)
    announced = Q(subject_id__in=mine, state=CreditNotice.State.ANNOUNCED)
    contested = Q(issuer_id__in=mine, state=CreditNotice.State.CONTESTED)
    return CreditNotice.objects.filter(announced | contested) if mine else None


def sum_of(row: Waiting) -> str:
    return exact(row.amount or ZERO)


def of_claims(rows: Any, day: str) -> tuple[Waits, ...]:
    about = name_of("contract__buyer")
    return (Waits(Claim, rows, by=(day, "id"), title="contract__title", about=about, day=day, amount="amount"),)


add_work(
    Work(
        name="claims-to-review",
        title=_("Claims to review"),
        order=21,
        of=of_claims(to_review, "review_by"),
        more=in_state(Claim, State.FILED),
    ),
    Work(
        name="claims-to-supply",
        title=_("Asked for by a guarantor"),
        order=22,
        of=of_claims(to_supply, "supply_by"),
        more=in_state(Claim, State.ASKED),
    ),
    Work(
        name="claims-to-pay",
        title=_("Accepted claims to be paid"),
        order=23,
        of=of_claims(to_pay, "pay_by"),
        more=in_state(Claim, State.ACCEPTED),
    ),
    Work(
        name="credit-notices",
        title=_("Credit notices to answer"),
        order=24,
        of=(
            Waits(
                CreditNotice,
                to_answer,
                by=("reply_until", "id"),
                title="contract__title",
                about=name_of("issuer"),
                day="reply_until",
            ),
        ),
        more=listed(CreditNotice),
    ),
    Work(
        name="recourses",
        title=_("Recourse that is owed"),
        order=46,
        of=(
            Waits(
                Recourse,
                to_recover,
                by=("since", "id"),
                title="contract__title",
                about=OTHER,
                day="since",
                amount="still_owed",
            ),
        ),
        side=sum_of,
        more=listed(Recourse),
    ),
    Work(
        name="recoveries",
        title=_("Recoveries to be passed on"),
        order=47,
        of=(
            Waits(
                Recovery,
                to_pass_on,
                by=("on", "id"),
                title="recourse__contract__title",
                about=name_of("recourse__creditor"),
                day="on",
                amount="licensor_part",
            ),
        ),
        side=sum_of,
        more=listed(Recovery),
    ),
)
