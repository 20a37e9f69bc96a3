"""The rights of one's own organisation."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import ChoicesDropdownFilter, StageAdmin
from marketplace.parties import access

from .. import services
from ..models import Right
from .listing import drafts_for


@admin.register(Right)
class RightAdmin(StageAdmin):
    list_display = ("title_zh", "kind", "number", "owner", "filed_on", "granted_on")
    list_filter = (("kind", ChoicesDropdownFilter),)
    list_select_related = ("owner",)
    search_fields = ("title_zh", "title_en", "number")
    ordering = ("-id",)
    fields = (("kind", "number"), ("title_zh", "title_en"), ("filed_on", "granted_on"))
    add_fieldsets = ((None, {"fields": ("owner", *fields)}),)
    empty_sentence = _("No right is entered yet. Enter a patent once; several achievements may rest on it.")

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user) or bool(access.roles(user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.drafts(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return request.user.has_perm("listings.edit_right", obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            mine = drafts_for(request.user)
            kwargs |= {"queryset": mine, "initial": mine.first()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Right:
        if form.instance.pk is None:
            return services.add_right(form.values(), owner=form.cleaned_data["owner"], by=request.user)
        return services.edit_right(form.instance, form.values(), by=request.user, version=version)
