"""The market: what anybody may read of the published listings."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from marketplace.core.showing import band
from marketplace.core.workspace import ChoicesDropdownFilter, StageAdmin, display
from marketplace.law.admin import code_filter, name_of

from ..models import Projection, Right
from .forms import TIERED
from .reading import names

TEXTS = ("public_note", "summary", "description", "advantage", "economics", "target", "acceptance")


@admin.register(Projection)
class ProjectionAdmin(StageAdmin):
    list_display = (
        "listing_shown", "kind", "region_shown", "number_trl", "number_price", "published_on",
    )  # fmt: skip
    list_display_links = ("listing_shown",)
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        code_filter("technical_field", "field", _("technical field")),
        code_filter("province", "region", _("region")),
    )
    search_fields = ("title_zh", "title_en", "texts", "keywords_zh", "keywords_en")
    ordering = ("-published_on", "-id")
    list_before_template = "listings/save_search.html"
    empty_sentence = _("Nothing on the market fits. Clear the filters, or search for another word.")
    fieldsets = (
        (None, {"fields": (("title_zh", "title_en"), ("kind", "owner_shown"), "texts_shown", "words")}),
        (
            _("Facts"),
            {
                "fields": (
                    ("field_shown", "region_shown"),
                    ("number_trl", "stage_shown"),
                    ("number_price", "modes_shown"),
                    "rights_shown",
                    ("published_on", "deadline"),
                )
            },
        ),
    )

    def journal_rows(self, user: Any) -> Any:
        return Projection.objects.none()

    @display(description=_("listing"), ordering="title_zh")
    def listing_shown(self, row: Projection) -> Any:
        facts = f"{self.owner_shown(row)} · {self.field_shown(row)}"
        return format_html('<span class="ws-side">{}<small>{}</small></span>', row.title, facts)

    @display(description=_("owner"))
    def owner_shown(self, row: Projection) -> Any:
        return row.owner_name or _("stays anonymous until contact")

    @display(description=_("technical field"), ordering="field")
    def field_shown(self, row: Projection) -> str:
        return name_of("technical_field", row.field)

    @display(description=_("region"), ordering="region")
    def region_shown(self, row: Projection) -> str:
        return name_of("province", row.region)

    @display(description=_("readiness level"), ordering="trl")
    def number_trl(self, row: Projection) -> Any:
        return row.trl or "–"

    @display(description=_("price or budget"), ordering="price_low")
    def number_price(self, row: Projection) -> str:
        return band(row.price_low, row.price_high) or "–"

    @display(description=_("stage"))
    def stage_shown(self, row: Projection) -> str:
        return name_of("achievement_stage", row.stage) or "–"

    @display(description=_("licensing modes"))
    def modes_shown(self, row: Projection) -> Any:
        return names("licensing_mode", row.modes) or "–"

    @display(description=_("keywords"))
    def words(self, row: Projection) -> str:
        return str(_(", ")).join(row.keywords) or "–"

    @display(description=_("public texts"))
    def texts_shown(self, row: Projection) -> Any:
        found = [(TIERED.get(name, _("public note")), row.text(name)) for name in TEXTS if row.text(name)]
        return format_html_join("", "<p class='ws-text'><b>{}</b><br>{}</p>", found) or "–"

    @display(description=_("rights"))
    def rights_shown(self, row: Projection) -> Any:
        kinds = dict(Right.Kind.choices)
        lines = ((kinds.get(each["kind"], ""), each.get("number", ""), each.get("title_zh", "")) for each in row.rights)
        return format_html_join("", "<div>{} {} {}</div>", lines) or "–"
