"""Achievements and demands: written by their owner, reviewed by staff."""

from typing import Any

from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Invalid
from marketplace.core.workspace import (
    ChoicesDropdownFilter,
    StageAdmin,
    TabularInline,
    add_move,
    display,
    page_url,
)
from marketplace.law.admin import code_filter, name_of
from marketplace.parties import access
from marketplace.parties.models import Organisation

from .. import checks, rules, services
from ..models import Achievement, Demand, Listing, Offer, Right
from ..services.drafting import OFFER_FIELDS
from . import layout
from .forms import AchievementForm, DemandForm, OfferForm, field_for
from .moves import MOVES
from .reading import ReadingColumns

add_move(Achievement, *MOVES)
add_move(Demand, *MOVES)


def drafts_for(user: Any) -> Any:
    """The organisations for which this person may write listings."""
    return Organisation.objects.filter(pk__in=[pk for pk in access.roles(user) if access.may_draft_for(user, pk)])


class ListingAdmin(ReadingColumns, StageAdmin):
    list_filter = (("state", ChoicesDropdownFilter), code_filter("technical_field", "field", _("technical field")))
    list_select_related = ("owner",)
    list_display_links = ("title_shown",)
    ordering = ("-changed_at", "-id")
    search_fields = ("title_zh", "title_en", "summary_zh", "summary_en", "owner__name_zh")
    writing: Any = ()
    reading: Any = ()

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.drafts(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was being typed while the listing was submitted is not lost: the service answers such a save."""
        if obj is None:
            return self.has_add_permission(request)
        return request.user.has_perm("listings.edit", obj) and (request.method == "POST" or obj.is_editable)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        names = ["title_shown", "state_label", "field_shown", "published_on", "expires_on", "changed_on"]
        if len(access.roles(request.user)) != 1 or access.is_platform_staff(request.user):
            names.insert(1, "owner")
        return names

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return layout.with_owner(self.writing)
        return self.writing if self.has_change_permission(request, obj) else self.reading

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return field_for(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            mine = drafts_for(request.user)
            kwargs |= {"queryset": mine, "initial": mine.first()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "rights":
            kwargs["queryset"] = Right.objects.visible_to(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # Saving

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Listing:
        values, rights = form.values(), form.cleaned_data.get("rights")
        offers = [offers_of(formset) for formset in formsets]
        has_changed = any(formset.has_changed() for formset in formsets)
        if version is None and form.instance.pk is None:
            owner, given = form.cleaned_data["owner"], offers[0] if offers else ()
            return services.draft(
                self.model, values, owner=owner, by=request.user, offers=given, rights=rights or (), source="workspace"
            )
        kept = services.edit(form.instance, values, by=request.user, version=version, rights=rights)
        if has_changed:
            services.set_offers(kept, offers[0], by=request.user)
        return kept

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(page_url(obj))

    response_post_save_change = response_post_save_add

    # What the reader should know first

    def notices(self, request: HttpRequest, row: Listing) -> list[tuple[str, Any]]:
        said: list[tuple[str, Any]] = []
        if row.state == Listing.State.RETURNED:
            reason = name_of("return_reason", row.return_code)
            said.append(("warning", format_html("<b>{}</b> {}", _("Returned: %s.") % reason, row.return_note)))
        if row.is_editable and request.user.has_perm("listings.edit", row):
            said += missing(row)
        if row.state == Listing.State.SUBMITTED and access.is_platform_staff(request.user):
            said += doubts(row)
        if row.state == Listing.State.SUBMITTED and not access.is_platform_staff(request.user):
            said.append(("info", _("In review: its text is fixed until a reviewer answers.")))
        return said + expiring(row)


def missing(row: Listing) -> list[tuple[str, Any]]:
    """What still stands between a draft and its review."""
    try:
        checks.check_complete(row, timezone.localdate())
    except Invalid as fault:
        lines = ((label_of(row, name), each) for name, faults in fault.fields.items() for each in faults)
        items = format_html_join("", "<li><b>{}</b> {}</li>", lines)
        return [("info", format_html("{}<ul class='ws-faults'>{}</ul>", _("Still to do before review:"), items))]
    if row.state == Listing.State.RETURNED:
        return [("info", _("Mend what the reviewer asks for, then submit it again."))]
    return [("success", _("Complete. It can be submitted for review."))]


def expiring(row: Listing) -> list[tuple[str, Any]]:
    """The warning of the last fourteen days."""
    end = row.expires_on
    if row.state != Listing.State.PUBLISHED or end is None or timezone.localdate() < rules.warns_on(end):
        return []
    sentence = (
        _("It leaves the market after %(day)s. It has been renewed once; take it back to draft to list it anew.")
        if row.has_been_renewed
        else _("It leaves the market after %(day)s unless it is renewed.")
    )
    return [("warning", sentence % {"day": end.isoformat()})]


def label_of(row: Listing, name: str) -> str:
    if name == "offers":
        return str(Offer._meta.verbose_name_plural)
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def doubts(row: Listing) -> list[tuple[str, Any]]:
    """What a reviewer should look at twice."""
    if not isinstance(row, Achievement):
        return []
    return [
        ("warning", _("%(right)s is also listed by %(owner)s.") % {"right": right, "owner": right.owner})
        for right in checks.shared_rights(row)
    ]


def offers_of(formset: BaseInlineFormSet) -> list[dict[str, Any]]:
    """The offers as they stand in the form, without those taken out."""
    filled = (form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE"))
    return [{name: data.get(name) for name in OFFER_FIELDS} | {"note": data.get("note") or ""} for data in filled]


class OfferInline(TabularInline):
    model = Offer
    form = OfferForm
    extra = 1
    hide_title = True
    readonly_fields = ("mode_shown",)
    verbose_name_plural = _("Licensing modes you accept, with indicative terms in yuan")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return OFFER_FIELDS if self.has_change_permission(request, obj) else ("mode_shown", *OFFER_FIELDS[1:])

    @display(description=_("licensing mode"))
    def mode_shown(self, offer: Offer) -> str:
        return name_of("licensing_mode", offer.mode)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or (
            request.user.has_perm("listings.edit", obj) and (request.method == "POST" or obj.is_editable)
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    has_delete_permission = has_change_permission


@admin.register(Achievement)
class AchievementAdmin(ListingAdmin):
    form = AchievementForm
    writing = layout.ACHIEVEMENT
    reading = layout.ACHIEVEMENT_READ
    inlines = (OfferInline,)
    autocomplete_fields = adds_related = ("rights",)
    empty_sentence = _("No achievement here yet. Write down the first one: a title, a summary and the field suffice.")


@admin.register(Demand)
class DemandAdmin(ListingAdmin):
    form = DemandForm
    writing = layout.DEMAND
    reading = layout.DEMAND_READ
    empty_sentence = _("No demand here yet. Say what hurts and what you would pay; matches come by themselves.")
