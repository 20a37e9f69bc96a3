"""The journal; and what other libraries brought into the admin is taken out again."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Entry, Letter, Seal
from marketplace.core.workspace import DropdownFilter, StageAdmin, display
from marketplace.parties import access

from . import funnel, importing, judging, letters, notifications, pipeline, seals, words, work

PAGES = (importing, judging, notifications, pipeline, funnel)
site: Any = admin.site  # WorkspaceSite, behind its lazy front
site.front_page = work.front_page
site.pages = lambda site: [url for room in PAGES for url in room.urls(site)]
site.register(Letter, letters.LetterAdmin)
site.register(Seal, seals.SealAdmin)

# Their own pages write past the services; people manage their addresses and devices in their account settings.
for model in [each for each in admin.site._registry if not each.__module__.startswith("marketplace.")]:
    admin.site.unregister(model)


class ActFilter(DropdownFilter):
    title = _("act")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(words.ACTS.items())

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.filter(verb=self.value()) if self.value() else rows


@admin.register(Entry)
class EntryAdmin(StageAdmin):
    """Staff read all lines, others those of their own objects."""

    list_display = ("time", "act", "subject_shown", "moved", "reason_shown")
    list_filter = (ActFilter,)
    list_select_related = ("actor",)
    list_display_links = ("time",)
    ordering = ("-id",)
    fields = ("time", "act", "subject_shown", "moved", "reason_shown", "changed_shown", "request_id")
    search_fields = ("subject_label", "verb")
    empty_sentence = _("Nothing is written in the journal yet.")

    def visible(self, rows: Any, user: Any) -> Any:
        if access.is_platform_staff(user):
            return rows
        own = Q(pk__in=[])
        for model, page in self.admin_site._registry.items():
            if isinstance(page, StageAdmin) and model is not Entry:
                ids = page.journal_rows(user).order_by().values("pk")
                own |= Q(subject_type=model._meta.label_lower, subject_id__in=ids)
        return rows.filter(own)

    def journal_rows(self, user: Any) -> Any:
        return Entry.objects.none()

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        named = self.admin_site.named_people(request.user)

        def person(entry: Entry) -> Any:
            return words.actor(entry, named)

        person.short_description = _("person")  # type: ignore[attr-defined]
        return [self.list_display[0], person, *self.list_display[1:]]

    @display(description=_("time"), ordering="id")
    def time(self, entry: Entry) -> Any:
        return entry.at

    @display(description=_("act"))
    def act(self, entry: Entry) -> Any:
        return words.act(entry)

    @display(description=_("object"))
    def subject_shown(self, entry: Entry) -> Any:
        models = {model._meta.label_lower: model for model in self.admin_site._registry}
        model = models.get(entry.subject_type)
        if model is None:
            return f"{entry.subject_type} {entry.subject_label}"
        page = reverse(f"admin:{entry.subject_type.replace('.', '_')}_change", args=[entry.subject_id])
        return format_html(
            '<a class="ws-link" href="{}">{} {}</a>', page, model._meta.verbose_name, entry.subject_label
        )

    @display(description=_("state"))
    def moved(self, entry: Entry) -> str:
        return words.moved(entry) or "–"

    @display(description=_("reason"))
    def reason_shown(self, entry: Entry) -> str:
        return words.reason(entry) or "–"

    @display(description=_("changed fields"))
    def changed_shown(self, entry: Entry) -> str:
        return ", ".join(entry.changed_fields) or "–"
