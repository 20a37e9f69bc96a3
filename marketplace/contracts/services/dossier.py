"""The diligence dossier (尽职免责材料): the evidence of a careful decision, compiled into one Word file.

Whoever decided, recused themselves and showed the price as the law asks is not blamed for what the market does later
(Law on Promoting Transformation, art. 18, 19; provisions of the State Council [2016] 16, art. 10). The file is the
owner's own: the other side reads neither its valuations nor its votes.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.core.access import require
from marketplace.core.acts import record
from marketplace.core.errors import Conflict
from marketplace.core.models import Entry
from marketplace.documents import services as documents
from marketplace.documents.models import Document, Kind
from marketplace.law import codes
from marketplace.notices.models import Notice, Objection
from marketplace.notices.wording import provisions

from ..models import Clearance, Contract, Decision
from ..papers import ZH, values_of
from ..readiness import needs_notice
from ..reading import sheet_of
from ..rules.events import Kind as EventKind
from ..wording import EVENTS, sentence
from ..wording.acts import ACTS
from .clearing import usual_content

MOST_STEPS = 200  # as many rows as a document takes
Row = dict[str, str]


@transaction.atomic
def make_dossier(contract: Contract, *, language: str = "zh", by: Any) -> Document:
    """Compile what there is on the day; a later one says more. Raises Conflict while no terms are agreed."""
    require("contracts.make_dossier", by, contract)
    if contract.sheet is None:
        raise Conflict(_("The terms are not agreed. Both sides accept the same version first."), code="E_NOT_AGREED")
    made = documents.make_document(
        Kind.DILIGENCE_DOSSIER, language, dossier_values(contract, language), title=titled(contract, language),
        readers=[contract.seller], tier=Document.Tier.CONFIDENTIAL, by=by,
    )  # fmt: skip
    record("contracts.make_dossier", contract, by=by)
    return made


def titled(contract: Contract, language: str) -> str:
    with override("en" if language == "en" else ZH):
        return _("%(title)s · diligence dossier") % {"title": contract.title[:160]}


def dossier_values(contract: Contract, language: str) -> dict[str, Any]:
    """The values of the template's variables, each a text in its language; docs/templates.md says where from."""
    with override("en" if language == "en" else ZH):
        return {
            **of_the_subject(contract, language),
            **of_the_price(contract, language),
            **of_the_decision(contract),
            **of_the_notice(contract),
            **of_the_relations(contract),
            **of_the_contract(contract),
            "steps": sorted_rows([*acts(contract), *happenings(contract)])[:MOST_STEPS],
            "objections": objections(contract),
            "attachments": attachments(contract),
        }


# What was licensed, and for how much


def of_the_subject(contract: Contract, language: str) -> dict[str, Any]:
    return {
        "dossier_number": f"{contract.public_id.upper()}-{timezone.localdate():%Y%m%d}",
        "owner_name": str(contract.seller),
        "achievement_title": contract.achievement.title if contract.achievement else contract.title,
        "method": codes.label("conversion_method", usual_content(contract)["method"]),
        "counterparty_name": str(contract.buyer),
        "compiled_on": timezone.localdate().isoformat(),
        "rights": values_of(contract, sheet_of(contract), language)["rights"],
    }


def of_the_price(contract: Contract, language: str) -> dict[str, str]:
    found = [valued(row) for row in contract.valuations.order_by("valued_on", "id")]
    return {
        "pricing_route": codes.label("pricing_route", contract.pricing_route),
        "price_text": sentence(sheet_of(contract), language),
        "price_basis": "\n".join(found),
        "appraisal": "\n".join(found) or _("none recorded"),
    }


def valued(row: Any) -> str:
    return _("%(day)s: %(who)s, %(method)s, from %(low)s to %(high)s yuan") % {
        "day": row.valued_on.isoformat(), "who": row.appraiser, "method": row.method,
        "low": f"{row.low:,.2f}", "high": f"{row.high:,.2f}",
    }  # fmt: skip


# Who decided, and what was shown


def of_the_decision(contract: Contract) -> dict[str, str]:
    """The latest decision; earlier ones, on other terms, stand among the steps."""
    row = contract.decisions.order_by("-held_on", "-id").first()
    if row is None:
        return {"decision_text": _("none recorded")}
    return {"decision_body": row.meeting, "decision_on": row.held_on.isoformat(), "decision_text": voted(row)}


def voted(row: Decision) -> str:
    words = {
        "resolution": row.resolution, "present": _(", ").join(row.attendees),
        "for": row.votes_for, "against": row.votes_against, "abstained": row.abstentions,
    }  # fmt: skip
    said = _("%(resolution)s Present: %(present)s. Votes: %(for)d for, %(against)d against, %(abstained)d abstained.")
    return said % words


