"""Who may ask at all, and pages. The REST framework loads this while it starts, so no view is imported here."""

from typing import TYPE_CHECKING, Any

from django.core.paginator import InvalidPage
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from marketplace.core.errors import NotFound

if TYPE_CHECKING:
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """The default: an address that does not say who may ask is closed."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class NumberedPages(PageNumberPagination):
    """`?page=2&page_size=50`; at most 100 a page. A page that cannot be is said, not guessed."""

    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("page_size", str(self.page_size))
        if not (asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= self.max_page_size):
            raise ValidationError({"page_size": [_("Ask for 1 to %(most)d a page.") % {"most": self.max_page_size}]})
        return int(asked)

    def paginate_queryset(self, queryset: Any, request: Request, view: "APIView | None" = None) -> list[Any] | None:
        self.request = request
        paginator = self.django_paginator_class(queryset, self.get_page_size(request))
        asked = request.query_params.get("page", "1")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked)):
            raise ValidationError({"page": [_("Pages are counted from 1.")]})
        try:
            self.page = paginator.page(int(asked))
        except InvalidPage as fault:
            raise NotFound(_("There are only %(count)d pages.") % {"count": paginator.num_pages}) from fault
        return list(self.page)
