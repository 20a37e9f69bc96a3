"""The seals of the journal in the workspace: staff see what was sealed when, and what the last verification found."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import Seal, Verification
from marketplace.core.sealing.verifying import Fault
from marketplace.core.workspace import StageAdmin, display
from marketplace.parties import access


class SealAdmin(StageAdmin):
    """For staff, to read and to compare with what is kept elsewhere."""

    list_display = ("number", "entry_count", "sealed_at", "hash_shown")
    list_display_links = ("number",)
    search_fields = ("hash",)
    ordering = ("-number",)
    list_before_template = "admin/stage/verification.html"
    fields = ("number", ("after_id", "through_id"), "entry_count", "sealed_at", "merkle_root", "previous_hash", "hash")
    empty_sentence = _("Nothing is sealed yet.")

    def visible(self, rows: Any, user: Any) -> Any:
        return rows.defer("leaves", "ids") if access.is_platform_staff(user) else rows.none()

    def may_enter(self, user: Any) -> bool:
        return access.is_platform_staff(user)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        last = Verification.objects.first()
        shown = {"verification": last, "faults": [str(Fault(**each)) for each in last.faults] if last else []}
        return super().changelist_view(request, shown | (extra_context or {}))

    @display(description=_("hash"))
    def hash_shown(self, row: Seal) -> str:
        return row.hash