def of_the_notice(contract: Contract) -> dict[str, str]:
    notice = contract.notice
    if notice is None:
        is_due = contract.sheet is not None and needs_notice(contract)
        return {"notice_result": _("not opened yet") if is_due else _("no notice is due")}
    return {
        "notice_number": notice.public_id.upper(),
        "notice_period": f"{notice.opened_on} – {notice.ends_on}",
        "notice_result": result_of(notice),
        "law_citations": "\n".join(rule.citation for rule in provisions(notice)),
    }


def result_of(notice: Notice) -> str:
    return str(notice.get_state_display())


def objections(contract: Contract) -> list[Row]:
    """What people said against the notice, and what was answered; who objected is named in the notice's own file."""
    rows = Objection.objects.filter(notice=contract.notice).order_by("filed_at") if contract.notice else ()
    return [{"day": day(row.filed_at), "who": row.name, "content": row.text, "answer": row.answer} for row in rows]


def of_the_relations(contract: Contract) -> dict[str, str]:
    """Conflict declarations, and who stood aside."""
    declared = contract.clearances.filter(kind=Clearance.Kind.CONFLICT).order_by("id")
    lines = [f"{row.party}: {row.get_answer_display()}. {row.note}".strip() for row in declared]
    if contract.is_related_party:
        lines.insert(0, _("The buyer is an inventor or a related party."))
    aside = {name: None for row in contract.decisions.order_by("id") for name in row.recused}
    return {
        "related_party": "\n".join(lines) or _("none declared"),
        "related_measures": _("Stood aside: %(names)s") % {"names": _(", ").join(aside)} if aside else _("nobody"),
    }


# The contract


def of_the_contract(contract: Contract) -> dict[str, str]:
    issued = contract.guarantees.select_related("guarantor").filter(state="issued").order_by("id")
    covers = [f"{row.get_kind_display()}: {row.guarantor or '–'}, {row.cover_amount:,.2f}" for row in issued]
    if contract.guarantee_waiver:
        covers.append(_("No guarantee is asked: %(why)s") % {"why": contract.guarantee_waiver})
    return {
        "contract_number": contract.public_id.upper(),
        "contract_signed_on": contract.signed_on.isoformat() if contract.signed_on else "",
        "guarantee": "\n".join(covers),
        "supervision": watched(contract),
    }


def watched(contract: Contract) -> str:
    """How the performance is watched: reports, milestones and audits as far as they have come."""
    counts = {
        "milestones": contract.milestones.count(),
        "reports": contract.sales_reports.count(),
        "audits": contract.audits.count(),
    }
    said = _("%(milestones)d milestones, %(reports)d sales reports and %(audits)d audits are recorded.")
    return said % counts if any(counts.values()) else ""


# What was done, by whom


def acts(contract: Contract) -> Iterator[Row]:
    """The journal of the contract and of the rows of its evidence, one line an act."""
    subjects = {contract._meta.label_lower: [contract.pk]}
    for rows in (contract.sheets, contract.decisions, contract.valuations, contract.clearances, contract.guarantees):
        subjects[rows.model._meta.label_lower] = list(rows.values_list("pk", flat=True))
    for label, ids in subjects.items():
        entries = Entry.objects.filter(subject_type=label, subject_id__in=ids, verb__startswith="contracts.")
        for entry in entries.select_related("actor").order_by("id"):
            who = str(entry.actor) if entry.actor_id else _("by itself")
            yield step(entry.at, ACTS.get(entry.verb, entry.verb), who, entry.reason)


def happenings(contract: Contract) -> Iterator[Row]:
    """The clearances with their answers, and the facts of the licence."""
    for row in contract.clearances.exclude(answered_on=None):
        said = f"{row.get_kind_display()} · {row.get_answer_display()}"
        yield step(row.answered_on, said, row.party, row.note)
    for fact in contract.facts.standing().select_related("recorded_by"):
        who = str(fact.recorded_by) if fact.recorded_by_id else _("by itself")
        yield step(fact.on, EVENTS[EventKind(fact.kind)], who, fact.content.get("reference", ""))


def step(on: Any, what: Any, who: str, proof: str) -> Row:
    return {"day": day(on), "what": str(what), "who": who, "proof": proof}


def day(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        return timezone.localdate(moment).isoformat()
    return moment.isoformat() if moment else ""


def sorted_rows(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["day"])


def attachments(contract: Contract) -> list[Row]:
    """The papers by name and hash: text, minutes, valuation reports, clearances, guarantees."""
    papers = [contract.document]
    papers += [row.minutes for row in contract.decisions.select_related("minutes")]
    papers += [row.report for row in contract.valuations.select_related("report")]
    papers += [row.document for row in contract.clearances.select_related("document")]
    papers += [row.document for row in contract.guarantees.select_related("document")]
    found = {paper.pk: paper for paper in papers if paper is not None}
    return [{"title": each.title, "day": day(each.created_at), "sha256": each.sha256} for each in found.values()]
