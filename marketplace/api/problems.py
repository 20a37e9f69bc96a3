"""Translates every error of the API into a problem document (RFC 9457), without telling of the house's inside."""

import logging
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from marketplace.core.errors import DomainError, Forbidden, Invalid, NotFound
from marketplace.core.middleware import current_request_id

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
RULE = re.compile("[EW]_[A-Z0-9_]+")  # the code of a rule of licence terms or of signing
LONGEST = 500  # of anything that is said back to the caller
TITLES = {
    400: _("The request has a mistake"),
    401: _("Please log in"),
    403: _("This is not allowed"),
    404: _("There is nothing here"),
    405: _("This cannot be done with this address"),
    406: _("This form of answer is not available"),
    409: _("This does not fit the present state"),
    412: _("It has changed since you read it"),
    413: _("The request is too large"),
    415: _("This kind of content is not understood"),
    428: _("Say which version you have read"),
    429: _("Too many requests"),
    500: _("Something went wrong on our side"),
    503: _("Busy at the moment"),
}
SENTENCES = {
    400: _("The request cannot be understood. Correct it and send it again."),
    401: _("Log in, or send an access token as a Bearer token."),
    500: _("It has been noted. Try again later, or name the request id to the platform."),
    503: _("Somebody else is working on the same objects. Try again in a few seconds."),
}
CODES = {"permission_denied": "forbidden", "error": "invalid", "authentication_failed": "not_authenticated"}


class PreconditionRequired(DomainError):
    """A change needs an If-Match header, so that nobody overwrites what they have not read."""

    code = "precondition_required"
    status = 428
    sentence = _("Send the ETag of the version that you have read as If-Match.")


class TooLarge(DomainError):
    """The body is longer than the platform reads."""

    code = "too_large"
    status = 413
    sentence = _("The body is too large. Send less at a time.")


def handle(fault: Exception, context: dict[str, Any]) -> Response:
    """The REST framework's exception handler: whatever happened, the answer is a problem document."""
    request = context.get("request")
    asked = request is not None and request.method in ("GET", "HEAD")
    status, code, sentence, fields, headers = explain(fault)
    document = problem(status, code, sentence, fields, place="parameter" if asked else "pointer")
    return Response(document, status=status, headers=headers, content_type=MEDIA_TYPE)


def explain(fault: Exception) -> tuple[int, str, Any, Any, dict[str, str]]:
    """Status, stable code, sentence, faults by field and headers of an error of whatever origin."""
    match fault:
        case DomainError():
            return fault.status, fault.code, fault, fault.fields, {}
        case Http404() | exceptions.NotFound():
            return 404, NotFound.code, NotFound.sentence, {}, {}
        case PermissionDenied():
            return 403, Forbidden.code, Forbidden.sentence, {}, {}
        case exceptions.ValidationError():
            return 400, Invalid.code, Invalid.sentence, fault.detail, {}
        case exceptions.APIException():
            return explain_framework(fault)
        case SuspiciousOperation() | MultiPartParserError():  # a form that is none, met while looking for a token
            return 400, "malformed", SENTENCES[400], {}, {}
        case OperationalError():
            log.warning("The database refused: %s", fault)
            return 503, "busy", SENTENCES[503], {}, {"Retry-After": "5"}
    log.error("An address of the API failed.", exc_info=fault)
    return 500, "internal", SENTENCES[500], {}, {}


def explain_framework(fault: exceptions.APIException) -> tuple[int, str, Any, Any, dict[str, str]]:
    """An error of the REST framework: its own sentence, and the headers that belong to it."""
    headers = {}
    if login := getattr(fault, "auth_header", None):
        headers["WWW-Authenticate"] = login
    if (wait := getattr(fault, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    code = str(fault.get_codes())
    if str(fault.detail).startswith("CSRF Failed"):
        code = "csrf_failed"
    sentence = SENTENCES[401] if isinstance(fault, exceptions.NotAuthenticated) else fault.detail
    return fault.status_code, CODES.get(code, code), sentence, {}, headers


def problem(status: int, code: str, sentence: Any, fields: Any = None, *, place: str = "pointer") -> dict[str, Any]:
    """The document. Faults in the body carry a JSON pointer, those in the query the parameter's name."""
    document = {
        "type": f"urn:problem-type:market:{code}",
        "title": str(TITLES.get(status) or HTTPStatus(status).phrase),
        "status": status,
        "detail": printable(sentence),
        "code": code,
        "request_id": current_request_id(),
    }
    errors = [{**where(path, place), "detail": printable(each)} for path, each in flatten(fields or {})]
    return {**document, "errors": errors} if errors else document


def flatten(faults: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each sentence with the path of the value that it speaks of."""
    if isinstance(faults, Mapping):
        for name, inner in faults.items():
            whole = name in ("", api_settings.NON_FIELD_ERRORS_KEY)
            yield from flatten(inner, path if whole else (*path, str(name)))
    elif isinstance(faults, list | tuple):
        for place, inner in enumerate(faults):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from flatten(inner, (*path, str(place)) if nested else path)
    else:
        yield path, faults


def where(path: tuple[str, ...], place: str) -> dict[str, str]:
    """Which value is wrong, or by its code which rule is broken that speaks of no single value."""
    if path and RULE.fullmatch(path[0]):
        return {"code": path[0]}
    return {place: said(path, place)}


def said(path: tuple[str, ...], place: str) -> str:
    """A path as a JSON pointer (RFC 6901) in its fragment form, or as the name of a parameter."""
    steps = [printable(step, 100) for step in path]
    if place == "parameter":
        return steps[0] if steps else ""
    return "#" + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def printable(text: Any, limit: int = LONGEST) -> str:
    """A text that can always be sent: cut, and without halves of surrogate pairs."""
    return str(text)[:limit].encode("utf-8", "replace").decode()


def answer(status: int, code: str, sentence: Any) -> HttpResponse:
    """A problem document outside the REST framework."""
    return JsonResponse(problem(status, code, sentence), status=status, content_type=MEDIA_TYPE)


@csrf_exempt
def nothing_here(request: HttpRequest, path: str = "") -> HttpResponse:
    """Any address under /api/ that does not exist."""
    if request.path.endswith("/"):
        return answer(404, NotFound.code, NotFound.sentence)
    return answer(404, NotFound.code, _("There is nothing here. Addresses of the API end with a slash."))


def is_for_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: the page, or for the API the problem."""
    return answer(400, "malformed", SENTENCES[400]) if is_for_api(request) else defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    if is_for_api(request):
        return answer(403, Forbidden.code, Forbidden.sentence)
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    return nothing_here(request) if is_for_api(request) else defaults.page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return answer(500, "internal", SENTENCES[500]) if is_for_api(request) else defaults.server_error(request)
