"""What the pages of a contract's rows share: the contract by name, in the workspace of everybody who has contracts."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import StageAdmin, display, page_url
from marketplace.documents.models import Document
from marketplace.parties import access


class OfContractAdmin(StageAdmin):
    """A row of a contract. Its list is a queue over all contracts; it is reached from the contract as well."""

    list_select_related: Any = ("contract",)
    search_fields: Any = ("contract__title",)

    def may_enter(self, user: Any) -> bool:
        is_member = bool(access.roles(user)) or access.is_technology_manager(user)
        return is_member or access.is_platform_staff(user)

    @display(description=_("contract"), ordering="contract__title")
    def contract_shown(self, row: Any) -> str:
        return str(row.contract)

    @display(description=_("contract"))
    def contract_page(self, row: Any) -> Any:
        return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row.contract), row.contract)


def paper(user: Any, document: Document | None) -> Any:
    """A link to a document for who may read it; for the others, that there is one."""
    if document is None:
        return "–"
    if not may_open(user, document):
        return _("on file")
    return format_html('<a class="ws-link" href="{}">{}</a>', page_url(document), document.title)


def may_open(user: Any, document: Document) -> bool:
    return Document.objects.visible_to(user).filter(pk=document.pk).exists()


def hash_of(name: str, label: Any) -> Any:
    """A column with the hash of a document of the row, for who may open it: others could tell by it who has theirs."""

    @display(description=label)
    def shown(self: Any, row: Any) -> str:
        document = getattr(row, name)
        return document.sha256 if document is not None and may_open(row.__dict__["_reader"], document) else "–"

    return shown


def paper_of(name: str, label: Any) -> Any:
    """A column that links a document of the row; the reader is the one of the page."""

    @display(description=label)
    def shown(self: Any, row: Any) -> Any:
        return paper(row.__dict__["_reader"], getattr(row, name))

    return shown


class WithPapers(OfContractAdmin):
    """Rows with a document."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        found.__dict__["_reader"] = request.user
        return found
