"""Variables: what a template of each kind may name. docs/templates.md explains each to those who edit templates.

Every value is a text as it shall stand in the document, amounts and days already written out; a table is a list of
rows with these columns. The templates in all languages use the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .models import Kind


@dataclass(frozen=True, slots=True)
class Variables:
    """`required` must hold text; `optional` may be empty; `tables` maps a table to its columns."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def known(self) -> dict[str, tuple[str, ...]]:
        """Every name, with the columns of its table; none for a text."""
        return {**dict.fromkeys((*self.required, *self.optional), ()), **self.tables}

    def empty(self) -> dict[str, Any]:
        """A value for each, with nothing in it."""
        return {**dict.fromkeys((*self.required, *self.optional), ""), **{name: [] for name in self.tables}}


def party(side: str) -> tuple[str, ...]:
    return tuple(f"{side}_{what}" for what in ("code", "address", "representative", "contact"))


RIGHTS = {"rights": ("kind", "title", "number", "holder", "filed_on", "expires_on", "state")}
TERMS = {"terms": ("what", "trigger", "amount", "capitals", "due")}
# What is licensed and how it is paid: the same names in the term sheet and in the contract.
LICENCE = ("licence_kind", "territory", "field_of_use", "licensed_from", "licensed_until", "sublicence")
TRIAL = ("trial_from", "trial_until", "trial_scope", "trial_acceptance", "trial_end_rule")
ROYALTY = ("royalty_rate", "royalty_base", "royalty_period", "royalty_floor", "royalty_cap")
GUARANTEE = ("guarantor_name", "guarantee_kind", "guarantee_limit", "guarantee_limit_capitals", "guarantee_period")

VARIABLES: Mapping[str, Variables] = {
    Kind.CONTRACT_LICENCE: Variables(
        required=(
            *("contract_number", "project_name", "licensor_name", "licensee_name", "subject", *LICENCE),
            *("cure_days", "dispute_clause", "copies"),
        ),
        optional=(
            *("signed_place", "signed_on", *party("licensor"), *party("licensee"), *TRIAL, *ROYALTY),
            *("total_amount", "total_capitals", "report_days", "payment_days", "audit_notice_days", "audit_years"),
            *("audit_threshold", "late_interest", *GUARANTEE, "guarantee_clause", "confidential_years"),
            *("improvements", "delivery", "support", "annuities", "diligence", "other_terms"),
            *("licensor_bank", "licensor_account", "intermediary_name", "document_hash"),
        ),
        tables={**RIGHTS, **TERMS},
    ),
    Kind.TERM_SHEET: Variables(
        required=("sheet_number", "project_name", "supplier_name", "seeker_name", "sheet_day", *LICENCE),
        optional=(
            *(
                "manager_name",
                "agency_name",
                "round",
                "valid_until",
                *TRIAL,
                *ROYALTY,
                "total_amount",
                "total_capitals",
            ),
            *(*GUARANTEE, "improvements", "exclusive_until", "notes"),
        ),
        tables={**RIGHTS, **TERMS},
    ),
    Kind.NOTICE: Variables(
        required=(
            *("notice_number", "owner_name", "achievement_title", "method", "price_text", "opened_on", "closes_on"),
            *("days", "law_citation", "contact_name", "contact_phone"),
        ),
        optional=(
            *("achievement_summary", "completers", "counterparty_name", "estimated_total", "estimated_capitals"),
            *("price_basis", "decision", "related_party", "contact_email", "contact_address", "publish_place"),
            "objection_rule",
        ),
        tables=RIGHTS,
    ),
    Kind.DILIGENCE_DOSSIER: Variables(
        required=("dossier_number", "owner_name", "achievement_title", "method", "counterparty_name", "compiled_on"),
        optional=(
            *("completers", "pricing_route", "price_text", "price_basis", "appraisal", "decision_body", "decision_on"),
            *("decision_text", "notice_number", "notice_period", "notice_result", "related_party", "related_measures"),
            *("contract_number", "contract_signed_on", "guarantee", "supervision", "law_citations", "statement"),
        ),
        tables={
            **RIGHTS,
            "steps": ("day", "what", "who", "proof"),
            "objections": ("day", "who", "content", "answer"),
            "attachments": ("title", "day", "sha256"),
        },
    ),
    Kind.MINUTES: Variables(
        required=("minutes_number", "owner_name", "meeting_day", "place", "chair", "subject", "decision"),
        optional=("recorder", "absent", "discussion", "vote", "recused", "law_citations"),
        tables={"attendees": ("name", "office")},
    ),
    Kind.NDA: Variables(
        required=(
            *("nda_number", "achievement_title", "demand_title", "supplier_name", "seeker_name"),
            *("drawn_up_on", "ends_on", "secrecy_years"),
        ),
        optional=("supplier_code", "seeker_code", "manager_name", "purpose"),
    ),
    Kind.REGISTRATION_FORM: Variables(
        required=("form_number", "project_name", "contract_type", "signed_on", "in_force", "made_on"),
        optional=(
            *("registration_number", "office_name", "seller_name", "seller_code", "seller_region", "seller_nature"),
            *("buyer_name", "buyer_code", "buyer_region", "buyer_nature", "ip_type", "field", "objective", "industry"),
            *("plan_category", "payment_method", "payment_note", "total_amount", "total_capitals", "deducted_amount"),
            *("technical_amount", "technical_capitals", "expected_investment", "expected_output"),
            *("contact", "phone", "leader", "text_hash"),
        ),
        tables={**RIGHTS, "costs": ("kind", "what", "amount")},
    ),
    Kind.CASE_PORTFOLIO: Variables(
        required=("portfolio_number", "manager_name", "register_number", "level", "made_on"),
        optional=("fields", "languages", "valid_until", "introductions", "deals", "contracts"),
        tables={
            "history": ("day", "what", "level"),
            "cases": ("place", "day", "title", "supplier", "seeker", "field", "kind", "received"),
        },
    ),
}
