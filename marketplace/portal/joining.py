"""From a new account to the workspace: apply for one's organisation or as a technology manager, and wait."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.core.errors import DomainError
from marketplace.parties import access, services
from marketplace.parties.models import LANGUAGES, Agency, Organisation, TechnologyManager
from marketplace.register import services as register
from marketplace.register.asking import Asked, asked_at
from marketplace.register.forms import FilesField
from marketplace.register.models import Application

from .faults import put
from .labels import Labels

CHOOSE = _("please choose")


class OrganisationForm(forms.Form):
    name_zh = forms.CharField(
        label=_("Name in Chinese"), max_length=200, help_text=_("As on the business licence or the certificate.")
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", CHOOSE), *Organisation.Kind.choices])
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        help_text=_("18 characters. The check character is verified, so a typing slip is noticed at once."),
    )
    region = forms.ChoiceField(label=_("Region"))
    size = forms.ChoiceField(
        label=_("Size class"),
        required=False,
        choices=[("", _("not stated")), *Organisation.Size.choices],
        help_text=_("Firms only. Policies for small firms ask for it; leave it out if you have no proof at hand."),
    )
    size_proof = forms.CharField(
        label=_("Proof of size"),
        required=False,
        max_length=300,
        help_text=_("The document that shows staff and revenue, such as the audit report of last year."),
    )
    size_proved_on = forms.DateField(
        label=_("Date of the proof"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, values: Any, labels: Labels) -> None:
        super().__init__(values, label_suffix="")
        self.fields["region"].choices = labels.choices("province", CHOOSE)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A size class without its dated proof is worth nothing to those who rely on it."""
        values = self.cleaned_data
        for name in ("size_proof", "size_proved_on"):
            if values.get("size") and not values.get(name) and name not in self.errors:
                self.add_error(name, _("A size class needs its proof and the day of the proof."))
        return values


class ManagerForm(forms.Form):
    """For one level: what it asks for is ticked, and proven by files."""

    fields_chosen = forms.MultipleChoiceField(
        label=_("Technical fields that you know"), widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages that you work in"), choices=list(LANGUAGES.items()), widget=forms.CheckboxSelectMultiple
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Agency"), required=False, to_field_name="public_id", empty_label=_("none")
    )
    introduction = forms.CharField(
        label=_("Introduction"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4, "maxlength": 1000}),
        help_text=_("Shown in the public directory once you are registered: what you have brought about so far."),
    )
    declared = forms.MultipleChoiceField(
        label=_("Requirements that you meet"), required=False, widget=forms.CheckboxSelectMultiple
    )
    statement = forms.CharField(
        label=_("Statement to the authority"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "maxlength": 2000}),
        help_text=_("Not public: where you were trained, since when you work in technology transfer."),
    )
    evidence = FilesField(label=_("Evidence"), required=False)

    def __init__(self, values: Any, files: Any, labels: Labels, asked: Asked) -> None:
        super().__init__(values, files, label_suffix="")
        language = get_language() or "zh"
        offered = [(each.code, each.label(language)) for each in asked.requirements]
        self.fields["declared"].choices = offered  # type: ignore[attr-defined]
        self.fields["fields_chosen"].choices = labels.choices("technical_field")  # type: ignore[attr-defined]
        self.fields["agency"].queryset = Agency.objects.valid()  # type: ignore[attr-defined]


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where a login leads: to the workspace, to the page that says what is waited for, or to the ways in."""
    if access.has_workspace(request.user) and not is_waiting(request.user):
        return redirect("admin:index")
    manager = TechnologyManager.objects.filter(TechnologyManager.held_by(request.user)).first()
    application = Application.objects.of(manager).first() if manager else None
    context = {"organisations": access.organisations(request.user), "manager": manager, "application": application}
    return render(request, "portal/start.html", context)


def is_waiting(user: Any) -> bool:
    """A member whose every organisation still waits for verification, and who is nothing else."""
    if access.is_platform_staff(user) or access.is_technology_manager(user):
        return False
    return not any(organisation.is_verified for organisation in access.organisations(user))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Apply for one's organisation; the applicant becomes its first administrator."""
    form = OrganisationForm(request.POST or None, Labels())
    if form.is_valid():
        try:
            services.apply(form.cleaned_data, by=request.user)
            return redirect("portal:start")
        except DomainError as error:
            put(form, error)
    return render(request, "portal/apply.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply_as_manager(request: HttpRequest) -> HttpResponse:
    """Apply to be registered as a technology manager, at the level that the address names; the lowest if none."""
    labels, levels = Labels(), TechnologyManager.Level.values
    level = request.GET.get("level", levels[0])
    if level not in levels:
        raise Http404
    asked = asked_at("CN", "manager", level)
    form = ManagerForm(request.POST or None, request.FILES or None, labels, asked)
    if form.is_valid():
        values = form.cleaned_data | {"fields": form.cleaned_data["fields_chosen"], "level": level}
        proof = {name: values.pop(name) for name in ("declared", "statement", "evidence")}
        try:
            register.apply_as_manager(values, **proof, by=request.user)
            return redirect("portal:start")
        except DomainError as error:
            put(form, error)
    offered = [(code, name, code == level) for code, name in labels.choices("tech_manager_level")]
    context = {"form": form, "name": request.user, "levels": offered, "asked": asked}
    return render(request, "portal/apply_as_manager.html", context)
