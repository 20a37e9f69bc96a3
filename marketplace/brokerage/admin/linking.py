"""Links from the pages of brokerage to listings, which their reader may not find on the market any more."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import page_url
from marketplace.listings.models import Projection


def linked(row: Projection) -> Any:
    if not row.is_live:
        return row.title or _("no longer on the market")
    return format_html('<a class="ws-link" href="{}">{}</a>', page_url(row), row.title)
