"""Moves that gather the evidence of a careful decision: decision, valuation, clearances, notice of the price."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.workspace import Call, Move, MoveForm, WordsField, add_move, select, text
from marketplace.listings.models import Right
from marketplace.notices.models import Notice

from ... import services
from ...models import Clearance, Contract, Decision, Valuation
from ...readiness import asked, needed_clearances, needs_notice
from ...rules.clearances import is_settled
from ...services.clearing import OPEN
from ..fields import amount, day, handed_in, line, paper, tick, whole, without
from ..page import AGREED

State = Contract.State
ONLY_SELLER = _("Only your own organisation and staff can open it.")


def is_agreed(contract: Contract) -> bool:
    return contract.state in AGREED


def is_open(contract: Contract) -> bool:
    return contract.state in OPEN


# The decision and the value


class DecisionForm(MoveForm):
    meeting = line(label=_("meeting"), max_length=200, help_text=_("Such as: office meeting of the president."))
    held_on = day(label=_("held on"))
    attendees = WordsField(label=_("present"), help_text=_("Names, divided by commas."))
    recused = WordsField(
        label=_("stood aside"), required=False, help_text=_("Who is related to the buyer and did not vote.")
    )
    votes_for = whole(label=_("votes for"), min_value=1)
    votes_against = whole(label=_("votes against"), initial=0)
    abstentions = whole(label=_("abstentions"), initial=0)
    resolution = text(label=_("resolution"), rows=4, limit=2000)
    minutes = paper(label=_("minutes"), help_text=ONLY_SELLER)


class ValuationForm(MoveForm):
    appraiser = line(label=_("appraiser"), max_length=200)
    method = line(label=_("method"), max_length=200, help_text=_("Such as: income approach, comparable licences."))
    low = amount(label=pgettext_lazy("amount", "from"))
    high = amount(label=pgettext_lazy("amount", "to"))
    valued_on = day(label=_("as of"))
    report = paper(label=_("report"), help_text=ONLY_SELLER)


def decide(call: Call) -> Contract:
    minutes = handed_in(call, "minutes", _("minutes"), of_the_seller=True)
    row: Decision = services.record_decision(call.row, **without(call.values, "minutes"), minutes=minutes, by=call.by)
    return row.contract


def value(call: Call) -> Contract:
    report = handed_in(call, "report", _("valuation"), of_the_seller=True)
    row: Valuation = services.record_valuation(call.row, **without(call.values, "report"), report=report, by=call.by)
    return row.contract


# Clearances


class ClearanceForm(MoveForm):
    kind = select(label=_("kind"), choices=Clearance.Kind.choices, asks=True)
    party = line(label=_("who"), max_length=200, help_text=_("The person, organisation or authority."))
    right = forms.ModelChoiceField(
        label=_("right"), queryset=Right.objects.none(), required=False, widget=select().widget
    )
    answer = select(
        label=_("answer"),
        choices=Clearance.Answer.choices,
        help_text=_("“Not needed” and a refusal say why in the note."),
    )
    note = text(label=_("note"), rows=3, required=False, limit=1000)

    def prepare(self) -> None:
        rights = cast(forms.ModelChoiceField, self.fields["right"])
        if self.row.achievement:
            rights.queryset = self.row.achievement.rights.all()
        answered = set(self.row.clearances.values_list("kind", flat=True))
        self.fields["kind"].initial = next((k for k in needed_clearances(self.row) if k not in answered), None)


class ClearancesForm(MoveForm):
    """Everything that is still to be answered, in one page; what stays empty is left for later."""

    def prepare(self) -> None:
        for kind in open_clearances(self.row):
            label = Clearance.Kind(kind).label
            self.fields[f"{kind}-answer"] = select(
                label=label, choices=answers_to(kind), required=False, help_text=asked(kind, [])
            )
            self.fields[f"{kind}-party"] = line(
                label=_("who was asked or looked into it"), initial=str(self.row.seller), required=False, max_length=200
            )
            self.fields[f"{kind}-note"] = line(label=_("what was found"), required=False, max_length=1000)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not any(name.endswith("-answer") and value for name, value in values.items()):
            raise forms.ValidationError(_("Choose at least one answer."))
        return values


def open_clearances(contract: Contract) -> list[str]:
    """The kinds that the contract needs and about which nothing is recorded yet."""
    recorded = set(contract.clearances.values_list("kind", flat=True))
    return [kind for kind in needed_clearances(contract) if kind not in recorded]


def answers_to(kind: str) -> list[tuple[str, Any]]:
    """The answers that let the contract be signed; questions and refusals are recorded one by one."""
    settling = [each for each in Clearance.Answer.choices if is_settled(kind, [each[0]])]
    return [("", _("later")), *settling]


def record_all(call: Call) -> Contract:
    found = {
        kind: {name: call.values[f"{kind}-{name}"] for name in ("answer", "party", "note")}
        for kind in open_clearances(call.row)
        if call.values.get(f"{kind}-answer")
    }
    services.record_clearances(call.row, found, by=call.by)
    return call.row


class AnswerForm(MoveForm):
    answer = select(
        label=_("answer"),
        choices=[each for each in Clearance.Answer.choices if each[0] != Clearance.Answer.ASKED],
        asks=True,
    )
    answered_on = day(label=_("answered on"), required=False, help_text=_("Empty: today."))
    note = text(label=_("note"), rows=3, required=False, limit=1000)
    document = paper(label=_("paper"), help_text=ONLY_SELLER)


def ask_or_record(call: Call) -> Contract:
    """Note that somebody is asked, or what they have answered already."""
    values = call.values
    asked = {name: values[name] for name in ("party", "right", "note")}
    if values["answer"] == Clearance.Answer.ASKED:
        return services.ask_clearance(call.row, values["kind"], **asked, by=call.by).contract
    rest = {name: values[name] for name in ("party", "note")}
    return services.record_clearance(call.row, values["kind"], values["answer"], **rest, by=call.by).contract


def answer(call: Call) -> Clearance:
    document = handed_in(call, "document", _("clearance"), of_the_seller=True)
    values = without(call.values, "document")
    return services.answer_clearance(call.row, values.pop("answer"), **values, document=document, by=call.by)


# The notice


class NoticeForm(MoveForm):
    abstract = text(label=_("abstract"), rows=4, required=False, help_text=_("Empty: as on the market."))
    inventors = WordsField(label=_("inventors"), required=False, help_text=_("Divided by commas."))
    counterparty = line(
        label=_("counterparty"), required=False, max_length=200, help_text=_("Where the law of the place asks for it.")
    )
    relation = line(label=_("relation"), required=False, max_length=200, help_text=_("If it is related: how."))
    days = whole(
        label=_("days"), required=False, min_value=1, help_text=_("Empty: as many as the law asks. Never fewer.")
    )
    is_on_market = tick(label=_("also on the market"), required=False)


def open_notice(call: Call) -> Notice:
    names = ("abstract", "inventors", "counterparty", "relation")
    content = {name: call.values[name] for name in names if call.values[name]}
    rest = {name: call.values[name] for name in ("days", "is_on_market")}
    return services.open_price_notice(call.row, content=content, **rest, by=call.by)


def may_open_notice(contract: Contract) -> bool:
    if contract.state != State.NOTICE_PENDING or not needs_notice(contract):
        return False
    return contract.notice is None or contract.notice.state == Notice.State.VOID


add_move(
    Contract,
    Move(
        name="record-decision",
        label=_("Record the decision"),
        permission="contracts.record_decision",
        when=is_agreed,
        form=DecisionForm,
        question=_("The collective decision on exactly these terms. Other terms will need another one."),
        does=decide,
        done=_("Recorded."),
    ),
    Move(
        name="open-notice",
        label=_("Open the public notice"),
        permission="contracts.open_notice",
        when=may_open_notice,
        form=NoticeForm,
        question=_(
            "Name, price in one sentence and method come from the contract. It runs for the days of your place's law; "
            "nobody signs before it closed without a standing objection."
        ),
        does=lambda call: open_notice(call) and call.row,
        done=_("The notice is open."),
    ),
    Move(
        name="record-clearances",
        label=_("Answer what must be clear"),
        permission="contracts.record_clearance",
        when=lambda contract: is_agreed(contract) and bool(open_clearances(contract)),
        form=ClearancesForm,
        question=_("What the system cannot know. Your answers are kept with your name and the day."),
        does=record_all,
        done=_("Recorded."),
    ),
    Move(
        name="record-clearance",
        label=_("Record a clearance"),
        permission="contracts.record_clearance",
        when=is_open,
        look="rare",
        form=ClearanceForm,
        question=_("What the system cannot know: co-owners, pledges, relations, authorities, clauses."),
        does=ask_or_record,
        done=_("Recorded."),
    ),
    Move(
        name="record-valuation",
        label=_("Record a valuation"),
        permission="contracts.record_decision",
        when=is_open,
        form=ValuationForm,
        question=_("What somebody found it worth: a ground for the price. The other side does not see it."),
        does=value,
        done=_("Recorded."),
        look="rare",
    ),
    Move(
        name="clear",
        label=_("Look again"),
        permission="contracts.clear",
        when=lambda contract: contract.state == State.NOTICE_PENDING,
        does=lambda call: services.clear(call.row, by=call.by),
        done=_("Nothing is missing: it can be signed."),
        look="rare",
    ),
)
add_move(
    Clearance,
    Move(
        name="answer",
        label=_("Record the answer"),
        permission="contracts.record_clearance",
        when=lambda row: row.contract.state in OPEN,
        form=AnswerForm,
        does=lambda call: answer(call) and call.row,
        done=_("Recorded."),
    ),
)
