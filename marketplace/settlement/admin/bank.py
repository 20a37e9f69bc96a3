"""Bank statements in the workspace: upload, look at every row, confirm; then the queue of what was not sure."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import DomainError, NotFound
from marketplace.core.showing import exact
from marketplace.core.spreadsheets import LARGEST, waiting
from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    UnfoldAdminSelectWidget,
    add_move,
    can,
    display,
    named,
    select,
)
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .. import naming, services
from ..models import BankLine, BankStatement
from ..services import bank
from .fields import BookAdmin, ReasonForm

SHOWN = 300
LOOKS = {"matched": "success", "queued": "warning", "known": "default"}


class UploadForm(forms.Form):
    """The file, and whose account it is."""

    book = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Books of"), empty_label=None, widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=_("Bank statement"),
        help_text=_("The .xlsx or .csv file as the bank exports it, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt", "class": "ws-button"}),
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField, self.fields["book"]).queryset = books_of(user)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 10 MB. Divide it."))
        return file


def books_of(user: Any) -> Any:
    """The organisations in whose name the person works with the bank."""
    ids = [each for each in access.organisation_ids(user) if access.may_decide_for(user, each)]
    return Organisation.objects.filter(pk__in=ids)


@admin.register(BankStatement)
class BankStatementAdmin(BookAdmin):
    list_display = ("filename", "line_count", "book_name", "uploader", "created_at")
    list_display_links = ("filename",)
    list_select_related = ("book", "uploaded_by")
    ordering = ("-id",)
    fields = ("filename", ("book_name", "line_count"), ("uploader", "created_at"))
    list_before_template = "settlement/to_import.html"
    empty_sentence = _("No bank statement yet.")

    book_name = named("book", _("books of"))
    uploader = named("uploaded_by", _("uploaded by"))

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("import/", guarded(self.upload), name="settlement_bankstatement_import"),
            path("import/confirm/", guarded(self.confirm), name="settlement_bankstatement_confirm"),
            *super().get_urls(),
        ]

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Ask for the file; with one, show what taking it up would do."""
        if not books_of(request.user).exists():
            raise Http404
        form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
        if request.method != "POST" or not form.is_valid():
            return self.page(request, form=form)
        book, file = form.cleaned_data["book"], form.cleaned_data["file"]
        content = file.read()
        try:
            plan = services.preview(book, content, by=request.user)
        except DomainError as fault:
            form.add_error("file", str(fault))
            return self.page(request, form=form)
        token = waiting.keep(content, organisation_id=book.pk, by=request.user)
        return self.page(request, book=book, token=token, filename=file.name, **shown(plan))

    def confirm(self, request: HttpRequest) -> HttpResponse:
        """Take up the file that was looked at. A second press finds nothing more to do."""
        token = request.POST.get("token", "")[:64]
        try:
            content, organisation_id = waiting.fetch(token, by=request.user)
            book = books_of(request.user).filter(pk=organisation_id).first()
            if book is None:
                raise NotFound
            name = request.POST.get("filename", "")[:200] or "statement"
            plan = services.import_statement(book, content, name, by=request.user)
        except NotFound:
            form = UploadForm(user=request.user)
            return self.page(request, form=form, notice=_("The file is no longer here. Choose it once more."))
        except DomainError as fault:
            return self.page(request, form=UploadForm(user=request.user), notice=fault)
        waiting.drop(token)
        return self.page(request, book=book, is_done=True, **shown(plan))

    def page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        context |= {"title": _("Import a bank statement"), "opts": self.opts, **self.admin_site.each_context(request)}
        return TemplateResponse(request, "settlement/import.html", context)


def shown(plan: bank.Plan) -> dict[str, Any]:
    """The rows as the page shows them, and the counts."""
    return {
        "plan": plan,
        "rows": [
            (row, exact(row.credit.amount), LOOKS[row.outcome], naming.DOUBTS.get(row.doubt, ""))
            for row in plan.rows[:SHOWN]
        ],
        "not_shown": max(len(plan.rows) - SHOWN, 0),
        "counts": [(each.label, plan.counts[each.value], LOOKS[each.value]) for each in bank.Outcome],
        "taken": plan.counts["matched"] + plan.counts["queued"],
    }


# The queue


class MatchForm(MoveForm):
    contract = select(label=_("contract"), asks=True)

    def prepare(self) -> None:
        first = bank.likely_contracts(self.row)
        rows = [*first, *(row for row in bank.running(self.row.book) if row not in first)]
        choices = [(row.public_id, f"{row.buyer} · {row.title}") for row in rows]
        cast(forms.ChoiceField, self.fields["contract"]).choices = [("", _("Select value")), *choices]


def match_line(call: Any) -> BankLine:
    contract = next(row for row in bank.running(call.row.book) if row.public_id == call.values["contract"])
    services.match_line(call.row, contract, by=call.by)
    return call.row


add_move(
    BankLine,
    Move(
        name="match",
        label=_("Match with a contract"),
        permission="settlement.match_line",
        when=can("match"),
        form=MatchForm,
        question=_("It is recorded as a payment: interest first, then what was due first."),
        does=match_line,
        done=_("Recorded as a payment."),
        look="primary",
    ),
    Move(
        name="ignore",
        label=_("Not ours"),
        permission="settlement.ignore_line",
        when=can("ignore"),
        form=ReasonForm,
        does=lambda call: services.ignore_line(call.row, call.values["reason"], by=call.by),
        done=_("Set aside."),
    ),
    Move(
        name="release",
        label=_("Take back"),
        permission="settlement.release_line",
        when=can("release"),
        form=ReasonForm,
        question=_("It waits to be matched again; the payment that it had become is reversed."),
        does=lambda call: services.release_line(call.row, call.values["reason"], by=call.by),
        done=_("It waits again."),
        look="danger",
    ),
)


@admin.register(BankLine)
class BankLineAdmin(BookAdmin):
    list_display = ("on", "number_amount", "payer", "purpose", "doubt", "state_label")
    list_display_links = ("on",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("book", "statement")
    search_fields = ("payer", "purpose", "reference")
    ordering = ("-state", "-on", "-id")
    fields = (("on", "number_amount"), ("payer", "reference"), "purpose", ("doubt", "statement_name"), "ignored_reason")
    told_later = ("ignored_reason",)
    empty_sentence = _("No line yet. Import a bank statement.")

    statement_name = named("statement", _("bank statement"))

    @display(description=_("why it waits"))
    def doubt(self, row: BankLine) -> Any:
        return naming.DOUBTS.get(row.guess, "–") if row.state == BankLine.State.NEW else "–"
