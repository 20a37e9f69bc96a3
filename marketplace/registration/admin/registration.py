"""Registrations in the workspace: the form while the seller has it, the same to read for the office and the buyer."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace import law
from marketplace.contracts.admin.nouns import OfContractAdmin
from marketplace.contracts.models import Contract
from marketplace.core.showing import by_when, fen
from marketplace.core.workspace import ChoicesDropdownFilter, TabularInline, display, page_url
from marketplace.law.admin import name_of

from .. import services
from ..models import DeductedCost, Registration
from ..services.drafting import CODED, OPEN_TO_EDIT
from .forms import CostForm, RegistrationForm, field_for
from .panels import to_do

State = Registration.State
LABELS = {each.name: each.verbose_name for each in Registration._meta.concrete_fields}
CONTRACT = (
    "name", ("type", "subtype"), ("starts_on", "ends_on"), ("ip_type", "field"), ("objective", "industry"),
    "plan_category",
)  # fmt: skip
AMOUNTS = (
    ("total_amount", "is_open_priced"),
    ("payment_method", "payment_note"),
    ("expected_investment", "expected_output"),
)
OTHERS = (("seller_nature", "buyer_nature"), ("contact", "phone"), "leader")
WRITING = (
    (None, {"fields": ("contract_shown", "office")}),
    (_("The contract"), {"fields": CONTRACT}),
    (_("Price"), {"fields": AMOUNTS}),
    (_("Parties and contact"), {"fields": OTHERS}),
)


def shown(names: Any) -> Any:
    """The same layout to read: a code by its name, an amount aligned."""
    if isinstance(names, tuple):
        return tuple(shown(name) for name in names)
    if names in CODED:
        return f"{names}_shown"
    return f"number_{names}" if names in NUMBERS else names


NUMBERS = ("total_amount", "deducted_amount", "technical_amount", "expected_investment", "expected_output")
SUMS = ("number_total_amount", "number_technical_amount")
READING: Any = (
    (None, {"fields": (("contract_shown", "office_shown"), ("number", "registered_on"), ("filed_on", "clock"))}),
    (_("The contract"), {"fields": (*shown(CONTRACT), "signed_on", "type_reason")}),
    (_("Price"), {"fields": (SUMS, *shown(AMOUNTS[1:]), "is_open_priced")}),
    (_("Parties and contact"), {"fields": (("seller_shown", "buyer_shown"), *shown(OTHERS))}),
    (_("Decision"), {"fields": (("decided_on", "decision"), "review_reason", "objection", "rule_shown")}),
)  # fmt: skip


def coded(name: str) -> Callable[[Any, Registration], str]:
    @display(description=LABELS[name])
    def named(self: Any, row: Registration) -> str:
        code = getattr(row, name)
        return name_of(CODED[name], code) if code else "–"

    return named


def number(name: str, label: Any) -> Callable[[Any, Registration], str]:
    @display(description=label)
    def figure(self: Any, row: Registration) -> str:
        value = getattr(row, name)
        return "–" if value is None else fen(value)

    return figure


class CostInline(TabularInline):
    model = DeductedCost
    form = CostForm
    extra = 1
    hide_title = True
    verbose_name_plural = _("What is not paid for technology, in yuan")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and may_edit(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    has_delete_permission = has_change_permission


def may_edit(request: HttpRequest, row: Registration) -> bool:
    """What was being typed while it was handed in is not lost: the service answers such a save."""
    is_open = request.method == "POST" or row.state in OPEN_TO_EDIT
    return request.user.has_perm("registration.edit", row) and is_open


@admin.register(Registration)
class RegistrationAdmin(OfContractAdmin):
    form = RegistrationForm
    inlines = (CostInline,)
    list_display = ("name", "parties", "number_technical_amount", "clock", "number", "state_label")
    list_display_links = ("name",)
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("contract__seller", "contract__buyer", "office")
    search_fields = ("name", "number")
    ordering = ("-id",)
    fieldsets = READING
    told_later = (
        *("contract_shown", "type_reason", "decision", "decided_on", "review_reason", "objection", "rule_shown"),
        *("number", "registered_on", "filed_on", "payment_note", "leader"),
        *("number_expected_investment", "number_expected_output"),
    )
    empty_sentence = _("No registration yet. Begin one on the page of a signed contract.")

    locals().update({f"{name}_shown": coded(name) for name in CODED})
    number_total_amount = number("total_amount", _("contract amount (yuan)"))
    number_technical_amount = number("technical_amount", _("technical amount (yuan)"))
    number_expected_investment = number("expected_investment", _("expected new investment (yuan)"))
    number_expected_output = number("expected_output", _("expected new output value (yuan)"))

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is deducted stands in the panel; the table is for filling in."""
        return self.inlines if obj is not None and may_edit(request, obj) else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            return WRITING
        return super().get_fieldsets(request, obj)

    def is_silent(self, row: Registration, name: str) -> bool:
        if name == "contract_shown":
            return not row.__dict__["_opens_contract"]
        if name.startswith("number_"):  # zero says something
            return getattr(row, name.removeprefix("number_")) is None
        return super().is_silent(row, name)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and self.has_change_permission(request, obj):
            return ("contract_shown", *(("office",) if obj.state != State.DRAFT else ()))
        return tuple(flatten_fieldsets(READING))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and may_edit(request, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return field_for(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def keep(self, request: HttpRequest, form: Any, formsets: Any, version: int | None) -> Registration:
        kept = services.edit(form.instance, version=version, by=request.user, **form.values())
        if any(formset.has_changed() for formset in formsets):
            kept = services.put_costs(kept, costs_of(formsets[0]), by=request.user)
        return kept

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(page_url(obj))

    def notices(self, request: HttpRequest, row: Registration) -> list[tuple[str, Any]]:
        said: list[tuple[str, Any]] = []
        if row.state == State.SUPPLEMENT and row.supply_by:
            words = {"day": row.supply_by.isoformat(), "what": row.missing}
            said.append(("warning", _("To be supplied by %(day)s: %(what)s") % words))
        if row.state == State.REFUSED:
            said.append(("error", _("Refused: %(why)s") % {"why": row.decision}))
        if row.state in (State.CANCELLED, State.REVOKED):
            said.append(("error", _("No longer in force: %(why)s") % {"why": row.end_reason}))
            if row.had_relief:
                said.append(("warning", _("Taxes were saved by it: their authority is to be told.")))
        return said + (to_do(row) if may_edit(request, row) else [])

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        contracts = Contract.objects.visible_to(request.user)
        found.__dict__["_opens_contract"] = contracts.filter(pk=found.contract_id).exists()
        return found

    @display(description=_("contract"))
    def contract_shown(self, row: Registration) -> Any:
        """The office reads the form and the text, not how the contract came about."""
        return self.contract_page(row) if row.__dict__["_opens_contract"] else "–"

    @display(description=_("parties"))
    def parties(self, row: Registration) -> str:
        return f"{row.contract.seller} → {row.contract.buyer}"

    @display(description=_("seller"))
    def seller_shown(self, row: Registration) -> str:
        return f"{row.contract.seller} · {name_of('province', row.seller_region)}"

    @display(description=_("buyer"))
    def buyer_shown(self, row: Registration) -> str:
        return f"{row.contract.buyer} · {name_of('province', row.buyer_region)}"

    @display(description=_("registration office"))
    def office_shown(self, row: Registration) -> str:
        return str(row.office or row.office_name or "–")

    @display(description=_("rule applied"))
    def rule_shown(self, row: Registration) -> str:
        found = law.cited(row.rule)
        if found is None:
            return row.rule
        return found.citation + ("" if found.is_verified else str(_(" (please check)")))

    @display(description=_("to be decided by"), ordering="decide_by")
    def clock(self, row: Registration) -> str:
        if row.state not in Registration.WITH_OFFICE or row.decide_by is None:
            return "–"
        return by_when(row.decide_by, timezone.localdate())


def costs_of(formset: BaseInlineFormSet) -> list[dict[str, Any]]:
    """The costs as they stand in the table, without those taken out."""
    filled = (form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE"))
    return [{name: data[name] for name in ("kind", "what", "amount")} for data in filled]
