"""The book of law and the code lists, to be read with their sources; and the filters over code lists."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import ChoicesDropdownFilter, DropdownFilter, StageAdmin, TabularInline, display

from . import codes
from .book import Provision
from .models import Code, CodeList, Rule
from .rules.places import NATION
from .rules.values import parse
from .words import worded


def code_filter(list_name: str, field: str, label: Any) -> type[DropdownFilter]:
    """A filter of the column `field` over a code list, with the names in the reader's language."""

    class CodeFilter(DropdownFilter):
        title = label
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(item.code, item.label) for item in codes.items(list_name)]

        def queryset(self, request: HttpRequest, rows: Any) -> Any:
            return rows.filter(**{field: self.value()}) if self.value() else rows

    return CodeFilter


def name_of(list_name: str, code: str) -> str:
    """What a code is called; the code itself where the list does not know it; nothing for nothing."""
    return next((item.label for item in codes.items(list_name) if item.code == code), code)


class ReadOnlyAdmin(StageAdmin):
    """Reference data: everybody in the workspace reads it, commands publish it."""

    def visible(self, rows: Any, user: Any) -> Any:
        return rows

    def journal_rows(self, user: Any) -> Any:
        rows = self.model._default_manager.all()
        return rows if user.is_staff or user.is_superuser else rows.none()


@admin.register(Rule)
class RuleAdmin(ReadOnlyAdmin):
    list_display = ("title_shown", "number_value", "place_name", "effective_from", "citation", "checked")
    list_display_links = ("title_shown",)
    list_filter = (("verification", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    search_fields = ("key", "title_zh", "title_en", "law_zh", "law_en")
    ordering = ("key", "place", "-effective_from")
    fieldsets = (
        (None, {"fields": ("title_shown", ("value_full", "unit"), ("effective_from", "effective_to"))}),
        (None, {"fields": (("place_name", "key"),)}),
        (_("Where it comes from"), {"fields": ("citation", "verification", "note")}),
    )
    empty_sentence = _("No legal value fits these filters.")

    @display(description=_("legal value"), ordering="title_zh")
    def title_shown(self, rule: Rule) -> str:
        return str(rule)

    @display(description=_("value"))
    def number_value(self, rule: Rule) -> str:
        return Truncator(lines_of(rule)[0]).chars(16)

    @display(description=_("place"), ordering="place")
    def place_name(self, rule: Rule) -> Any:
        return _("whole country") if rule.place == NATION else name_of("province", rule.place)

    @display(description=_("value"))
    def value_full(self, rule: Rule) -> str:
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines_of(rule)))

    @display(description=_("source"))
    def citation(self, rule: Rule) -> str:
        return provision(rule).citation

    @display(
        description=_("verification"),
        label={"VERIFIED": "success", "DATE_UNCHECKED": "warning", "UNCHECKED": "warning", "DRAFT": "danger"},
    )
    def checked(self, rule: Rule) -> tuple[str, str]:
        return rule.verification, rule.get_verification_display()

    @display(description=_("note"))
    def note(self, rule: Rule) -> str:
        return provision(rule).note or "–"


def provision(rule: Rule) -> Provision:
    """The row as it stands in the book."""
    names = {name: getattr(rule, name) for name in Provision.__slots__}
    return Provision(**names | {"value": parse(rule.kind, rule.value)})


def lines_of(rule: Rule) -> list[str]:
    """The value in the words of the public page."""
    return worded(provision(rule))


class CodesInline(TabularInline):
    model = Code
    fields = readonly_fields = ("code", "zh", "en", "effective_from", "effective_to")
    ordering = ("order", "code")
    extra = 0
    can_delete = False
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(CodeList)
class CodeListAdmin(ReadOnlyAdmin):
    list_display = ("title_shown", "name", "source")
    list_display_links = ("title_shown",)
    search_fields = ("name", "title_zh", "title_en")
    fields = (("title_zh", "title_en"), "name", "source", "note")
    inlines = (CodesInline,)
    empty_sentence = _("No code list fits this search.")

    @display(description=_("code list"), ordering="title_zh")
    def title_shown(self, row: CodeList) -> str:
        return str(row)
