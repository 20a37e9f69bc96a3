"""Proposing terms: choose how it is paid, fill in the few figures, compare, propose; or write the document itself.

Three pages on one address, the one of the move `propose`. What was typed stays, whatever is refused.
"""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.core.errors import Conflict, DomainError, Invalid
from marketplace.core.workspace import move_url, page_url, select, text
from marketplace.core.workspace.forms import tidy

from .. import services
from ..models import Contract, Signature, TermSheet
from ..readiness import place_of
from ..reading import limits_on, parsed
from ..rules.checking import check
from ..rules.modes import Figures, build
from ..rules.sheet import Mode, Sheet
from ..rules.writing import write_sheet
from ..services.terms import read_terms
from ..wording import mode_explanation, mode_name, sentence, sentence_of
from .comparing import PlanForm, compared
from .fields import LONG
from .figures import FiguresForm, figures_of, is_preset
from .page import SELLER, Page, page_of

DOCUMENT = "document"


class SignedForm(forms.Form):
    """For which side, and a word to the other one."""

    side = select(label=gettext_lazy("proposed for"), choices=Signature.Side.choices)
    note = text(label=gettext_lazy("word to the other side"), rows=3, required=False, limit=LONG)

    def __init__(self, page: Page, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = page.sides or [SELLER]
        if len(page.sides) == 1 and not page.manages:
            del self.fields["side"]
        tidy(self)

    @property
    def chosen_side(self) -> str:
        return str(self.cleaned_data.get("side") or self.sides[0])


class DocumentForm(forms.Form):
    """The document of the sheet as it stands in the database."""

    text = text(label=gettext_lazy("document"), rows=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = self.fields["text"].widget.attrs
        attrs |= {"class": f"{attrs.get('class', '')} ws-code", "spellcheck": "false", "wrap": "off"}
        tidy(self)


def proposing(request: HttpRequest, contract: Contract, context: dict[str, Any], media: Media) -> HttpResponse:
    """Answer one request on the address of the move."""
    page = page_of(request.user, contract)
    if not request.user.has_perm("contracts.propose", contract):
        raise PermissionDenied
    if contract.state != Contract.State.NEGOTIATING:
        messages.warning(request, str(Conflict.sentence))
        return HttpResponseRedirect(page_url(contract))
    asked = request.POST.get("way") or request.GET.get("way") or ""
    context |= {"address": move_url(contract, "propose"), "back_url": page_url(contract), "media": media}
    if asked == DOCUMENT:
        return with_document(request, page, context)
    if asked in set(Mode):
        return with_figures(request, page, Mode(asked), context)
    return choosing(request, page, context)


def latest(page: Page) -> TermSheet | None:
    return page.sheets[0] if page.sheets else None


def accepted_modes(contract: Contract) -> list[Mode]:
    """What the owner offers for this achievement, and what was asked for."""
    offered = contract.achievement.offers.order_by("id").values_list("mode", flat=True) if contract.achievement else ()
    asked = [contract.mode] if contract.mode else []
    return [Mode(each) for each in dict.fromkeys([*asked, *offered]) if each in set(Mode)]


# Choose how it is paid


def choosing(request: HttpRequest, page: Page, context: dict[str, Any]) -> HttpResponse:
    accepted = accepted_modes(page.contract)
    rest = [mode for mode in Mode if mode not in accepted]
    found = latest(page)
    context |= {
        "title": _("How shall it be paid?"),
        "groups": [
            (_("What the owner offers"), [in_words(mode) for mode in accepted]),
            (_("Other ways"), [in_words(mode) for mode in rest]),
        ],
        "latest": found,
        "latest_way": found and (found.mode if is_preset(parsed(found)) else DOCUMENT),
    }
    return TemplateResponse(request, "contracts/choose.html", context)


def in_words(mode: Mode) -> tuple[str, str, str]:
    return mode.value, mode_name(mode), mode_explanation(mode)


# The few figures of a mode


def with_figures(request: HttpRequest, page: Page, mode: Mode, context: dict[str, Any]) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    figures = FiguresForm(mode, given, start=start_figures(page, mode))
    plan, signed = PlanForm(given), SignedForm(page, given)
    step = request.POST.get("step", "")
    faults: list[tuple[str, str]] = []
    seen = seen_version(request, page)
    filled = [form.is_valid() for form in (figures, plan, signed)]  # each says its own faults
    are_valid = given is not None and all(filled)
    if are_valid and step == DOCUMENT:
        return with_document(request, page, context, start=figures.sheet(), signed=signed)
    if are_valid and step == "propose":
        try:
            return proposed(request, page, write_sheet(figures.sheet()), signed, seen)
        except DomainError as fault:
            faults, seen = pointed(fault), services.latest_number(page.contract)
    context |= {
        "title": mode_name(mode),
        "way": mode.value,
        "explanation": mode_explanation(mode),
        "figures": figures,
        "plan": plan,
        "signed": signed,
        "faults": faults,
        "seen": seen,
        "is_narrower": is_narrower(page, mode),
    }
    if are_valid and step in ("compare", "propose"):
        context |= outcome(figures.sheet(), accepted_modes(page.contract), figures.figures(), plan)
        context["warnings"] = said_of(figures.sheet(), page)
    return TemplateResponse(request, "contracts/figures.html", context)


def start_figures(page: Page, mode: Mode) -> Figures:
    """Later versions start from the last one; its figures also fill the form of another mode."""
    found = latest(page)
    return figures_of(parsed(found)) if found else Figures()


def is_narrower(page: Page, mode: Mode) -> bool:
    """Whether the last version says more than the short form can."""
    found = latest(page)
    return found is not None and found.mode == mode and not is_preset(parsed(found))


def outcome(sheet: Sheet, modes: list[Mode], figures: Figures, plan: PlanForm) -> dict[str, Any]:
    return {"sentence": plainly(sheet), "comparison": compared(sheet, modes, figures, plan)}


def plainly(sheet: Sheet) -> str:
    return sentence(sheet, get_language() or "")


def said_of(sheet: Sheet, page: Page) -> list[str]:
    """Every fault and warning of a sheet, in words."""
    found = check(sheet, limits=limits_on(page.today, place_of(page.contract.seller)))
    return [sentence_of(fault) for fault in found]


# The document itself


def with_document(
    request: HttpRequest,
    page: Page,
    context: dict[str, Any],
    *,
    start: Sheet | None = None,
    signed: SignedForm | None = None,
) -> HttpResponse:
    given = request.POST if request.method == "POST" and start is None else None
    form = DocumentForm(given, initial={"text": written(page, start)})
    signed = signed or SignedForm(page, given)
    faults: list[tuple[str, str]] = []
    found: Sheet | None = None
    seen = seen_version(request, page)
    if given is not None and form.is_valid() and signed.is_valid():
        try:
            document = read(form.cleaned_data["text"])
            if request.POST.get("step") == "propose":
                return proposed(request, page, document, signed, seen)
            found = read_terms(document, place=place_of(page.contract.seller))
        except DomainError as fault:
            faults, seen = pointed(fault), services.latest_number(page.contract)
    context |= {
        "title": _("Terms as a document"),
        "seen": seen,
        "form": form,
        "signed": signed,
        "faults": faults,
        "sentence": plainly(found) if found else "",
        "warnings": said_of(found, page) if found else [],
    }
    return TemplateResponse(request, "contracts/document.html", context)


def written(page: Page, start: Sheet | None) -> str:
    """What the editor begins with: the sheet that was filled in, the last version, or an example."""
    found = latest(page)
    content = write_sheet(start) if start else found.content if found else write_sheet(build(Mode.ZERO_UPFRONT))
    return json.dumps(content, ensure_ascii=False, indent=2)


def read(words: str) -> dict[str, Any]:
    """The document of a text. Raises Invalid with line and column where it is no JSON."""
    try:
        document = json.loads(words)
    except json.JSONDecodeError as fault:
        place = _("line %(line)d, column %(column)d") % {"line": fault.lineno, "column": fault.colno}
        said = _("This is no JSON: look for a missing comma, quote or bracket.")
        raise Invalid(fields={place: [said]}) from fault
    except RecursionError as fault:
        raise Invalid(fields={"/": [_("This is nested too deeply.")]}) from fault
    if not isinstance(document, dict):
        raise Invalid(fields={"/": [_("Begin with an object in braces { }.")]})
    return document


def pointed(fault: DomainError) -> list[tuple[str, str]]:
    """Each fault with its place in the document."""
    found = [(place, each) for place, sentences in fault.fields.items() for each in sentences]
    return found or [("", str(fault))]


# Propose


def seen_version(request: HttpRequest, page: Page) -> int:
    """The number of the version that the author had before the eyes when the page was opened."""
    given = request.POST.get("seen", "")
    return int(given) if given.isdigit() else services.latest_number(page.contract)


def proposed(request: HttpRequest, page: Page, document: dict[str, Any], signed: SignedForm, seen: int) -> HttpResponse:
    note, side = signed.cleaned_data["note"], signed.chosen_side
    row = services.propose(page.contract, document, side=side, note=note, latest=seen, by=request.user)
    said = _("Version %(number)d is proposed. The other side reads and answers it.")
    messages.success(request, said % {"number": row.number})
    return HttpResponseRedirect(page_url(page.contract))
