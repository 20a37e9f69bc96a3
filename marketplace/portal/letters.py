"""What a person is told by which way: the switches of the account, and the link in each letter that ends its kind."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.core import notifying
from marketplace.core.errors import NotFound
from marketplace.core.models import Mute
from marketplace.discovery import services as discovery
from marketplace.discovery.models import SavedSearch
from marketplace.parties import services
from marketplace.parties.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Whether what happens is told by mail."""
    if request.method != "POST":
        return render(request, "portal/mail.html", {"switches": notifying.switches(request.user)})
    if request.POST.get("letters") == "off":
        services.switch_mail_off(request.user, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("You get no more letters."))
    if request.POST.get("letters") == "on":
        services.switch_mail_on(request.user, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("You get letters again."))
    return redirect("portal:mail")


@login_required
@require_POST
def kinds(request: HttpRequest) -> HttpResponse:
    """Which kinds of news by which way."""
    notifying.choose(notifying.ticked(request.POST.getlist("on")), by=request.user)
    messages.success(request, _("Your choice is kept."))
    return redirect("portal:mail")


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token is the proof, and it can only end letters
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a letter: it asks, because programs that look into mail open links; a press ends this kind."""
    try:
        found = notifying.read_token(token)
        label = notifying.kinds()[found.kind]
    except (NotFound, KeyError) as fault:
        raise Http404 from fault
    if request.method == "POST":
        end_letters(found)
    return render(request, "portal/mail_off.html", {"label": label, "is_done": request.method == "POST"})


def end_letters(found: notifying.Off) -> None:
    """Of a saved search only the one that the letter was about; else the kind."""
    reader = get_object_or_404(User, pk=found.user_id)
    if not found.about:
        notifying.switch_off(found.kind, Mute.Channel.MAIL, by=reader)
    for search in SavedSearch.objects.visible_to(reader).filter(public_id=found.about, is_on=True):
        discovery.switch_search_off(search, by=reader)
