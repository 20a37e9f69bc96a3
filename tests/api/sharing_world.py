"""A university whose receipt is shared between two inventors, at each stage of its way to the bank and back."""

from types import SimpleNamespace

from django.utils import timezone

from marketplace.settlement import services
from marketplace.settlement.models import ClawBack
from marketplace.settlement.services import Given
from tests import factories
from tests.rows import reread

STAGES = ("drafted", "received", "proposed", "noticed", "approved", "batched", "sent", "paid", "reversed")


def make_world(sharing, stage):
    """Everybody who may have to do with it, and its rows as far as the stage has come."""
    here = SimpleNamespace(sharing=sharing, book=sharing.book, contract=sharing.licence.contract)
    here.payee, here.other = sharing.people = [sharing.payee("季明"), sharing.payee("何晓")]
    here.one, here.two, here.paper = here.payee.user, here.other.user, sharing.paper()
    here.rule, here.cost = sharing.rule("0.6"), sharing.cost("2000")
    here.today = str(timezone.localdate())
    steps = [lambda: draft(here), lambda: receive(here), lambda: propose(here), lambda: show(here),
             lambda: approve(here), lambda: batch(here), lambda: send(here), lambda: pay(here),
             lambda: reverse(here)]  # fmt: skip
    for step in steps[: STAGES.index(stage) + 1]:
        step()
    here.officer, here.approver, here.licensee = sharing.officer, sharing.approver, sharing.licence.buyer
    here.outsider, here.staff = factories.make_member(), factories.make_user(is_staff=True)
    here.reader = factories.make_member(here.book, "reader")
    here.people = [
        *(None, here.outsider, here.reader, here.one, here.licensee, here.officer, here.approver, here.staff)
    ]
    return here


def draft(here):
    """A plan that waits: for one by herself, and for one without an account here, on paper."""
    here.retired = services.keep_payee(here.book, {"name": "退休教授"}, by=here.sharing.officer)
    lines = [Given("INVENTOR", "1/2", payee=each, is_main=True) for each in (here.payee, here.retired)]
    here.plan = services.draft_plan(here.contract, lines, by=here.sharing.officer)
    here.sha256, here.line = here.plan.sha256, here.plan.lines.get(payee=here.retired)


def receive(here):
    here.plan = here.sharing.plan("2/3", "1/3")
    here.payment = here.sharing.receive()


def propose(here):
    here.row = here.sharing.propose(here.payment)
    here.share = here.row.shares.get(payee=here.payee)


def show(here):
    here.row = here.sharing.noticed(here.row)
    here.hold = services.dispute(here.share, "比例与约定不符。", by=here.one)


def approve(here):
    services.resolve_hold(here.hold, "核对方案，一致。", by=here.sharing.approver)
    here.row = services.approve(here.row, by=here.sharing.approver)


def batch(here):
    here.payout = services.make_payout(here.book, by=here.sharing.officer)


def send(here):
    services.take_file(here.payout, by=here.sharing.officer)


def pay(here):
    here.payout = here.sharing.paid(reread(here.payout))


def reverse(here):
    here.row = services.reverse_distribution(reread(here.row), "重算。", by=here.sharing.officer)
    here.claw_back = ClawBack.objects.get(share=here.share)
