"""Files of deals in the workspace: handed in on the page of a deal, opened version by version, withdrawn."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.core.downloads import attachment
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.workspace import (
    Call,
    ChoicesDropdownFilter,
    Move,
    MoveForm,
    StageAdmin,
    add_move,
    add_panel,
    buttons,
    display,
    page_url,
    select,
)
from marketplace.core.workspace.fields import line

from .. import services
from ..models import Deal, DealFile, DealFileVersion, Side

ENDINGS = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"
SHOWN = 20


def file_field() -> forms.FileField:
    return forms.FileField(
        label=_("file"),
        widget=forms.FileInput(attrs={"accept": ENDINGS, "class": "ws-button"}),
        help_text=_("PDF, picture, Word or Excel, at most 10 MB."),
    )


class AddFileForm(MoveForm):
    side = select(label=_("for which side"), choices=Side.choices)
    title = line(label=_("title"), max_length=100)
    audience = select(label=_("who reads it"), choices=DealFile.Audience.choices, asks=True)
    file = file_field()

    def prepare(self) -> None:
        mine = services.sides_of(cast(Deal, self.row), self.request.user)
        if len(mine) == 1:
            del self.fields["side"]


class VersionForm(MoveForm):
    file = file_field()


def add_file(call: Call) -> Deal:
    values = call.values
    services.add_file(
        call.row, values["file"].read(), filename=values["file"].name, title=values["title"],
        audience=values["audience"], side=values.get("side", ""), by=call.by,
    )  # fmt: skip
    return call.row


def add_version(call: Call) -> DealFile:
    file = call.values["file"]
    return services.add_version(call.row, file.read(), filename=file.name, version=call.version, by=call.by)


def may_withdraw(file: DealFile) -> bool:
    return file.withdrawn_at is None


def is_own(user: Any, file: DealFile) -> bool:
    return file.side in services.sides_of(file.deal, user)


add_move(
    Deal,
    Move(
        name="add-file",
        label=_("Add a file"),
        permission="brokerage.add_file",
        when=lambda deal: deal.state != Deal.State.LOST,
        form=AddFileForm,
        question=_(
            "Others open a copy that is marked with their name and the time, without the names of who wrote it."
        ),
        does=add_file,
        done=_("Added."),
    ),
)
add_move(
    DealFile,
    Move(
        name="add-version",
        label=_("Add a version"),
        may=is_own,
        when=may_withdraw,
        form=VersionForm,
        question=_("The same people read it. The earlier versions stay as they were."),
        does=add_version,
        done=_("Added."),
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        may=is_own,
        when=may_withdraw,
        question=_("From this moment nobody but your own people opens it."),
        does=lambda call: services.withdraw_file(call.row, version=call.version, by=call.by),
        done=_("Withdrawn."),
        look="danger",
    ),
)


def version_url(row: DealFileVersion) -> str:
    return reverse("admin:brokerage_dealfile_version", args=[row.file_id, row.number])


@admin.register(DealFile)
class DealFileAdmin(StageAdmin):
    list_display = ("title", "deal_name", "side", "audience", "latest_shown")
    list_display_links = ("title",)
    list_filter = (("audience", ChoicesDropdownFilter),)
    list_select_related = ("deal__achievement__achievement", "deal__demand__demand")
    search_fields = ("title",)
    ordering = ("-id",)
    fields = (("title", "deal_link"), ("side", "audience"), "withdrawn_at")
    empty_sentence = _("No file yet. A side adds one on the page of a deal.")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.version_view)
        where = "<path:object_id>/version/<int:number>/"
        return [path(where, view, name="brokerage_dealfile_version"), *super().get_urls()]

    def version_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """One version for this reader, by a link that asks anew each time."""
        file = self.get_object(request, unquote(object_id))
        row = file.versions.filter(number=min(number, 10_000)).first()
        if row is None:
            raise Http404
        try:
            copy = services.open_file(row, how="page", by=request.user)
        except NotFound as fault:
            raise Http404 from fault
        except DomainError as fault:
            messages.error(request, str(fault))
            return HttpResponseRedirect(page_url(file))
        return attachment(copy.content, name=copy.name, media_type=copy.media_type)

    @display(description=_("deal"), ordering="deal__demand__title_zh")
    def deal_name(self, row: DealFile) -> str:
        return str(row.deal)

    @display(description=_("deal"))
    def deal_link(self, row: DealFile) -> Any:
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row.deal), row.deal)

    @display(description=_("latest version"))
    def latest_shown(self, row: DealFile) -> str:
        return f"{row.latest.number} · {timezone.localdate(row.latest.created_at).isoformat()}"


def of_file(request: HttpRequest, file: DealFile) -> dict[str, Any]:
    """Its versions; the size is that of the file itself, which others never open."""
    rows, is_open = file.versions.select_related("document"), services.opens_original(file, request.user)
    sizes = {row.pk: filesizeformat(row.document.size) if is_open else "" for row in rows}
    return {"versions": [(row.number, row.created_at, sizes[row.pk], version_url(row)) for row in rows]}


def of_deal(request: HttpRequest, deal: Deal) -> dict[str, Any] | None:
    """The files of the deal that this reader may open now."""
    rows = list(DealFile.objects.visible_to(request.user).filter(deal=deal, withdrawn_at__isnull=True)[:SHOWN])
    if not rows:
        return None
    return {"files": [(row, page_url(row), version_url(row.latest), buttons(request.user, row)) for row in rows]}


add_panel(DealFile, "brokerage/file_versions.html", of_file)
add_panel(Deal, "brokerage/files.html", of_deal)
