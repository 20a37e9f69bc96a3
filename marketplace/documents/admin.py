"""Documents in the workspace: staff upload templates; readers find their documents, and each opening is noted."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from marketplace.core.downloads import attachment
from marketplace.core.errors import DomainError
from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    StageForm,
    add_move,
    display,
    named,
    page_url,
    select,
    text,
)
from marketplace.parties import access

from . import archives, filling, services
from .models import Document, Kind, Template
from .variables import VARIABLES

SCAN_COLOURS = {"made": "success", "unscanned": "warning", "clean": "success", "quarantined": "danger"}


class FileAdmin(StageAdmin):
    """Rows with a file, which has an address of its own beside the row's page."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_file"
        view = self.admin_site.admin_view(self.file_view)
        return [path("<path:object_id>/file/", view, name=name), *super().get_urls()]

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        try:
            return self.file_of(request, row)
        except DomainError as fault:
            messages.error(request, str(fault))
            return HttpResponseRedirect(page_url(row))

    def file_of(self, request: HttpRequest, row: Any) -> HttpResponse:
        raise NotImplementedError

    @display(description=_("file"))
    def file_link(self, row: Any) -> Any:
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_file", args=[row.pk])
        return format_html('<a class="ws-link" href="{}" download>{}</a>', address, _("Download"))


# Templates


class TemplateForm(StageForm):
    kind = select(label=_("kind"), choices=[(kind, Kind(kind).label) for kind in VARIABLES])
    file = forms.FileField(
        label=_("Word file"),
        help_text=_("A .docx of at most 2 MB. The page “Templates” of the documentation explains the variables."),
        widget=forms.FileInput(attrs={"accept": archives.DOCX.ending, "class": "ws-button"}),
    )

    class Meta:
        model = Template
        fields = ("kind", "language")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > filling.LARGEST_TEMPLATE:
            raise ValidationError(_("The template is larger than 2 MB."))
        return file


@admin.register(Template)
class TemplateAdmin(FileAdmin):
    form = TemplateForm
    list_display = ("kind", "language", "edition", "is_current", "uploader", "uploaded_on", "file_link")
    list_filter = (("kind", ChoicesDropdownFilter), ("language", ChoicesDropdownFilter))
    list_select_related = ("uploaded_by",)
    fields = (("kind", "language"), ("edition", "is_current"), ("uploader", "uploaded_on"), "sha256", "file_link")
    add_fieldsets = ((None, {"fields": (("kind", "language"), "file")}),)
    empty_sentence = _("No template yet. The command load_templates brings those of the product.")
    uploader = named("uploaded_by", _("uploaded by"))

    def visible(self, rows: Any, user: Any) -> Any:
        return rows.visible_to(user).light()

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("documents.upload_template")

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Template:
        values = form.values()
        return services.upload_template(values["kind"], values["language"], values["file"].read(), by=request.user)

    def file_of(self, request: HttpRequest, row: Template) -> HttpResponse:
        name = f"{row.kind}.{row.language}.{row.edition}{archives.DOCX.ending}"
        return attachment(bytes(row.content), name=name, media_type=archives.DOCX.media_type)

    @display(description=_("uploaded on"), ordering="created_at")
    def uploaded_on(self, row: Template) -> Any:
        return timezone.localdate(row.created_at)


# Documents


class QuarantineForm(MoveForm):
    reason = text(label=_("reason"), rows=3)


add_move(
    Document,
    Move(
        name="quarantine",
        label=_("Put into quarantine"),
        permission="documents.quarantine",
        when=lambda document: document.scan_state in (Document.Scan.UNSCANNED, Document.Scan.CLEAN),
        form=QuarantineForm,
        question=_("Nobody can open the file any more. It is kept, for it may be evidence."),
        does=lambda call: services.quarantine(call.row, reason=call.values["reason"], by=call.by),
        done=_("The file is in quarantine."),
        look="danger",
    ),
)


@admin.register(Document)
class DocumentAdmin(FileAdmin):
    list_display = ("title", "kind", "size_shown", "scan_label", "made_on", "file_link")
    list_display_links = ("title",)
    list_filter = (("kind", ChoicesDropdownFilter), ("scan_state", ChoicesDropdownFilter))
    search_fields = ("title", "sha256")
    ordering = ("-id",)
    empty_sentence = _("No document yet. Contracts, notices and evidence are found here.")

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        facts = (("kind", "tier"), ("filename", "size_shown"), ("scan_shown", "made_on"), "sha256", "readers_shown")
        shown = ((_("Shown to"), {"fields": ("showings_shown",)}),) if access.is_platform_staff(request.user) else ()
        return ((None, {"fields": ("title", *facts, "file_link")}), *shown)

    def file_of(self, request: HttpRequest, row: Document) -> HttpResponse:
        content = services.open_document(row, by=request.user)
        return attachment(content, name=row.filename, media_type=row.media_type)

    @display(description=_("size"), ordering="size")
    def size_shown(self, row: Document) -> str:
        return filesizeformat(row.size)

    @display(description=_("scan"), ordering="scan_state", label=SCAN_COLOURS)
    def scan_label(self, row: Document) -> tuple[str, str]:
        return row.scan_state, row.get_scan_state_display()

    @display(description=_("scan"))
    def scan_shown(self, row: Document) -> str:
        return row.get_scan_state_display()

    @display(description=_("made on"), ordering="created_at")
    def made_on(self, row: Document) -> Any:
        return timezone.localdate(row.created_at)

    @display(description=_("readers"))
    def readers_shown(self, row: Document) -> Any:
        return format_html_join("", "<div>{}</div>", ((each,) for each in row.readers.all()))

    @display(description=_("opened"))
    def showings_shown(self, row: Document) -> Any:
        lines = row.showings.select_related("user")[:50]
        times = ((timezone.localtime(each.at).strftime("%Y-%m-%d %H:%M"), each.user, each.how) for each in lines)
        return format_html_join("", "<div>{} · {} · {}</div>", times) or "–"
