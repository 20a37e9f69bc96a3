"""Portfolios: a manager's closed cases as a Word file with a number, for those who award a professional title."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Case, Q, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.contracts.models import Contract
from marketplace.core.acts import create
from marketplace.core.errors import Invalid
from marketplace.core.models import new_public_id
from marketplace.core.showing import money
from marketplace.documents import services as documents
from marketplace.documents.models import Kind
from marketplace.law import codes
from marketplace.parties.models import TechnologyManager

from ..models import Consent, Portfolio, RegisterLine
from ..models.consent import agreed
from ..rules import range_of
from ..track import own_track

MOST_CASES = 40
LONGEST_NUMBER = 64
LANGUAGE = {"zh": "zh-hans", "en": "en"}


def cases_of(manager: TechnologyManager) -> Any:
    """Signed contracts that this manager brought about, the newest first, each with whether it may be named."""
    may_name = Case(When(agreed(Consent.Scope.NAME), then=Value(True)), default=Value(False))
    rows = Contract.objects.filter(manager_id=manager.user_id, signed_on__isnull=False)
    received = Sum("payments__amount", filter=Q(payments__state="booked"))
    related = rows.select_related("seller", "buyer", "achievement")
    return related.annotate(may_name=may_name, received=received).order_by("-signed_on", "-pk")


@transaction.atomic
def make_portfolio(manager: TechnologyManager, contracts: Sequence[str], *, language: str = "zh", by: Any) -> Portfolio:
    """Make the Word file of the cases with these public ids, in the order of their signature.

    A case is named only if both sides agreed to it; else its parties, title and sum are replaced by kind, region, field
    and range. Raises Invalid for a case that is not the manager's, or none at all.
    """
    chosen = [each for each in cases_of(manager) if each.public_id in set(contracts)]
    if not chosen or len(chosen) != len(set(contracts)) or len(chosen) > MOST_CASES:
        raise Invalid(fields={"contracts": [str(_("Choose between 1 and 40 of your own signed contracts."))]})
    if language not in LANGUAGE:
        raise Invalid(fields={"language": [str(_("Choose from the list."))]})
    number = f"JSAL-{new_public_id()[:12].upper()}"
    with override(LANGUAGE[language]):
        values = values_of(manager, chosen, number, language)
        title = " ".join([_("Case portfolio"), manager.user.name or manager.register_number, number])
    document = documents.make_document(
        Kind.CASE_PORTFOLIO, language, values, title=title, readers=(), people=(manager.user,), by=by
    )
    portfolio = Portfolio(
        manager=manager, number=number, document=document, made_on=timezone.localdate(), cases=len(chosen)
    )
    return create(portfolio, "register.make_portfolio", by=by)


def find_portfolio(number: str) -> Portfolio | None:
    """The portfolio of a number as printed, for whoever verifies it; None when none was made here."""
    wanted = number.strip().upper()
    if not (0 < len(wanted) <= LONGEST_NUMBER and wanted.isascii() and wanted.isprintable()):
        return None
    return Portfolio.objects.select_related("manager__user", "document").filter(number=wanted).first()


def values_of(manager: TechnologyManager, chosen: Sequence[Any], number: str, language: str) -> dict[str, Any]:
    """What the template names, in the language of the moment."""
    track = own_track(manager)
    return {
        "portfolio_number": number,
        "manager_name": manager.user.name or manager.register_number or str(_("Name not public")),
        "register_number": manager.register_number or "–",
        "level": manager.get_level_display(),
        "fields": _(", ").join(codes.label("technical_field", each) for each in manager.fields),
        "languages": _(", ").join(manager.languages),
        "made_on": timezone.localdate().isoformat(),
        "valid_until": manager.valid_until.isoformat() if manager.valid_until else "",
        "introductions": str(track.introductions),
        "deals": str(track.deals),
        "contracts": str(track.contracts),
        "history": [
            {"day": each.on.isoformat(), "what": each.get_kind_display(), "level": each.get_level_display()}
            for each in RegisterLine.objects.of(manager)
        ],
        "cases": [case(place, each) for place, each in enumerate(chosen, 1)],
    }


def case(place: int, contract: Any) -> dict[str, str]:
    """One row; what nobody agreed to is said by its kind alone."""
    field = codes.label("technical_field", contract.achievement.field) if contract.achievement else "–"
    received = contract.received or Decimal(0)
    if contract.may_name:
        named = {"title": contract.title, "supplier": str(contract.seller), "seeker": str(contract.buyer)}
        money_shown = money(received)
    else:
        named = {
            "title": str(_("(not named: no consent)")),
            "supplier": kind_of(contract.seller),
            "seeker": kind_of(contract.buyer),
        }
        money_shown = ranged(received)
    return {
        "place": str(place),
        "day": contract.signed_on.isoformat(),
        "field": field,
        "kind": codes.label("contract_type", contract.type),
        "received": money_shown,
        **named,
    }


def kind_of(organisation: Any) -> str:
    """What a side is, without its name."""
    region = codes.label("province", organisation.region) if organisation.region else ""
    return f"{organisation.get_kind_display()} ({region})" if region else organisation.get_kind_display()


def ranged(received: Decimal) -> str:
    """A sum without its figure."""
    low, high = range_of(received)
    return (
        str(_("from %(low)s to under %(high)s") % {"low": money(low), "high": money(high)})
        if high
        else str(_("%(low)s or more") % {"low": money(low)})
    )
