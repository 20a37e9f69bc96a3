"""The page of every noun: what may be seen is the queryset, what may be done are moves and services."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from ..errors import Conflict, DomainError, Invalid, NotFound, Stale
from ..models import Entry
from ..showing import labelled
from .forms import StageForm, field_label, say
from .moves import Call, Move, annotations_for, buttons, list_url, moves_of, page_url, panels_of
from .silence import spoken
from .unfold import ModelAdmin, display

STATE_COLOURS = {
    "submitted": "info", "returned": "warning", "published": "success", "expired": "warning",
    "opened": "warning", "accepted": "success", "lapsed": "danger",
    "introduced": "info", "under_nda": "info", "negotiating": "info", "agreed": "success",
    "open": "info", "objected": "warning", "closed_clean": "success", "void": "danger",
    "filed": "warning", "dismissed": "success", "upheld": "danger",
    "applied": "info", "verified": "success", "suspended": "danger", "registered": "success", "removed": "danger",
    "screening": "warning", "declined": "danger", "guarantee_pending": "warning", "notice_pending": "warning",
    "ready": "warning", "signed": "info", "in_trial": "info", "stop_pending": "warning", "paying": "success",
    "curing": "danger", "defaulted": "danger", "terminated": "danger", "bought_out": "success",
    "completed": "success", "review_invalid": "danger", "disputed": "danger",
    "claimed": "warning", "achieved": "success", "rejected": "danger", "missed": "danger",
    "due": "warning", "queried": "warning", "proposed": "warning", "issued": "success", "refused": "danger",
    "noticed": "info", "fieldwork": "info", "reported": "warning", "settled": "success",
    "part_paid": "info", "overdue": "danger", "paid": "success", "written_off": "default", "cancelled": "default",
    "draft": "default", "active": "success", "ended": "default",
    "invoiced": "info", "logged": "warning", "confirmed": "success", "standing": "success", "acknowledged": "success",
    "ordered": "warning", "taken": "info", "delivered": "warning", "complained": "danger", "approved": "success",
    "booked": "success", "reversed": "danger", "new": "warning", "matched": "success", "ignored": "default",
    "asked": "warning", "compensated": "info", "closed": "success", "owed": "warning", "forgone": "default",
    "announced": "warning", "pushed": "danger", "contested": "warning",
    "drafted": "warning", "in_force": "success",
    "granted": "success", "given": "success", "replied": "warning", "decided": "danger", "dropped": "default",
    "waiting": "warning", "sent": "info", "made": "warning", "resolved": "success",
    "recorded": "success", "corrected": "warning", "withdrawn": "default",
    "done": "success", "lost": "danger", "archived": "default",
    "released": "default", "pending": "info", "waived": "default", "replaced": "default", "kept": "default",
    "supplement": "warning", "expert_review": "info", "recheck": "warning", "revoked": "danger",
}  # fmt: skip
KEPT = _(
    "Somebody saved this while you were writing. Your text is kept here. Open the saved version in another window "
    "and compare; saving again replaces it."
)


class StageAdmin(ModelAdmin):
    """A noun in the workspace. Rows outside `visible_to` do not exist here: 404 in every one of its pages.

    Nothing is deleted, no state is edited, and every save is a call of a service in `keep`.
    """

    form = StageForm
    compressed_fields = False
    warn_unsaved_form = True
    list_per_page = 50
    list_filter_sheet = False
    actions = None
    list_filter_submit = True
    empty_sentence: ClassVar[Any] = ""
    adds_related: ClassVar[tuple[str, ...]] = ()
    state_colours: ClassVar[Mapping[str, str]] = STATE_COLOURS
    told_later: ClassVar[Collection[str]] = ()
    """Fields that are left out of the page of a row while they say nothing."""
    change_form_outer_before_template = "admin/stage/top.html"
    list_before_template = "admin/stage/list_form.html"

    # What may be seen

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = self.visible(super().get_queryset(request), request.user)
        extra = annotations_for(self.model, request.user)
        return rows.annotate(**extra) if extra else rows

    def visible(self, rows: Any, user: Any) -> Any:
        return rows.visible_to(user)

    def journal_rows(self, user: Any) -> Any:
        """The rows whose journal this person reads: their own."""
        return self.visible(self.model._default_manager.all(), user)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if obj is None:
            return found
        return spoken(found, lambda name: name in self.told_later and self.is_silent(obj, name))

    def is_silent(self, row: Any, name: str) -> bool:
        """Whether a field of `told_later` says nothing about a row."""
        return not getattr(row, name.removeprefix("number_").removesuffix("_shown").removesuffix("_name"))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters that are drawn: any other field could be guessed out of its counts."""
        names = (getattr(each, "parameter_name", "") or first(each) for each in self.list_filter)
        return any(lookup == name or lookup.startswith(f"{name}__") for name in names if name)

    def may_enter(self, user: Any) -> bool:
        """Whether this noun is in the person's workspace."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_enter(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_enter(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # Saving

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice of rows comes without links that add or change them, unless `adds_related` names it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        has_links = isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper)
        if has_links and db_field.name not in self.adds_related:
            field.widget = field.widget.widget
        return field

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"request": request, "fault": getattr(request, "fault", None)})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The form. What a service refuses comes back in the same form, with everything that was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotFound as fault:
            raise Http404 from fault
        except DomainError as fault:
            request.was_stale = isinstance(fault, Stale)  # type: ignore[attr-defined]
            request.fault = Conflict(KEPT) if isinstance(fault, Stale) else fault  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """`save_related` knows the inlines too, so everything is kept there in one call."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        version = request.POST.get("seen_version", "")
        saved = self.keep(request, form, formsets, int(version) if change and version.isdigit() else None)
        form.instance.__dict__.update(saved.__dict__)

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Any:
        """Call the service with what was filled in; return the row as kept."""
        raise PermissionDenied

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return ""  # Django's own log stays empty: the journal has it

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The journal has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The journal has it."""

    # The page of one row

    def notices(self, request: HttpRequest, row: Any) -> list[tuple[str, Any]]:
        """What the reader should know first: (info, warning, error or success; text)."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: Any, add: bool = False, change: bool = False, form_url: str = "",
        obj: Any = None,
    ) -> Any:  # fmt: skip
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        if obj is not None and obj.pk:
            moves = buttons(request.user, obj)
            context |= {
                "moves": moves,
                "rare_moves": [each for each in moves if each.look == "rare"],
                "state_colour": self.state_colours.get(getattr(obj, "state", ""), ""),
                "notices": self.notices(request, obj),
                "panels": self.panels(request, obj),
                "seen_version": self.seen_version(request, obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def seen_version(self, request: HttpRequest, obj: Any) -> Any:
        if getattr(request, "was_stale", False):
            return self.get_queryset(request).values_list("version", flat=True).get(pk=obj.pk)
        return request.POST.get("seen_version") or getattr(obj, "version", "")

    def panels(self, request: HttpRequest, row: Any) -> list[str]:
        shown = ((template, panel(request, row)) for template, panel in panels_of(self.model))
        return [
            render_to_string(template, context | {"row": row}, request)
            for template, context in shown
            if context is not None
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise Http404
        row = self.get_object(request, unquote(object_id))
        if not self.journal_rows(request.user).filter(pk=row.pk).exists():
            raise Http404
        entries = Entry.objects.filter(subject_type=self.model._meta.label_lower, subject_id=row.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Journal"),
            "subtitle": str(row),
            "opts": self.opts,
            "object": row,
            "entries": entries.select_related("actor")[:200],
            "named": self.admin_site.named_people(request.user),
        }
        return TemplateResponse(request, "admin/stage/journal.html", context)

    # Moves

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_move"
        view = self.admin_site.admin_view(self.move_view)
        return [path("<path:object_id>/do/<slug:name>/", view, name=name), *super().get_urls()]

    def move_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask what the move needs, then make it; a refusal is a sentence."""
        row = self.get_object(request, unquote(object_id))
        move = next((each for each in moves_of(self.model) if each.name == name), None)
        if move is None:
            raise Http404
        if not move.is_allowed(request.user, row):
            raise PermissionDenied
        if request.method != "POST":
            if move.asks and (move.when is None or move.when(row)):
                return self.ask(request, move, row, self.move_form(request, move, row))
            if move.asks:
                messages.warning(request, str(Conflict.sentence))
            return HttpResponseRedirect(self.after(request, row))
        form = self.move_form(request, move, row)
        if form is not None and not form.is_valid():
            return self.ask(request, move, row, form)
        return self.make(request, move, row, form)

    def move_form(self, request: HttpRequest, move: Move, row: Any) -> Any:
        if move.form is None:
            return None
        filled = (request.POST, request.FILES) if request.method == "POST" else ()
        return move.form(*filled, request=request, row=row)

    def make(self, request: HttpRequest, move: Move, row: Any, form: Any) -> HttpResponse:
        version = request.POST.get("version", "")
        values = form.cleaned_data if form is not None else {}
        call = Call(request, row, values, int(version) if version.isdigit() else None)
        try:
            result = move.does(call)
        except NotFound as fault:
            raise Http404 from fault
        except Invalid as fault:
            if form is not None and (set(fault.fields) & set(form.fields)):
                say(form, fault)
                return self.ask(request, move, row, form)
            messages.error(request, explained(fault, row))
            if form is not None:
                return self.ask(request, move, row, form)
        except DomainError as fault:
            messages.error(request, explained(fault, row))
            if form is not None and not isinstance(fault, Stale):  # what was typed stays
                return self.ask(request, move, row, form)
        else:
            if move.done:
                messages.success(request, str(move.done))
            return HttpResponseRedirect(self.after(request, row, result))
        return HttpResponseRedirect(self.after(request, row))

    def ask(self, request: HttpRequest, move: Move, row: Any, form: Any) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": move.label,
            "subtitle": str(row),
            "opts": self.opts,
            "object": row,
            "row": row,
            "move": move,
            "form": form,
            "media": self.media + (form.media if form is not None else Media()),
            "version": request.POST.get("version") or request.GET.get("version") or row.version,
            "next": self.back(request) or page_url(row),
        }
        return TemplateResponse(request, "admin/stage/ask.html", context)

    def back(self, request: HttpRequest) -> str:
        """Where the reader came from, if that is on this site."""
        wanted = request.POST.get("next") or request.GET.get("next") or ""
        is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        return wanted if is_ours else ""

    def after(self, request: HttpRequest, row: Any, result: Any = None) -> str:
        """Where to go: to what was made, back, or to the row while it can be seen."""
        if isinstance(result, models.Model) and type(result) is not type(row):
            try:
                return page_url(result)
            except NoReverseMatch:
                pass
        if self.back(request):
            return self.back(request)
        return page_url(row) if self.get_queryset(request).filter(pk=row.pk).exists() else list_url(self.model)

    # Columns

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_label(self, row: Any) -> tuple[str, str]:
        return row.state, row.get_state_display()


def named(name: str, label: Any) -> Any:
    """A column that names a related row without linking to its page, which the reader may not be able to open."""

    @display(description=label, ordering=name)
    def shown(self: Any, row: Any) -> str:
        related = getattr(row, name)
        return "–" if related is None else str(related)

    return shown


def first(each: Any) -> str:
    """The field that a filter stands on."""
    return each[0] if isinstance(each, tuple | list) else each if isinstance(each, str) else ""


def explained(fault: DomainError, row: Any) -> Any:
    """The refusal as a sentence, with each fault under the name of its field."""
    if not fault.fields:
        return str(fault)
    lines = [(field_label(row, name), each) for name, sentences in fault.fields.items() for each in sentences]
    items = format_html_join("", "<li>{}</li>", ((labelled(label, each) if label else each,) for label, each in lines))
    return format_html("{}<ul class='ws-faults'>{}</ul>", str(fault), items)
