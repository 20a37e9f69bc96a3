"""Achievements from a spreadsheet, in the workspace: upload, look at every row, confirm. And the sheet to fill in.

Nothing is decided here: reading, checking and writing are `listings.importing`'s.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import DomainError, NotFound
from marketplace.core.spreadsheets import waiting
from marketplace.core.workspace import UnfoldAdminSelectWidget
from marketplace.listings.importing import plan, reading, writing
from marketplace.listings.models import Achievement
from marketplace.parties import access
from marketplace.parties.models import Organisation

SHOWN = 300  # rows on the page; those with faults come first
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST = (plan.Outcome.ERROR, plan.Outcome.DUPLICATE, plan.Outcome.CHANGED, plan.Outcome.NEW, plan.Outcome.UNCHANGED)
LOOKS = {"new": "success", "changed": "info", "unchanged": "default", "duplicate": "warning", "error": "danger"}


class UploadForm(forms.Form):
    """The file, and whose achievements these are."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=None, widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("An .xlsx or .csv file with at most 2,000 rows and 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt", "class": "ws-button"}),
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = owners(user)  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > reading.LARGEST:
            raise forms.ValidationError(_("The file is larger than 10 MB. Divide it."))
        return file


def owners(user: Any) -> Any:
    """The organisations for which the person may draft."""
    ids = [each for each in access.organisation_ids(user) if access.may_draft_for(user, each)]
    return Organisation.objects.filter(pk__in=ids)


def urls(site: Any) -> list[URLPattern]:
    """The addresses of these pages within the workspace."""

    def guarded(view: Any) -> Any:
        return site.admin_view(lambda request: view(request, site))

    start = "listings/achievement/import/"
    return [
        path(start, guarded(upload), name="listings_achievement_import"),
        path(f"{start}confirm/", guarded(confirm), name="listings_achievement_import_confirm"),
        path(f"{start}template/", guarded(template), name="listings_achievement_import_template"),
        path("listings/achievement/export/", guarded(export), name="listings_achievement_export_sheet"),
    ]


def upload(request: HttpRequest, site: Any) -> HttpResponse:
    """Ask for the file; with one, show what importing it would do."""
    if not owners(request.user).exists():
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return page(request, site, form=form)
    owner, content = form.cleaned_data["organisation"], form.cleaned_data["file"].read()
    try:
        planned = plan.preview(reading.read(content), owner=owner, by=request.user)
    except DomainError as fault:
        form.add_error("file", str(fault))
        return page(request, site, form=form)
    token = waiting.keep(content, organisation_id=owner.pk, by=request.user)
    return page(request, site, owner=owner, token=token, **shown(planned))


def confirm(request: HttpRequest, site: Any) -> HttpResponse:
    """Commit the file that was looked at. A second press finds nothing more to do."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:listings_achievement_import"))
    token = request.POST.get("token", "")[:64]
    try:
        content, organisation_id = waiting.fetch(token, by=request.user)
        owner = owners(request.user).filter(pk=organisation_id).first()
        if owner is None:
            raise NotFound
        skip = request.POST.get("skip_errors") == "1"
        done = plan.commit(reading.read(content), owner=owner, by=request.user, skip_errors=skip)
    except NotFound:
        form = UploadForm(user=request.user)
        return page(request, site, form=form, notice=_("The file is no longer here. Choose it once more."))
    except DomainError as fault:
        planned = plan.preview(reading.read(content), owner=owner, by=request.user)
        return page(request, site, owner=owner, token=token, notice=fault, **shown(planned))
    waiting.drop(token)
    return page(request, site, owner=owner, is_done=True, **shown(done))


def template(request: HttpRequest, site: Any) -> HttpResponse:
    return download(writing.template(), "achievements-template.xlsx")


def export(request: HttpRequest, site: Any) -> HttpResponse:
    """All achievements of the person's own organisations, in the columns of the template."""
    mine = Achievement.objects.filter(owner__in=access.organisation_ids(request.user)).order_by("pk")
    content = writing.export(mine.prefetch_related("offers", "rights"))
    return download(content, f"achievements-{timezone.localdate():%Y%m%d}.xlsx")


def download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def shown(planned: plan.Plan) -> dict[str, Any]:
    """The rows as the page shows them, the faulty ones first, and the counts."""
    rows = sorted(planned.rows, key=lambda row: (FIRST.index(row.outcome), row.draft.number))
    return {
        "plan": planned,
        "rows": [(row, LOOKS[row.outcome], row_url(row)) for row in rows[:SHOWN]],
        "not_shown": max(len(rows) - SHOWN, 0),
        "counts": [
            (f"{outcome.label} {planned.counts[outcome]}", planned.counts[outcome], LOOKS[outcome])
            for outcome in plan.Outcome
        ],
        "taken": planned.counts["new"] + planned.counts["changed"],
        "faulty": planned.counts["error"],
    }


def row_url(row: plan.Planned) -> str:
    listing = row.listing
    return reverse("admin:listings_achievement_change", args=[listing.pk]) if listing and listing.pk else ""


def page(request: HttpRequest, site: Any, **context: Any) -> HttpResponse:
    context |= {"title": _("Import achievements"), **site.each_context(request)}
    return TemplateResponse(request, "workspace/import.html", context)
