"""Downloads: bytes as an answer that a browser saves and never shows or runs."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


def attachment(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """The file under its own name, also one in Chinese (RFC 6266), kept by no cache on the way."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=media_type, headers={**HEADERS, "Content-Disposition": disposition})
