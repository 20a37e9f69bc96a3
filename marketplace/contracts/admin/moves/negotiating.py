"""Moves until the terms are agreed: application, particulars, versions of the terms, giving up."""

from typing import Any, cast

from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, Invalid
from marketplace.core.workspace import Call, Move, MoveForm, add_move, can, many, select, text
from marketplace.law import codes
from marketplace.parties.models import Organisation

from ... import services
from ...models import Contract, TermSheet, ThirdParty
from ...papers import place_name, use_name
from ...reading import parsed
from ...services.particulars import OF_THE_SELLER
from ...wording import sentence
from ..evidence import agreed_covers
from ..fields import LONG, SeenForm, line, tick, whole
from ..page import AGREED, BUYER, sides_of

State = Contract.State


def is_in(*states: str) -> Any:
    return lambda contract: contract.state in states


# The application


class DeclineForm(MoveForm):
    decline_code = select(label=_("reason"), choices=codes.choices("lead_decline"), asks=True)
    note = text(label=_("Your answer"), rows=4, required=False, limit=LONG, help_text=_("The applicant reads it."))


class WithdrawForm(MoveForm):
    note = text(label=_("reason"), rows=3, required=False, limit=LONG, help_text=_("The other side reads it."))


add_move(
    Contract,
    Move(
        name="submit",
        label=_("Hand the application in"),
        permission="contracts.submit",
        when=can("submit"),
        does=lambda call: services.submit(call.row, by=call.by),
        done=_("Handed in. The owner has 14 days to answer."),
        look="primary",
    ),
    Move(
        name="accept-application",
        label=pgettext_lazy("application", "Accept"),
        permission="contracts.answer_application",
        when=can("accept_application"),
        question=_("You say that you want to talk. From now on the two sides know each other; nothing is agreed yet."),
        does=lambda call: services.accept_application(call.row, by=call.by),
        done=_("Accepted. Propose terms next, or wait for a proposal."),
        look="primary",
    ),
    Move(
        name="decline",
        label=pgettext_lazy("application", "Decline"),
        permission="contracts.answer_application",
        when=can("decline"),
        form=DeclineForm,
        does=lambda call: services.decline(call.row, call.values["decline_code"], note=call.values["note"], by=call.by),
        done=_("Declined. It counts as an answer."),
    ),
    Move(
        name="withdraw",
        label=pgettext_lazy("contract", "Give up"),
        permission="contracts.withdraw",
        when=can("withdraw"),
        form=WithdrawForm,
        question=_("The contract ends here, before it is signed. A running notice is withdrawn with it."),
        does=lambda call: services.withdraw(call.row, note=call.values["note"], by=call.by),
        done=_("Given up."),
        look="rare",
    ),
)


# Particulars


def places() -> list[tuple[str, Any]]:
    return [("CN", place_name("CN")), ("WORLD", place_name("WORLD")), *codes.choices("province")]


def uses() -> list[tuple[str, Any]]:
    return [("*", use_name("*")), *codes.choices("technical_field")]


class ParticularsForm(MoveForm):
    title = line(label=_("title"), max_length=200, help_text=_("As it will stand in the contract."))
    licence_kind = select(label=_("licence kind"), choices=Contract.LicenceKind.choices)
    territory = many(
        label=_("territory"), long=True, choices=places, required=False, help_text=_("Where it may be used.")
    )
    fields_of_use = many(
        label=_("fields of use"), long=True, choices=uses, required=False, help_text=_("For what it may be used.")
    )
    use_note = line(label=_("field of use in words"), max_length=500, required=False)
    sublicence = select(
        label=_("sub-licence"),
        choices=Contract.Sublicence.choices,
        help_text=_("Whether the licensee may license it on. What is used for free is not passed on."),
    )
    pricing_route = select(
        label=_("pricing route"),
        choices=codes.choices("pricing_route"),
        help_text=_("A negotiated price of a public owner is shown in a public notice before the signature."),
    )
    export = select(label=_("export"), choices=Contract.Export.choices)
    export_licence = line(label=_("number of the export licence or registration"), max_length=80, required=False)
    is_publicly_funded = tick(label=_("publicly funded"), required=False)
    is_related_party = tick(
        label=_("the buyer is an inventor or a related party"),
        required=False,
        help_text=_("Some provinces require that the public notice says so."),
    )
    audit_notice_days = whole(
        label=_("notice before an audit of the books, days"),
        help_text=_("How long before an audit of its books the licensee hears of it."),
    )

    def prepare(self) -> None:
        if not self.row.is_licence:
            del self.fields["licence_kind"], self.fields["sublicence"]
        if sides_of(self.row, self.request.user) == [BUYER]:
            for name in OF_THE_SELLER:
                del self.fields[name]
        for name, field in self.fields.items():
            field.initial = getattr(self.row, name)


