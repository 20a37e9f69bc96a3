"""The owner's rules of rewarding and the costs of deals in the workspace, each with its document."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.admin.fields import ENDINGS, amount, day, handed_in, line, paper
from marketplace.contracts.admin.nouns import WithPapers, paper_of
from marketplace.contracts.models import Contract
from marketplace.core.showing import fen, percent
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageForm,
    add_move,
    display,
    named,
    select,
)
from marketplace.core.workspace.fields import ratio
from marketplace.documents import services as documents
from marketplace.parties import access
from marketplace.parties.models import Organisation

from ... import computing, explaining, services
from ...models import Cost, RewardRule
from ...models.payee import decided_for
from ...services.rewarding import left_of
from ..fields import BookAdmin, ReasonForm

HUNDRED = 100


def of_the_owner(**options: Any) -> forms.FileField:
    """A paper of the owner's own, which the other side cannot open."""
    said = _("PDF, picture, Word or Excel, at most 10 MB. Your side alone opens it.")
    return paper(required=True, help_text=said, **options)


# Rules


class RuleForm(StageForm):
    percent = ratio(label=_("reward, %"), help_text=_("70 for 70 % of the net income."))
    file = forms.FileField(label=_("document"), widget=forms.FileInput(attrs={"accept": ENDINGS, "class": "ws-button"}))

    class Meta:
        model = RewardRule
        fields = ("book", "method", "title", "effective_from", "effective_to", "pay_within_months")


@admin.register(RewardRule)
class RewardRuleAdmin(BookAdmin, WithPapers):
    form = RuleForm
    list_display = ("title", "method", "number_rate", "effective_from", "effective_to", "book_name")
    list_display_links = ("title",)
    list_filter = (("method", ChoicesDropdownFilter),)
    list_select_related = ("book",)
    search_fields = ("title",)
    ordering = ("book", "method", "-effective_from")
    fields = (
        ("title", "book_name"),
        ("method", "number_rate", "pay_within_months"),
        ("effective_from", "effective_to"),
        ("document_shown", "law_shown"),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    ("book", "title"),
                    ("method", "percent"),
                    ("effective_from", "effective_to", "pay_within_months"),
                    "file",
                )
            },
        ),
    )
    empty_sentence = _(
        "No rule of your own: the minimum of the law holds. Enter the rule that your organisation has laid down."
    )
    book_name = named("book", _("organisation"))
    document_shown = paper_of("document", _("document"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.decides(request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "book":
            books = Organisation.objects.filter(pk__in=decided_for(request.user))
            kwargs |= {"queryset": books, "initial": books.first()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> RewardRule:
        given = form.values()
        file, book, rate = given.pop("file"), given.pop("book"), given.pop("percent") / HUNDRED
        title = str(_("Rule of rewarding · %(title)s") % {"title": given["title"]})[:200]
        document = documents.keep_document(
            file.read(), filename=file.name, title=title, readers=[book], by=request.user
        )
        return services.record_rule(book, rate=rate, document=document, by=request.user, **given)

    @display(description=_("reward"), ordering="rate")
    def number_rate(self, row: RewardRule) -> str:
        return percent(row.rate)

    @display(description=_("legal minimum at that time"))
    def law_shown(self, row: RewardRule) -> str:
        return explaining.cited(row.law_references) or "–"


# Costs


class CostForm(MoveForm):
    kind = select(label=_("kind"), asks=True)
    amount = amount(label=_("amount"))
    on = day(label=_("day"))
    note = line(label=_("what for"), max_length=300)
    document = of_the_owner(label=_("paper"))

    def prepare(self) -> None:
        today = timezone.localdate()
        book = computing.book_on(cast(Contract, self.row), today)
        allowed = set(book.table(computing.COSTS))
        cast(forms.ChoiceField, self.fields["kind"]).choices = [
            ("", _("Select value")),
            *(each for each in Cost.Kind.choices if each[0] in allowed),
        ]
        self.fields["kind"].help_text = book.citation(computing.COSTS)
        self.fields["on"].initial = today


def record_cost(call: Call) -> Cost:
    document = handed_in(call, "document", _("Cost of a deal"), of_the_seller=True)
    return services.record_cost(call.row, **call.values | {"document": document}, by=call.by)


add_move(
    Contract,
    Move(
        name="record-cost",
        label=_("Record a cost"),
        permission="settlement.record_cost",
        when=lambda row: row.is_signed,
        form=CostForm,
        question=_("It is taken off receipts of this contract before they are shared, the oldest cost first."),
        does=record_cost,
        done=_("Recorded."),
        look="rare",
    ),
)
add_move(
    Cost,
    Move(
        name="withdraw",
        label=_("Does not count"),
        permission="settlement.record_cost",
        when=lambda row: not row.withdrawn_reason,
        form=ReasonForm,
        question=_("It is taken off no receipt any more."),
        does=lambda call: services.withdraw_cost(call.row, call.values["reason"], by=call.by),
        done=_("It does not count any more."),
        look="danger",
    ),
)


@admin.register(Cost)
class CostAdmin(BookAdmin, WithPapers):
    list_display = ("on", "kind", "number_amount", "contract_page", "note", "withdrawn_reason")
    list_display_links = ("on",)
    list_filter = (("kind", ChoicesDropdownFilter),)
    list_select_related = ("contract", "book")
    search_fields = ("note", "contract__title")
    ordering = ("-on", "-id")
    fields = (
        "contract_page",
        ("on", "kind"),
        ("number_amount", "number_left"),
        ("note", "document_shown"),
        "withdrawn_reason",
    )
    empty_sentence = _("No cost yet. Record one on the page of its contract; receipts are shared less their costs.")
    document_shown = paper_of("document", _("paper"))

    @display(description=_("not taken off yet (yuan)"))
    def number_left(self, row: Cost) -> str:
        return "–" if row.withdrawn_reason else fen(left_of(row))
