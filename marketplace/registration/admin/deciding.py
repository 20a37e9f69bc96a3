"""Moves of the office: take it up, send it back, give it another type, show it to experts, register, refuse."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Call, add_move, can
from marketplace.documents import services as documents

from .. import services
from ..models import Registration
from .filing import move
from .forms import AskForm, ReasonForm, RefuseForm, RegisterForm, RetypeForm


def register(call: Call) -> Registration:
    values = dict(call.values)
    file = values.pop("certificate", None)
    if file is not None:
        row = call.row
        title = f"{_('Certificate of registration')} · {row.name}"[:200]
        values["certificate"] = documents.keep_document(
            file.read(), filename=file.name, title=title, readers=[row.office], by=call.by
        )
    return services.register(call.row, **values, version=call.version, by=call.by)


def asked(does: Any) -> Any:
    return lambda call: does(call.row, **call.values, version=call.version, by=call.by)


def with_office(row: Registration) -> bool:
    return row.state in Registration.WITH_OFFICE


add_move(
    Registration,
    move(
        "accept", _("Take it up"), asked(services.accept), when=can("accept"), look="primary",
        done=_("Taken up. Decide it within the days of the law."),
    ),
    move(
        "register", _("Register"), register, when=can("register"), form=RegisterForm, look="primary",
        question=_("It is recognised as a technology contract from today. Both sides are told the number."),
        done=_("Registered."),
    ),
    move("ask", _("Ask for a supplement"), asked(services.ask), when=can("ask"), form=AskForm,
         done=_("The seller is told. The days begin anew when it is handed in again.")),
    move("retype", _("Give it another type"), asked(services.retype), when=with_office, form=RetypeForm,
         done=_("Kept, with the reason."), look="rare"),
    move("consult", _("Have experts look at it"), asked(services.consult), when=can("consult"), form=ReasonForm,
         done=_("Noted."), look="rare"),
    move("refuse", _("Refuse"), asked(services.refuse), when=can("refuse"), form=RefuseForm, look="danger",
         question=_("The seller may have it checked by somebody else of the office, once."),
         done=_("Refused. The seller is told why.")),
)  # fmt: skip
