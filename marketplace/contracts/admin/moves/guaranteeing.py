"""Moves around the guarantee: ask somebody to stand in, ask for none, and what a guarantor answers."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import Call, Move, MoveForm, add_move, can, select, text
from marketplace.parties.models import Organisation

from ... import services
from ...models import Contract, Guarantee
from ..fields import amount, day, handed_in, line, paper, ratio, whole, without

State = Contract.State
DEPOSIT = Guarantee.Kind.DEPOSIT


class ProposeForm(MoveForm):
    kind = select(label=_("kind"), choices=Guarantee.Kind.choices, asks=True)
    guarantor = forms.ModelChoiceField(
        label=_("guarantor"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Select value"),
        widget=select().widget,
        help_text=_("Empty for a deposit. The guarantor reads the contract from now on."),
    )
    cover_amount = amount(label=_("cover at most"), min_value=1)
    cover_share = ratio(label=_("share of each loss, %"), initial=100)
    liability = select(
        label=_("liability"),
        choices=Guarantee.Liability.choices,
        help_text=_("A guarantee that does not say joint is a general one (Civil Code 686–688)."),
    )
    period_months = whole(
        label=_("months after each due day"),
        required=False,
        help_text=_("How long each payment stays covered after its due day; empty means as the law says."),
    )
    waiting_days = whole(label=_("waiting period, days"), initial=0)
    fee = amount(label=_("fee"), initial=0)
    conditions = text(label=_("conditions of a claim"), rows=3, required=False, limit=2000)

    def prepare(self) -> None:
        rows = Organisation.objects.filter(kind__in=("GUARANTOR", "AGENCY"), state=Organisation.State.VERIFIED)
        cast(forms.ModelChoiceField, self.fields["guarantor"]).queryset = rows.order_by("name_zh")
        missing = services.missing_covers(self.row) if self.row.sheet else []
        for name, field in self.fields.items():
            if missing and hasattr(missing[0], name):
                field.initial = getattr(missing[0], name)
        if missing:
            self.fields["cover_share"].initial = missing[0].cover_share * 100


class WaiveForm(MoveForm):
    reason = text(
        label=_("why no guarantee is asked"),
        rows=4,
        limit=1000,
        help_text=_("A public owner records the collective decision on these terms first."),
    )


def propose(call: Call) -> Guarantee:
    values = dict(call.values)
    kind, guarantor = values.pop("kind"), values.pop("guarantor")
    terms = values | {"cover_share": values["cover_share"] / 100}
    return services.propose_guarantee(call.row, kind, guarantor if kind != DEPOSIT else None, terms, by=call.by)


def proposing(name: str, label: Any, when: Any, **options: Any) -> Move:
    return Move(
        name=name,
        label=label,
        permission="contracts.propose_guarantee",
        when=when,
        form=ProposeForm,
        question=_("Somebody stands in for the licensee. The guarantor answers for itself."),
        does=lambda call: propose(call).contract,
        done=_("Proposed. The guarantor answers."),
        **options,
    )


def runs(contract: Contract) -> bool:
    return contract.state in Contract.RUNNING


add_move(
    Contract,
    proposing(
        "propose-guarantee", _("Propose a guarantee"), lambda contract: contract.state == State.GUARANTEE_PENDING
    ),
    proposing("further-guarantee", _("Propose a further guarantee"), runs, look="rare"),
    Move(
        name="waive-guarantee",
        label=_("Ask for no guarantee"),
        permission="contracts.waive_guarantee",
        when=can("secure"),
        form=WaiveForm,
        does=lambda call: services.waive_guarantee(call.row, call.values["reason"], by=call.by),
        done=_("Recorded."),
    ),
)


# What a guarantor answers


class IssueForm(MoveForm):
    number = line(label=_("number of the policy or bond"), required=False, max_length=80)
    on = day(label=_("issued on"))
    document = paper(label=_("policy or bond"))

    def prepare(self) -> None:
        self.fields["on"].initial = timezone.localdate()


class RefuseForm(MoveForm):
    note = text(label=_("reason"), rows=3, limit=1000, help_text=_("Both sides read it."))


def may_issue(user: Any, row: Guarantee) -> bool:
    """The guarantor; a deposit is confirmed by the licensor."""
    verb = "contracts.record_deposit" if row.kind == DEPOSIT else "contracts.answer_guarantee"
    return bool(user.has_perm(verb, row))


def issue(call: Call) -> Guarantee:
    document = handed_in(call, "document", call.row.get_kind_display(), beside=call.row.guarantor)
    return services.issue(call.row, **without(call.values, "document"), document=document, by=call.by)


add_move(
    Guarantee,
    Move(
        name="issue",
        label=_("Issue"),
        may=may_issue,
        when=can("issue"),
        form=IssueForm,
        question=_("You stand in for the licensee up to the cover, within what your net assets allow."),
        does=issue,
        done=_("Issued."),
        look="primary",
    ),
    Move(
        name="refuse",
        label=_("Refuse"),
        permission="contracts.answer_guarantee",
        when=can("refuse"),
        form=RefuseForm,
        does=lambda call: services.refuse_guarantee(call.row, call.values["note"], by=call.by),
        done=_("Refused. Both sides read your reason."),
    ),
    Move(
        name="release",
        label=_("Release the guarantor"),
        permission="contracts.release_guarantee",
        when=lambda row: row.state == Guarantee.State.ISSUED and not row.asked_amount,
        question=_("The guarantor stands in for nothing any more under this contract."),
        does=lambda call: services.release(call.row, by=call.by),
        done=_("Released."),
        look="rare",
    ),
)
