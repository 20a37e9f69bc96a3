"""Contracts: what of them waits for who decides for a side, and which of a manager's contracts have a clock."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.page import BUYER, SELLER
from marketplace.contracts.models import Contract, Guarantee, Milestone, SalesReport, Signature, TermSheet
from marketplace.core.workspace import Waiting, Waits, Work, add_work
from marketplace.parties import access

from .asking import deciding, in_state, joined, listed, name_of

State = Contract.State
NEAR = timedelta(days=60)
SOON = timedelta(days=14)


# Towards a signature


def applications(user: Any) -> Any:
    mine = deciding(user)
    return Contract.objects.filter(seller_id__in=mine, state=State.SCREENING) if mine else None


def terms(user: Any) -> Any:
    """Contracts without terms, and those whose latest version some side that is mine has not accepted."""
    mine = deciding(user)
    if not mine:
        return None
    latest = TermSheet.objects.filter(contract=OuterRef("pk")).order_by("-number")
    rows = Contract.objects.filter(state=State.NEGOTIATING).annotate(
        latest_number=Subquery(latest.values("number")[:1]),
        by_seller=Subquery(latest.values("seller_accepted_at")[:1]),
        by_buyer=Subquery(latest.values("buyer_accepted_at")[:1]),
    )
    open_ones = Q(seller_id__in=mine, by_seller=None) | Q(buyer_id__in=mine, by_buyer=None)
    return rows.filter(open_ones)


def version(row: Waiting) -> Any:
    if not row.state:
        return _("nobody has proposed terms yet")
    return _("version %(number)s of the terms") % {"number": row.state}


def to_prepare(user: Any) -> Any:
    """Agreed contracts of a licensor before which something is missing."""
    mine = deciding(user)
    states = (State.GUARANTEE_PENDING, State.NOTICE_PENDING)
    return Contract.objects.filter(seller_id__in=mine, state__in=states) if mine else None


def state_of(row: Waiting) -> Any:
    return State(row.state).label


def texts(user: Any) -> Any:
    """Contracts that are ready and that some side that is mine has not signed."""
    mine = deciding(user)
    if not mine:
        return None
    signed = Signature.objects.filter(contract=OuterRef("pk"), sha256=OuterRef("document__sha256"))
    by_seller, by_buyer = (~Exists(signed.filter(side=side)) for side in (SELLER, BUYER))
    own = Q(by_seller, seller_id__in=mine) | Q(by_buyer, buyer_id__in=mine)
    return Contract.objects.filter(own, state=State.READY)


# Of a licence that runs


def deliveries(user: Any) -> Any:
    mine = deciding(user)
    return Contract.objects.filter(buyer_id__in=mine, state=State.SIGNED) if mine else None


def elections(user: Any) -> Any:
    mine = deciding(user)
    if not mine:
        return None
    near = Q(buyer_id__in=mine, state=State.IN_TRIAL, trial_ends_on__lte=timezone.localdate() + NEAR)
    return Contract.objects.filter(near)


def returns(user: Any) -> Any:
    mine = deciding(user)
    return Contract.objects.filter(seller_id__in=mine, state=State.STOP_PENDING) if mine else None


def milestones(user: Any) -> Any:
    mine = deciding(user)
    own = Q(confirmed_by=SELLER, contract__seller_id__in=mine) | Q(confirmed_by=BUYER, contract__buyer_id__in=mine)
    return Milestone.objects.filter(own, state=Milestone.State.CLAIMED) if mine else None


def reports_due(user: Any) -> Any:
    mine, states = deciding(user), (SalesReport.State.DUE, SalesReport.State.QUERIED)
    return SalesReport.objects.filter(contract__buyer_id__in=mine, state__in=states) if mine else None


def reports_to_answer(user: Any) -> Any:
    mine, submitted = deciding(user), SalesReport.State.SUBMITTED
    return SalesReport.objects.filter(contract__seller_id__in=mine, state=submitted) if mine else None


def guarantees(user: Any) -> Any:
    """What the guarantor answers, and deposits that the licensor confirms."""
    mine = deciding(user)
    own = Q(guarantor_id__in=mine) | Q(kind=Guarantee.Kind.DEPOSIT, contract__seller_id__in=mine)
    return Guarantee.objects.filter(own, state=Guarantee.State.PROPOSED) if mine else None


def kind_of(row: Waiting) -> Any:
    return Guarantee.Kind(row.state).label


def clocks(user: Any) -> Any:
    """Contracts of this manager in which something ends or falls due within a fortnight."""
    if not access.is_technology_manager(user):
        return None
    soon = timezone.localdate() + SOON
    return Contract.objects.filter(manager=user, state__in=Contract.RUNNING, next_clock_on__lte=soon)


def of_contract(rows: Any, **columns: Any) -> tuple[Waits, ...]:
    return (Waits(Contract, rows, title="title", **columns),)


def under_contract(model: Any, rows: Any, **columns: Any) -> tuple[Waits, ...]:
    return (Waits(model, rows, title="contract__title", **columns),)


SPAN = joined("first", Value(" – "), "last")

add_work(
    Work(
        name="applications",
        title=_("Applications to answer"),
        order=30,
        of=of_contract(applications, by=("answer_by", "id"), about=name_of("buyer"), day="answer_by"),
        more=in_state(Contract, State.SCREENING),
    ),
    Work(
        name="elections",
        title=_("Election day is near: keep or stop"),
        order=31,
        of=of_contract(elections, by=("trial_ends_on", "id"), day="trial_ends_on"),
        more=in_state(Contract, State.IN_TRIAL),
    ),
    Work(
        name="milestones",
        title=_("Milestones to confirm"),
        order=32,
        of=under_contract(
            Milestone, milestones, by=("claimed_at", "id"), about=("title_zh", "title_en"), day="answer_by"
        ),
        more=in_state(Milestone, Milestone.State.CLAIMED),
    ),
    Work(
        name="reports-due",
        title=_("Sales reports to hand in"),
        order=33,
        of=under_contract(SalesReport, reports_due, by=("due_on", "id"), about=SPAN, day="due_on"),
        more=in_state(SalesReport, SalesReport.State.DUE),
    ),
    Work(
        name="reports-to-answer",
        title=_("Sales reports to answer"),
        order=34,
        of=under_contract(SalesReport, reports_to_answer, by=("answer_by", "id"), about=SPAN, day="answer_by"),
        more=in_state(SalesReport, SalesReport.State.SUBMITTED),
    ),
    Work(
        name="texts",
        title=_("Texts to sign"),
        order=35,
        of=of_contract(texts, by=("-changed_at", "id")),
        more=in_state(Contract, State.READY),
    ),
    Work(
        name="terms",
        title=_("Terms to answer"),
        order=36,
        of=of_contract(
            terms, by=("deal__answer_by", "-changed_at", "id"), state="latest_number", day="deal__answer_by"
        ),
        note=version,
        more=in_state(Contract, State.NEGOTIATING),
    ),
    Work(
        name="to-prepare",
        title=_("Contracts to bring to the signature"),
        order=36,
        of=of_contract(to_prepare, by=("-changed_at", "id"), about=name_of("buyer"), state="state"),
        note=state_of,
        more=listed(Contract),
    ),
    Work(
        name="guarantees",
        title=_("Guarantees to answer"),
        order=37,
        of=under_contract(Guarantee, guarantees, state="kind"),
        note=kind_of,
        more=in_state(Guarantee, Guarantee.State.PROPOSED),
    ),
    Work(
        name="deliveries",
        title=_("Documents to confirm"),
        order=38,
        of=of_contract(deliveries, by=("signed_on", "id")),
        more=in_state(Contract, State.SIGNED),
    ),
    Work(
        name="returns",
        title=_("Returns to confirm"),
        order=39,
        of=of_contract(returns, by=("changed_at", "id")),
        more=in_state(Contract, State.STOP_PENDING),
    ),
    Work(
        name="clocks",
        title=_("Clocks that run out"),
        order=40,
        of=of_contract(clocks, by=("next_clock_on", "id"), about=name_of("buyer"), day="next_clock_on"),
        more=listed(Contract),
    ),
)