class ExportForm(MoveForm):
    export_licence = line(label=_("number of the export licence or registration"), max_length=80)


class ThirdPartyForm(MoveForm):
    role = select(label=_("role"), choices=ThirdParty.Role.choices, asks=True)
    organisation = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organisation.objects.none(),
        widget=select().widget,
        help_text=_("It reads the contract from now on."),
    )

    def prepare(self) -> None:
        rows = Organisation.objects.filter(kind__in=("AGENCY", "GUARANTOR"), state=Organisation.State.VERIFIED)
        cast(forms.ModelChoiceField, self.fields["organisation"]).queryset = rows.order_by("name_zh")


def name_third(call: Call) -> ThirdParty:
    return services.add_third_party(call.row, call.values["organisation"], call.values["role"], by=call.by)


add_move(
    Contract,
    Move(
        name="particulars",
        label=_("Particulars"),
        permission="contracts.edit",
        when=is_in(State.NEGOTIATING),
        form=ParticularsForm,
        question=_("Whatever is silent here, the law would fill in. What was accepted is to be accepted anew."),
        does=lambda call: services.edit(call.row, call.values, version=call.version, by=call.by),
        done=_("Kept."),
    ),
    Move(
        name="export-licence",
        label=_("Enter the export licence"),
        permission="contracts.edit",
        when=lambda contract: contract.state in AGREED and contract.export != Contract.Export.DOMESTIC,
        form=ExportForm,
        does=lambda call: services.edit(call.row, call.values, by=call.by),
        done=_("Kept."),
    ),
    Move(
        name="third-party",
        label=_("Name a third party"),
        permission="contracts.edit",
        when=is_in(State.NEGOTIATING, State.GUARANTEE_PENDING),
        form=ThirdPartyForm,
        question=_("An agency, guarantor or insurer stands on the contract beside the two sides."),
        does=name_third,
        done=_("Named."),
        look="rare",
    ),
)


# Terms


def latest(contract: Contract) -> TermSheet | None:
    return contract.sheets.order_by("-number").first()


def waits_for_acceptance(contract: Contract) -> bool:
    """Whether some side has not accepted the latest version yet."""
    found = latest(contract) if contract.state == State.NEGOTIATING else None
    return found is not None and not found.is_agreed


def may_accept(user: Any, contract: Contract) -> bool:
    """Who decides for a side that has not accepted the latest version."""
    found = latest(contract)
    if found is None or not user.has_perm("contracts.accept_terms", contract):
        return False
    return any(getattr(found, f"{side.lower()}_accepted_at") is None for side in sides_of(contract, user))


class AcceptForm(SeenForm):
    agrees = tick(label=_("We accept this version"))

    def seen_now(self) -> str:
        found = latest(self.row)
        if found is None:
            return ""
        said = " ".join([sentence(parsed(found), get_language() or ""), *agreed_covers(parsed(found))])
        field = self.fields["agrees"]
        field.label = _("We accept version %(number)d") % {"number": found.number}
        field.help_text = format_html('<span class="ws-sentence">{}</span>', said)
        return str(found.number)

    def what_came(self, seen: str) -> str:
        return services.newer_terms(self.row, int(seen) if seen.isdigit() else 0)


class ReopenForm(MoveForm):
    reason = text(label=_("reason"), rows=3, limit=LONG, help_text=_("The other side reads it."))


def accept(call: Call) -> TermSheet:
    number = call.values["seen"]
    if not number.isdigit():
        raise Conflict
    return services.accept_terms(call.row, int(number), side=call.values["side"], by=call.by)


def nothing_to_propose(call: Call) -> Contract:
    raise Invalid(_("Choose how it is paid first."))


add_move(
    Contract,
    Move(
        name="accept-terms",
        label=_("Accept the terms"),
        may=may_accept,
        when=waits_for_acceptance,
        form=AcceptForm,
        question=_("With both acceptances the terms are agreed. Nobody signs yet."),
        does=lambda call: accept(call).contract,
        done=_("Accepted."),
        look="primary",
    ),
    Move(
        name="propose",
        label=_("Propose terms"),
        permission="contracts.propose",
        when=is_in(State.NEGOTIATING),
        question=_("Choose how it is paid."),
        does=nothing_to_propose,  # its page is the mode chooser, which has its own address before that of the moves
        look=lambda contract: "default" if contract.sheets.exists() else "primary",
    ),
    Move(
        name="reopen",
        label=_("Reopen the terms"),
        permission="contracts.reopen",
        when=is_in(*AGREED),
        form=ReopenForm,
        question=_(
            "You go back to the negotiation. Guarantees begin anew; decision and notice hold if the same terms are "
            "agreed again. A text that was made or signed counts no more."
        ),
        does=lambda call: services.reopen(call.row, reason=call.values["reason"], by=call.by),
        done=_("The terms are open again."),
        look="rare",
    ),
)
