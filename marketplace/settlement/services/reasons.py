"""Reasons: whoever undoes something says why."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Invalid
from marketplace.core.validation import check_text

LONGEST_REASON = 300


def reason_of(text: str, *, most: int = LONGEST_REASON) -> str:
    said = check_text("reason", (text or "").strip(), most=most)
    if not said:
        raise Invalid(fields={"reason": [str(_("Say why, and who decided it."))]})
    return said
