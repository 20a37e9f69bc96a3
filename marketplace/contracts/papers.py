"""What the contract text says: the values of the template's variables, from the contract and its agreed terms.

Every value is a text as it shall stand in the document, in its language; see `documents.variables`.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace import law
from marketplace.core.money import to_fen
from marketplace.documents.rules.capitals import in_capitals
from marketplace.law import codes
from marketplace.listings.models import Right
from marketplace.parties.models import Organisation

from .models import Contract, Guarantee
from .reading import legal_late_rate
from .rules.origins import payments
from .rules.sheet import Equity, Fixed, Royalty, Sheet
from .wording import BASES, PERIODS, TRIGGERS, sentence, term_name, yuan

ZH = "zh-hans"
COPIES = "4"


def values_of(contract: Contract, sheet: Sheet, language: str) -> dict[str, Any]:
    """Values for the template of a licence contract in "zh" or "en". What a lawyer must write stays open."""
    with override("en" if language == "en" else ZH):
        return {
            **_parties(contract),
            **_licence(contract, sheet),
            **_money(sheet),
            **_royalty(sheet),
            **_trial(sheet),
            **_guarantee(contract),
            **_rest(contract, sheet, language),
            "rights": [_right(row) for row in contract.achievement.rights.all()] if contract.achievement else [],
            "terms": [_term(term) for _place, term in payments(sheet)],
        }


def _parties(contract: Contract) -> dict[str, str]:
    return {
        "contract_number": contract.public_id.upper(),
        "project_name": contract.title,
        "licensor_name": _name(contract.seller),
        "licensor_code": contract.seller.credit_code,
        "licensee_name": _name(contract.buyer),
        "licensee_code": contract.buyer.credit_code,
    }


def _name(organisation: Organisation) -> str:
    return str(organisation)


def _licence(contract: Contract, sheet: Sheet) -> dict[str, str]:
    months = {"months": sheet.term_months}
    return {
        "subject": contract.title,
        "licence_kind": codes.label("license_type", contract.licence_kind) if contract.licence_kind else "",
        "territory": ", ".join(place_name(code) for code in contract.territory),
        "field_of_use": "; ".join([*(use_name(code) for code in contract.fields_of_use), contract.use_note]).rstrip(
            "; "
        ),
        "licensed_from": _("the day of the second signature"),
        "licensed_until": sheet.ends_on.isoformat() if sheet.ends_on else _("%(months)d months later") % months,
        "sublicence": contract.get_sublicence_display(),
        "audit_notice_days": str(contract.audit_notice_days),
    }


def place_name(code: str) -> str:
    """A region as contracts name it; what is smaller than a province goes by its code."""
    if code == "CN":
        return _("all of China")
    if code == "WORLD":
        return _("the whole world")
    return codes.label("province", code) if code in codes.values("province") else code


def use_name(code: str) -> str:
    return _("every field of use") if code == "*" else codes.label("technical_field", code)


def _money(sheet: Sheet) -> dict[str, str]:
    total = sum((term.amount for _place, term in payments(sheet) if isinstance(term, Fixed)), Decimal(0))
    if not total:
        return {}
    return {"total_amount": yuan(total), "total_capitals": in_capitals(total)}


def _term(term: Fixed | Equity) -> dict[str, str]:
    amount = term.amount if isinstance(term, Fixed) else to_fen(term.valuation * term.percent)
    return {
        "what": term_name(term),
        "trigger": str(TRIGGERS[term.trigger.kind]) if term.trigger else "",
        "amount": yuan(amount),
        "capitals": in_capitals(amount),
        "due": _("within %(days)d days") % {"days": term.pay_days},
    }


def _royalty(sheet: Sheet) -> dict[str, str]:
    """The first royalty; the plain sentence among the other terms says them all."""
    royalty = next((term for term in sheet.terms if isinstance(term, Royalty)), None)
    if royalty is None:
        return {}
    rates = " / ".join(f"{_percent(tier.rate)} %" for tier in royalty.tiers)
    return {
        "royalty_rate": rates if royalty.base != "UNITS" else " / ".join(yuan(tier.rate) for tier in royalty.tiers),
        "royalty_base": str(BASES[royalty.base]),
        "royalty_period": str(PERIODS[royalty.period]),
        "royalty_floor": yuan(royalty.minimum_yearly) if royalty.minimum_yearly else "",
        "royalty_cap": yuan(royalty.lifetime_cap) if royalty.lifetime_cap else "",
        "report_days": str(royalty.report_days),
        "payment_days": str(royalty.pay_days),
    }


def _trial(sheet: Sheet) -> dict[str, str]:
    if sheet.trial is None:
        return {}
    ends = {"KEEP": _("the licence is kept"), "STOP": _("the licence ends")}
    return {
        "trial_from": _("the day of delivery"),
        "trial_until": _("%(months)d months later") % {"months": sheet.trial.months},
        "trial_scope": _("as the licence itself"),
        "trial_acceptance": _("the licensee decides by itself whether the technology suits it"),
        "trial_end_rule": ends[sheet.trial.at_end] if sheet.trial.at_end else "",
    }


def _guarantee(contract: Contract) -> dict[str, str]:
    """One guarantor fills the template's own clauses; a deposit, or several, are said one after the other."""
    rows = list(contract.guarantees.filter(state__in=[Guarantee.State.PROPOSED, Guarantee.State.ISSUED]))
    if len(rows) == 1 and rows[0].guarantor is not None:
        only = rows[0]
        return {
            "guarantor_name": _name(rows[0].guarantor),
            "guarantee_kind": f"{only.get_kind_display()}, {only.get_liability_display()}",
            "guarantee_limit": yuan(only.cover_amount),
            "guarantee_limit_capitals": in_capitals(only.cover_amount),
            "guarantee_period": _period(only),
        }
    return {"guarantee_clause": "; ".join(_cover(row) for row in rows)}


