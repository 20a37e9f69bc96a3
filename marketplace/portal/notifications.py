"""What a person was told, in the account pages: for everybody, also who has no workspace yet."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marketplace.core import notifying
from marketplace.core.errors import NotFound

PAGE = 30


@login_required
@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """The newest first, what was not read yet marked."""
    page = Paginator(notifying.visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    context = {"page": page, "pages": pages, "is_unread": notifying.unread_count(request.user)}
    return render(request, "portal/notifications.html", context)


@login_required
@require_POST
def read(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark one as read and go where it leads."""
    try:
        row = notifying.read(public_id, by=request.user)
    except NotFound as fault:
        raise Http404 from fault
    return redirect(row.path or "portal:notifications")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    notifying.read_all(by=request.user)
    return redirect("portal:notifications")
