"""The registration on the page of its contract: begun there, and read by both sides."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import Contract
from marketplace.core.workspace import Call, Move, add_move, add_panel, move_url

from .. import reading, services
from ..models import Registration


def may_begin(row: Contract) -> bool:
    """Signed, in force, and not under way."""
    if row.state not in (*Contract.RUNNING, Contract.State.BOUGHT_OUT):
        return False
    return not row.registrations.exclude(state__in=Registration.ENDED).exists()


def begin(call: Call) -> Registration:
    """With the office, where there is only one."""
    offices = list(reading.offices(call.row)[:2])
    known = {"office": offices[0]} if len(offices) == 1 else {}
    return services.draft(call.row, **known, by=call.by)


add_move(
    Contract,
    Move(
        name="have-registered",
        label=_("Have it registered"),
        permission="registration.draft",
        when=may_begin,
        does=begin,
        done=_("Begun with what the contract says. Fill in the rest, then hand it in."),
    ),
)


def registration_of(request: HttpRequest, row: Contract) -> dict[str, Any] | None:
    """Its registrations, and where there is none the way to it, with what it is good for."""
    rows = list(Registration.objects.visible_to(request.user).filter(contract=row).order_by("-id"))
    begins = request.user.has_perm("registration.draft", row) and may_begin(row)
    if not rows and not begins:
        return None
    return {"rows": rows, "begin": move_url(row, "have-registered") if begins else ""}


add_panel(Contract, "registration/of_contract.html", registration_of)