def _cover(row: Guarantee) -> str:
    parts = [_name(row.guarantor) if row.guarantor else "", str(row.get_kind_display()), yuan(row.cover_amount)]
    return ", ".join(part for part in (*parts, str(row.get_liability_display()), _period(row)) if part)


def _period(row: Guarantee) -> str:
    if row.period_months is None:
        return _("as the law says, counted from each due day")
    return _("%(months)d months from each due day") % {"months": row.period_months}


def _rest(contract: Contract, sheet: Sheet, language: str) -> dict[str, str]:
    day = contract.law_on or timezone.localdate(contract.created_at)
    return {
        "cure_days": str(law.on(day, contract.law_place).days("default.cure_days_after_demand")),
        "dispute_clause": _("the people's court at the seat of the licensor decides"),
        "copies": COPIES,
        "late_interest": _late_interest(contract, sheet, day),
        "other_terms": "\n".join(_other_terms(sheet, language)),
        "document_hash": contract.sheet.fingerprint if contract.sheet else "",
    }


def _late_interest(contract: Contract, sheet: Sheet, day: date) -> str:
    """The rate that will really be counted: as agreed, else that of the law on the day of each breach."""
    if sheet.late_interest:
        return _("%(rate)s %% a year, by the day") % {"rate": _percent(sheet.late_interest.yearly_rate)}
    facts = {"day": day.isoformat(), "rate": _percent(legal_late_rate(day, contract.law_place))}
    return _("by the day, at the legal rate of the day after the due day; on %(day)s it was %(rate)s %% a year") % facts


def _other_terms(sheet: Sheet, language: str) -> Iterator[str]:
    """The price in one sentence, and which paper holds where the two say different things."""
    yield sentence(sheet, language)
    if sheet.sell_off_months:
        yield _("Stock may be sold off for %(months)d months after the end.") % {"months": sheet.sell_off_months}
    yield _("Where this text and the annexed term sheet differ, the term sheet holds.")


def _percent(ratio: Decimal) -> str:
    text = f"{ratio * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _right(right: Right) -> dict[str, str]:
    return {
        "kind": right.get_kind_display(),
        "title": str(right),
        "number": right.number,
        "holder": _name(right.owner),
        "filed_on": right.filed_on.isoformat() if right.filed_on else "",
        "expires_on": "",
        "state": "",
    }
