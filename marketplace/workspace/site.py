"""The workspace: who may enter, by which door, and what the front page shows."""

from collections.abc import Callable
from typing import Any

from allauth.account.views import logout as account_logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from marketplace.core.workspace import UnfoldAdminSite
from marketplace.parties import access
from marketplace.parties.models import Membership


class WorkspaceSite(UnfoldAdminSite):
    """The web admin for platform staff, members of organisations and technology managers, each seeing their own."""

    index_title = _("My work")
    enable_nav_sidebar = True
    # What the front page shows. It looks at every noun, and their pages register with this site first.
    front_page: Callable[[HttpRequest], dict[str, Any]] = staticmethod(lambda request: {})
    pages: Callable[["WorkspaceSite"], list[URLPattern]] = staticmethod(lambda site: [])  # beside those of the models

    def has_permission(self, request: HttpRequest) -> bool:
        return access.has_workspace(request.user)

    def get_urls(self) -> list[Any]:
        return [*self.pages(self), *super().get_urls()]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Login is the portal's. Who has no workspace yet is shown the ways in."""
        wanted = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return HttpResponseRedirect(reverse("portal:start"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return account_logout(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        context = {**self.each_context(request), "title": self.index_title, **self.front_page(request)}
        return TemplateResponse(request, "admin/work.html", context)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:index"))

    def named_people(self, user: Any) -> set[int] | None:
        """Ids of the people whom this reader may see by name in a journal; None is everybody."""
        if access.is_platform_staff(user):
            return None
        fellows = Membership.objects.filter(organisation_id__in=access.organisation_ids(user))
        return {user.pk, *fellows.values_list("user_id", flat=True)}
