"""Which fields are confidential, and who may read them: written by hand, from the house's documents, not from the code.

A path leads from a row to those who may read it: to a person, or to an organisation, that is, all its members; with
`!` at its end only those who decide for the organisation, with `~` the person only while they have not left theirs.
`keepers` are those who keep the registers, who read what was handed in for them as `evidence`; `agreement` leads to
whom a non-disclosure agreement in force lets read the side that the row belongs to, `introduction` to the agencies
under whose mandates a deal was introduced. Platform staff read everything but what is `PERSONAL`.

A new model, or a new text or amount of an old one, must be entered here: test_registry tells which is missing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Secrets:
    """Texts get a canary each; what is `as_it_is` (amounts, numbers of papers) is recognised by itself."""

    texts: str = ""
    as_it_is: str = ""
    readers: tuple[str, ...] = ()
    is_personal: bool = False

    @property
    def fields(self) -> set[str]:
        return {*self.texts.split(), *self.as_it_is.split()}


def of_contract(
    texts: str = "", as_it_is: str = "", *, more: tuple[str, ...] = (), before: str = "contract."
) -> Secrets:
    """Both sides, the technology manager, and third parties that stand on the contract."""
    sides = ("seller", "buyer", "manager", "third_parties.organisation")
    return Secrets(texts, as_it_is, (*(before + each for each in sides), *more))


def of_sides(texts: str = "", as_it_is: str = "", *, more: tuple[str, ...] = (), before: str = "contract.") -> Secrets:
    """Money: both sides and the technology manager, not the third parties."""
    return Secrets(texts, as_it_is, (*(before + each for each in ("seller", "buyer", "manager")), *more))


def both(names: str) -> str:
    return " ".join(f"{name}_{language}" for name in names.split() for language in ("zh", "en"))


OWNERS_GROUNDS = ("contract.seller", "contract.manager")
OF_DEAL = ("deal.supplier", "deal.seeker", "deal.manager")
OF_ENTRY = ("manager.user", "agency.organisation", "keepers")
OF_CLAIM = ("guarantee.guarantor",)
SHARE = ("payee.user", "distribution.book!")
CONFIDENTIAL: dict[str, tuple[Secrets, ...]] = {
    # Listings: the working copy is its owner's; what of it is public is in the projection
    "listings.Achievement": (
        Secrets(both("summary description advantage economics"), "", ("owner", "agreement")),
        Secrets("return_note", "source_id", ("owner",)),
    ),
    "listings.Demand": (
        Secrets(both("summary description target acceptance"), "budget_low budget_high", ("owner", "agreement")),
        Secrets("return_note", "source_id", ("owner",)),
    ),
    "listings.Offer": (Secrets("note", "price_low price_high royalty_percent", ("achievement.owner", "agreement")),),
    "listings.Right": (Secrets(both("title"), "number", ("owner", "agreement")),),
    # What people think, look for and are told
    "discovery.Judgement": (Secrets("note", "", ("by", "organisation")),),
    "discovery.SavedSearch": (Secrets("name", "criteria", ("user",), is_personal=True),),
    # The deal room
    "brokerage.Lead": (Secrets("pitch why_fit question answer", "", ("sender", "receiver")),),
    "brokerage.Deal": (
        Secrets("note", "", ("supplier", "seeker", "manager", "introduction")),  # what was said, kept there too
        Secrets("taken_up_note", "", ("supplier", "seeker", "manager")),
    ),
    "brokerage.Mandate": (
        Secrets("note end_note", "floor cap tiers agency_share", ("principal", "agency.organisation", "manager")),
    ),
    "brokerage.Introduction": (
        Secrets(
            "note dispute_note",
            "",
            (
                "supplier",
                "seeker",
                "manager",
                "supply_mandate.agency.organisation",
                "demand_mandate.agency.organisation",
            ),
        ),
    ),
    "brokerage.Interest": (Secrets("note", "", ("manager", "agency.organisation", "organisation")),),
    "brokerage.Disclosure": (Secrets("note answer", "", ("party", "manager")),),
    "brokerage.ServiceOrder": (
        Secrets("brief answer report complaint ending", "price", ("customer", "provider.organisation")),
    ),
    "brokerage.Nda": (Secrets("end_note", "", OF_DEAL),),
    "brokerage.DealFile": (Secrets("title", "", (*OF_DEAL, "agreement")),),
    "brokerage.Message": (Secrets("text withdrawn_reason", "", OF_DEAL, is_personal=True),),
    "brokerage.Meeting": (Secrets("title guests", "", OF_DEAL, is_personal=True),),
    "brokerage.MeetingNotes": (
        Secrets("text", "", ("meeting.deal.supplier", "meeting.deal.seeker", "meeting.deal.manager"), is_personal=True),
    ),
    "brokerage.Task": (Secrets("title note ending", "", OF_DEAL, is_personal=True),),
    # The register of technology managers: its lines are public, what was said about them is not
    "register.Application": (Secrets("statement missing decision", "declared", OF_ENTRY),),
    "register.Portfolio": (Secrets("", "number", ("manager.user",)),),
    "register.YearlyFiling": (Secrets("note fault", "contract_sum income", OF_ENTRY),),
    "register.Removal": (Secrets("reason reply decision", "", OF_ENTRY),),
    # Contracts
    "contracts.Contract": (
        of_contract("use_note message end_note guarantee_waiver", "export_licence", before=""),
        of_contract(  # an agency for what it earns, an office for what it registers
            "title", before="", more=("commissions.mandate.agency.organisation", "registrations.office")
        ),
    ),
    "contracts.TermSheet": (of_contract("note", "content"),),
    "contracts.Fact": (of_contract("revoked_reason", "content"),),
    "contracts.Milestone": (of_contract("evidence_note answer", "title_zh title_en evidence_wanted"),),
    "contracts.SalesReport": (
        of_contract(
            "note query",
            "gross gross_margin third_party_royalties sublicence_upfront sublicence_royalty units deductions",
        ),
    ),
    "contracts.Audit": (of_contract("reason note", "reported_amount found_amount"),),
    "contracts.Guarantee": (
        of_contract(
            "conditions note", "number cover_amount cover_share fee used_amount asked_amount", more=("guarantor",)
        ),
    ),
    "contracts.GuarantorStanding": (Secrets("", "net_assets", ("organisation",)),),
    "contracts.Decision": (Secrets("meeting resolution", "attendees recused", OWNERS_GROUNDS),),
    "contracts.Valuation": (Secrets("appraiser method", "low high", OWNERS_GROUNDS),),
    "contracts.Clearance": (of_sides("party note", before="contract."),),
    "documents.Document": (Secrets("title filename", "", ("readers", "people", "ndas.deal.manager", "evidence")),),
    # Public notice: the answer is public, the person and the words are not
    "notices.Objection": (Secrets("name contact organisation text", "", ("notice.owner!", "filed_by")),),
    # Money
    "settlement.Obligation": (of_contract("write_off_reason", "amount interest paid interest_paid steps"),),
    "settlement.Payment": (of_sides("reversal_reason", "amount reference"),),
    "settlement.Allocation": (of_sides("", "principal interest", before="obligation.contract."),),
    "settlement.Invoice": (of_sides("withdrawal_reason", "code number net tax amount"),),
    "settlement.InvoicePart": (of_sides("", "amount", before="invoice.contract."),),
    "settlement.Billing": (of_sides("", "credit"),),
    "settlement.LedgerLine": (Secrets("", "amount", ("journal.book!",)),),
    "settlement.BankStatement": (Secrets("filename", "", ("book!",)),),
    "settlement.BankLine": (Secrets("payer purpose ignored_reason", "amount reference", ("book!",)),),
    "settlement.Claim": (
        of_sides("note question supplied reasons", "amount cover accepted paid reference", more=OF_CLAIM),
    ),
    "settlement.ClaimLine": (of_sides("", "lost amount accepted held left", before="claim.contract.", more=OF_CLAIM),),
    "settlement.Loss": (
        of_sides(
            "",
            "amount claimed compensated borne",
            before="obligation.contract.",
            more=("lines.guarantee.guarantor",),
        ),
    ),
    "settlement.Recourse": (of_sides("reply forgone_reason", "amount paid", more=("creditor",)),),
    "settlement.Recovery": (
        of_sides(
            "reversal_reason",
            "amount costs reference guarantor_part licensor_part guarantor_bore licensor_bore passing_reference",
            before="recourse.contract.",
            more=("recourse.creditor",),
        ),
    ),
    "settlement.RecoveryPart": (
        of_sides("", "amount", before="recovery.recourse.contract.", more=("recovery.recourse.creditor",)),
    ),
    "settlement.CreditNotice": (Secrets("grounds reply answer contest outcome", "", ("issuer", "subject")),),
    "settlement.CommissionLine": (
        Secrets(
            "dispute_note",
            "counted amount agency_amount manager_amount steps invoice reference",
            ("commission.principal", "commission.mandate.agency.organisation", "commission.mandate.manager"),
        ),
    ),
    # Sharing among people
    "settlement.Payee": (
        Secrets("holder bank", "account_number", ("user", "book!"), is_personal=True),
        Secrets("name", "", ("user", "book!", "plan_lines.plan.lines.payee.user~")),
    ),
    "settlement.RewardRule": (Secrets("title", "rate", ("book",)),),
    "settlement.Cost": (Secrets("note withdrawn_reason", "amount", ("book!",)),),
    "settlement.CostTaken": (Secrets("", "amount", ("cost.book!",)),),
    "settlement.SharingPlan": (Secrets("note", "", ("book!", "lines.payee.user~")),),
    "settlement.PlanLine": (
        Secrets("", "name", ("plan.book!", "payee.user", "plan.lines.payee.user~")),
    ),  # the payee's, in the hash
    "settlement.Distribution": (
        Secrets("end_reason", "received costs net rate pool retained steps", ("book!", "shares.payee.user")),
    ),
    "settlement.Share": (Secrets("", "name amount reference", SHARE),),
    "settlement.Hold": (Secrets("reason resolution", "", ("raised_by", "distribution.book!")),),
    "settlement.Payout": (Secrets("end_reason", "total reference", ("book!",), is_personal=True),),
    "settlement.PayoutLine": (  # holder and bank are the payee's, as they stood in the file
        Secrets(
            "returned_reason",
            "holder bank amount set_off account_number",
            ("payout.book!", "share.payee.user"),
            is_personal=True,
        ),
    ),
    "settlement.ClawBack": (Secrets("", "amount settled", ("book!", "payee.user")),),
    "settlement.SetOff": (Secrets("", "amount", ("line.payout.book!",)),),
    # Shares in companies: the stake is both sides', who holds which part of it is not
    "settlement.Stake": (
        of_sides(
            "percent_reason end_reason",
            "valuation proceeds",
            more=("allotments.holdings.payee.user",),
        ),
    ),
    "settlement.Allotment": (Secrets("end_reason", "", ("book!", "holdings.payee.user")),),
    "settlement.Holding": (Secrets("", "name", ("payee.user", "allotment.book!")),),
    "settlement.Nominee": (Secrets("end_reason", "name", ("holding.payee.user", "holding.allotment.book!")),),
    "settlement.Departure": (Secrets("reason", "", ("holding.payee.user", "holding.allotment.book!")),),
    # Registration: what the seller wrote is read by both sides, the manager and the office that it was handed in to
    "registration.Registration": (
        of_sides(
            "name payment_note contact phone leader missing type_reason review_reason objection decision end_reason "
            "office_name",
            "total_amount deducted_amount expected_investment expected_output number",
            more=("office",),
        ),
    ),
    "registration.DeductedCost": (
        of_sides("what", "amount", before="registration.contract.", more=("registration.office",)),
    ),
    "registration.Change": (
        of_sides(
            "reason decision",
            "total_amount deducted_amount total_before deducted_before",
            before="registration.contract.",
            more=("registration.office",),
        ),
    ),
    # People
    "parties.User": (Secrets("", "email", ("self", "memberships.organisation")),),
    "parties.Organisation": (Secrets("size_proof", "", ("self",)),),
}

EVERYTHING = "*"
NOT_SECRET: dict[str, str] = {
    # Law and code lists are public
    "law.Code": EVERYTHING,
    "law.CodeList": EVERYTHING,
    "law.Edition": EVERYTHING,
    "law.Rule": EVERYTHING,
    # What is told and kept of acts holds nothing of its own: a canary in it is found like one on a page
    "core.Entry": EVERYTHING,
    "core.KeptAnswer": EVERYTHING,
    "core.Letter": EVERYTHING,
    "core.Mute": EVERYTHING,
    "core.Notification": EVERYTHING,
    "core.Seal": EVERYTHING,
    "core.Verification": EVERYTHING,
    # Copies of the working copy, kept for the record and shown on no page
    "listings.HistoricalAchievement": EVERYTHING,
    "listings.HistoricalDemand": EVERYTHING,
    "parties.HistoricalOrganisation": EVERYTHING,
    # The public projection, and the matches computed from it alone
    "listings.Projection": EVERYTHING,
    "discovery.Match": EVERYTHING,
    # What a listing always shows; its keywords have a tier, and are searched like a text
    "listings.Achievement": "title_zh title_en public_note_zh public_note_en field region technology_keywords_zh "
    "technology_keywords_en market_keywords_zh market_keywords_en tiers secrecy_level source return_code",
    "listings.Demand": "title_zh title_en public_note_zh public_note_en field region technology_keywords_zh "
    "technology_keywords_en market_keywords_zh market_keywords_en tiers secrecy_level source return_code "
    "regions_accepted modes",
    "listings.Offer": "mode",
    # Public notices and registers; the name of a person is shown to those who work with them
    "notices.Notice": EVERYTHING,
    "notices.Objection": "answer",
    "parties.Agency": EVERYTHING,
    "parties.TechnologyManager": EVERYTHING,
    "parties.Organisation": "name_zh name_en credit_code region",
    "parties.User": "password name",
    # Words of the house: codes, keys, places, hashes, which law a value came from; what is left of a recourse
    "brokerage.Deal": "lost_code",
    "brokerage.Introduction": "disputed_by",
    "brokerage.Lead": "decline_code",
    "brokerage.Mandate": "fields territory end_asked_by",
    "brokerage.MandateScope": EVERYTHING,
    "brokerage.Tick": EVERYTHING,
    "contracts.Contract": "type subtype territory fields_of_use pricing_route mode state_before decline_code law_place "
    "written_off",
    "contracts.Decision": "minutes_sha256 terms_fingerprint",
    "contracts.Fact": "key",
    "contracts.LicenceScope": EVERYTHING,
    "contracts.Milestone": "slug",
    "contracts.Reminder": EVERYTHING,
    "contracts.SalesReport": "royalty",
    "contracts.Signature": EVERYTHING,
    "contracts.TermSheet": "fingerprint",
    "discovery.Judgement": "reason_code",
    "documents.Document": "media_type",
    "documents.Showing": EVERYTHING,
    "documents.Template": EVERYTHING,
    "register.Application": "rule",
    "register.RegisterLine": EVERYTHING,
    "registration.Registration": "type subtype seller_region seller_nature buyer_region buyer_nature ip_type field "
    "objective industry plan_category payment_method rule",
    "settlement.Account": EVERYTHING,
    "settlement.Allotment": "rate floor law_references",
    "settlement.BankLine": "guess",
    "settlement.Claim": "review_rule",
    "settlement.CreditNotice": "rule amount",
    "settlement.Distribution": "law_place registration law_references",
    "settlement.Invoice": "rate rate_rule",
    "settlement.Journal": EVERYTHING,
    "settlement.Obligation": "key kind cause",
    "settlement.PayoutLine": "purpose",
    "settlement.PlanLine": "signed_sha256",
    "settlement.RewardRule": "law_references",
    "settlement.SharingPlan": "law_references",
    "settlement.Stake": "term company credit_code law_place percent",  # the company register is public
}
"""Texts, amounts and values of JSON that need no canary, with the reason above them."""
