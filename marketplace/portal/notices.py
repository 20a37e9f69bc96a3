"""Public notices: the list, the page of one with its clock and its law, and the form to object."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.core.errors import DomainError
from marketplace.core.limits import spend
from marketplace.law.rules.places import NATION
from marketplace.notices import services, wording
from marketplace.notices.models import LONGEST, Notice, Objection
from marketplace.notices.rules import OBJECTIONS_AN_HOUR

from .faults import put
from .filters import ANY
from .labels import Labels
from .listings import without_page

PAGE = 20


class NoticeFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Words to find"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[("", ANY), *Notice.State.choices])
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, choices=[("", ANY), *Notice.Kind.choices])

    def faults(self) -> list[str]:
        return [str(self.fields[name].label) for name in self.errors]

    def narrow(self, rows: Any) -> Any:
        """Those that were asked for; a faulty value counts as not given."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        for word in values.pop("q", "").split():
            rows = rows.titled(word)
        return rows.filter(**values)


class ObjectionForm(forms.Form):
    """Who objects, and why. The name and the words stay with those who decide."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=60)
    contact = forms.CharField(
        label=gettext_lazy("Telephone or e-mail"),
        max_length=120,
        help_text=gettext_lazy("Those who decide for the organisation and the platform's staff read it, nobody else."),
    )
    organisation = forms.CharField(label=gettext_lazy("Your organisation"), max_length=120, required=False)
    text = forms.CharField(
        label=gettext_lazy("Your objection"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6, "maxlength": LONGEST}),
        help_text=gettext_lazy("Facts that can be checked: what is wrong, and how you know. At most 2,000 characters."),
    )


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Notices that this reader may read, those that still run first."""
    form = NoticeFilter(request.GET, label_suffix="")
    rows = form.narrow(Notice.objects.visible_to(request.user)).running_first()
    rows = rows.select_related("owner").prefetch_related("objections")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "entries": [{"notice": row, "clock": wording.clock(row)} for row in page],
        "query": without_page(request),
    }
    return render(request, "portal/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One notice: what is shown, how long it still runs, under which law; and the form to object."""
    rows = Notice.objects.visible_to(request.user).select_related("owner").prefetch_related("objections")
    notice = get_object_or_404(rows, public_id=public_id)
    form = ObjectionForm(request.POST or None, label_suffix="", initial={"name": name_of(request.user)})
    if request.method == "POST" and form.is_valid() and filed(request, notice, form):
        return redirect("portal:notice", notice.public_id)
    return render(request, "portal/notice.html", {**told(notice), "form": form})


def told(notice: Notice) -> dict[str, Any]:
    """What everybody reads of a notice: of the objections their results, never who or what."""
    return {
        "notice": notice,
        "lines": wording.lines(notice),
        "clock": wording.clock(notice),
        "may_object": wording.takes_objections(notice),
        "place": _("All of China") if notice.place == NATION else Labels().label("province", f"{notice.place[:2]}0000"),
        "provisions": wording.provisions(notice),
        "weekends": wording.WEEKENDS if wording.counts_weekends_alone(notice) else "",
        "results": [result(each) for each in notice.objections.all()],
    }


def result(objection: Objection) -> dict[str, Any]:
    names = ("filed_on", "state", "get_state_display", "answer", "answered_on")
    return {name: getattr(objection, name) for name in names}


def name_of(user: Any) -> str:
    return user.name if user.is_authenticated else ""


def filed(request: HttpRequest, notice: Notice, form: ObjectionForm) -> bool:
    try:
        spend("objection", request, most=OBJECTIONS_AN_HOUR)
        services.object_to(notice, **form.cleaned_data, by=request.user)
    except DomainError as error:
        put(form, error)
        return False
    messages.success(request, _("Your objection is filed, and the clock stands still until it is answered here."))
    return True
